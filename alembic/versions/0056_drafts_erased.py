"""Erase drafts with the petition that they are about, and keep none on what isn't there

Revision ID: 0056
Revises: 0055

Policy: expand first, contract in a later release. What was sent late on a matter that its writer may
not see was out of their sight, and on a matter that nobody has it was in it: that told them apart.
"""

from app.core.migrating import Rewriting, rewrite, rewrite_back

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

KEY = "'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'"

REWRITTEN: tuple[Rewriting, ...] = (
    (
        "erase_sealed(uuid, uuid)",
        "  DELETE FROM note WHERE matter_id = petition_;\n",
        "  DELETE FROM note WHERE matter_id = petition_;\n"
        "  DELETE FROM draft WHERE matter_id = petition_;\n",
    ),
    (
        "keep_for_former(text, uuid, text, bytea, integer)",
        "DECLARE who uuid;\n",
        "DECLARE\n"
        "  who uuid;\n"
        "  about uuid := CASE WHEN address_ ~ '^/(log|matters/|money/)'\n"
        f"                     THEN substring(address_ FROM {KEY})::uuid END;\n",
    ),
    (
        "keep_for_former(text, uuid, text, bytea, integer)",
        "  INSERT INTO draft (id, account_id, address, matter_id, sealed)\n"
        "  SELECT id_, who, address_, (\n"
        "           SELECT m.id FROM regexp_matches(\n"
        f"                    address_, {KEY}, 'g')\n"
        "                    WITH ORDINALITY AS named (key, place)\n"
        "             JOIN matter m ON m.id = named.key[1]::uuid ORDER BY named.place LIMIT 1),"
        " sealed_;\n",
        "  INSERT INTO draft (id, account_id, address, matter_id, sealed)\n"
        "  SELECT id_, who, address_, about, sealed_\n"
        "   WHERE about IS NULL OR EXISTS (SELECT 1 FROM matter m WHERE m.id = about);\n",
    ),
)


def upgrade() -> None:
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
