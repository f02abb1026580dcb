"""Persons as the register shows them, and what of a name is the name."""

from __future__ import annotations

import re
import unicodedata


def masked_number(number: str) -> str:
    """990101********1234: enough to tell two people of one name apart."""
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


# As `guard.bare_name` has them: a test holds the two against each other.
_POSTS = (
    "(?:总支书记|支部书记|第一书记|理事长|负责人|书记|支书|主任|会计|出纳|文书|报账员"
    "|委员|组长|站长|所长|局长|科长|股长|镇长|乡长|区长|县长|部长|队长|村长|社长|校长|院长|主席|常委"
    "|经理|干部|老师|同志|先生|女士|小姐)"
)
_BRACKETED = re.compile(r"[(\[{<《〈「『【〔〖][^)\]}>》〉」』】〕〗]*[)\]}>》〉」』】〕〗]?")
_ADDRESS = re.compile(r"^(?:mrs|mr|ms|dr|prof)\.")
_BEHIND = re.compile(f"(?:(?:原|前|时任)?(?:副|总|村|代)*){_POSTS}$")
_JUST_BEHIND = re.compile(f"{_POSTS}$")
_BEFORE = re.compile(f"^.*{_POSTS}")
_DOTS = re.compile("[·•・‧∙⋅.]")
_SHORTEST, _LONGEST = 2, 4  # what is left of a name behind a title


def bare_name(said: str) -> str:
    """A name as two are compared: without what stands in brackets, titles around it, spaces and
    dots. 高静（副书记）, 高静同志 and 副书记 高静 are 高静; 高书记 stays."""
    folded = "".join(unicodedata.normalize("NFKC", said).lower().split())
    found = _ADDRESS.sub("", _BRACKETED.sub("", folded))
    while (rest := _without_a_title(found)) != found:
        found = rest
    return _DOTS.sub("", found) or folded


def _without_a_title(name: str) -> str:
    for behind in (_BEHIND, _JUST_BEHIND):
        rest = behind.sub("", name)
        if len(rest) >= _SHORTEST and rest != name:
            return rest
    rest = _BEFORE.sub("", name)
    return rest if _SHORTEST <= len(rest) <= _LONGEST else name
