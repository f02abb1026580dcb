"""A study meeting in words: its day and people, each matter with its decision and result."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from app.core.db import Row
from app.domain.errors import N_, NotFound, Reason, VersionRequired
from app.routers.deps import Submitted
from app.routers.pages.present import Reader, alleged, matter_href
from app.routers.parts import Cell, Choice, Column, Fact, Link, SignBox
from app.services.meetings import Meeting, Place

Day = date
HERE = "/sign/meetings"
DECISIONS: Mapping[str, str] = {
    "sign": N_("Agreed: to be signed"),
    "return": N_("Not agreed: to be returned"),
}
RESULTS: Mapping[str, str] = {
    "carried_out": N_("Signed: the step is taken."),
    "passed_on": N_("Signed: it goes on to whoever signs next."),
    "returned": N_("Returned to whoever asked."),
}
STATUSES: Mapping[str, str] = {
    "drafted": N_("the recorder has not signed yet"),
    "recorded": N_("signed by the recorder; the chair signs next"),
    "signed": N_("signed by recorder and chair"),
    "called_off": N_("called off"),
}
NOTICES: Mapping[str, str] = {
    "drafted": N_("The meeting is drawn up. Now put matters on its agenda."),
    "changed": N_("It is changed."),
    "put_on": N_("They stand on the agenda."),
    "decided": N_("The decision is recorded."),
    "pulled": N_("The matter is pulled from the agenda."),
    "recorded": N_("You have signed the minutes. The chair signs next."),
    "signed": N_("The minutes are signed, and each matter by itself: see below what became of it."),
    "sent_back": N_("The recorder’s signature is undone: the minutes can be mended."),
    "called_off": N_("The meeting is called off, and its matters are free again."),
}


def last_shown(day: str, key: str) -> tuple[Day, UUID]:
    """Where a part of the list ended."""
    return Day.fromisoformat(day), UUID(key)


def href(meeting_id: object, further: str = "") -> str:
    return f"{HERE}/{meeting_id}" + (f"/{further}" if further else "")


def title(reader: Reader, head: Row) -> str:
    return reader.say(N_("Study meeting of {day}"), day=reader.written(head["held_on"]))


def minutes_title(reader: Reader, head: Row) -> str:
    return reader.say(
        N_("Minutes of the study meeting of {day}"), day=reader.written(head["held_on"])
    )


def accounts(rows: Sequence[Row]) -> list[Choice]:
    return [Choice(str(row["id"]), row["name"], group=row["unit_name"] or "") for row in rows]


def those_there(rows: Sequence[Row], key: str = "id") -> list[Choice]:
    return [Choice(str(row[key]), row["name"], hint=row["unit_name"] or "") for row in rows]


def invited(
    reader: Reader, rows: Sequence[Row], usual: Collection[UUID], office: str
) -> list[Choice]:
    """Under the usual ones, then the office's own, then unit by unit."""
    words, elsewhere = reader.say(N_("At the last meetings")), reader.say(N_("Without a unit"))
    parts: dict[str, list[Choice]] = {words: [], office: []}
    for row in rows:
        unit = row["unit_name"] or ""
        known = row["id"] in usual
        part = words if known else unit or elsewhere
        hint = unit if known else ""
        parts.setdefault(part, []).append(
            Choice(str(row["id"]), row["name"], hint=hint, group=part)
        )
    return [choice for part in parts.values() for choice in part]


def versions(it: Meeting, place: Place) -> str:
    """What a decision is recorded on: the meeting's version, and the request's."""
    return f"{it.head['version']}.{place.row['request_version']}"


def versions_of(form: Submitted) -> tuple[int, int]:
    """Raises VersionRequired."""
    parts = form.text("version").split(".")
    if len(parts) != 2 or not all(
        each.isascii() and each.isdecimal() and len(each) < 10 for each in parts
    ):
        raise VersionRequired
    return int(parts[0]), int(parts[1])


def listed(reader: Reader, row: Row) -> dict[str, Cell]:
    return {
        "held": Link(str(row["held_on"]), href(row["id"])),
        "chair": row["chair_name"],
        "recorder": row["recorder_name"],
        "matters": row["matters"],
        "status": reader.say(STATUSES[row["status"]]),
    }


def offer(reader: Reader, row: Row) -> Choice:
    """A request that could come onto the agenda."""
    text = reader.say(N_("{number} {title}"), number=row["number"], title=row["title"])
    asked = _asked(reader, row)
    return Choice(str(row["id"]), text, hint=asked)


