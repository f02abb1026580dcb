"""Notice a lead that was logged twice, whoever logged the first one

Revision ID: 0071
Revises: 0070

Policy: expand first, contract in a later release. Only imports noticed what may be the same matter;
whoever logged a lead saw a hint at what they may read themselves, and nobody else any.
"""

from alembic import op
from app.core.migrating import give_to_guard, run

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

CALLED = ("notice_repeat(uuid)",)
# The newest one is enough: that one is paired with the one before it.
NOTICED = """
-- Whether a lead that was just logged tells word by word what another one did: in the same unit, of
-- the same people, about the same time. Answers nothing: whoever may see both of them decides.
CREATE FUNCTION guard.notice_repeat(lead_ uuid) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO possible_repeat (id, matter_id, other_id, why)
  SELECT gen_random_uuid(), lead_, o.id, '{"reason": "identical"}'
    FROM (
      SELECT b.id FROM lead a
        JOIN matter m ON m.id = a.id AND m.made_by = guard.actor()
        JOIN lead b ON md5(b.what) = md5(a.what) AND b.what = a.what AND b.id < a.id
                   AND b.happened IS NOT DISTINCT FROM a.happened
        JOIN matter n ON n.id = b.id AND n.unit_id = m.unit_id
                     AND n.classification = m.classification AND n.opened_on >= m.opened_on - 365
       WHERE a.id = lead_
         AND ARRAY(SELECT coalesce(i.person_id, i.organisation_id) FROM involvement i
                    WHERE i.matter_id = a.id AND i.part = 'subject' AND i.ended_on IS NULL
                    ORDER BY 1)
           = ARRAY(SELECT coalesce(i.person_id, i.organisation_id) FROM involvement i
                    WHERE i.matter_id = b.id AND i.part = 'subject' AND i.ended_on IS NULL
                    ORDER BY 1)
       ORDER BY b.id DESC LIMIT 1) o
  ON CONFLICT DO NOTHING
$$;
"""


def upgrade() -> None:
    op.execute("CREATE INDEX ix_lead_words ON lead (md5(what), id)")
    run(NOTICED)
    give_to_guard(CALLED)


def downgrade() -> None:
    for function in CALLED:
        op.execute(f"DROP FUNCTION guard.{function}")
    op.execute("DROP INDEX ix_lead_words")
