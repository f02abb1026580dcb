"""The published figures at the terminal."""

import json
from datetime import date, datetime

import typer

from app.cli.opening import Caller
from app.cli.refusals import one_line
from app.cli.words import _

TOTALS_HELP = _(
    "Print every published figure as of a day: leads, people, money received and returned."
)


def totals(
    context: typer.Context,
    as_of: datetime | None = typer.Option(
        None, "--as-of", formats=["%Y-%m-%d"], help=_("The day; today if it isn't given.")
    ),
    known_on: datetime | None = typer.Option(
        None, "--known-on", formats=["%Y-%m-%d"], help=_("As it was known on that day.")
    ),
    unit: str | None = typer.Option(
        None, "--unit", metavar="CODE", help=_("Only this unit and all below it.")
    ),
    as_json: bool = typer.Option(False, "--json", help=_("Print the answer as JSON.")),
) -> None:
    from app.domain.totals import Cohort
    from app.domain.units import UnitPath
    from app.services import units
    from app.services.totals import totals as count

    with one_line():
        caller: Caller = context.obj
        with caller.work("totals.read") as tx:
            path = units.unit_coded_in(tx, unit, field="--unit")["path"] if unit else None
            cohort = Cohort(
                as_of=_day(as_of) or tx.today,
                known_on=_day(known_on),
                unit=UnitPath(path) if path else None,
            )
            found = count(tx, cohort)
        published = found.published()
        if found.outside is not None:
            published["outside_at_least"] = found.outside
        if as_json:
            print(json.dumps(published, ensure_ascii=False, indent=1))
        else:
            _print_lines(published)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _print_lines(published: dict[str, object]) -> None:
    width = max(len(key) for key in published)
    for key, value in published.items():
        if isinstance(value, dict):
            print(key)
            for name, inner in value.items():
                told = inner if not isinstance(inner, dict) else _joined(inner)
                print(f"  {name}: {told}")
        else:
            print(f"{key:<{width}}  {'-' if value is None else value}")


def _joined(inner: dict[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in inner.items())
