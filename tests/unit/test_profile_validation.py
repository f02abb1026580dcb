"""What a profile may not say, each refusal with its file and row."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.domain.kinds import Kind
from app.domain.profile import Profile, ProfileError, builtin_names, builtin_profile, load_profile
from app.domain.profile.loading import BUILTIN


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the discipline profile to spoil."""
    return Path(shutil.copytree(BUILTIN / "cn-discipline", tmp_path / "cn-discipline"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} has changed: {old!r}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def append(folder: Path, file: str, text: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as out:
        out.write(text)


def refused(folder: Path) -> str:
    with pytest.raises(ProfileError) as caught:
        load_profile(folder)
    return str(caught.value)


ROW = """
[[transition]]
event = "leap"
label = { en = "Leap", zh_CN = "跳" }
from = ["held"]
to = "closed"
requested_by = ["HH"]
"""
ROWS = (BUILTIN / "cn-discipline" / "lead.toml").read_text(encoding="utf-8").count("[[transition]]")
LEAP, AGAIN = (f"lead.toml, row {ROWS + n} (leap)" for n in (1, 2))


def test_the_products_own_profiles_are_accepted() -> None:
    assert builtin_names() == ("cn-discipline", "whistleblowing")
    for name in builtin_names():
        assert builtin_profile(name).name == name


def test_the_second_profile_has_petition_lead_and_case() -> None:
    assert set(builtin_profile("whistleblowing").machines) == {Kind.PETITION, Kind.LEAD, Kind.CASE}


def test_a_stored_profile_comes_back_the_same_with_the_same_hash() -> None:
    profile = builtin_profile("cn-discipline")
    again = Profile.model_validate(profile.content())
    assert again == profile
    assert again.hash == profile.hash


def test_a_changed_limit_changes_the_hash(folder: Path) -> None:
    change(
        folder,
        "lead.toml",
        "disposal = { limit = { amount = 1,",
        "disposal = { limit = { amount = 2,",
    )
    assert load_profile(folder).hash != builtin_profile("cn-discipline").hash


def test_steps_that_need_signatures_are_marked_for_the_database() -> None:
    content: Any = builtin_profile("cn-discipline").content()
    rows = content["machines"]["lead"]["transitions"]
    alone = {row["event"]: row["alone"] for row in rows}
    assert alone["register"] is True
    assert alone["file"] is False
    assert alone["extend"] is False
    assert all(isinstance(row["from"], list) for row in rows)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "common.toml").unlink()
    assert "common.toml: the file is missing" in refused(folder)


def test_broken_toml_is_refused_with_its_line(folder: Path) -> None:
    append(folder, "lead.toml", "\nfrom = [")
    assert "lead.toml: " in refused(folder)


def test_an_unknown_key_is_refused_with_file_and_row(folder: Path) -> None:
    append(folder, "lead.toml", ROW.replace("requested_by", "asked_by"))
    said = refused(folder)
    assert f"{LEAP}: asked_by" in said


def test_an_unreachable_state_is_refused(folder: Path) -> None:
    change(
        folder,
        "lead.toml",
        "[taken_up]",
        'lost = { stage = "share", terminal = true, label = { en = "l", zh_CN = "失" } }'
        "\n[taken_up]",
    )
    assert "lead.toml: unreachable state: 'lost'" in refused(folder)


def test_a_desk_for_an_unknown_state_or_role_is_refused(folder: Path) -> None:
    change(folder, "lead.toml", 'department_head = ["assigned"]', 'department_head = ["asigned"]')
    assert "lead.toml: unknown state of taken_up.department_head: 'asigned'" in refused(folder)
    change(folder, "lead.toml", "department_head = [", "head_of_department = [")
    assert "head_of_department" in refused(folder)


def test_a_state_without_a_way_out_is_refused_unless_it_ends(folder: Path) -> None:
    change(
        folder,
        "lead.toml",
        "[taken_up]",
        'stuck = { stage = "assess", label = { en = "stuck", zh_CN = "卡" } }\n[taken_up]',
    )
    append(folder, "lead.toml", ROW.replace('to = "closed"', 'to = "stuck"'))
    assert "lead.toml: no way out of state 'stuck', which is no end" in refused(folder)


def test_a_row_from_or_to_an_unknown_state_is_refused(folder: Path) -> None:
    append(folder, "lead.toml", ROW.replace('"held"', '"heldd"').replace('"closed"', '"closd"'))
    said = refused(folder)
    assert f"{LEAP}: unknown state: 'heldd'" in said
    assert f"{LEAP}: unknown state: 'closd'" in said


@pytest.mark.parametrize(
    ("addition", "said"),
    [
        ('approved_by = "XX"', "unknown role: 'XX'"),
        ('approved_by = "DL"\nlast = "YY"', "unknown role: 'YY'"),
        ('guards = ["sun_shines"]', "unknown guard: 'sun_shines'"),
        ('checks = ["sun_shines"]', "unknown check: 'sun_shines'"),
        ('only_when = "sun_shines"', "unknown condition: 'sun_shines'"),
        ('effects = ["sun_shines"]', "unknown effect: 'sun_shines'"),
        ('form = "sunny"', "unknown form: 'sunny'"),
        ('start = ["sundial"]', "unknown clock: 'sundial'"),
        ('stop = ["sundial"]', "unknown clock: 'sundial'"),
        ('method = "prayer"', "unknown method: 'prayer'"),
        ('outcome_default = "bliss"', "unknown outcome: 'bliss'"),
        ('last = "PC"', "somebody decides last, but nobody before them"),
        ('reviewed_by = ["DL"]', "it is reviewed, but nobody decides it"),
        ("reopening = true", "reopens what has not ended"),
        ('paper = true\ntouches = ["money"]', "no signature on paper where it touches money"),
        ('paper = true\ntouches = ["walls"]', "no signature on paper where it touches walls"),
        ('paper = true\ntouches = ["release"]', "no signature on paper where it touches release"),
        ("paper = true", "nobody signs it, on paper or otherwise"),
        (
            'approved_by = "CH"\npaper = true\neffects = ["open_case"]',
            "a step signed on paper can be taken back, and this can't: open_case",
        ),
        (
            'approved_by = "CH"\npaper = true\nsign_form = "verify"',
            "whoever signs it last fills in a form, which a paper can't",
        ),
        ('approved_by = "DL"\nmeeting = ["XX"]', "unknown role in meeting: 'XX'"),
        ('meeting = ["DL"]', "a meeting may sign it, but nobody does"),
        (
            'approved_by = "PC"\nmeeting = ["PC"]',
            "'PC' is a committee or a named person: no meeting signs it",
        ),
        (
            'approved_by = "DL"\nmeeting = ["TEAM"]',
            "'TEAM' is a committee or a named person: no meeting signs it",
        ),
        (
            'approved_by = "DL"\nmeeting = ["HH"]',
            "'HH' asks for it, so no meeting signs it as 'HH'",
        ),
        (
            'approved_by = "DL"\nmeeting = ["DL"]\ntouches = ["walls"]',
            "no meeting signs what touches walls",
        ),
        (
            'approved_by = "DL"\nmeeting = ["DL"]\nsign_form = "hold"',
            "a meeting may sign it, but its last signer fills in a form",
        ),
        ("by_system = true", "nobody asks for it, or the system does and somebody asks too"),
        ('start = ["chase_reply"]', "the form has no field 'reply_by'"),
    ],
)
def test_a_row_that_names_what_there_is_not_is_refused(
    folder: Path, addition: str, said: str
) -> None:
    append(folder, "lead.toml", ROW + addition + "\n")
    assert f"{LEAP}: {said}" in refused(folder)


@pytest.mark.parametrize("code", ["HH", "MAKER", "ANYONE", "ASKER"])
def test_a_decision_whose_requester_could_approve_it_is_refused(folder: Path, code: str) -> None:
    append(folder, "lead.toml", ROW + f'approved_by = "{code}"\n')
    assert f"{LEAP}: the requester could approve it: '{code}'" in refused(folder)


def test_a_reviewer_who_also_asks_is_refused(folder: Path) -> None:
    append(folder, "lead.toml", ROW + 'reviewed_by = ["HH"]\napproved_by = "CH"\n')
    assert "the requester could approve it: 'HH'" in refused(folder)


def test_duplicate_rows_are_refused(folder: Path) -> None:
    append(folder, "lead.toml", ROW + ROW)
    said = refused(folder)
    assert f"{LEAP}: duplicate row: 'leap' from 'held'" in said
    assert f"{AGAIN}: duplicate row: 'leap' from 'held'" in said


def test_a_row_that_doubles_a_common_one_is_refused(folder: Path) -> None:
    append(folder, "lead.toml", ROW.replace('"leap"', '"void"'))
    assert "duplicate row: 'void' from 'held'" in refused(folder)


def test_leaving_an_end_is_refused_unless_it_reopens(folder: Path) -> None:
    append(
        folder,
        "lead.toml",
        ROW.replace('"held"', '"closed"').replace('to = "closed"', 'to = "held"'),
    )
    assert f"{LEAP}: leaves the end 'closed' without being a reopening" in refused(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('zh_CN = "谈话函询" } }', 'zh_CN = " " } }', "states.talk_letter.label.zh_CN"),
        ('en = "talk or letter inquiry", ', "", "states.talk_letter.label.en"),
    ],
)
def test_a_label_missing_in_a_language_is_refused(
    folder: Path, old: str, new: str, said: str
) -> None:
    change(folder, "lead.toml", old, new)
    assert f"lead.toml: {said}" in refused(folder)


