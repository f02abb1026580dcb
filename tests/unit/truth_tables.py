"""Every machine spelled out: who may ask for which step from which state, and who then signs.

The expected tables lie in `tests/unit/truth/`, checked by hand against the procedure. After a
change that is meant, `python -m tests.unit.truth_tables` writes them anew, to be checked again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from app.domain.kinds import Kind
from app.domain.profile import Profile, builtin_names, builtin_profile
from app.domain.profile.model import NEW
from app.domain.workflow import engine
from app.domain.workflow.plans import Action
from tests.unit.workflow_world import ACTORS, MAKER, TODAY, done, known, matter

FOLDER = Path(__file__).parent / "truth"
HEADS = ("state", "event", "to", "may_ask", "signed_by")
# Rows of the maker's own: whoever logged it, whatever their role.
MADE_BY = "handler"


def path(profile: Profile, kind: Kind) -> Path:
    return FOLDER / f"{profile.name}.{kind.value}.csv"


def rows(profile: Profile, kind: Kind) -> Iterator[dict[str, str]]:
    """What the engine lets each of the actors ask for, from each state."""
    machine = profile.machine(kind)
    for state in machine.states:
        found: dict[str, dict[str, list[str]]] = {}
        chains: dict[str, Action] = {}
        for name, actor in ACTORS.items():
            it = matter(profile, kind, state)
            if name == MADE_BY or state == NEW:
                it = matter(profile, kind, state, made_by=known(name))
            for action in engine.actions(profile, it, actor, done(profile, kind), TODAY):
                found.setdefault(action.event, {}).setdefault(action.to_state, []).append(name)
                chains.setdefault(action.event, action)
        for event in machine.events():
            for to, names in found.get(event, {}).items():
                yield {
                    "state": state,
                    "event": event,
                    "to": to,
                    "may_ask": " ".join(names),
                    "signed_by": _chain(chains[event]),
                }


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


__all__ = ["MAKER", "path", "rows", "text"]
