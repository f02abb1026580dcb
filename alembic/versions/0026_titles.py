"""Keep former titles of petitions, which may begin as the original wording did, with intake

Revision ID: 0026
Revises: 0025

Policy: expand first, contract in a later release.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# What events say of a title: of a petition's, to who keeps its reporter alone.
TITLES = """NOT ("values" ? 'title') OR EXISTS (
  SELECT 1 FROM audit_event e JOIN matter m ON m.id = e.matter_id
   WHERE e.id = event_id AND e.at = event_at
     AND (m.kind <> 'petition' OR guard.keeps_reporter(m.id)))"""


def upgrade() -> None:
    op.execute(
        "CREATE POLICY titles ON audit_personal AS RESTRICTIVE FOR SELECT TO plumbline_app"
        f" USING ({TITLES})"
    )


def downgrade() -> None:
    op.execute("DROP POLICY titles ON audit_personal")
