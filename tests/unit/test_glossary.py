"""The glossary holds every word that a page links to, and every state of a matter."""

import re

import pytest

from app.domain import glossary
from app.domain.glossary import sections, state_anchor
from app.domain.kinds import Stage
from app.domain.profile import builtin_names, builtin_profile
from app.domain.profile.loading import BUILTIN
from app.domain.profile.model import NEW
from app.routers.templating import TEMPLATE_DIR

TERM = re.compile(r'\bterm\(_\("[^"]+"\), "([a-z-]+)"\)')


def linked() -> dict[str, str]:
    """Every anchor that a template leads to, with a template that does."""
    return {
        key: path.name
        for path in TEMPLATE_DIR.rglob("*.html")
        for key in TERM.findall(path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("profile", builtin_names())
def test_every_link_into_the_glossary_leads_to_a_word(profile: str) -> None:
    assert len(linked()) > 8
    known = glossary.anchors(profile)
    assert {key: place for key, place in linked().items() if key not in known} == {}


@pytest.mark.parametrize("profile", builtin_names())
def test_every_stage_and_state_is_explained_by_the_name_that_pages_use(profile: str) -> None:
    entries = {each.anchor: each for section in sections(profile) for each in section.entries}
    procedure = builtin_profile(profile)
    for stage in Stage:
        assert entries[f"stage-{stage}"].word == procedure.stages[stage]
    for kind, machine in procedure.machines.items():
        for key, state in machine.states.items():
            if key != NEW:  # nothing stands there that anybody could open
                assert entries[state_anchor(kind, key)].word == state.label


@pytest.mark.parametrize("profile", builtin_names())
def test_no_meaning_is_left_over_from_a_state_that_is_gone(profile: str) -> None:
    procedure = builtin_profile(profile)
    meanings = glossary.meanings(profile)
    common = {key for machine in procedure.machines.values() for key in machine.states}
    assert set(meanings.common) <= common
    for kind, machine in procedure.machines.items():
        assert set(meanings.of(kind)) - set(meanings.common) <= set(machine.states)


@pytest.mark.parametrize("profile", builtin_names())
def test_an_anchor_stands_for_one_word(profile: str) -> None:
    found = [each.anchor for section in sections(profile) for each in section.entries]
    found += [section.key for section in sections(profile)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("profile", builtin_names())
def test_chinese_words_are_written_with_chinese_marks(profile: str) -> None:
    half_width = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]|[a-z]{2}")
    said = [
        text
        for section in sections(profile)
        for each in section.entries
        for text in (each.word.zh_CN, each.means.zh_CN)
    ]
    assert [text for text in said if half_width.search(text)] == []


def test_an_office_with_a_procedure_of_its_own_has_the_words() -> None:
    assert not (BUILTIN / "of-its-own").exists()
    assert glossary.anchors("of-its-own") < glossary.anchors("cn-discipline")
    assert "disposal" in glossary.anchors("of-its-own")
