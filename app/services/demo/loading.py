"""Loading the demo district into an empty installation, with progress."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
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
    plan: Plan | None = None,
) -> DemoDoor:
    """Make the demo district, or as much of it as `plan` has.

    `operator` is the operator's live session. Raises DemoBusy where matters are there already.
    """
    with installations.as_owner(owner_url) as tx:
        if installations.described(tx)["demo"]:
            raise DemoBusy(_HALF, folder=secrets_folder.parent)
        if installations.matters(tx):
            raise DemoBusy(N_("This installation holds matters: the demo wants an empty one."))
    plan = plan or make_plan()
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


@dataclass
class _History:
    """Steps of matters that hang together; they begin once `logged` of the plan's matters are."""

    steps: list[Step]
    logged: int


def _replayed(office: Office, plan: Plan, cast: Cast, progress: Progress) -> None:
    """One hand logs, by day, so that numbers follow the dates; the others take each history as
    soon as its matters are there."""
    done, whole, lock = 0, len(plan.steps), Lock()
    made: dict[str, UUID] = {}

    def counted(steps: int) -> None:
        nonlocal done
        with lock:
            done += steps
            progress(done, whole)

    histories = deque(_histories(plan.steps))
    with ThreadPoolExecutor(max_workers=HANDS) as pool:
        running: list[Future[None]] = []

        def begin(logged: int) -> None:
            while histories and histories[0].logged <= logged:
                steps = histories.popleft().steps
                running.append(pool.submit(_take, office, Replay(cast, made), steps, counted))

        _take(office, Replay(cast, made), _logging(plan.steps), counted, committed=begin)
        finished, _ = wait(running, return_when=FIRST_EXCEPTION)
        failed = next((each.exception() for each in finished if each.exception()), None)
        if failed is not None:
            pool.shutdown(wait=True, cancel_futures=True)
            raise failed


def _take(
    office: Office,
    replay: Replay,
    steps: Sequence[Step],
    counted: Callable[[int], None],
    committed: Callable[[int], None] = lambda _taken: None,
) -> None:
    """Steps in their order, some tens to a transaction; `committed` hears how many are in."""
    taken = 0
    while taken < len(steps):
        begun = taken
        session = replay.cast.sessions[steps[taken].actor]
        with office.work(session, use_case="demo.replay", request_id="demo") as tx:
            # A demo that a power cut takes is loaded again.
            tx.execute("SET LOCAL synchronous_commit = off")
            while taken < min(begun + STEPS_A_COMMIT, len(steps)):
                replay.take(tx, steps[taken])
                taken += 1
                # A number's series stays locked until the commit, and other hands wait for it.
                if replay.numbered:
                    break
        counted(taken - begun)
        committed(taken)


def _histories(steps: Sequence[Step]) -> list[_History]:
    """Those that can begin first before the others."""
    logged = {step.matter: at for at, step in enumerate(_logging(steps), start=1)}
    return sorted(
        (
            _History(
                steps=[step for step in each if step.verb not in LOGGED],
                logged=max(logged.get(step.matter, 0) for step in each),
            )
            for each in connected(steps)
        ),
        key=lambda history: history.logged,
    )


def _logging(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if step.verb in LOGGED]


def connected(steps: Sequence[Step]) -> list[list[Step]]:
    """Steps in their order, apart by matters that hang together: by case and lead, or by name."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for step in steps:
        own = root(step.matter)
        if step.matter.startswith("C"):
            parent[own] = root(step.matter[1:])
            own = root(step.matter)
        for key in _named(step.arguments):
            parent[root(key)] = own
            own = root(own)
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(root(step.matter), []).append(step)
    return list(found.values())


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
