"""Procedures: whether they hold together, whether the office can carry them out, how they look."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.opening import Caller
from app.cli.refusals import REFUSED, one_line
from app.cli.words import _, say, terminal_locale, told
from app.domain.errors import N_, Invalid
from app.domain.kinds import Kind
from app.domain.permissions import Role

if TYPE_CHECKING:
    from app.domain.profile import Profile
    from app.domain.profile.staffing import Finding

profile = typer.Typer(help=_("Procedures, and who can carry them out."), no_args_is_help=True)

AS_JSON = typer.Option(False, "--json", help=_("Print the answer as JSON."))


@profile.command(
    "check",
    help=_(
        "Check profiles: those that come with the product, or a folder of one's own."
        " With --staffing: list the roles that nobody of this installation holds, and the steps"
        " that nobody could take."
    ),
)
def check(
    context: typer.Context,
    folder: Path | None = typer.Argument(None, help=_("A folder with a profile's files.")),
    staffing: bool = typer.Option(
        False, "--staffing", help=_("Check this installation's accounts against its profile.")
    ),
    as_json: bool = AS_JSON,
) -> None:
    if staffing and folder is not None:
        raise typer.BadParameter(_("A folder is checked without --staffing."))
    with one_line():
        findings = _unstaffed(context.obj) if staffing else _problems(folder)
        lines = [finding.pop("line") for finding in findings]
        if as_json:
            print(json.dumps({"findings": findings}, ensure_ascii=False, indent=1))
        else:
            for line in lines:
                print(line)
            say(_("{count} findings.", count=len(findings)))
        if findings:
            raise typer.Exit(REFUSED)


@profile.command(
    "diagram",
    help=_("Draw the machine of each kind of matter as SVG, with the stages as lanes."),
)
def diagram(
    name: str = typer.Argument("cn-discipline", help=_("A profile's name, or its folder.")),
    kind: Kind | None = typer.Option(None, "--kind", help=_("Only this kind.")),
    out: Path | None = typer.Option(
        None, "--out", help=_("A folder for the files; else one kind's drawing is printed.")
    ),
    language: str | None = typer.Option(
        None, "--language", help=_("zh_CN or en; else the terminal's.")
    ),
) -> None:
    if kind is None and out is None:
        raise typer.BadParameter(_("Name a kind with --kind, or a folder with --out."))
    from app.domain.diagram import machine_svg

    with one_line():
        found = _profile(name)
        kinds = [kind] if kind else list(found.machines)
        for each in kinds:
            if not found.has(each):
                raise Invalid.of("--kind", N_("This profile has no such kind."))
            drawing = machine_svg(found, each, language or terminal_locale())
            if out is None:
                print(drawing)
                continue
            out.mkdir(parents=True, exist_ok=True)
            file = out / f"{each.value}.svg"
            file.write_text(drawing, encoding="utf-8")
            say(str(file))


def _profile(name: str) -> "Profile":
    from app.domain.profile import ProfileError, builtin_names, builtin_profile, load_profile

    try:
        if name in builtin_names():
            return builtin_profile(name)
        return load_profile(Path(name))
    except ProfileError as error:
        for problem in error.problems:
            say(str(problem))
        raise typer.Exit(REFUSED) from None


def _problems(folder: Path | None) -> list[dict[str, str]]:
    from app.domain.profile import ProfileError, builtin_names, builtin_profile, load_profile

    found = []
    for name in [str(folder)] if folder else builtin_names():
        try:
            read = load_profile(Path(name)) if folder else builtin_profile(name)
            say(_("{name} {version}: {kinds} kinds of matter.", name=read.name,
                  version=read.version, kinds=len(read.machines)))  # fmt: skip
        except ProfileError as error:
            found += [
                {"profile": name, "where": each.where, "what": each.what, "line": f"{name}: {each}"}
                for each in error.problems
            ]
    return found


def _unstaffed(caller: Caller) -> list[dict[str, str]]:
    from app.services.staffing import read_staffing

    with caller.work("staffing.read") as tx:
        staffing = read_staffing(tx)
    return [
        *(_vacant(staffing.profile, role) for role in staffing.unheld),
        *(_shown(staffing.profile, finding) for finding in staffing.findings),
    ]


def _vacant(found: "Profile", role: Role) -> dict[str, str]:
    """A role that the profile names and no account holds, whatever steps may do without it."""
    from app.domain.permissions import ROLE_LABELS

    what = _("Nobody holds this role.")
    return {
        "profile": f"{found.name} {found.version}",
        "kind": "",
        "event": "",
        "role": role.value,
        "what": what,
        "line": f"{_(ROLE_LABELS[role])} ({role.value}): {what}",
    }


def _shown(found: "Profile", finding: "Finding") -> dict[str, str]:
    label = finding.label.words(terminal_locale())
    reason = told(finding.reason)
    role = f" ({finding.role.value})" if finding.role else ""
    return {
        "profile": f"{found.name} {found.version}",
        "kind": finding.kind.value,
        "event": finding.event,
        "role": finding.role.value if finding.role else "",
        "what": reason,
        "line": f"{finding.kind.value}, {label}: {reason}{role}",
    }
