"""Reading forms: pages send words and the API sends JSON, and both come out the same."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from pydantic import JsonValue

from app.domain.guards.situation import Situation
from app.domain.kinds import Kind
from app.domain.profile.fields import FieldType, FormField, Option, Text
from app.domain.workflow import forms
from tests.unit.workflow_acts import running
from tests.unit.workflow_world import ACTORS, TODAY, discipline, done, known, matter

PROFILE = discipline()
IT = Situation(
    profile=PROFILE,
    snapshot=matter(PROFILE, Kind.LEAD, "verifying", clocks=(running("verification"),)),
    facts=done(PROFILE, Kind.LEAD),
    actor=ACTORS["handler"],
    today=TODAY,
)
LABEL = Text(en="x", zh_CN="x")
OPTIONS = (Option(value="a", label=LABEL), Option(value="b", label=LABEL))
ID = str(known("somebody"))


def field(type_: FieldType, **more: object) -> FormField:
    return FormField.model_validate({"name": "x", "type": type_, "label": LABEL, **more})


def read(one: FormField, raw: object) -> JsonValue:
    values, wrong = forms.read(IT, [one], {"x": raw})
    assert wrong == []
    return values.get("x")


def refused(one: FormField, raw: object) -> str:
    _, wrong = forms.read(IT, [one], {"x": raw})
    (error,) = wrong
    return f"{error.field}: {error.reason}"


@pytest.mark.parametrize(
    ("type_", "raw", "value"),
    [
        (FieldType.LINE, "  a   b ", "a b"),
        (FieldType.TEXT, " a\nb ", "a\nb"),
        (FieldType.DAY, "2018-09-28", "2018-09-28"),
        (FieldType.DAY, date(2018, 9, 1), "2018-09-01"),
        (FieldType.DATE, "2018-09-28", "2018-09-28"),
        (FieldType.NUMBER, " 12 ", 12),
        (FieldType.NUMBER, 0, 0),
        (FieldType.BOOL, "on", True),
        (FieldType.BOOL, "false", False),
        (FieldType.BOOL, False, False),
        (FieldType.YES, "on", True),
        (FieldType.NAMES, "Chen\n\n Feng  Li ", ["Chen", "Feng Li"]),
        (FieldType.NAMES, ["Chen"], ["Chen"]),
        (FieldType.ACCOUNT, known("somebody"), ID),
        (FieldType.ACCOUNTS, [ID, ID], [ID]),
        (FieldType.ACCOUNTS, ID, [ID]),
        (FieldType.DEPARTMENT, str(known("YC.O03")), str(known("YC.O03"))),
        (FieldType.MATTER, str(known("another")), str(known("another"))),
        (FieldType.CLOCK, "verification", "verification"),
        (FieldType.OUTCOMES, [{"subject": ID, "measure": "m"}], [{"subject": ID, "measure": "m"}]),
    ],
)
def test_what_a_field_takes(type_: FieldType, raw: object, value: JsonValue) -> None:
    assert read(field(type_), raw) == value


@pytest.mark.parametrize(
    ("type_", "raw", "said"),
    [
        (FieldType.LINE, 5, "x: This has to be words."),
        (FieldType.LINE, "a" * 201, "x: At most 200 characters."),
        (FieldType.TEXT, "a" * 5001, "x: At most 5000 characters."),
        (FieldType.TEXT, "a\x00b", "x: There are characters in it that can't be kept."),
        (FieldType.DAY, "2018-09-29", "x: This day is yet to come."),
        (FieldType.DAY, "28.9.2018", "x: A date such as 2018-09-28."),
        (FieldType.DATE, "1700-01-01", "x: This day is too long ago: mistyped?"),
        (FieldType.DAY, 20180928, "x: This has to be words."),
        (FieldType.DATE, "2018-09-27", "x: This day is over."),
        (FieldType.NUMBER, "1.5", "x: A whole number."),
        (FieldType.NUMBER, True, "x: A whole number."),
        (FieldType.NUMBER, 10**9, "x: This is too many."),
        (FieldType.BOOL, "maybe", "x: Yes or no."),
        (FieldType.YES, "false", "x: This has to be so before the step is taken."),
        (FieldType.NAMES, "Chen\nChen", "x: A name stands there twice."),
        (FieldType.NAMES, ["n"] * 101, "x: These are too many."),
        (FieldType.NAMES, {"a": 1}, "x: This has to be a list."),
        (FieldType.ACCOUNT, "somebody", "x: Choose one of those listed."),
        (FieldType.MATTER, ID, "x: There is no such matter that you may open."),
        (FieldType.DEPARTMENT, ID, "x: There is no such unit."),
        (FieldType.CLOCK, "disposal", "x: This limit can't be extended now."),
        (FieldType.OUTCOMES, [{"subject": ID}], "x.0: Each line needs: subject, measure."),
        (
            FieldType.OUTCOMES,
            [{"subject": ID, "measure": "m"}] * 2,
            "x: The same outcome stands there twice.",
        ),
        (FieldType.OUTCOMES, "criticism", "x.0: Each line needs: subject, measure."),
    ],
)
def test_what_a_field_refuses(type_: FieldType, raw: object, said: str) -> None:
    assert refused(field(type_), raw) == said


def test_choices_are_those_listed() -> None:
    one = field(FieldType.CHOICE, options=OPTIONS)
    assert read(one, "a") == "a"
    assert refused(one, "c") == "x: Choose one of those listed."
    several = field(FieldType.CHOICES, options=OPTIONS)
    assert read(several, ["b", "a", "b"]) == ["b", "a"]
    assert refused(several, ["a", "c"]) == "x: Choose from those listed."


def test_reviews_are_chosen_from_the_profiles_own() -> None:
    one = field(FieldType.CHOICES, options_from="reviews")
    assert read(one, ["reexamination"]) == ["reexamination"]
    assert refused(one, ["none"]) == "x: Choose from those listed."


def split(destination: str, amount: object) -> dict[str, object]:
    return {"destination": destination, "amount": amount}


def test_amounts_are_exact_to_the_cent() -> None:
    one = field(FieldType.SPLITS, options=OPTIONS)
    assert read(one, [split("a", "12.5")]) == [split("a", "12.50")]
    place = "x.0.amount: "
    assert refused(one, [split("a", "1.005")]).startswith(place + "An amount in yuan")
    assert refused(one, [split("a", 12.5)]).startswith(place + "An amount in yuan")
    assert refused(one, [split("a", "much")]).startswith(place + "An amount in yuan")
    assert refused(one, [split("a", "-1")]) == place + "An amount is more than nothing."
    assert refused(one, [split("a", "1"), split("a", "2")]) == "x: Name each destination once."
    assert refused(one, [split("moon", "1")]) == "x: Name each destination once."


def both(given: Mapping[str, object]) -> tuple[dict[str, JsonValue], set[str]]:
    fields = [
        FormField(name="objects", type=FieldType.BOOL, label=LABEL),
        FormField(name="objection", type=FieldType.TEXT, label=LABEL, when="objects=true"),
    ]
    values, wrong = forms.read(IT, fields, given)
    return values, {f"{error.field}: {error.reason}" for error in wrong}


def test_what_is_required_has_to_be_there() -> None:
    assert both({}) == ({}, {"objects: This has to be filled in."})
    assert both({"objects": "  "})[1] == {"objects: This has to be filled in."}
    box = FormField(name="x", type=FieldType.YES, label=LABEL)
    [unticked] = forms.read(IT, [box], {})[1]
    assert str(unticked.reason).startswith("Tick this if it is so")


def test_a_field_that_hangs_on_another_is_asked_for_only_then() -> None:
    assert both({"objects": "no"}) == ({"objects": False}, set())
    assert both({"objects": "yes"})[1] == {"objection: This has to be filled in."}
    assert both({"objects": "yes", "objection": "Not so."})[1] == set()


def test_unknown_fields_are_refused_by_name() -> None:
    assert both({"objects": "no", "colour": "red"})[1] == {"colour: There is no such field here."}


def test_a_value_that_is_wrong_is_not_also_missing() -> None:
    assert both({"objects": "perhaps"})[1] == {"objects: Yes or no."}


def test_a_step_that_needs_signatures_asks_why() -> None:
    rows = {row.event: row for row in PROFILE.machine(Kind.LEAD).transitions}
    assert [each.name for each in forms.fields_of(IT, rows["refer"])] == [
        "receiver",
        "what_goes",
        "reason",
    ]
    assert [each.name for each in forms.fields_of(IT, rows["referral_received"])] == [
        "receipt_on",
        "receipt_number",
    ]


def test_a_collective_step_records_its_study_meeting() -> None:
    row = PROFILE.machine(Kind.LEAD).of("propose_disposal", "assessing")
    assert row is not None
    names = [each.name for each in forms.fields_of(IT, row)]
    assert {"study_held_on", "study_chair", "study_present", "study_recused"} <= set(names)
    given = {"study_held_on": TODAY + timedelta(days=1)}
    _, wrong = forms.read(IT, forms.fields_of(IT, row), given)
    assert "study_held_on" in {error.field for error in wrong}