def _asked(reader: Reader, row: Row) -> str:
    return reader.say(
        N_("{step}; {who} asked for it on {day}"),
        step=reader.step(row["kind"], row["event"]), who=row["requested_by_name"] or "",
        day=reader.written(row["requested_on"]),
    )  # fmt: skip


def place_of(it: Meeting, item_id: UUID) -> Place:
    """Raises NotFound."""
    found = next((place for place in it.places if place.row["id"] == item_id), None)
    if found is None:
        raise NotFound
    return found


def decided(place: Place) -> dict[str, object]:
    """What was recorded of an item, to be mended; nothing is chosen before."""
    row = place.row
    declared = [str(each["account_id"]) for each in place.recused if each["cause"] == "declared"]
    return {
        "decision": row["decision"] or "", "reason": row["reason"] or "",
        "recused": tuple(declared),
    }  # fmt: skip


def page(reader: Reader, it: Meeting) -> dict[str, object]:
    head = it.head
    here, status = href(head["id"]), head["status"]
    acts: list[Link] = []
    if it.records and status == "drafted":
        acts += [
            Link(reader.say(N_("Put matters on the agenda")), f"{here}/agenda"),
            Link(reader.say(N_("Change the day or the people")), f"{here}/change"),
        ]
    if (it.records or it.chairs) and status in ("drafted", "recorded"):
        acts.append(Link(reader.say(N_("Call the meeting off")), f"{here}/call-off"))
    return {
        "head": head,
        "title": title(reader, head),
        "facts": facts(reader, it),
        "items": [item(reader, it, place) for place in it.places],
        "acts": acts,
        "main": _main(reader, it, here),
        "few": reader.reason(it.few) if it.few and it.records else "",
        "unready": [reader.reason(each) for each in it.missing] if it.records else [],
        "sends_back": (it.records or it.chairs) and status == "recorded",
        "carries_on": it.chairs and status == "signed" and any(p.waits for p in it.places),
        "boxes": boxes(reader, it),
        "address": here,
        "prints": status in ("recorded", "signed"),
    }


def _main(reader: Reader, it: Meeting, here: str) -> Link | None:
    """The one next step."""
    status = it.head["status"]
    if it.records and status == "drafted":
        live = [place for place in it.places if place.waits]
        if live and it.missing:
            return None
        if live:
            return Link(reader.say(N_("Sign the minutes")), f"{here}/sign")
        return Link(reader.say(N_("Put matters on the agenda")), f"{here}/agenda")
    if it.chairs and status == "recorded":
        return Link(reader.say(N_("Read and sign the minutes")), f"{here}/sign")
    return None


def facts(reader: Reader, it: Meeting) -> list[Fact]:
    head = it.head
    present = reader.listed([each["name"] for each in it.present])
    signed = [reader.say(STATUSES[head["status"]])]
    recorded = N_("Recorder: {name}, {day}")
    chaired = N_("Chair: {name}, {day}")
    for text, name, day in (
        (recorded, head["recorder_name"], head["recorded_on"]),
        (chaired, head["chair_name"], head["signed_on"]),
    ):
        if day is not None:
            signed.append(reader.say(text, name=name, day=reader.written(day)))
    recorder = reader.say(N_("recorded by {name}"), name=head["recorder_name"])
    chair = reader.say(N_("{name}, who chairs"), name=head["chair_name"])
    return [
        Fact(reader.say(N_("Held")), reader.written(head["held_on"]), [head["unit_name"]]),
        Fact(reader.say(N_("There")), chair, [present, recorder] if present else [recorder]),
        Fact(reader.say(N_("Minutes")), signed[0], [*signed[1:], *_called_off(reader, head)]),
    ]


def _called_off(reader: Reader, head: Row) -> list[str]:
    return [quoted(reader, head["called_off"])] if head["called_off"] else []


def quoted(reader: Reader, words: str) -> str:
    return reader.say(N_("“{words}”"), words=words)


def item(reader: Reader, it: Meeting, place: Place) -> dict[str, object]:
    """One matter of the agenda."""
    row, status = place.row, it.head["status"]
    edits = it.records and status == "drafted" and place.waits
    decides = edits and it.head["held_on"] <= reader.today
    pulls = (it.records or it.chairs) and status in ("drafted", "recorded") and place.waits
    here = f"{href(it.head['id'])}/items/{row['id']}"
    return {
        "number": Link(row["number"], matter_href(row["matter_id"])),
        "title": row["title"],
        "alleged": alleged(row),
        "asked": Link(_asked(reader, row), f"/requests/{row['request_id']}"),
        "decision": decision(reader, place),
        "recused": recused(reader, place),
        "missing": [reader.reason(each) for each in place.missing],
        "result": result(reader, it, place),
        "decides": f"{here}" if decides else None,
        "pulls": f"{here}/pull" if pulls else None,
    }


