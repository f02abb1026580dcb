"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}

Policy: expand first, contract in a later release; a table with matter data gets forced row
security in the migration that makes it; a data migration runs as the owner, which the guard's
policy lets through.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
