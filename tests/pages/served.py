"""A page as a browser without scripts has it: its words, its links, and forms to submit.

    page = served(browser.get("/log"))
    answer = page.form("/log").submit(browser, source="unit", what="…")

A form sends what it was served with and what a test types. Typing into a field that the page
doesn't have is an error, so that no test passes by a form that nobody could fill in.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from tests.clients import Client

Typed = str | list[str]

# What stands apart from the words before it.
APART = frozenset("p li tr td th div dt dd h1 h2 h3 option small".split())


@dataclass
class Form:
    """`fields` holds what would be sent untouched, `choices` what a field offers."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)

    def values(self, typed: dict[str, Typed]) -> dict[str, list[str]]:
        unknown = [name for name in typed if name not in {*self.fields, *self.choices}]
        assert not unknown, f"{self.action} has no field {unknown}: {sorted(self.fields)}"
        for name, given in typed.items():
            wanted = given if isinstance(given, list) else [given]
            offered = self.choices.get(name)
            assert offered is None or set(wanted) <= set(offered), (name, wanted, offered)
        return {
            **self.fields,
            **{n: given if isinstance(given, list) else [given] for n, given in typed.items()},
        }

    def submit(self, browser: Client, **typed: Typed) -> httpx.Response:
        named = {name.replace("__", "-"): given for name, given in typed.items()}
        return browser.request(self.method.upper(), self.action, data=self.values(named))

    def send(self, browser: Client, typed: dict[str, Typed]) -> httpx.Response:
        """The same for names that Python can't spell."""
        return browser.request(self.method.upper(), self.action, data=self.values(typed))


class Served(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = text
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self._parts: list[str] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._area: tuple[str, list[str]] | None = None
        self._link: tuple[str, list[str]] | None = None
        self.feed(text)

    @property
    def words(self) -> str:
        """What a reader sees, with single spaces."""
        return re.sub(r"\s+", " ", "".join(self._parts)).strip()

    def form(self, action: str) -> Form:
        """The form that posts to an address which ends so."""
        found = [form for form in self.forms if form.action.endswith(action)]
        assert len(found) == 1, [form.action for form in self.forms]
        return found[0]

    def link(self, words: str) -> str:
        """Where the link with these words leads."""
        assert words in self.links, sorted(self.links)
        return self.links[words]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(held.get("action", ""), held.get("method", "get"))
            self.forms.append(self._form)
        elif tag == "a":
            self._link = (held.get("href", ""), [])
        elif self._form is not None:
            self._control(self._form, tag, held)
        if tag in APART:
            self._parts.append(" ")

    def _control(self, form: Form, tag: str, held: dict[str, str]) -> None:
        name = held.get("name", "")
        if tag == "input" and name:
            if held.get("type") in ("checkbox", "radio"):
                form.choices.setdefault(name, []).append(held.get("value", ""))
                if "checked" in held:
                    form.fields.setdefault(name, []).append(held.get("value", ""))
            else:
                form.fields.setdefault(name, []).append(held.get("value", ""))
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = name
            form.choices[name] = []
        elif tag == "option" and self._select is not None:
            form.choices[self._select].append(held.get("value", ""))
            if "selected" in held:
                form.fields[self._select] = [held.get("value", "")]
        elif tag == "button":
            if name:
                form.choices.setdefault(name, []).append(held.get("value", ""))
            form.buttons.append("")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)
        if self._link is not None:
            self._link[1].append(data)
        self._parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "a" and self._link is not None:
            href, words = self._link
            self.links.setdefault(re.sub(r"\s+", " ", "".join(words)).strip(), href)
            self._link = None
        elif tag == "select" and self._select is not None and self._form is not None:
            self._form.fields.setdefault(self._select, [self._form.choices[self._select][0]])
            self._select = None
        elif tag == "textarea" and self._area is not None and self._form is not None:
            name, parts = self._area
            self._form.fields[name] = ["".join(parts).removeprefix("\n")]
            self._area = None


def served(response: httpx.Response, status: int = 200) -> Served:
    assert response.status_code == status, (response.status_code, Served(response.text).words)
    return Served(response.text)


def followed(browser: Client, response: httpx.Response) -> Served:
    """The page that a post leads to: posts are answered by another address."""
    assert response.status_code == 303, (response.status_code, Served(response.text).words[-800:])
    return served(browser.get(response.headers["location"].split("#")[0]))