def decision(reader: Reader, place: Place) -> str:
    row = place.row
    if row["decision"] is None:
        return "" if row["pulled"] else reader.say(N_("No decision yet."))
    made = reader.say(DECISIONS[row["decision"]])
    return reader.say(N_("{decision}: “{reason}”"), decision=made, reason=row["reason"])


def recused(reader: Reader, place: Place) -> str:
    names = [
        each["name"] if each["cause"] == "declared"
        else reader.say(N_("{name} (keeps off the matter)"), name=each["name"])
        for each in place.recused
    ]  # fmt: skip
    if not names:
        return ""
    return reader.say(N_("Left for this matter: {names}"), names=reader.listed(names))


def result(reader: Reader, it: Meeting, place: Place) -> str:
    row = place.row
    if row["pulled"] is not None:
        return reader.say(
            N_("Pulled by {name}: “{reason}”"), name=row["pulled_by_name"], reason=row["pulled"]
        )
    if row["result"] == "refused":
        why = row["result_reason"]
        said = reader.reason(Reason(why["message"], why.get("values", {})))
        return reader.say(N_("Not signed: {reason}"), reason=said)
    if row["result"] is not None:
        return reader.say(RESULTS[row["result"]])
    return reader.say(N_("Not carried out yet.")) if it.head["status"] == "signed" else ""


def minutes(reader: Reader, it: Meeting) -> dict[str, object]:
    """What the recorder, or the chair, puts their name to."""
    live = [place for place in it.places if place.waits]
    if it.records:
        sentence = reader.say(
            N_(
                "You sign that these minutes say what the meeting decided. {chair}, who chaired,"
                " signs after you; until then they can be mended."
            ),
            chair=it.head["chair_name"],
        )
        button = reader.say(N_("Sign as the recorder"))
    else:
        sentence = reader.count(
            N_(
                "With your signature, {count} matter is signed by you, as the meeting decided."
                " It can’t be taken back."
            ),
            N_(
                "With your signature, {count} matters are signed by you, each by itself, as the"
                " meeting decided. It can’t be taken back."
            ),
            len(live),
        )
        button = reader.say(N_("Sign the minutes and each matter"))
    return {
        "title": minutes_title(reader, it.head),
        "sentence": sentence,
        "button": button,
        "facts": facts(reader, it),
        "columns": columns(reader),
        "rows": [cells(reader, it, place) for place in it.places],
        "signs": (it.records and it.head["status"] == "drafted")
        or (it.chairs and it.head["status"] == "recorded"),
        "sends_back": it.chairs and it.head["status"] == "recorded",
        "back_action": href(it.head["id"], "send-back"),
    }


def columns(reader: Reader) -> list[Column]:
    return [
        Column("number", reader.say(N_("Number")), "number"),
        Column("matter", reader.say(N_("Matter"))),
        Column("step", reader.say(N_("What is asked"))),
        Column("decision", reader.say(N_("Decision and why"))),
        Column("result", reader.say(N_("What became of it"))),
    ]


def cells(reader: Reader, it: Meeting, place: Place) -> dict[str, Cell]:
    row = place.row
    lacking = reader.joined([reader.reason(each) for each in place.missing])
    became = result(reader, it, place)
    if lacking and not became:
        became = reader.say(N_("Can’t be signed as it stands: {reason}"), reason=lacking)
    return {
        "number": Link(row["number"], matter_href(row["matter_id"])),
        "matter": row["title"],
        "step": Link(reader.step(row["kind"], row["event"]), f"/requests/{row['request_id']}"),
        "decision": reader.text(decision(reader, place), recused(reader, place)),
        "result": became,
    }


def boxes(reader: Reader, it: Meeting) -> list[SignBox]:
    """For the print."""
    head, blank = it.head, reader.say(N_("Signature      Date"))
    found = []
    for text, name, day in (
        (N_("Recorder"), head["recorder_name"], head["recorded_on"]),
        (N_("Chair"), head["chair_name"], head["signed_on"]),
    ):
        found.append(SignBox(reader.say(text), [name, reader.written(day) if day else blank]))
    return found


def waits_on(reader: Reader, row: Row | None) -> Link | None:
    """For a matter's or a request's page: the meeting that is to decide on it."""
    if row is None:
        return None
    said = N_("It stands on the agenda of the study meeting of {day}, chaired by {chair}.")
    return Link(
        reader.say(said, day=reader.written(row["held_on"]), chair=row["chair_name"]),
        href(row["id"]),
    )