def test_a_missing_label_of_a_row_names_the_row(folder: Path) -> None:
    append(folder, "lead.toml", ROW.replace(', zh_CN = "跳"', ""))
    assert f"{LEAP}: label.zh_CN" in refused(folder)


def test_a_ladder_with_an_unknown_role_is_refused(folder: Path) -> None:
    change(folder, "profile.toml", 'FI = ["DL", "CH"]', 'FI = ["DL", "KING"]')
    assert "profile.toml: unknown role of a ladder: 'KING'" in refused(folder)


def test_how_far_up_knows_its_ranks_and_methods(folder: Path) -> None:
    change(folder, "profile.toml", 'ranks = ["next_lower_head"]', 'ranks = ["emperor"]')
    change(folder, "profile.toml", '"hold", "close"]', '"hold", "pray"]')
    said = refused(folder)
    assert "unknown rank in how_far_up: 'emperor'" in said
    assert "unknown method in how_far_up: 'pray'" in said


def test_a_clock_needs_a_limit_or_a_field_that_names_its_day(folder: Path) -> None:
    change(folder, "common.toml", 'suspension = { by = "review_on", ', "suspension = { ")
    assert "clock 'suspension' needs a limit" in refused(folder)


def test_whoever_lengthens_a_limit_is_a_known_role(folder: Path) -> None:
    change(folder, "lead.toml", 'decided_by = ["DL", "CH"]', 'decided_by = ["DL", "KING"]')
    assert "unknown role of clock 'disposal': 'KING'" in refused(folder)


