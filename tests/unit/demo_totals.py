"""What the replayed demo adds up to, counted as `totals.json` defines it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.domain.kinds import Kind
from app.domain.money import Money
from tests.unit.demo_live import Live
from tests.unit.demo_replay import Replay

PARTY, ADMINISTRATIVE, HANDLING = "party_sanction", "administrative_sanction", "handling"


def _kinds(replay: Replay, lives: Iterable[Live]) -> list[tuple[str, str]]:
    """(kind of outcome, identity number or key of the person) for each outcome."""
    found: list[tuple[str, str]] = []
    for live in lives:
        for one in live.people:
            person = replay.people[one.person]
            who = person.identity or person.key
            for key, _day in one.outcomes:
                found.append((replay.profile.measures[key].kind, who))
    return found


def totals(replay: Replay) -> dict[str, object]:
    """The keys of `totals.json` that are about the district, not about its files."""
    lives = list(replay.matters.values())
    leads = [live for live in lives if live.kind is Kind.LEAD]
    outcomes = _kinds(replay, lives)
    party = {who for kind, who in outcomes if kind == PARTY}
    administrative = {who for kind, who in outcomes if kind == ADMINISTRATIVE}
    items = [live for live in lives if live.item is not None]
    repaid = {
        live.key: live.item.paid for live in items if live.item is not None and live.item.paid
    }
    village = max(repaid, key=lambda key: len(repaid[key]))
    petitions = [live for live in lives if live.kind is Kind.PETITION]
    return {
        "leads": len(leads),
        "petitions": sum(1 for live in petitions if live.arguments["backlog"]),
        "inspection_leads": sum(1 for live in leads if live.arguments["source"] == "inspection"),
        "handled": sum(1 for live in leads if live.method is not None),
        "outstanding": sum(1 for live in leads if live.method is None),
        "held": sum(1 for live in leads if live.state == "held" and live.method is not None),
        "filed": sum(1 for live in leads if live.filed_on is not None),
        "organisational_handlings": sum(1 for kind, _who in outcomes if kind == HANDLING),
        "sanctioned_persons": len(party | administrative),
        "party_sanctioned_persons": len(party),
        "administratively_sanctioned_persons": len(administrative),
        "recovered_yuan": _yuan(sum(_moved(live, "receipt") for live in items)),
        "returned_yuan": _yuan(sum(_moved(live, "return") for live in items)),
        "village_return_yuan": _yuan(_moved(replay.matters[village], "return")),
        "village_return_people": len(repaid[village]),
        "reporting_units": sum(1 for unit in replay.plan.units if unit.reporting),
        "villages": sum(1 for unit in replay.plan.units if unit.kind == "village"),
        "beneficiaries": sum(len(paid) for paid in repaid.values()),
        "campaigns": _campaigns(replay, leads, items),
    }


def _moved(live: Live, kind: str) -> int:
    return live.item.fen(kind) if live.item is not None else 0


def _yuan(fen: int) -> str:
    return str(Money(fen))


def _campaigns(replay: Replay, leads: list[Live], items: list[Live]) -> dict[str, object]:
    count: Counter[str] = Counter(str(live.arguments["campaign"]) for live in leads)
    filed = Counter(str(live.arguments["campaign"]) for live in leads if live.filed_on)
    money: Counter[str] = Counter()
    for live in items:
        assert live.item is not None
        origin = live.item.origin.removeprefix("C")
        money[str(replay.matters[origin].arguments["campaign"])] += _moved(live, "receipt")
    return {
        key: {"leads": count[key], "filed": filed[key], "recovered_yuan": _yuan(money[key])}
        for key in count
    }


def one_click_reports(replay: Replay) -> int:
    return sum(
        1
        for live in replay.matters.values()
        if live.kind is Kind.PETITION and live.arguments["channel"] == "one_click"
    )


def held_accountable(replay: Replay, source: str) -> int:
    """Different people with a sanction or a handling out of the leads of a source."""
    leads = [
        live
        for live in replay.matters.values()
        if live.kind is Kind.LEAD and live.arguments["source"] == source
    ]
    cases = [replay.matters[key] for live in leads for key in live.cases]
    counted = {PARTY, ADMINISTRATIVE, HANDLING}
    return len({who for kind, who in _kinds(replay, [*leads, *cases]) if kind in counted})
