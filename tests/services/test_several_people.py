"""Several people, several matters: joined, split, merged and undone, each person with their own."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.domain import errors
from app.domain.permissions import Role
from app.domain.totals import Cohort
from app.services import corrections, matters, petitions, totals
from app.services.corrections import Said
from app.services.matters import MatterFile
from app.services.petitions import NewPetition
from tests.build_cases import adjudicated, closed, decided, heard, investigated, served
from tests.build_matters import DAY, LIANG, QIU, act, file, log, people, reported, sign_all
from tests.builders import World

NEXT = date(2018, 9, 10)


def opened(world: World, matter_id: UUID) -> MatterFile:
    with world.open("matters.read", world.chief) as tx:
        return matters.open_matter(tx, matter_id)


def outcomes(world: World, matter_id: UUID) -> list[tuple[str, str]]:
    found = opened(world, matter_id)
    names = {row["id"]: row["name"] for row in found.people}
    return sorted((names[row["involvement_id"]], row["measure"]) for row in found.outcomes)


def linked(world: World, matter_id: UUID) -> set[tuple[str, Any]]:
    return {(row["kind"], row["other_id"]) for row in opened(world, matter_id).links}


# Filing -------------------------------------------------------------------------------------------


def test_a_case_is_about_those_on_whom_it_is_filed(world: World) -> None:
    lead_id = reported(world, LIANG, QIU)
    named = people(world, lead_id)
    rows = [
        {"subject": named["梁启元"], "measure": "filed"},
        {"subject": named["邱国强"], "measure": "unfounded"},
    ]
    case_id = file(world, lead_id, outcomes=rows, organ="both")
    assert set(people(world, case_id)) == {"梁启元"}
    own = opened(world, case_id).own
    assert own["party_filed_on"] == own["supervisory_filed_on"] == DAY
    assert own["brief"] == "验收表与影像不符。"
    tasks = opened(world, lead_id).tasks
    assert {(row["owed_to"], row["kind"]) for row in tasks} == {
        ("邱国强", "notice"), ("邱国强", "clearance")
    }  # fmt: skip


def test_a_second_lead_joins_the_case_with_its_own_people(world: World) -> None:
    case_id = file(world, reported(world, LIANG))
    second = reported(world, LIANG, QIU)
    assert file(world, second, case=str(case_id)) == case_id
    found = opened(world, case_id)
    assert [(row["code"], row["name"]) for row in found.people] == [
        ("01", "梁启元"), ("02", "邱国强")
    ]  # fmt: skip
    assert len([row for row in found.links if row["kind"] == "lead_case"]) == 2
    assert found.history[0]["event"] == "lead_joined"
    signed = {row["request_id"] for row in opened(world, second).signatures}
    assert len(signed) >= 1  # each lead is signed


def test_a_lead_joins_no_case_that_is_past_its_investigation(world: World) -> None:
    case_id = investigated(world, LIANG)
    heard(world, case_id)
    adjudicated(world, case_id)
    second = reported(world, QIU)
    form = {"facts_held": "x", "accountable": True, "organ": "party", "case": str(case_id)}
    with pytest.raises(errors.Invalid) as refused:
        act(world, world.department_head, second, "file", **form)
    assert [error.field for error in refused.value.errors] == ["case"]


# Decided anew -------------------------------------------------------------------------------------


def test_a_decision_that_is_made_anew_replaces_all_of_the_former_one(world: World) -> None:
    case_id = investigated(world, QIU)
    heard(world, case_id)
    adjudicated(world, case_id)
    decided(world, case_id, 邱国强=("party_serious_warning", "administrative_demerit"))
    served(world, case_id)
    closed(world, case_id)

    def counted() -> tuple[int, int]:
        with world.open("totals.read", world.operator) as tx:
            counts = totals.totals(tx, Cohort(as_of=tx.today)).counts
        return counts.sanction_person_times, counts.administratively_sanctioned_persons

    assert counted() == (2, 1)
    world.clock.set(NEXT)
    # Whoever handled the original decision doesn't hear the appeal.
    another = world.hire("adjudicator-2", Role.ADJUDICATOR, "YC")
    above = world.hire("adjudication-head-2", Role.ADJUDICATION_HEAD, "YC")
    sign_all(world, act(world, world.adjudicator, case_id, "reopen_decision", ground="appeal"))
    sign_all(
        world,
        act(
            world, another, case_id, "deliberate",
            talk_held_on=NEXT.isoformat(), opinion="改为警告。",
            study_held_on=NEXT.isoformat(), study_chair="沈家和",
            study_present=["沈家和", "蒋慧"], study_recorder="蒋慧",
        ),
        others={Role.ADJUDICATION_HEAD: above},
    )  # fmt: skip
    decided(world, case_id, by=another)
    assert outcomes(world, case_id) == [("邱国强", "party_warning")]
    assert counted() == (1, 0)
    (standing,) = opened(world, case_id).outcomes
    # The former sanction fell: nothing of its impact is added.
    assert standing["impact_until"] == date(2019, 9, 10)


def test_an_impact_adds_what_remains_of_a_sanction_in_another_matter(world: World) -> None:
    first = investigated(world, QIU)
    heard(world, first)
    adjudicated(world, first)
    decided(world, first)
    second = investigated(world, QIU)
    heard(world, second)
    adjudicated(world, second)
    decided(world, second)
    until = [opened(world, each).outcomes[0]["impact_until"] for each in (first, second)]
    assert until == [date(2019, 9, 3), date(2020, 9, 2)]


# Split --------------------------------------------------------------------------------------------


def test_whoever_is_split_off_leaves_the_matter_with_what_they_said(world: World) -> None:
    case_id = investigated(world, LIANG, QIU)
    heard(world, case_id)
    named = people(world, case_id)
    children = [{"title": "邱国强失职", "subjects": [named["邱国强"]]}]
    sign_all(world, act(world, world.investigator, case_id, "split", children=children))
    assert set(people(world, case_id)) == {"梁启元"}
    (child,) = [row for row in opened(world, case_id).links if row["kind"] == "split_from"]
    found = opened(world, child["other_id"])
    assert [row["name"] for row in found.people] == ["邱国强"]
    assert [(row["said"], row["answer"]) for row in found.statements] == [
        ("部分属枯死待补植。", "已核减枯死面积。")
    ]
    whole = opened(world, case_id)
    assert found.head["state"] == whole.head["state"] == "fact_meeting"
    assert found.head["opened_on"] == whole.head["opened_on"]
    assert {(row["rule"], row["due_on"]) for row in found.clocks} == {
        (row["rule"], row["due_on"]) for row in whole.clocks if row["stopped_on"] is None
    }
    leads = {each for each in linked(world, case_id) if each[0] == "lead_case"}
    assert leads <= linked(world, child["other_id"])


def test_a_split_keeps_leader_and_way_back(world: World) -> None:
    lead_id = reported(world, LIANG, QIU)
    with world.open("matters.correct", world.lead_manager) as tx:
        corrections.correct(
            tx, lead_id, Said(field="responsible_leader", value="戴鹏梅", reason="补录")
        )
    named = people(world, lead_id)
    children = [{"title": "邱国强失职", "subjects": [named["邱国强"]]}]
    sign_all(world, act(world, world.investigator, lead_id, "split", children=children))
    (child,) = [row for row in opened(world, lead_id).links if row["kind"] == "split_from"]
    head = opened(world, child["other_id"]).head
    assert (head["responsible_leader"], head["state"]) == ("戴鹏梅", "result_proposed")
    act(world, world.department_head, child["other_id"], "rework", reason="报告不全")
    assert opened(world, child["other_id"]).head["state"] == "verifying"


# Merge --------------------------------------------------------------------------------------------


def test_the_earliest_date_survives_a_merge_and_comes_back_when_it_is_undone(world: World) -> None:
    first = log(world, world.lead_manager, LIANG, day=date(2018, 9, 3))
    second = log(world, world.lead_manager, QIU, day=date(2018, 9, 10))
    limits = {row["rule"]: row["due_on"] for row in opened(world, second).clocks}
    form = {"survivor": str(second), "same_facts": True}
    sign_all(world, act(world, world.lead_manager, first, "merge", **form))
    found = opened(world, second)
    assert found.head["opened_on"] == found.own["received_on"] == date(2018, 9, 3)
    assert {row["name"] for row in found.people} == {"梁启元", "邱国强"}
    running = {row["rule"]: row["due_on"] for row in found.clocks if row["stopped_on"] is None}
    assert running == {"distribution": date(2018, 9, 5), "disposal": date(2018, 10, 8)}
    assert found.head["due_on"] == date(2018, 9, 5)
    sign_all(world, act(world, world.lead_manager, first, "unmerge", wrongly="不是同一事实"))
    found = opened(world, second)
    assert found.head["opened_on"] == found.own["received_on"] == date(2018, 9, 10)
    assert set(people(world, second)) == {"邱国强"}
    assert {row["rule"]: row["due_on"] for row in found.clocks} == limits
    assert opened(world, first).head["state"] == "registered"


def test_a_petition_waits_for_the_lead_that_its_own_was_merged_into(world: World) -> None:
    with world.open("petitions.log", world.intake_officer) as tx:
        petition_id = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=tx.today, content="虚报面积。",
                unit_id=world.village.id,
            ),
        )  # fmt: skip
    first, second = log(world, world.lead_manager), log(world, world.lead_manager)
    with world.open("matters.link", world.chief) as tx:
        matters_rows = tx
        matters_rows.execute(
            "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)"
            " VALUES (gen_random_uuid(), 'petition_lead', %(from)s, %(to)s, %(day)s)",
            {"from": petition_id, "to": first, "day": tx.today},
        )
    form = {"survivor": str(second), "same_facts": True}
    sign_all(world, act(world, world.lead_manager, first, "merge", **form))
    assert ("petition_lead", second) in linked(world, petition_id)
    sign_all(world, act(world, world.lead_manager, first, "unmerge", wrongly="并错"))
    assert ("petition_lead", second) not in linked(world, petition_id)
    assert ("petition_lead", first) in linked(world, petition_id)


def test_nothing_is_merged_into_what_has_ended_or_is_of_another_kind(world: World) -> None:
    lead_id = log(world, world.lead_manager)
    case_id = file(world, reported(world, QIU))
    ended = next(
        row["other_id"] for row in opened(world, case_id).links if row["kind"] == "lead_case"
    )
    for survivor, said in ((case_id, "one kind"), (ended, "has ended")):
        with pytest.raises(errors.Invalid, match=said):
            act(
                world, world.lead_manager, lead_id, "merge", survivor=str(survivor),
                same_facts=True,
            )  # fmt: skip
