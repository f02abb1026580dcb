"""What the browser is given: old browsers understand it, and a strict policy lets it run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.routers.templating import CONTENT_SECURITY_POLICY, STATIC_DIR, TEMPLATE_DIR

SHEETS = sorted(STATIC_DIR.glob("*.css"))
SCRIPTS = sorted(STATIC_DIR.glob("*.js"))
TEMPLATES = sorted(TEMPLATE_DIR.rglob("*.html"))

# Baseline: Chromium 86 and Firefox 78, as on Windows 7, Kylin and UOS office machines.
TOO_NEW_CSS = {
    ":has()": r":has\(",
    ":is() or :where()": r":(is|where)\(",
    "color-mix or newer colours": r"\b(color-mix|oklch|oklab|lch|lab)\(",
    "container queries": r"@container|container-(type|name)\s*:",
    "inset": r"(?<![\w-])inset(-block|-inline)?\s*:",
    "aspect-ratio": r"aspect-ratio\s*:",
    "cascade layers or scopes": r"@(layer|scope)\b",
    "individual transforms": r"(?<![\w-])(rotate|scale|translate)\s*:",
    "viewport units of 2022": r"\d(dvh|svh|lvh|dvw)\b",
    "logical shorthands of 2020": r"(margin|padding)-(inline|block)\s*:",
    ":not() of several": r":not\([^()]*,",
    "ranges in media queries": r"@media[^{]*[<>]",
    "overflow: clip": r"overflow(-[xy])?\s*:\s*clip",
    "subgrid": r"subgrid",
    "nesting": r"&",
    "@import": r"@import",
    "an address inside the sheet": r"url\(",
}
TOO_NEW_JS = {
    "optional chaining": r"\?\.[\w(\[]",
    "nullish coalescing": r"\?\?",
    "replaceAll, at, Object.hasOwn, structuredClone": (
        r"\.replaceAll\(|\.at\(|Object\.hasOwn|structuredClone"
    ),
    "logical assignment": r"(\|\||&&)=",
    "Promise.any, WeakRef, randomUUID": r"Promise\.any|WeakRef|randomUUID|AbortSignal\.timeout",
    "private fields": r"(?<![\w\"'`])#[a-z]\w*\s*[=(;]",
    "top-level await": r"^await\b",
}
UNSAFE_JS = {
    "evaluated text": r"\beval\(|new Function|document\.write",
    "markup from text": r"\.(innerHTML|outerHTML)|insertAdjacentHTML",
    "another origin": r"https?://|import\s*\(|from\s+[\"'](?!\./)",
    "inline style": r"\.style\b|cssText",
}
TOO_NEW_HTML = {
    "dialogs and popovers": r"<dialog\b|\spopover(=|\b(?=[^<]*>))",
    "<search>": r"<search\b",
    "inert": r"\sinert(=|\b(?=[^<]*>))",
}
UNSAFE_HTML = {
    "inline style": r"<style\b|\sstyle\s*=",
    "a handler in an attribute": r"\son[a-z]+\s*=\s*[\"']",
    "inline script": r"<script(?![^>]*\bsrc=)",
    "a script from elsewhere": r"<script[^>]*src=\"(?!\{\{ static\()",
    "another origin": r"(src|href|action)\s*=\s*\"(https?:)?//",
    "an address with a script or data": r"\"(javascript|data):",
    "unescaped output": r"\|\s*safe\b|\{%-?\s*autoescape\s+false",
}


def without_comments(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)


def refused(text: str, rules: dict[str, str]) -> list[str]:
    return [
        f"{name}: {match[0]!r}"
        for name, pattern in rules.items()
        if (match := re.search(pattern, text, flags=re.MULTILINE))
    ]


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_there_is_something_to_check() -> None:
    assert len(SHEETS) >= 8
    assert SCRIPTS
    assert TEMPLATES


@pytest.mark.parametrize("sheet", SHEETS, ids=names(SHEETS))
def test_sheets_hold_nothing_newer_than_the_baseline(sheet: Path) -> None:
    assert refused(without_comments(sheet), TOO_NEW_CSS) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=names(SHEETS))
def test_rules_are_not_nested(sheet: Path) -> None:
    """A block may stand inside an at-rule; a rule inside a rule needs a browser of 2023."""
    open_blocks: list[str] = []
    for piece in re.split(r"([{}])", without_comments(sheet)):
        if piece == "}":
            open_blocks.pop()
        elif piece == "{":
            assert all(block.startswith("@") for block in open_blocks[:-1]), open_blocks
        else:
            header = re.split(r";", piece)[-1].strip()
            open_blocks = [*open_blocks, header] if header else open_blocks
    assert open_blocks == []


@pytest.mark.parametrize("script", SCRIPTS, ids=names(SCRIPTS))
def test_scripts_are_our_own_and_old_browsers_run_them(script: Path) -> None:
    text = re.sub(r"(?m)^\s*//.*$", "", script.read_text(encoding="utf-8"))
    assert refused(text, TOO_NEW_JS | UNSAFE_JS) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=names(TEMPLATES))
def test_templates_fit_old_browsers_and_the_content_security_policy(template: Path) -> None:
    assert refused(template.read_text(encoding="utf-8"), UNSAFE_HTML | TOO_NEW_HTML) == []


def words_outside_expressions(template: str) -> list[str]:
    """Letters that a reader would see and that no catalogue translates."""
    text = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "\x00", text, flags=re.DOTALL)
    seen = re.findall(
        r"\s(?:placeholder|title|alt|aria-label|content)=\"([^\"]*[A-Za-z\u4e00-\u9fff][^\"]*)\"",
        re.sub(r"<meta[^>]*>", "", text),
    )
    shown = re.sub(r"<[^>]*>", "\n", text)
    shown = re.sub(r"&#?\w+;", " ", shown)
    return seen + re.findall(r"[A-Za-z\u4e00-\u9fff]+", shown)


@pytest.mark.parametrize("template", TEMPLATES, ids=names(TEMPLATES))
def test_every_word_of_a_template_is_translated(template: Path) -> None:
    assert words_outside_expressions(template.read_text(encoding="utf-8")) == []


def test_a_bare_word_would_be_found() -> None:
    assert words_outside_expressions('<p>Hello {{ name }}</p><i title="Close">×</i>') == [
        "Close",
        "Hello",
    ]


def test_sheets_and_scripts_stay_short_enough_to_read() -> None:
    long = {
        path.name: length
        for path in [*SHEETS, *SCRIPTS, *TEMPLATES]
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_every_sheet_and_script_is_linked_somewhere() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    assert [path.name for path in [*SHEETS, *SCRIPTS] if f'"{path.name}"' not in pages] == []


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert not re.search(r"unsafe|https?:|\*|data:", CONTENT_SECURITY_POLICY)


def test_every_form_carries_what_makes_it_ours_and_once() -> None:
    """Written by hand or by the macro; in the frame stand two that may be sent over and over."""
    forms = re.compile(r'<form\b[^>]*method="post"[^>]*>\s*(\{\{ [^}]*\}\})')
    lacking = [
        (path.name, first)
        for path in TEMPLATES
        for first in forms.findall(path.read_text())
        if path.name != "frame.html" and not re.match(r"\{\{ (f\.)?ours\(frame, ", first)
    ]
    assert lacking == []
