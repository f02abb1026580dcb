"""The three facts at a matter's head: who holds it, when it is due, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.db import Row
from app.domain.deadlines import Due as Limit
from app.domain.errors import N_
from app.domain.ledger import EntryKind, movement_refused
from app.routers.pages import chains
from app.routers.pages.present import NOT_SHOWN, PAY_LIST, Reader
from app.routers.parts import Due, Fact
from app.services.matters import MatterFile


def three(
    reader: Reader, file: MatterFile, signers: Sequence[Row], *,
    asked: bool = False, unpaid: bool = False,
) -> list[Fact]:  # fmt: skip
    """`signers` are those who could give the signature that is waited for; `asked`: the reader has
    to say first whether somebody reported is a colleague; `unpaid`: somebody on an item's return
    list waits for money."""
    following = _next(reader, file, signers, unpaid=unpaid)
    if asked:
        first = reader.say(N_("Before it: say whether somebody reported is your colleague"))
        following = replace(following, more=[first, *following.more])
    return [_held_by(reader, file), _due(reader, file), following]


def _held_by(reader: Reader, file: MatterFile) -> Fact:
    lead = [row["name"] for row in file.team if row["part"] == "lead_handler"]
    others = [row["name"] for row in file.team if row["part"] != "lead_handler"]
    held = [*lead, *([file.head["assigned_name"]] if file.head["assigned_name"] else [])]
    more = []
    if others:
        more.append(reader.say(N_("With {names}"), names=reader.listed(others)))
    if file.head["responsible_leader"]:
        leader = file.head["responsible_leader"]
        more.append(reader.say(N_("Responsible leader: {name}"), name=leader))
    label = reader.say(N_("Held by"))
    if file.head["closed_on"] is not None:
        label = reader.say(N_("Was held by"))
    nobody = N_("Nobody yet") if file.hands_shown else NOT_SHOWN
    return Fact(label, " · ".join(held) or reader.say(nobody), more)


def _due(reader: Reader, file: MatterFile) -> Fact:
    label = reader.say(N_("Due"))
    if file.head["closed_on"] is not None:
        day = reader.written(file.head["closed_on"])
        return Fact(label, reader.say(N_("Ended on {day}"), day=day))
    running = [row for row in file.clocks if row["stopped_on"] is None]
    if not running:
        return Fact(label, due=Due(None))
    first, *others = sorted(running, key=lambda row: (row["paused_on"] is not None, row["due_on"]))
    limit = Limit.from_json(first["explanation"]) if first["explanation"] else None
    why = reader.text(*map(reader.reason, limit.explain())) if limit else ""
    more = [_limit_line(reader, file, first, limit)]
    more += [_other_limit(reader, file, row) for row in others]
    return Fact(label, due=reader.due(first["due_on"], why=why), more=more)


def _limit_line(reader: Reader, file: MatterFile, row: Row, limit: Limit | None) -> str:
    name = reader.clock(file.kind, row["rule"])
    basis = reader.worded(limit.basis) if limit else ""
    if row["paused_on"] is not None:
        since = reader.written(row["paused_on"])
        name = reader.say(N_("{limit}, paused since {day}"), limit=name, day=since)
    return reader.say(N_("{limit} ({basis})"), limit=name, basis=basis) if basis else name


def _other_limit(reader: Reader, file: MatterFile, row: Row) -> str:
    name = reader.clock(file.kind, row["rule"])
    return reader.say(N_("{limit}: {day}"), limit=name, day=reader.written(row["due_on"]))


def _next(reader: Reader, file: MatterFile, signers: Sequence[Row], *, unpaid: bool) -> Fact:
    label = reader.say(N_("Next step"))
    if file.head["closed_on"] is not None:
        return Fact(label, reader.say(N_("None: it has ended")))
    if (objection := _objection(reader, file)) is not None:
        return objection
    asked = next((row for row in file.requests if row["status"] == "open"), None)
    if asked is not None:
        steps = chains.steps_of(asked)
        now = next(each for each in steps if each.position == asked["next_position"])
        rest = [each for each in steps if each.position > now.position]
        step = reader.step(file.kind, asked["event"])
        who = chains.who(reader, now, signers)
        more = [chains.in_words(reader, rest)] if rest else []
        return Fact(label, reader.say(N_("{who} signs: {step}"), who=who, step=step), more)
    if unpaid and movement_refused(EntryKind.RETURN, file.head["state"]) is None:
        return Fact(label, reader.say(PAY_LIST))
    rows = reader.next_steps(file.kind, file.head["state"])
    if not rows:
        return Fact(label, reader.state(file.kind, file.head["state"]))
    named = " · ".join(dict.fromkeys(row.label.words(reader.locale) for row in rows))
    words = reader.say(N_("Decide: {steps}"), steps=named) if len(rows) > 1 else named
    # Who decides may hang on which it is; then it stands at each step.
    hands = dict.fromkeys(chains.of_row(reader, row) for row in rows)
    return Fact(label, words, list(hands) if len(hands) == 1 else [])


def _objection(reader: Reader, file: MatterFile) -> Fact | None:
    """Instead of a next step: whose objection to a signature on paper is decided first."""
    hand = next((row for row in file.signatures if row["standing"] == "objected"), None)
    if hand is None:
        return None
    words = N_("First an objection is decided: {name} says that a signature on paper isn’t theirs")
    head = reader.say(N_("Whoever heads the matter decides; until then nothing moves."))
    return Fact(reader.say(N_("Next step")), reader.say(words, name=hand["name"]), [head])
