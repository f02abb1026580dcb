"""Seal what was looked up so that no other text has the same seal

Revision ID: 0054
Revises: 0053

Policy: expand first, contract in a later release. The seal of a memory was made of the seal of its
scope and of its keys, one behind the other. Whoever could set the first gave it a key of their own
at its end, asked for nothing, and had the seal of that key. Now each stands in quotes, and nothing
is remembered of nobody.
"""

from app.core.migrating import Rewriting, rewrite, rewrite_back

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

REWRITTEN: tuple[Rewriting, ...] = (
    (
        "looked_up()",
        "  SELECT encode(sha256(p.secret || convert_to(\n"
        "           'looked up' || coalesce(current_setting('plumbline.seal', true), '') || kept\n"
        "           || pg_backend_pid() || extract(epoch FROM now()), 'UTF8')), 'hex')\n"
        "    INTO seal FROM guard.pepper p;\n",
        "  IF guard.scope() IS NULL THEN RETURN '{}'; END IF;\n"
        "  seal := guard.sealed('looked up' || jsonb_build_array(\n"
        "    current_setting('plumbline.seal', true), kept)::text);\n",
    ),
    (
        "remember(uuid[])",
        "  IF pg_current_xact_id_if_assigned() IS NULL THEN\n",
        "  IF pg_current_xact_id_if_assigned() IS NULL AND guard.scope() IS NOT NULL THEN\n",
    ),
    (
        "remember(uuid[])",
        "'looked up' || coalesce(current_setting('plumbline.seal', true), '') || kept)",
        "'looked up' || jsonb_build_array(current_setting('plumbline.seal', true), kept)::text)",
    ),
)


def upgrade() -> None:
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
