"""Named conditions: which of two limits runs, and who decides instead of whom."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from app.domain.guards.everywhere import is_suspended
from app.domain.guards.funds import is_filed
from app.domain.guards.situation import Situation, Values
from app.domain.permissions import Role


def is_claim(it: Situation, values: Values) -> bool:
    """申诉求决: the only class with the 60 and 30 days."""
    return _class(it, values) == "claim"


def not_a_report(it: Situation, values: Values) -> bool:
    return _class(it, values) not in (None, "report")


def named_report(it: Situation, values: Values) -> bool:
    return _class(it, values) == "report" and _named(it, values)


def named_petition(it: Situation, values: Values) -> bool:
    return _named(it, values)


def assigned_report(it: Situation, values: Values) -> bool:
    """交办件: a report that a superior body assigned, to be answered."""
    return _class(it, values) == "report" and it.facts.channel == "superior"


def _class(it: Situation, values: Values) -> object:
    return values.get("class", it.facts.class_)


def _named(it: Situation, values: Values) -> bool:
    return bool(values.get("named", it.facts.named))


def chief_reported(it: Situation, values: Values) -> bool:
    return bool(values.get("chief_reported", it.facts.chief_reported))


def post_adjusted(it: Situation, values: Values) -> bool:
    """A post adjustment is only recommended by the discipline body."""
    return any(it.profile.measures[key].post for key in measures_in(it, values))


def measures_in(it: Situation, values: Values) -> tuple[str, ...]:
    rows = values.get("outcomes")
    if not isinstance(rows, list | tuple):
        return ()
    return tuple(row["measure"] for row in rows if row["measure"] in it.profile.measures)


def told(_it: Situation, values: Values) -> bool:
    """Whether the form says on which day the reporter was told."""
    return bool(values.get("told_on"))


def notice_runs(it: Situation, _values: Values) -> bool:
    """A named reporter waits to be told of the acceptance."""
    return it.snapshot.clock("notice_report") is not None


def is_reply(_it: Situation, values: Values) -> bool:
    return values.get("kind") == "reply"


def has_open_items(it: Situation, _values: Values) -> bool:
    return it.facts.funds.open_items > 0


def strong_measure(it: Situation, values: Values) -> bool:
    """查封、扣押、冻结"""
    return values.get("measure") in it.profile.strong_measures


def into_account(_it: Situation, values: Values) -> bool:
    return values.get("kept_by") == "finance"


def designation(_it: Situation, values: Values) -> bool:
    """指定管辖 is the superior's."""
    return values.get("how") == "designation"


def crime_suspected(_it: Situation, values: Values) -> bool:
    return bool(values.get("crime_suspected"))


def about_retaliation(it: Situation, _values: Values) -> bool:
    return it.facts.category == "retaliation"


def suspended(it: Situation, _values: Values) -> bool:
    return is_suspended(it)


def not_suspended(it: Situation, _values: Values) -> bool:
    return not is_suspended(it)


def with_case(it: Situation, _values: Values) -> bool:
    """Adjudication proposes where money goes once a case was filed; before, the department."""
    return is_filed(it)


def without_case(it: Situation, _values: Values) -> bool:
    return not is_filed(it)


_HEADS = (Role.DEPARTMENT_HEAD, Role.CHIEF, Role.PETITIONS_HEAD, Role.ADJUDICATION_HEAD)


def head_recused(it: Situation, values: Values) -> bool:
    """Whether a head is who keeps off: a head's own recusal is the superior's to decide."""
    recused = values.get("recused")
    if recused is None or it.facts.holders is None:
        return False
    path = it.snapshot.assigned_path or it.snapshot.unit_path
    return any(
        holder.account_id == UUID(str(recused)) and holder.unit.covers(path)
        for role in _HEADS
        for holder in it.facts.holders.get(role, ())
    )


CONDITIONS: dict[str, Callable[[Situation, Values], bool]] = {
    each.__name__: each
    for each in (
        is_claim,
        not_a_report,
        named_report,
        named_petition,
        assigned_report,
        chief_reported,
        post_adjusted,
        told,
        notice_runs,
        is_reply,
        has_open_items,
        strong_measure,
        into_account,
        designation,
        crime_suspected,
        about_retaliation,
        suspended,
        not_suspended,
        with_case,
        without_case,
        head_recused,
    )
}
