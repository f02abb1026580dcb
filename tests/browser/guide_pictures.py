"""The pictures of the user guide: who looks at which page of the standing district.

A picture that is added needs a line here and a place in a guide; then `make guide` takes it.
"""

from dataclasses import dataclass
from pathlib import Path

from app.core import i18n

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
PICTURES = GUIDE / "pictures"
SEEN = PICTURES / "seen.txt"  # what stood in each, as a hash of its words
SIZE = (1040, 640)
QUALITY = 55


@dataclass(frozen=True)
class Picture:
    """`address` names what stands in the district in braces; `who` is a person of the world."""

    name: str
    who: str
    address: str

    def file(self, locale: str) -> str:
        return f"{self.name}.{i18n.LANGUAGE_TAGS[locale]}.jpg"


TAKEN = (
    Picture("investigator-desk", "investigator", "/desk"),
    Picture("investigator-log", "investigator", "/log"),
    Picture("investigator-lead", "investigator", "/matters/{lead}"),
    Picture("supervisor-desk", "deputy", "/desk"),
    Picture("supervisor-request", "deputy", "/requests/{request}"),
    Picture("lead-manager-lead", "lead_manager", "/matters/{repeated}"),
    Picture("lead-manager-import", "lead_manager", "/log/import/{batch}"),
    Picture("intake-log", "intake_officer", "/log/petition"),
    Picture("intake-tell", "intake_officer", "/matters/{handled}/tell"),
    Picture("auditor-desk", "auditor", "/desk"),
    Picture("auditor-figures", "auditor", "/figures"),
    Picture("money-desk-pay", "finance", "/money/{paying}/return"),
    Picture("money-desk-receipt", "finance", "/money/entries/{entry}/sheet"),
    Picture("administrator-account", "administrator", "/admin/accounts/{account}"),
    Picture("reporting-unit-log", "reporting_unit", "/log"),
    Picture("reporting-unit-desk", "reporting_unit", "/desk"),
)
