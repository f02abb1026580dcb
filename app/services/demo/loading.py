"""Loading the demo district into an empty installation, with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock
from uuid import UUID

from app.domain import errors
from app.domain.demo.cards import CARDS
from app.domain.demo.plan import Plan, make_plan
from app.domain.demo.steps import Ref, Step, Thing, Verb
from app.domain.errors import N_
from app.repositories import installation as installations
from app.repositories.work import Office
from app.services.demo.people import Cast, make_cast
from app.services.demo.replay import Replay
from app.services.demo_door import Card, DemoDoor

Progress = Callable[[int, int], None]

LOGGED = {Verb.LOG_PETITION, Verb.LOG_LEAD}
HANDS = 3  # transactions side by side: while one waits for the database another decides
STEPS_A_COMMIT = 40


_HALF = N_("Loading the demo was cut off: remove {folder}, then start it again.")


class DemoBusy(errors.Conflict):
    """This installation holds something else; the demo wants an empty one."""


def loaded(secrets_folder: Path) -> bool:
    """Whether the whole demo is there; its door is written last."""
    return DemoDoor.read(secrets_folder) is not None


def load(
    office: Office,
    *,
    owner_url: str,
    operator: str,
    secrets_folder: Path,
    progress: Progress = lambda _done, _all: None,
    seed: int = 2018,
) -> DemoDoor:
    """Make the demo district. `operator` is the operator's live session.

    Raises DemoBusy where matters are there already.
    """
    with installations.as_owner(owner_url) as tx:
        if installations.described(tx)["demo"]:
            raise DemoBusy(_HALF, folder=secrets_folder.parent)
        if installations.matters(tx):
            raise DemoBusy(N_("This installation holds matters: the demo wants an empty one."))
    plan = make_plan(seed)
    with installations.as_owner(owner_url) as tx:
        installations.make_demo(tx, plan.day)
    cast = make_cast(office, operator, plan)
    _replayed(office, plan, cast, progress)
    door = _door(plan, cast)
    door.write(secrets_folder)
    return door


def _door(plan: Plan, cast: Cast) -> DemoDoor:
    seeds = {seed.login: seed for seed in plan.accounts}
    cards = tuple(
        Card(
            login=each.login,
            name=seeds[each.login].name,
            role=seeds[each.login].role,
            tries={"zh_CN": each.zh_CN, "en": each.en},
        )
        for each in CARDS
    )
    return DemoDoor(cards=cards, passwords=dict(cast.passwords))


def _replayed(office: Office, plan: Plan, cast: Cast, progress: Progress) -> None:
    """What is logged comes first, by day, so that numbers follow the dates; then each group of
    matters that hang together runs through its own history."""
    done, whole, lock = 0, len(plan.steps), Lock()
    made: dict[str, UUID] = {}

    def counted(steps: int) -> None:
        nonlocal done
        with lock:
            done += steps
            progress(done, whole)

    first = [step for step in plan.steps if step.verb in LOGGED]
    rest = [step for step in plan.steps if step.verb not in LOGGED]
    _take(office, Replay(cast, made), first, counted)
    groups = _groups(rest, plan.steps)
    with ThreadPoolExecutor(max_workers=HANDS) as pool:
        running = [
            pool.submit(_take, office, Replay(cast, made), group, counted) for group in groups
        ]
        finished, _ = wait(running, return_when=FIRST_EXCEPTION)
        failed = next((each.exception() for each in finished if each.exception()), None)
        if failed is not None:
            pool.shutdown(wait=True, cancel_futures=True)
            raise failed


def _take(
    office: Office, replay: Replay, steps: Iterable[Step], counted: Callable[[int], None]
) -> None:
    """Steps in their order, some tens to a transaction."""
    waiting = list(steps)
    for start in range(0, len(waiting), STEPS_A_COMMIT):
        part = waiting[start : start + STEPS_A_COMMIT]
        with office.work(
            replay.cast.sessions[part[0].actor], use_case="demo.replay", request_id="demo"
        ) as tx:
            # A demo that a power cut takes is loaded again.
            tx.execute("SET LOCAL synchronous_commit = off")
            for step in part:
                replay.take(tx, step)
        counted(len(part))


def _groups(steps: list[Step], everything: Iterable[Step]) -> list[list[Step]]:
    """Steps by matters that hang together, the longest history first."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for step in everything:
        own = root(step.matter)
        if step.matter.startswith("C"):
            parent[own] = root(step.matter[1:])
            own = root(step.matter)
        for key in _named(step.arguments):
            parent[root(key)] = own
            own = root(own)
    groups: dict[str, list[Step]] = {}
    for step in steps:
        groups.setdefault(root(step.matter), []).append(step)
    return sorted(groups.values(), key=len, reverse=True)


def _named(value: object) -> Iterable[str]:
    if isinstance(value, Ref):
        if value.thing is Thing.MATTER:
            yield value.key
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _named(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _named(each)
