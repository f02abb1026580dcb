"""What can be wrong with a row only when it meets what is on record."""

from __future__ import annotations

from app.domain.errors import N_, Reason
from app.domain.ledgers.findings import Problem, Severity


def _problem(code: str, reason: str, todo: str, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(code, Reason(reason), Reason(todo), severity)


UNIT_UNKNOWN = _problem(
    "unit_unknown",
    N_("There is no unit of this name in the unit tree."),
    N_("Correct the name, or import the unit first."),
)
UNIT_AMBIGUOUS = _problem(
    "unit_ambiguous",
    N_("More than one unit has this name."),
    N_("Write the township before it, in its own column or in front of the name."),
)
UNIT_NOT_YOURS = _problem(
    "unit_not_yours",
    N_("This unit lies outside the part of the tree for which you import."),
    N_("Have the row imported by whoever is responsible for that unit."),
)
NO_UNITS = _problem(
    "no_units",
    N_("There is no district in the unit tree yet."),
    N_("Import the units first."),
)
UNIT_ASSUMED = _problem(
    "unit_assumed",
    N_("The row names no unit: it is taken as the district's own."),
    N_("Add the township and the village if they are known."),
    Severity.WARNING,
)
NUMBER_KNOWN = _problem(
    "number_known",
    N_("This number is known already with other content: nothing is overwritten."),
    N_("Correct the matter itself, or the number here if it is mistyped."),
)
NUMBER_TWICE = _problem(
    "number_twice",
    N_("Another row of this ledger has the same number and tells of something else."),
    N_("Give each matter its own number."),
)
ROW_TWICE = _problem(
    "row_twice",
    N_("The same row stands in this ledger before: it is taken once."),
    N_("Nothing needs to be done."),
    Severity.WARNING,
)
GROUP_REJECTED = _problem(
    "group_rejected",
    N_("Another row of the same matter is rejected, so this one waits with it."),
    N_("Mend the other row, then import both again."),
)
NO_SUCH_STATE = _problem(
    "state_unknown",
    N_("The procedure of this installation has no such state."),
    N_("Enter the matter by hand, in a state that the procedure has."),
)
UNIT_KNOWN = _problem(
    "unit_known",
    N_("A unit with this code is known already with other content: nothing is overwritten."),
    N_("Change the unit on its own page if the ledger is right."),
)
PARENT_UNKNOWN = _problem(
    "parent_unknown",
    N_("The unit above is neither in this file nor in the unit tree."),
    N_("Write the code or the name of the unit above as it stands in the file."),
)
PARENT_AMBIGUOUS = _problem(
    "parent_ambiguous",
    N_("More than one unit has the name of the unit above."),
    N_("Write the code of the unit above instead of its name."),
)
CASE_OF_LEAD_KNOWN = _problem(
    "case_of_lead_known",
    N_("The ledger of leads brought in the case of this lead already: it isn't entered twice."),
    N_("Compare both, and add what is missing to that case."),
)
LEAD_UNKNOWN = _problem(
    "lead_unknown",
    N_("No lead with this number is known yet."),
    N_("Nothing needs to be done: it finds its lead once that is imported."),
    Severity.WARNING,
)
REPEAT_UNKNOWN = _problem(
    "repeat_unknown",
    N_("No earlier petition with this number is known: the repeat stands alone."),
    N_("Link the two once the earlier one is there."),
    Severity.WARNING,
)
SUSPENSE = _problem(
    "line_in_suspense",
    N_("The line names no known lead: the money waits in suspense."),
    N_("Nothing needs to be done if its lead is imported later; else assign the line by hand."),
    Severity.WARNING,
)
LINE_DECIDED = _problem(
    "line_decided",
    N_(
        "It is decided already where the money held for this lead goes, and this line would stay"
        " behind: it waits in suspense."
    ),
    N_("Assign the line by hand to another item, or have the item reworked first."),
    Severity.WARNING,
)
LINE_KNOWN = _problem(
    "line_known",
    N_("A line with this serial number and day is known already with other content."),
    N_("Compare it with the bank's own statement."),
)
NO_LINE_YET = _problem(
    "return_without_line",
    N_("No bank line paid this amount to this person on this day yet."),
    N_("Nothing needs to be done if the bank statement is imported later."),
    Severity.WARNING,
)
TWO_NAMES = _problem(
    "identity_two_names",
    N_("This identity number is on record under another name: both are kept and doubted."),
    N_("Look the number up in the papers of both people."),
    Severity.WARNING,
)
NO_ROUND_DATES = _problem(
    "round_undated",
    N_("The round has no dates here: it is taken to last as long as its findings."),
    N_("Add when the teams arrived and left."),
    Severity.WARNING,
)
