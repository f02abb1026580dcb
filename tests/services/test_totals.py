"""Figures: each by its definition, as of any day, the same for an auditor and an operator."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.kinds import Stage
from app.domain.money import Money
from app.domain.totals import Cohort, Counts, Facet, Totals
from app.repositories import leads as lead_rows
from app.repositories import matters
from app.services import corrections, totals
from app.services.corrections import Said
from tests.build_history import Past
from tests.build_totals import build_district, d
from tests.builders import Someone, World

DAY = date(2018, 9, 30)
Owner = psycopg.Connection[DictRow]


@pytest.fixture
def past(world: World, owner: Owner) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


def count(world: World, who: Someone, cohort: Cohort | None = None, **more: Any) -> Totals:
    with world.open("totals.read", who) as tx:
        return totals.totals(tx, cohort or Cohort(**{"as_of": DAY, **more}))


@pytest.fixture
def district(past: Past) -> Past:
    return build_district(past)


EXPECTED = {
    "leads": 5,
    "inspection_leads": 1,
    "handled": 4,
    "outstanding": 1,
    "held": 1,
    "filed": 2,
    "uncleared": 3,  # the held one, the new one, and the one whose case goes on
    "petitions": 2,
    "one_click_reports": 2,
    "petitions_received": 3,
    "organisational_handlings": 5,
    "sanction_person_times": 3,
    "sanctioned_persons": 2,
    "party_sanctioned_persons": 2,
    "administratively_sanctioned_persons": 1,
    "accountable_persons": 3,
    "recovered_yuan": "1500.10",
    "returned_yuan": "900.00",
    "remitted_yuan": "0.00",
    "released_yuan": "0.00",
    "in_custody_yuan": "600.10",
    "in_suspense_yuan": "9.00",
    "village_return_yuan": "500.00",
    "village_return_people": 2,
    "beneficiaries": 3,
    "reporting_units": 2,
    "villages": 3,
    "bank_lines": 6,
    "bank_closing_yuan": "609.10",
    "doubtful_rows": 1,
    "campaigns": {
        "危房改造": {"leads": 2, "filed": 2, "recovered_yuan": "1500.10"},
        "林业两补": {"leads": 2, "filed": 0, "recovered_yuan": "0.00"},
    },
    "doubts": {"received_before_lead": 1},
    "as_of": "2018-09-30",
}


@pytest.mark.parametrize("who", ["auditor", "operator", "chief", "lead_manager"])
def test_each_figure_by_its_definition(district: Past, who: str) -> None:
    found = count(district.world, getattr(district.world, who))
    assert found.published() == EXPECTED


def test_an_operator_and_an_auditor_count_the_same_in_every_facet(district: Past) -> None:
    world = district.world
    assert count(world, world.operator) == count(world, world.auditor)


def test_an_operator_opens_no_matter_for_it(district: Past) -> None:
    with district.world.open("totals.read", district.world.operator) as tx:
        assert tx.rows("SELECT 1 FROM matter") == []
        assert tx.rows("SELECT 1 FROM journal_entry") == []
        shown = tx.rows("SELECT * FROM guard.counted_lead")
    assert len(shown) == 6
    assert not {"title", "number", "what"} & set(shown[0])


def test_roles_that_read_no_totals_get_none(district: Past) -> None:
    world = district.world
    for who in (world.investigator, world.intake_officer, world.administrator, world.inspector):
        with pytest.raises(errors.Forbidden):
            count(world, who)
        with world.open("attack", who) as tx:
            assert tx.rows("SELECT 1 FROM guard.counted_lead") == []
            assert tx.rows("SELECT 1 FROM guard.counted_posting") == []


def test_a_sealed_lead_is_in_the_published_figures_of_whoever_is_cleared_for_it(
    district: Past, owner: Owner
) -> None:
    """An auditor counts what they may open: beside it a sealed one would be missing."""
    world = district.world
    sealed = district.lead(received_on=d(6, 1), source="sweep", classification=2)
    item = district.item(sealed)
    district.receipt(sealed, item, "20.00", d(6, 2))
    whole = count(world, world.chief).published()
    assert (whole["leads"], whole["recovered_yuan"]) == (6, "1520.10")
    audited = count(world, world.auditor)
    assert (audited.counts.leads, str(audited.counts.recovered)) == (5, "1500.10")
    assert count(world, world.operator).published() == whole
    assert count(world, world.lead_manager).counts.leads == 5
    with world.open("totals.open", world.auditor) as tx:
        opened = totals.matters_behind(tx, Cohort(as_of=DAY), "leads")
        assert len(opened) == 5
        assert sealed.id not in {row["id"] for row in opened}
        assert tx.rows("SELECT 1 FROM matter WHERE id = %(id)s", {"id": sealed.id}) == []
    owner.execute("UPDATE account SET clearance = 2 WHERE id = %s", [world.auditor.account_id])
    assert count(world, world.auditor).published() == whole


def test_a_township_operator_counts_its_own(district: Past) -> None:
    world = district.world
    district.owner.execute(
        "UPDATE role_held SET unit_id = %s, unit_path = 'YC.T02' WHERE account_id = %s",
        (world.other_township.id, world.operator.account_id),
    )
    assert count(world, world.operator).counts.leads == 1


def test_as_of_an_earlier_day_figures_stand_as_they_stood(district: Past) -> None:
    world = district.world

    def on(day: date) -> Counts:
        return count(world, world.auditor, as_of=day).counts

    assert (on(d(1, 4)).leads, on(d(1, 5)).leads) == (0, 1)
    assert (on(d(1, 19)).handled, on(d(1, 20)).handled) == (0, 1)
    assert (on(d(2, 9)).filed, on(d(2, 10)).filed) == (0, 1)
    assert (on(d(3, 19)).held, on(d(3, 20)).held) == (0, 1)
    assert (on(d(4, 30)).sanctioned_persons, on(d(5, 1)).sanctioned_persons) == (0, 1)
    assert (on(d(5, 31)).uncleared, on(d(6, 1)).uncleared) == (4, 3)
    assert on(d(4, 2)).returned == Money.yuan("500.00")
    assert on(d(2, 28)).in_custody == Money.yuan("1000.10")


def test_a_later_disposal_does_not_undo_an_earlier_one(past: Past) -> None:
    world = past.world
    lead = past.lead(
        received_on=d(1, 5), method="hold", disposed_on=d(2, 1),
        steps=[("held", d(2, 1)), ("verifying", d(7, 1))],
    )  # fmt: skip
    past.join(lead, world.investigator)
    with world.open("leads.convert", world.investigator) as tx:
        lead_rows.change_lead(tx, lead.id, method="verification", disposed_on=d(7, 1))
        matters.touch(tx, lead.id, event="noted")
    before, after = (count(world, world.auditor, as_of=day) for day in (d(6, 30), DAY))
    assert (before.counts.handled, before.counts.held) == (1, 1)
    assert (after.counts.handled, after.counts.held) == (1, 0)
    assert [each.key for each in before.slices[Facet.DISPOSAL]] == ["hold"]
    assert [each.key for each in after.slices[Facet.DISPOSAL]] == ["verification"]


def test_as_known_on_a_day_leaves_out_what_was_recorded_later(past: Past) -> None:
    world = past.world
    early, late = (datetime(2018, month, 1, 8, tzinfo=UTC) for month in (3, 7))
    lead = past.lead(received_on=d(1, 5), recorded_at=early)
    past.lead(received_on=d(1, 6), recorded_at=late)
    item = past.item(lead, recorded_at=early)
    past.receipt(lead, item, "10.00", d(2, 1), recorded_at=early)
    past.receipt(lead, item, "5.00", d(2, 1), recorded_at=late)
    past.outcome(lead, "handling", d(2, 2), quantity=1, recorded_at=late)
    past.owner.execute("UPDATE lead SET method = 'close', disposed_on = '2018-02-02'")

    def known(day: date | None) -> tuple[int, int, str, int, int | None]:
        found = count(world, world.auditor, as_of=d(2, 28), known_on=day)
        counts = found.counts
        return (
            counts.leads, counts.handled, str(counts.recovered), counts.organisational_handlings,
            found.bank_lines,
        )  # fmt: skip

    assert known(d(6, 30)) == (1, 0, "10.00", 0, 1)
    assert known(d(7, 1)) == (2, 0, "15.00", 1, 2)
    assert known(None) == (2, 2, "15.00", 1, 2)


def test_as_known_on_a_day_what_was_corrected_since_reads_as_it_did(past: Past) -> None:
    """Source, leader and channel are mended in place; figures of before can be made again."""
    world, early = past.world, datetime(2018, 3, 1, 8, tzinfo=UTC)
    lead = past.lead(
        received_on=d(1, 5), source="petition", responsible_leader="戴鹏梅", recorded_at=early
    )
    petition = past.petition(received_on=d(1, 6), channel="letter", recorded_at=early)
    item = past.item(lead, recorded_at=early)
    past.receipt(lead, item, "10.00", d(2, 1), recorded_at=early)
    past.outcome(lead, "handling", d(2, 2), quantity=2, recorded_at=early)
    with world.open("matters.correct", world.lead_manager) as tx:
        for field, value in (("source", "inspection"), ("responsible_leader", "古文")):
            corrections.correct(tx, lead.id, Said(field=field, value=value, reason="录入有误"))
        corrections.correct(
            tx, petition.id, Said(field="channel", value="one_click", reason="录入有误")
        )

    def told(known_on: date | None, **more: Any) -> tuple[object, ...]:
        found = count(world, world.auditor, known_on=known_on, **more)
        counts = found.counts
        leaders = {row.key: row.counts.leads for row in found.slices[Facet.LEADER] if row.key}
        return (
            counts.leads, counts.inspection_leads, counts.one_click_reports, leaders,
            str(counts.recovered), counts.organisational_handlings,
        )  # fmt: skip

    before, now = d(6, 30), None
    assert told(before) == (1, 0, 0, {"戴鹏梅": 1}, "10.00", 2)
    assert told(now) == (1, 1, 1, {"古文": 1}, "10.00", 2)
    assert told(before, source="petition") == (1, 0, 0, {"戴鹏梅": 1}, "10.00", 2)
    assert told(now, source="petition") == (0, 0, 0, {}, "0.00", 0)
    assert told(before, leader="古文") == (0, 0, 0, {}, "0.00", 0)
    assert told(now, leader="古文") == (1, 1, 0, {"古文": 1}, "10.00", 2)
    with world.open("totals.open", world.chief) as tx:
        asked = Cohort(as_of=DAY, known_on=before, source="petition")
        assert [row["id"] for row in totals.matters_behind(tx, asked, "recovered_yuan")] == [
            lead.id
        ]


def test_a_campaign_that_was_corrected_counts_where_it_was_known(past: Past) -> None:
    world, early = past.world, datetime(2018, 3, 1, 8, tzinfo=UTC)
    housing, trees = past.campaign("危房改造"), past.campaign("林业两补")
    lead = past.lead(received_on=d(1, 5), campaign_id=housing, recorded_at=early)
    with world.open("matters.correct", world.lead_manager) as tx:
        matters.touch(tx, lead.id, event="corrected", changes={"campaign_id": str(trees)})
    then, now = (count(world, world.auditor, known_on=day) for day in (d(6, 30), None))
    assert [row.key for row in then.slices[Facet.CAMPAIGN]] == [str(housing)]
    assert [row.key for row in now.slices[Facet.CAMPAIGN]] == [str(trees)]


def test_a_doubt_that_was_settled_since_is_one_that_was_known(past: Past, owner: Owner) -> None:
    world, early = past.world, datetime(2018, 3, 1, 8, tzinfo=UTC)
    lead = past.lead(received_on=d(5, 1), recorded_at=early)
    doubt = past.doubt(lead, "received_before_lead", recorded_at=early)
    owner.execute("UPDATE doubt SET settled_on = '2018-05-02' WHERE id = %s", (doubt,))
    assert count(world, world.auditor).doubts == {}
    known = count(world, world.auditor, known_on=d(6, 30)).doubts
    assert known == {"received_before_lead": 1}


def test_a_replaced_outcome_counts_until_it_was_replaced(past: Past) -> None:
    world, lead = past.world, past.lead(received_on=d(1, 5))
    zhang = past.person("张三")
    first = past.outcome(lead, "party_sanction", d(3, 1), person=zhang, measure="expulsion")
    past.outcome(lead, "unfounded", d(6, 1), person=zhang, replaces=first)
    assert count(world, world.auditor, as_of=d(5, 31)).counts.sanctioned_persons == 1
    assert count(world, world.auditor, as_of=d(6, 1)).counts.sanctioned_persons == 0


def test_a_reversed_receipt_is_out_of_every_figure(past: Past) -> None:
    world, lead = past.world, past.lead(received_on=d(1, 5))
    item = past.item(lead)
    entry = past.receipt(lead, item, "10.00", d(2, 1), intake="collected")
    past.post(
        "reversal", d(3, 1), [("bank", item.id, "-10.00"), ("payer", item.id, "10.00")],
        matter=lead, item=item, reverses=entry,
    )  # fmt: skip
    assert count(world, world.auditor, as_of=d(2, 28)).intakes == {"collected": Money.yuan("10")}
    now = count(world, world.auditor)
    assert (now.counts.recovered, now.intakes) == (Money.zero(), {})


def test_what_was_voided_was_never_received_from_that_day_on(past: Past) -> None:
    world = past.world
    past.lead(received_on=d(1, 5), steps=[("voided", d(3, 1))])
    past.petition(received_on=d(1, 6))
    past.owner.execute(
        "INSERT INTO transition (id, matter_id, version, event, to_state, happened_on, manner)"
        " SELECT gen_random_uuid(), id, 2, 'void', 'voided', '2018-03-01', 'ledger' FROM petition"
    )
    past.owner.execute("UPDATE matter SET state = 'voided' WHERE kind = 'petition'")

    def on(day: date) -> tuple[int, int, int, int]:
        found = count(world, world.auditor, as_of=day)
        counts = found.counts
        stages = sum(row.open + row.ended for row in found.stages)
        return counts.leads, counts.petitions, counts.uncleared, stages

    assert on(d(2, 28)) == (1, 1, 1, 2)
    assert on(d(3, 1)) == (0, 0, 0, 0)


def test_a_merged_lead_is_cleared_when_its_survivor_is(past: Past) -> None:
    world = past.world
    merged = past.lead(received_on=d(1, 5), steps=[("merged", d(3, 1))])
    survivor = past.lead(received_on=d(1, 6), steps=[("closed", d(5, 1))])
    past.insert(
        "matter_link", id=survivor.id, kind="merged_into", from_id=merged.id, to_id=survivor.id,
        begins_on=d(3, 1),
    )  # fmt: skip

    def on(day: date) -> tuple[int, int]:
        counts = count(world, world.auditor, as_of=day).counts
        return counts.leads, counts.uncleared

    assert on(d(4, 30)) == (2, 2)
    assert on(d(5, 1)) == (2, 0)


def test_facets_add_up_to_the_whole(district: Past) -> None:
    world = district.world
    found = count(world, world.auditor)
    for facet in (Facet.CAMPAIGN, Facet.SOURCE, Facet.LEADER, Facet.UNIT, Facet.MONTH):
        rows = found.slices[facet]
        assert sum(row.counts.leads for row in rows) == found.counts.leads, facet
        assert sum(row.counts.handled for row in rows) == found.counts.handled, facet
        total = sum((row.counts.recovered for row in rows), Money.zero())
        assert total == found.counts.recovered, facet
    by_unit = {row.label: row.counts for row in found.slices[Facet.UNIT]}
    assert {label: counts.leads for label, counts in by_unit.items()} == {
        "上岩洲镇": 3, "松山乡": 1, "云川区": 1
    }  # fmt: skip
    by_source = {row.key: row.counts for row in found.slices[Facet.SOURCE]}
    assert (by_source["one_click"].one_click_reports, by_source["one_click"].leads) == (2, 1)
    assert by_source["one_click"].accountable_persons == 1
    disposals = {row.key: row.counts.leads for row in found.slices[Facet.DISPOSAL]}
    assert disposals == {"verification": 2, "hold": 1, "talk_letter": 1, "": 1}
    stages = {row.key: row.counts.leads for row in found.slices[Facet.STAGE]}
    assert stages == {"share": 1, "assess": 1, "ended": 3}
    assert {(row.kind, row.stage): (row.open, row.ended) for row in found.stages} == {
        ("lead", "share"): (1, 0), ("lead", "assess"): (1, 0), ("lead", "review"): (0, 1),
        ("lead", "investigate"): (0, 2),
        ("case", "investigate"): (1, 0), ("case", "review"): (0, 1),
        ("fund_item", "investigate"): (2, 0), ("petition", "share"): (3, 0),
    }  # fmt: skip
    assert found.intakes == {
        "collected": Money.yuan("1000.10"), "not_stated": Money.yuan("500.00")
    }  # fmt: skip
    assert {(row.measure, row.person_times, row.persons) for row in found.measures} == {
        ("party_warning", 2, 2), ("administrative_demerit", 1, 1), ("reminder_talk", 2, 1),
        ("", 3, 0), ("", 1, 1),
    }  # fmt: skip


def crossed(world: World, who: Someone, **more: Any) -> dict[tuple[str, str, str], int]:
    with world.open("totals.read", who) as tx:
        found = totals.totals(tx, Cohort(**{"as_of": DAY, **more})).flows
    return {(each.source, each.method, each.outcome): each.leads for each in found}


def test_leads_flow_from_their_source_over_their_disposal_to_their_outcome(district: Past) -> None:
    assert crossed(district.world, district.world.auditor) == {
        ("inspection", "verification", "filed"): 1,
        ("one_click", "verification", "filed"): 1,
        ("petition", "hold", "held"): 1,
        ("petition", "talk_letter", "closed"): 1,
        ("sweep", "", "under_way"): 1,
    }


@pytest.mark.parametrize("day", [DAY, d(3, 10), d(2, 15)])
def test_flows_add_up_to_the_totals_in_each_column_on_any_day(district: Past, day: date) -> None:
    world = district.world
    whole, flows = count(world, world.chief, as_of=day), crossed(world, world.chief, as_of=day)
    for facet, side in ((Facet.SOURCE, 0), (Facet.DISPOSAL, 1)):
        sums = {each.key: each.counts.leads for each in whole.slices[facet] if each.counts.leads}
        assert sums == {
            key: sum(n for of, n in flows.items() if of[side] == key)
            for key in {of[side] for of in flows}
        }
    for outcome in {of[2] for of in flows}:
        part = count(world, world.chief, as_of=day, outcome=outcome)
        assert part.counts.leads == sum(n for of, n in flows.items() if of[2] == outcome)


def test_a_flow_holds_what_its_reader_may_open(district: Past) -> None:
    """No way round the totals: what an auditor isn't cleared for is in no stream."""
    world = district.world
    district.lead(received_on=d(6, 1), source="sweep", classification=2)
    assert crossed(world, world.chief)["sweep", "", "under_way"] == 2
    assert crossed(world, world.auditor)["sweep", "", "under_way"] == 1
    for who in (world.investigator, world.intake_officer, world.administrator):
        with pytest.raises(errors.Forbidden):
            crossed(world, who)


