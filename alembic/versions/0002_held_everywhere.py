"""Roles on the whole installation, held before its first unit exists; accounts guard themselves

Revision ID: 0002
Revises: 0001

Policy: expand first, contract in a later release. Nothing here narrows what 0001 wrote but the
rights of accounts over themselves and outside their reach.
"""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CALLED = (
    "manages(uuid)",
    "name_installation(uuid, text, text)",
    "password_link_login(text)",
)
MANAGERS = "'{administrator,operator}'"

# Nobody widens what they hold themselves, and nobody gives what lies outside their own reach.
ROLE_RULE = (
    f"unit_path <@ (SELECT guard.reach({MANAGERS}))"
    " AND account_id <> (SELECT guard.actor()) AND guard.manages(account_id)"
)
NEW_ACCOUNT = (
    "coalesce((SELECT u.path FROM unit u WHERE u.id = unit_id), ''::ltree)"
    f" <@ (SELECT guard.reach({MANAGERS}))"
)

# The application may not raise its own clearance, whatever it is made to run.
CHECK_ACCOUNT = """
CREATE FUNCTION guard.check_account() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me uuid := guard.actor();
  manages boolean := guard.holds('{administrator,operator}');
BEGIN
  IF me IS NULL THEN RETURN NEW; END IF;  -- the owner's own hand: installing, restoring
  IF NEW.id <> OLD.id OR NEW.login <> OLD.login THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF (NOT manages AND (to_jsonb(NEW) - '{locale,version}'::text[])
                      <> (to_jsonb(OLD) - '{locale,version}'::text[]))
     OR (NEW.id = me AND (NEW.clearance <> OLD.clearance OR NEW.active <> OLD.active)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  IF OLD.active AND NOT NEW.active THEN
    UPDATE session SET ended_at = now() WHERE account_id = NEW.id AND ended_at IS NULL;
    UPDATE password_link SET used_at = now() WHERE account_id = NEW.id AND used_at IS NULL;
  END IF;
  RETURN NEW;
END $$
"""

# Whoever may reset a password may act as its holder: so only within one's own reach.
MANAGES = """
CREATE FUNCTION guard.manages(wanted uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM account a LEFT JOIN unit u ON u.id = a.unit_id
     WHERE a.id = wanted
       AND coalesce(u.path, ''::ltree) <@ guard.reach('{administrator,operator}')
       AND NOT EXISTS (SELECT 1 FROM role_held r
            WHERE r.account_id = a.id AND (r.ends_on IS NULL OR r.ends_on > current_date)
              AND NOT r.unit_path <@ guard.reach('{administrator,operator}')))
$$
"""

RESET_LINK = """
CREATE OR REPLACE FUNCTION guard.make_password_link(account uuid, token text, lifetime interval)
  RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF {check} THEN
    RAISE insufficient_privilege USING MESSAGE = 'only an administrator resets passwords';
  END IF;
  UPDATE password_link SET used_at = now() WHERE account_id = account AND used_at IS NULL;
  INSERT INTO password_link (token_hash, account_id, expires_at)
  VALUES (sha256(convert_to(token, 'UTF8')), account,
          now() + least(lifetime, interval '7 days'));
END $$
"""

# What a body calls itself. That a database is a demo, and its day, only the owner may say.
NAME_INSTALLATION = """
CREATE FUNCTION guard.name_installation(district uuid, body text, body_en text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT ''::ltree <@ guard.reach('{administrator,operator}') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only an operator names the installation';
  END IF;
  UPDATE installation SET district_id = coalesce(district, district_id),
         body_name = coalesce(body, body_name), body_name_en = coalesce(body_en, body_name_en);
END $$
"""

# Whoever holds a link may know whose password it sets.
LINK_LOGIN = """
CREATE FUNCTION guard.password_link_login(token text) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.login FROM password_link l JOIN account a ON a.id = l.account_id
   WHERE l.token_hash = sha256(convert_to(token, 'UTF8'))
     AND l.used_at IS NULL AND l.expires_at > now() AND a.active
$$
"""


def upgrade() -> None:
    op.alter_column("role_held", "unit_id", existing_type=sa.Uuid(), nullable=True)
    op.create_check_constraint(
        op.f("ck_role_held_whole_installation"),
        "role_held",
        "(unit_id IS NULL) = (unit_path = ''::ltree)"
        " AND (unit_id IS NOT NULL OR role IN ('administrator', 'operator'))",
    )
    op.execute(MANAGES)
    op.execute(CHECK_ACCOUNT)
    op.execute(NAME_INSTALLATION)
    op.execute(LINK_LOGIN)
    op.execute(RESET_LINK.format(check="NOT guard.manages(account)"))
    for function in (*CALLED, "check_account()"):
        op.execute(f"REVOKE ALL ON FUNCTION guard.{function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION guard.{function} OWNER TO plumbline_guard")
    for function in CALLED:
        op.execute(f"GRANT EXECUTE ON FUNCTION guard.{function} TO plumbline_app")
    op.execute(
        "CREATE TRIGGER own_limits BEFORE UPDATE ON account"
        " FOR EACH ROW EXECUTE FUNCTION guard.check_account()"
    )
    for command, clause in (("insert", "WITH CHECK"), ("update", "USING")):
        op.execute(f"DROP POLICY app_{command} ON role_held")
        op.execute(
            f"CREATE POLICY app_{command} ON role_held FOR {command.upper()}"
            f" TO plumbline_app {clause} ({ROLE_RULE})"
        )
    op.execute("DROP POLICY app_update ON account")
    op.execute(
        "CREATE POLICY app_update ON account FOR UPDATE TO plumbline_app"
        " USING (id = (SELECT guard.actor()) OR guard.manages(id))"
        f" WITH CHECK (id = (SELECT guard.actor()) OR {NEW_ACCOUNT})"
    )
    op.execute("DROP POLICY app_insert ON account")
    op.execute(
        "CREATE POLICY app_insert ON account FOR INSERT TO plumbline_app"
        f" WITH CHECK ({NEW_ACCOUNT})"
    )
    # Whether the schema is the program's is no secret: the readiness check asks.
    op.execute("GRANT SELECT ON alembic_version TO plumbline_app")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON alembic_version FROM plumbline_app")
    rule = f"(SELECT guard.holds({MANAGERS}))"
    op.execute("DROP POLICY app_update ON account")
    op.execute(
        "CREATE POLICY app_update ON account FOR UPDATE TO plumbline_app"
        f" USING ({rule} OR id = (SELECT guard.actor()))"
    )
    op.execute("DROP POLICY app_insert ON account")
    op.execute(
        f"CREATE POLICY app_insert ON account FOR INSERT TO plumbline_app WITH CHECK ({rule})"
    )
    for command, clause in (("insert", "WITH CHECK"), ("update", "USING")):
        op.execute(f"DROP POLICY app_{command} ON role_held")
        op.execute(
            f"CREATE POLICY app_{command} ON role_held FOR {command.upper()}"
            f" TO plumbline_app {clause} ({rule})"
        )
    op.execute("DROP TRIGGER own_limits ON account")
    op.execute(RESET_LINK.format(check=f"NOT guard.holds({MANAGERS})"))
    op.execute("DROP FUNCTION guard.check_account()")
    for function in CALLED:
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_constraint(op.f("ck_role_held_whole_installation"), "role_held")
    op.execute("DELETE FROM role_held WHERE unit_id IS NULL")
    op.alter_column("role_held", "unit_id", existing_type=sa.Uuid(), nullable=False)
