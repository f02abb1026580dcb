"""Reading a profile's folder: one file per kind of matter, and what they share.

`profile.toml` (who signs), `outcomes.toml` (what can come of a matter), `common.toml` (the
steps of every kind) and one file per kind. What the files say is validated before anybody can
use it; a refusal names the file and the row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.domain.kinds import Kind
from app.domain.profile.model import NEW, Profile
from app.domain.profile.validation import Problem, ProfileError, problems

Table = dict[str, Any]
BUILTIN = Path(__file__).resolve().parents[2] / "profiles"


def builtin_names() -> tuple[str, ...]:
    """The profiles that come with the product."""
    return tuple(sorted(each.parent.name for each in BUILTIN.glob("*/profile.toml")))


@cache
def builtin_profile(name: str) -> Profile:
    """Raises ProfileError for an unknown name, or where the files are wrong."""
    if name not in builtin_names():
        raise ProfileError((Problem(name, f"no such profile; there are {builtin_names()}"),))
    return load_profile(BUILTIN / name)


def load_profile(folder: Path) -> Profile:
    """Read and validate a profile. Raises ProfileError with everything that is wrong."""
    shared = _read(folder / "profile.toml")
    outcomes = _read(folder / "outcomes.toml")
    common = _read(folder / "common.toml")
    machines = {
        kind.value: _machine(_read(folder / f"{kind.value}.toml"), f"{kind.value}.toml", common)
        for kind in Kind
        if (folder / f"{kind.value}.toml").exists()
    }
    try:
        profile = Profile.model_validate({**shared, **outcomes, "machines": machines})
    except ValidationError as error:
        raise ProfileError(tuple(_spoken(error, machines))) from None
    found = problems(profile)
    if found:
        raise ProfileError(found)
    return profile


def _read(path: Path) -> Table:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ProfileError((Problem(path.name, "the file is missing"),)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError((Problem(path.name, str(error)),)) from None


def _machine(own: Table, file: str, common: Table) -> Table:
    """A kind's own rows and those of the common ones that apply to it."""
    kind = str(own.get("kind"))
    rows = [_sourced(row, file, at) for at, row in enumerate(own.pop("transition", []), start=1)]
    shared = [
        _sourced(row, "common.toml", at)
        for at, row in enumerate(common.get("transition", []), start=1)
        if kind in row.get("kinds", ())
    ]
    reached = {row.get("to") for row in shared} | {
        state for row in shared for state in row.get("from", ()) if isinstance(state, str)
    }
    states = {
        **own.get("states", {}),
        **{key: row for key, row in common.get("states", {}).items() if key in reached},
    }
    rows += [_applied(row, states, rows) for row in shared]
    return {
        **own,
        "states": states,
        "forms": _with_used(own.get("forms", {}), common.get("forms", {}), _forms(shared)),
        "clocks": _with_used(own.get("clocks", {}), common.get("clocks", {}), _clocks(shared)),
        "transitions": [row for row in rows if row.get("from") != []],
    }


def _sourced(row: Table, file: str, at: int) -> Table:
    signed = row.get("approved_by") is not None or bool(row.get("decided_by_limit"))
    return {**row, "source": f"{file}, row {at}", "alone": not signed}


def _applied(row: Table, states: Mapping[str, Table], own: Iterable[Table]) -> Table:
    """A common row for one machine: its words for states become that machine's states."""
    drafts = any(NEW in each.get("from", ()) and not each["alone"] for each in own)
    ends = [key for key, state in states.items() if state.get("terminal")]
    meant = {
        "open": [key for key in states if key not in ends and key != NEW],
        "draft": [NEW] if drafts else [],
        "proposal": [key for key, state in states.items() if state.get("proposal")],
        "ends": ends,
        "ended": [key for key in ends if key not in ("voided", "merged")],
    }
    named = [state for word in row.get("from", ()) for state in meant.get(word, [word])]
    kept = [state for state in named if state not in row.get("but", ())]
    rest = {key: value for key, value in row.items() if key not in ("kinds", "but")}
    common = any(word in meant for word in row.get("from", ()))
    return {**rest, "from": kept, "shared": True, "common": common}


def _rule(ref: str | Table) -> str:
    return ref if isinstance(ref, str) else str(ref.get("rule"))


def _forms(rows: Iterable[Table]) -> set[str]:
    return {row[key] for row in rows for key in ("form", "sign_form") if key in row}


def _clocks(rows: Iterable[Table]) -> set[str]:
    return {_rule(ref) for row in rows for key in ("start", "stop") for ref in row.get(key, ())}


def _with_used(own: Table, common: Table, used: set[str]) -> Table:
    return {**{key: row for key, row in common.items() if key in used}, **own}


def _spoken(error: ValidationError, machines: Mapping[str, Table]) -> Iterable[Problem]:
    """Each of pydantic's complaints, with the file and the row that it is about."""
    for each in error.errors():
        place = [str(part) for part in each["loc"]]
        where, rest = "profile.toml", place
        if place[0] == "machines" and len(place) > 1:
            where, rest = f"{place[1]}.toml", place[2:]
            if rest[:1] == ["transitions"] and len(rest) > 1:
                row = machines[place[1]]["transitions"][int(rest[1])]
                where, rest = f"{row['source']} ({row.get('event')})", rest[2:]
        elif place[0] in ("measures", "reviews", "forms_of_handling", "concurrent_most"):
            where = "outcomes.toml"
        yield Problem(where, f"{'.'.join(rest)}: {each['msg']}")
