"""The people of one row: names, posts, memberships and identity numbers brought together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.errors import N_, Reason
from app.domain.ledgers.cells import Row, too_long
from app.domain.ledgers.findings import Problem, Severity
from app.domain.ledgers.identity import OLD_NUMBER, IdentityNumber, is_old_form, read_identity
from app.domain.ledgers.people import (
    LONGEST_NAME,
    Membership,
    Named,
    Subject,
    apart,
    complete_posts,
    is_organisation,
    membership_of,
    standing_of,
)
from app.domain.ledgers.texts import Cell, is_unknown, without_spaces

WHOSE_POST = Problem(
    "posts_unclear",
    Reason(N_("There are not as many posts as people: which post is whose can't be told.")),
    Reason(N_("Write a post for each person, in the same order, with 、 between them.")),
    Severity.WARNING,
)
WHOSE_MEMBERSHIP = Problem(
    "memberships_unclear",
    Reason(N_("There are not as many entries as people: whose each is can't be told.")),
    Reason(N_("Write one for each person, in the same order, or 均为 before the one for all.")),
    Severity.WARNING,
)
WHOSE_IDENTITY = Problem(
    "identities_unclear",
    Reason(N_("There are not as many identity numbers as people: whose each is can't be told.")),
    Reason(N_("Write 张三：… ；李四：… with each number behind its name.")),
)
OTHERS = Problem(
    "people_unnamed",
    Reason(N_("The cell counts more people than it names; only those named are taken.")),
    Reason(N_("Add the other names when they are known.")),
    Severity.WARNING,
)
SUPERIOR_MANAGED = Problem(
    "superior_managed",
    Reason(N_("A person managed by a higher body is reported on paper, sealed, and not here.")),
    Reason(N_("Take the row out of the ledger and pass it up on paper.")),
)
UNKNOWN_MEMBERSHIP = Problem(
    "membership_unreadable",
    Reason(N_("Whether this is a Party member can't be read from this word.")),
    Reason(N_("Write 中共党员 or 群众.")),
    Severity.WARNING,
)


def read_subjects(row: Row, places: Sequence[str]) -> tuple[Subject, ...]:
    """The row's people in the order of its cell. `places` are the names of places in the row,
    which a list of posts may state once for all."""
    named, unnamed = row.names("subjects")
    if unnamed:
        row.find("subjects", OTHERS)
    for one in named:
        if len(one.name) > LONGEST_NAME:
            row.find("subjects", too_long(LONGEST_NAME))
    row.people += len(named)
    if not named:
        return ()
    if len(named) == 1:
        return (_only_subject(row, named[0]),)
    names = [one.name for one in named]
    posts = _posts(row, named, names, places)
    members = _memberships(row, names)
    identities = _identities(row, names)
    return tuple(
        _subject(name, post, member, identity)
        for name, post, member, identity in zip(names, posts, members, identities, strict=True)
    )


def _subject(
    name: str, post: str, membership: Membership, identity: IdentityNumber | None
) -> Subject:
    return Subject(
        name=name,
        post=post,
        membership=membership,
        identity=identity,
        organisation=is_organisation(name),
        standing=standing_of(post),
    )


def _only_subject(row: Row, named: Named) -> Subject:
    """Nearly every row has one person: whatever stands in the other columns is theirs."""
    names = [named.name]
    return _subject(
        named.name,
        _posts(row, [named], names, ())[0],
        _memberships(row, names)[0],
        _identity(row, row.raw("identity")) if row.written("identity") else None,
    )


def _posts(
    row: Row, named: Sequence[Named], names: Sequence[str], places: Sequence[str]
) -> list[str]:
    text = row.known_text("post")
    if not text:
        return [one.note for one in named]
    parts = apart(text, names)
    if parts.unclear and not any(parts.of):
        row.find("post", WHOSE_POST)
    posts = ["、".join(own) or one.note for own, one in zip(parts.of, named, strict=True)]
    return complete_posts(posts, places)


def _memberships(row: Row, names: Sequence[str]) -> list[Membership]:
    text = row.known_text("membership")
    if not text:
        return [Membership.UNKNOWN] * len(names)
    parts = apart(text, names)
    if parts.unclear and not any(parts.of):
        row.find("membership", WHOSE_MEMBERSHIP)
    found = [membership_of("".join(own)) for own in parts.of]
    if any(
        member is Membership.UNKNOWN and own and not is_unknown("".join(own))
        for member, own in zip(found, parts.of, strict=True)
    ):
        row.find("membership", UNKNOWN_MEMBERSHIP)
    return found


def _identities(row: Row, names: Sequence[str]) -> list[IdentityNumber | None]:
    cell = row.raw("identity")
    if cell is None or cell == "":
        return [None] * len(names)
    if len(names) == 1 or not isinstance(cell, str):
        return [_identity(row, cell), *([None] * (len(names) - 1))]
    parts = apart(cell, names)
    if parts.unclear or parts.others:
        row.find("identity", WHOSE_IDENTITY)
        return [None] * len(names)
    return [_identity(row, "".join(own)) for own in parts.of]


def _identity(row: Row, cell: Cell) -> IdentityNumber | None:
    found = read_identity(cell)
    if isinstance(found, Problem):
        row.find("identity", found)
        return None
    if found is not None and is_old_form(cell):
        row.find("identity", OLD_NUMBER)
    return found


_HIGHER = re.compile(r"[中省市](?:委|央)?(?:组织部)?管(?:理的?)?干部|上级(?:机关)?管理")


def read_rank(row: Row) -> str:
    """The rank that a row states; one that says whose cadre this is may not come in at all."""
    rank = row.known_text("rank")
    if _HIGHER.search(without_spaces(rank)):
        row.find("rank", SUPERIOR_MANAGED)
    return rank


def with_particulars(row: Row, subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """A register's columns about its one person: code, sex, birthday, education."""
    if len(subjects) != 1:
        return subjects
    born, joined = row.month("born"), row.month("joined_party")
    sex = row.choice("sex") if row.has("sex") else None
    return (
        replace(
            subjects[0],
            code=row.text("subject_code"),
            male=None if sex is None else sex == "male",
            born=born.isoformat()[:7] if born else "",
            ethnicity=row.known_text("ethnicity"),
            joined_party=joined.isoformat()[:7] if joined else "",
            education=row.known_text("education"),
        ),
    )