def test_a_narrower_cohort_counts_its_part(district: Past) -> None:
    world = district.world
    whole = Cohort(as_of=DAY)

    def part(**more: Any) -> Totals:
        return count(world, world.auditor, replace(whole, **more))

    there = part(unit=world.other_township.path)
    assert (there.counts.leads, str(there.counts.recovered), there.villages) == (1, "500.00", 1)
    assert there.counts.sanctioned_persons == 1
    assert [row.label for row in there.slices[Facet.UNIT]] == ["北湾村"]
    assert (there.bank_lines, there.bank_closing) == (None, None)
    assert part(source="inspection").counts.leads == 1
    assert part(source="one_click").counts.petitions_received == 2
    assert part(leader="戴鹏梅").counts.leads == 1
    held = part(method="hold")
    assert (held.counts.leads, held.counts.recovered) == (1, Money.zero())
    checked = part(method="verification")
    assert (checked.counts.leads, str(checked.counts.recovered)) == (2, "1500.10")
    assert checked.counts.sanctioned_persons == 1  # decided on a case that came from such a lead
    assert part(stage=Stage.ASSESS).counts.leads == 1
    spring = part(since=d(3, 1), until=d(4, 30))
    assert (spring.counts.leads, str(spring.counts.recovered)) == (2, "500.00")
    assert str(spring.counts.returned) == "900.00"
    assert spring.counts.sanctioned_persons == 0