def test_a_limit_is_lengthened_in_its_own_unit(folder: Path) -> None:
    change(
        folder, "lead.toml", 'by = { amount = 15, unit = "WD" }', 'by = { amount = 15, unit = "M" }'
    )
    assert "clock 'reply' can't be lengthened in M" in refused(folder)


def test_a_choice_without_options_is_refused(folder: Path) -> None:
    field = '{ name = "x", type = "choice", label = { en = "X", zh_CN = "X" } }'
    append(folder, "lead.toml", f"\n[forms.empty]\nfields = [{field}]\n")
    assert "form 'empty': field 'x' has no options" in refused(folder)


def test_a_number_without_a_sequence_is_refused(folder: Path) -> None:
    change(folder, "lead.toml", "{district}{year}-{seq:04d}", "{district}{year}")
    assert "lead.toml: a series needs" in refused(folder)


def test_thresholds_come_in_order(folder: Path) -> None:
    change(folder, "profile.toml", "soon = 5", "soon = 1")
    assert "profile.toml: urgent begins before soon" in refused(folder)


def test_everything_wrong_is_said_at_once(folder: Path) -> None:
    append(folder, "lead.toml", ROW + 'guards = ["one", "two"]\nform = "three"\n')
    with pytest.raises(ProfileError) as caught:
        load_profile(folder)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(("file", "kind"), [("fund_item.toml", "money"), ("petition.toml", "")])
def test_no_profile_opens_money_or_petitions_to_paper(folder: Path, file: str, kind: str) -> None:
    """Whatever it says, and where it forgot to say that money is touched."""
    text = (folder / file).read_text(encoding="utf-8")
    spoilt = re.sub(r"(?m)^(approved_by = .*\n)", r"\1paper = true\n", text)
    assert spoilt != text
    (folder / file).write_text(spoilt, encoding="utf-8")
    said = f"where it touches {kind}" if kind else "no signature on paper on a petition"
    assert said in refused(folder)


def test_a_step_that_leads_to_an_end_is_not_signed_on_paper(folder: Path) -> None:
    change(folder, "lead.toml", 'event = "not_take_up"', 'event = "not_take_up"\npaper = true')
    assert "can be taken back, and this can't: it leads to 'not_taken_up'" in refused(folder)


def test_paper_needs_the_row_that_takes_a_step_back(folder: Path) -> None:
    change(folder, "common.toml", 'event = "undo_paper"', 'event = "undo"')
    assert "no row 'undo_paper' takes it back from 'verifying'" in refused(folder)


@pytest.mark.parametrize("name", builtin_names())
def test_by_default_no_step_that_touches_money_walls_or_releases_accepts_paper(name: str) -> None:
    for machine in builtin_profile(name).machines.values():
        for row in machine.transitions:
            assert not (row.paper and (row.touches or machine.kind is Kind.FUND_ITEM)), row.event
