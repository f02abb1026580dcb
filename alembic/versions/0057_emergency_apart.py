"""Remember nothing of an emergency read for a transaction that can write

Revision ID: 0057
Revises: 0056

Policy: expand first, contract in a later release. A matter that was looked up in an emergency read
was remembered, and its seal could be copied out of a savepoint into the same transaction, which can
write once more. Whether it can is sealed with the rest.
"""

from app.core.migrating import Rewriting, rewrite, rewrite_back

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

FORMER = "current_setting('plumbline.seal', true), kept)"
NOW = "current_setting('plumbline.seal', true), current_setting('transaction_read_only'), kept)"

REWRITTEN: tuple[Rewriting, ...] = (
    ("looked_up()", FORMER, NOW),
    ("remember(uuid[])", FORMER, NOW),
)


def upgrade() -> None:
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
