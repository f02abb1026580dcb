"""Let nobody compare a signature on paper with a scan that they have not opened

Revision ID: 0073
Revises: 0072

Policy: expand first, contract in a later release. What has to hold when a signature on paper is
entered and when it is compared stood there twice; now one function says it.
"""

from pathlib import Path

from alembic import op
from app.core.migrating import Rewriting, give_to_guard, rewrite, rewrite_back, run

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = ("has_opened(uuid, timestamptz)",)
INNER = ("require_paper_place(paper_signature)", "require_opened(paper_signature, text)")
ENTERED = """\
  IF NOT EXISTS (SELECT 1 FROM request q WHERE q.id = NEW.request_id AND q.matter_id = NEW.matter_id)
     OR NOT guard.accepts_paper(NEW.request_id, NEW.position) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:no-paper-here';
  END IF;
  IF NOT guard.could_sign(NEW.request_id, NEW.signer_id) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:not-their-place';
  END IF;
  IF NOT guard.is_scan(NEW.paper_id, NEW.matter_id) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:no-scan';
  END IF;
"""
COMPARED = """\
    IF NEW.status = 'rejected' THEN RETURN NEW; END IF;
    IF NOT guard.accepts_paper(OLD.request_id, OLD.position) THEN
      RAISE check_violation USING MESSAGE = 'plumbline:no-paper-here';
    END IF;
    IF NOT guard.could_sign(OLD.request_id, OLD.signer_id) THEN
      RAISE check_violation USING MESSAGE = 'plumbline:not-their-place';
    END IF;
    IF NOT guard.is_scan(OLD.paper_id, OLD.matter_id) THEN
      RAISE check_violation USING MESSAGE = 'plumbline:no-scan';
    END IF;
"""
REWRITTEN: tuple[Rewriting, ...] = (
    ("check_paper_entered()", ENTERED, "  PERFORM guard.require_paper_place(NEW);\n"),
    (
        "check_paper_step()",
        COMPARED,
        "    PERFORM guard.require_opened(OLD, NEW.status);\n"
        "    IF NEW.status = 'rejected' THEN RETURN NEW; END IF;\n"
        "    PERFORM guard.require_paper_place(OLD);\n",
    ),
)


def upgrade() -> None:
    run((SQL / "0073_papers_opened.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    for function in (*INNER, *CALLED):
        op.execute(f"DROP FUNCTION guard.{function}")
