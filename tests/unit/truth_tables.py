"""Every machine spelled out: who may ask for which step from which state, and who then signs.

The expected tables lie in `tests/unit/truth/`, checked by hand against the procedure. After a
change that is meant, `python -m tests.unit.truth_tables` writes them anew, to be checked again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from app.domain.deadlines import Unit
from app.domain.kinds import Kind
from app.domain.profile import Profile, builtin_names, builtin_profile
from app.domain.profile.model import NEW
from app.domain.workflow import engine
from app.domain.workflow.facts import LinkedMatter, RunningClock
from app.domain.workflow.plans import Action
from tests.unit.workflow_world import ACTORS, MAKER, STAFF, TODAY, done, known, matter

FOLDER = Path(__file__).parent / "truth"
HEADS = ("state", "event", "to", "may_ask", "signed_by")
# Rows of the maker's own: whoever logged it, whatever their role.
MADE_BY = "handler"
SUSPENSION = RunningClock(
    rule="suspension", started_on=TODAY, amount=30, unit=Unit.DAY, due_on=TODAY
)
NOTICE = RunningClock(
    rule="notice_report", started_on=TODAY, amount=15, unit=Unit.WORKING_DAY, due_on=TODAY
)
VERIFYING = LinkedMatter(id=known("lead"), kind=Kind.LEAD, state="verifying")


def path(profile: Profile, kind: Kind) -> Path:
    return FOLDER / f"{profile.name}.{kind.value}.csv"


def rows(profile: Profile, kind: Kind) -> Iterator[dict[str, str]]:
    """What the engine lets each of the actors ask for, from each state."""
    for state in profile.machine(kind).states:
        found: dict[tuple[str, str], dict[str, Action]] = {}
        for name in ACTORS:
            for action in _open_to(profile, kind, state, name):
                found.setdefault((action.event, action.to_state), {}).setdefault(name, action)
        for (event, to), by in found.items():
            yield {
                "state": state,
                "event": event,
                "to": to,
                "may_ask": " ".join(by),
                "signed_by": " | ".join(dict.fromkeys(_chain(each) for each in by.values())),
            }


def _open_to(profile: Profile, kind: Kind, state: str, name: str) -> Iterator[Action]:
    """Also what is there only while it is suspended, as long as no case was filed, or while
    somebody is still to be told."""
    actor = (ACTORS if profile.name == "cn-discipline" else STAFF)[name]
    made_by = known(name) if name == MADE_BY or state == NEW else MAKER
    plain = matter(profile, kind, state, made_by=made_by)
    suspended = replace(plain, clocks=(SUSPENSION,))
    facts = done(profile, kind)
    without_case = replace(facts, origin=VERIFYING if kind is Kind.FUND_ITEM else None)
    untold = replace(plain, clocks=(NOTICE,))
    tried = ((plain, facts), (suspended, facts), (plain, without_case), (untold, facts))
    for it, known_facts in tried:
        yield from engine.actions(profile, it, actor, known_facts, TODAY)


def _chain(action: Action) -> str:
    if action.alone:
        return "alone"
    return " > ".join(step.code for step in action.chain) or "by the limit"


def text(profile: Profile, kind: Kind) -> str:
    order = {state: at for at, state in enumerate(profile.machine(kind).states)}
    table = sorted(rows(profile, kind), key=lambda row: (order[row["state"]], row["event"]))
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue()


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in builtin_names():
        profile = builtin_profile(name)
        for kind in profile.machines:
            path(profile, kind).write_text(text(profile, kind), encoding="utf-8")


if __name__ == "__main__":
    write()
