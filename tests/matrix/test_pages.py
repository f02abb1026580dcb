"""Every page and every form, asked by everybody who may not know, as if they might.

Each page is looked at first by whoever it is meant for; the forms that stand there are then sent,
filled in, by whoever may not know. What comes back must be what they'd get if there had never
been a matter. A page that is new is asked for too, without a line here.
"""

import re
from pathlib import Path

import pytest

from app.domain.permissions import Role
from app.routers import csrf, sendings
from tests.matrix.answers import Said, said, shown
from tests.matrix.forms import Sheet
from tests.matrix.sides import Paged
from tests.matrix.twins import WALLS, Bar, bars, tried

# They look the same whether there are matters or not, whoever looks.
OF_NO_MATTER = Path(__file__).parents[1] / "data" / "pages_of_no_matter.txt"


@pytest.mark.parametrize("role", [role for role in Role if bars(role)])
def test_who_may_not_know_is_shown_nothing(
    paged: Paged, role: Role, pytestconfig: pytest.Config
) -> None:
    told: list[str] = []
    thorough = pytestconfig.getoption("--thorough")
    tries = [
        (sheet, why)
        for sheet in paged.sheets
        for why in tried(role, sheet.name, thorough=thorough, one_in=2)
    ]
    assert len(tries) > len(paged.sheets) / 3
    for sheet, why in tries:
        there, nowhere = _heard(paged, sheet, paged.twins.barred.accounts[role, why].login, why)
        if there != nowhere:
            told.append(f"{role}, {why}: {sheet.name} {shown(there, nowhere)}")
    print(f"{role}: {len(tries)} combinations of pages, forms and bars say nothing")
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def _heard(paged: Paged, sheet: Sheet, login: str, why: Bar | None) -> tuple[Said, Said]:
    within = paged.twins.uncleared if why is Bar.UNCLEARED else paged.twins.within
    there, nowhere = (
        said(sheet.ask(side.doors, side.world, login), made=sheet.form is not None)
        for side in (within, paged.twins.without)
    )
    if why is None or why in WALLS:
        return there, nowhere
    return there.within_scope(), nowhere.within_scope()


def test_whoever_may_know_is_shown_it(paged: Paged) -> None:
    """Else the silence above would prove nothing."""
    silent: set[str] = set()
    for sheet in paged.sheets:
        there, nowhere = _heard(paged, sheet, sheet.login, None)
        (silent.add if there == nowhere else silent.discard)(sheet.name)
    print(f"{len(paged.sheets) - len(silent)} pages and forms show something")
    assert silent == set(OF_NO_MATTER.read_text(encoding="ascii").splitlines())


def test_every_form_that_pages_take_was_sent(paged: Paged) -> None:
    assert paged.unsent == set()


# What is no draft: a way in, what comes in a file, and a choice among what stands there.
NOT_KEPT = re.compile(
    r"/(sign-in|password|first-start|preferences|log/import|repeats|me/|matters/[^/]+/papers)"
)
OF_THE_FORM = frozenset({csrf.FIELD, sendings.FIELD, sendings.WORDS, "version"})


def test_every_form_of_more_than_three_fields_is_kept_while_it_is_filled_in(paged: Paged) -> None:
    forms = {sheet.name: sheet for sheet in paged.sheets if sheet.form is not None}
    lost, kept = set(), 0
    for name, sheet in forms.items():
        assert sheet.form is not None
        names = {*sheet.form.fields, *sheet.form.choices} - OF_THE_FORM
        if "draft.address" in names:
            kept += 1
        elif len(names) > 3 and not NOT_KEPT.match(sheet.address):
            lost.add(name)
    assert lost == set()
    assert kept > 10
