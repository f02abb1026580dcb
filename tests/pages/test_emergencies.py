"""Declaring an emergency read, reading, and closing its review, on the pages."""

import re

import pytest

from app.services import matters
from tests.build_matters import LIANG, log
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import followed, served

HERE = "/sign/emergencies"
SIGNS = {"en": "Waits for my signature", "zh-CN": "等我签批"}
WHY = "群众来电称今晚转移账册，承办人联系不上。"


def _number(world: World) -> tuple[str, str]:
    lead = log(world, world.investigator)
    with world.open("tests", world.chief) as tx:
        return str(lead), str(matters.head(tx, lead)["number"])


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_declared_read_and_reviewed(world: World, doors: Doors, language: str) -> None:
    lead, number = _number(world)
    reader = doors.browser(world.other_investigator, language=language)
    head = doors.browser(world.lead_manager, language=language)
    served(reader.get(f"/matters/{lead}"), 404)
    form = served(reader.get(HERE)).form(HERE)
    served(form.send(reader, {"kind": "lead", "number": number, "reason": ""}), 422)
    # A number as somebody types it.
    typed = number.lower() + " "
    page = followed(reader, form.send(reader, {"kind": "lead", "number": typed, "reason": WHY}))
    address = page.form("/read").action
    opened = served(page.form("/read").submit(reader))
    assert str(LIANG.name) in opened.words
    # Whoever asks for that page anew stands before its button again.
    assert followed(reader, reader.get(address)).form("/read").action == address
    desk = served(head.get("/desk"))
    assert world.other_investigator.name in desk.words
    place = desk.link("Review it" if language == "en" else "复核")
    assert desk.words.index(WHY) < desk.words.index(SIGNS[language])
    form = served(head.get(place)).form("/review")
    served(form.submit(head, review="确有必要。"), 422)  # no preselected answer
    answer = form.submit(head, finding="justified", review="确有必要。")
    assert answer.headers["location"].endswith("done=emergency_reviewed")
    assert WHY not in served(head.get("/desk")).words
    assert "确有必要。" in served(head.get(f"/matters/{lead}/access")).words
    served(head.get(place), 404)
    page = served(reader.get(HERE))
    assert world.lead_manager.name in page.words
    with pytest.raises(AssertionError):
        page.form("/read")


def test_a_number_that_opens_nothing_answers_as_an_unknown_one(world: World, doors: Doors) -> None:
    _lead, number = _number(world)
    reader = doors.browser(world.keeper)
    form = served(reader.get(HERE)).form(HERE)
    pages = [
        served(form.send(reader, {"kind": "lead", "number": each, "reason": WHY}), 404).words
        for each in (number, "YC2018-9999")
    ]
    told_apart = {
        re.sub(r"[0-9a-f]{32}", "", page) for page in pages
    }  # but for the request's own code
    assert len(told_apart) == 1
    api, body = doors.api(world.keeper), {"kind": "lead", "number": number, "reason": WHY}
    # The same request again is another try: three that led nowhere are enough for a day.
    for status in (404, 409):
        told = api.post("/api/v1/emergencies", json=body, headers={"Idempotency-Key": "again"})
        assert told.status_code == status


def test_who_audits_or_administers_is_offered_none(world: World, doors: Doors) -> None:
    page = served(doors.browser(world.auditor).get(HERE))
    assert "Declare" not in page.words
    served(doors.browser(world.administrator).get(HERE), 403)