def test_a_period_that_ends_before_it_begins_is_refused(past: Past) -> None:
    with pytest.raises(errors.Invalid) as refused:
        count(past.world, past.world.auditor, since=d(3, 1), until=d(2, 1))
    assert refused.value.errors[0].field == "until"


def test_an_empty_district_counts_to_nothing(past: Past) -> None:
    found = count(past.world, past.world.auditor)
    figures = found.figures()
    expected = {"reporting_units": 2, "villages": 3}
    assert {key: value for key, value in figures.items() if value} == expected
    assert figures["recovered_yuan"] == Decimal("0.00")


def test_a_figure_of_the_past_does_not_move_with_later_work(district: Past) -> None:
    """What was published for a day can be produced again, to the cent."""
    world, day = district.world, d(5, 31)
    before = count(world, world.auditor, as_of=day).published()
    lead = district.lead(received_on=day + timedelta(days=30))
    item = district.item(lead)
    district.receipt(lead, item, "77.77", day + timedelta(days=40))
    district.owner.execute(
        "UPDATE matter SET state = 'verifying', stage = 'investigate' WHERE state = 'held'"
    )
    district.owner.execute(
        "INSERT INTO transition (id, matter_id, version, event, to_state, happened_on, manner)"
        " SELECT gen_random_uuid(), id, 9, 'x', 'verifying', '2018-08-01', 'ledger' FROM matter"
        " WHERE state = 'verifying'"
    )
    assert count(world, world.auditor, as_of=day).published() == before
