"""What a form says on the page: its fields by their labels, what is ticked or chosen by its words.

A form that was sent names values, not words: `payee=0199…`. So each form that is carried out once
carries the words that stood beside its fields, and what was sent is told again in them. They come
back from the browser: they are shown to whoever sent them, and to nobody else.
"""

from __future__ import annotations

import binascii
import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from starlette.datastructures import FormData, UploadFile

from app.routers.sendings import FIELD, WORDS

TICKED = "✓"  # what a box says that stands for itself
LONGEST = 200_000  # characters of one form's words

_SECRET = "password"  # noqa: S105 - a type of field, none of which is told
_CARRIES_KEY = f'<input type="hidden" name="{FIELD}"'
_CARRIES_WORDS = f'name="{WORDS}"'
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
_TAG = re.compile(
    r"<(/?)(fieldset|legend|label|input|select|option|textarea|button|span|h2)\b"
    r'((?:[^">]++|"[^"]*+")*+)>'
)
_ANY_TAG = re.compile(r"<[^>]*+>")
_ATTRIBUTE = re.compile(r'([a-z-]+)(?:="([^"]*)")?')
_SAYING = frozenset(("label", "legend", "option", "button", "h2", "span"))
_UNKEPT = re.compile("reporter_|id_number")
_CHOSEN = frozenset(("radio", "checkbox"))
_UNTYPED = frozenset(("hidden", "submit", "button", "reset", "image", _SECRET))


@dataclass(slots=True)
class Named:
    """A field's label, and what each of its values is called where it offers some. Buttons that
    send a value have no label."""

    name: str
    label: str
    choices: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """`about`: the page and the part of it that the form is; `press`: its button."""

    about: str = ""
    press: str = ""
    fields: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A field with what was filled in: nothing, one thing or several; None where that isn't
    kept."""

    name: str
    label: str
    said: tuple[str, ...] | None


def worded(page: str) -> str:
    """The page, with its words in each form that is carried out once."""
    if _CARRIES_KEY not in page:
        return page
    heading = _HEADING.search(page)
    title = _plain(heading.group(1)) if heading else ""
    return _FORM.sub(lambda found: _with_words(found.group(), title), page)


def _with_words(form: str, title: str) -> str:
    if _CARRIES_KEY not in form or _CARRIES_WORDS in form:
        return form
    hidden = f'<input type="hidden" name="{WORDS}" value="{packed(read(form, title))}">'
    return form.replace(_CARRIES_KEY, hidden + _CARRIES_KEY, 1)


def packed(words: Words) -> str:
    fields = [(each.name, each.label, each.choices) for each in words.fields]
    text = json.dumps((words.about, words.press, fields), ensure_ascii=False)
    return urlsafe_b64encode(zlib.compress(text.encode())).decode()


def unpacked(text: str) -> Words:
    """None at all for what no page of ours wrote, or what is too long."""
    try:
        opening = zlib.decompressobj()
        plain = opening.decompress(urlsafe_b64decode(text.encode()), LONGEST)
        about, press, fields = json.loads(plain) if opening.eof else ("", "", [])
        return Words(str(about), str(press), tuple(_named(*each) for each in fields))
    except (binascii.Error, zlib.error, ValueError, TypeError):
        return Words()


def _named(name: object, label: object, choices: object) -> Named:
    held = {str(k): str(v) for k, v in choices.items()} if isinstance(choices, dict) else None
    return Named(str(name), str(label), held)


@dataclass(frozen=True, slots=True)
class Told:
    """What was sent, as the page said it. `back`: the page that the form stood on; `locale`: the
    language of its words, empty where that isn't known."""

    about: str
    press: str
    lines: tuple[Line, ...]
    back: str = ""
    locale: str = ""

    @classmethod
    def of(cls, data: FormData, *, back: str, secrets: frozenset[str], locale: str = "") -> Told:
        """Without `secrets`, the names of fields that no page shows again."""
        packed_words = data.get(WORDS)
        words = unpacked(packed_words) if isinstance(packed_words, str) else Words()
        lines = tuple(
            Line(each.name, each.label, tuple(_values(data, each)))
            for each in words.fields
            if each.name not in secrets
        )
        return cls(words.about, words.press, lines, back, locale)

    @classmethod
    def read(cls, text: str) -> Told:
        """What `kept` gave."""
        about, press, lines, back, *locale = json.loads(text)  # none before there was one
        read = (Line(n, label, None if v is None else tuple(v)) for n, label, v in lines)
        return cls(about, press, tuple(read), back, *locale)

    def kept(self) -> str:
        """To be kept with what came of it. Who reported, and an identity number, are
        written down in one place alone."""
        lines = [
            (each.name, each.label, None if each.said and _UNKEPT.match(each.name) else each.said)
            for each in self.lines
        ]
        told = (self.about, self.press, lines, self.back, self.locale)
        return json.dumps(told, ensure_ascii=False)

    @property
    def filled(self) -> list[Line]:
        return [each for each in self.lines if each.said != ()]


@dataclass(frozen=True, slots=True)
class Differing:
    """A field that said something else the first time."""

    label: str
    first: tuple[str, ...] | None
    now: tuple[str, ...] | None


def differing(first: Told, now: Told) -> list[Differing]:
    """In the order of the form as it was sent now; what the first one had besides comes last."""
    before = {each.name: each for each in first.lines}
    later = {each.name: each for each in now.lines}
    found = []
    for name in [*later, *(name for name in before if name not in later)]:
        one, other = before.get(name), later.get(name)
        said = one.said if one else (), other.said if other else ()
        if said[0] != said[1]:
            label = other.label if other else one.label if one else ""
            found.append(Differing(label, *said))
    return found


def _values(data: FormData, named: Named) -> list[str]:
    found = []
    for value in data.getlist(named.name):
        text = (value.filename or "") if isinstance(value, UploadFile) else value.strip()
        if text:
            found.append(text if named.choices is None else named.choices.get(text, text))
    return found


# Reading a form -----------------------------------------------------------------------------------


def read(form: str, title: str = "") -> Words:
    """Of a form as our templates write it: quoted attributes, escaped texts."""
    reading = _Reading()
    end = 0
    for tag in _TAG.finditer(form):
        reading.text(form[end : tag.start()])
        end = tag.end()
        if tag.group(1):
            reading.closed(tag.group(2))
        else:
            reading.opened(tag.group(2), dict(_ATTRIBUTE.findall(tag.group(3))))
    about = " · ".join(each for each in (title, reading.heading) if each)
    return Words(about, reading.press, tuple(reading.fields()))


@dataclass(slots=True)
class _Control:
    name: str
    id: str
    kind: str
    value: str
    label: str
    legend: str


@dataclass(slots=True)
class _Saying:
    """A tag whose words are being read; `words` is None where they aren't told."""

    tag: str
    held: Mapping[str, str]
    words: list[str] | None
    names: str = ""  # the control that a label is for

    @property
    def amount(self) -> bool:
        return self.tag == "span" and self.held.get("class") == "amount"


@dataclass(slots=True)
class _Reading:
    heading: str = ""
    press: str = ""
    controls: list[_Control] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    legends: list[str] = field(default_factory=list)
    saying: list[_Saying] = field(default_factory=list)

    def text(self, text: str) -> None:
        if self.saying and self.saying[-1].words is not None:
            self.saying[-1].words.append(text)

    def opened(self, tag: str, held: Mapping[str, str]) -> None:
        if tag == "fieldset":
            self.legends.append("")
        elif tag in ("input", "select", "textarea"):
            self._control(tag, held)
        if tag == "textarea":
            self.saying.append(_Saying(tag, held, None))
        elif tag == "option" and (not self.controls or self.controls[-1].kind != "select"):
            return  # a suggestion, beside what is typed
        elif tag in _SAYING:
            self.saying.append(_Saying(tag, held, self._words(tag, held), held.get("for", "")))

    def _words(self, tag: str, held: Mapping[str, str]) -> list[str] | None:
        """Those of what stands around it, for a part of it that is no more than marked."""
        if tag != "span" or held.get("class") == "amount":
            return []
        if held.get("class") == "may":
            return None
        return self.saying[-1].words if self.saying else None

    def _control(self, tag: str, held: Mapping[str, str]) -> None:
        kind = held.get("type", "text") if tag == "input" else tag
        name = unescape(held.get("name", ""))
        if not name or kind in _UNTYPED:
            return
        key = held.get("id", "")
        around = next((each for each in self.saying if each.tag == "label"), None)
        if around is not None:
            key = around.names = key or f"{name} {len(self.controls)}"
        legend = next((each for each in reversed(self.legends) if each), "")
        value, label = unescape(held.get("value", "")), unescape(held.get("aria-label", ""))
        self.controls.append(_Control(name, key, kind, value, label, legend))

    def closed(self, tag: str) -> None:
        if tag == "fieldset" and self.legends:
            self.legends.pop()
        if not self.saying or self.saying[-1].tag != tag:
            return
        done = self.saying.pop()
        words = _plain("".join(done.words or ()))
        if tag == "label":
            self.labels[done.names] = words
        elif tag == "legend" and self.legends:
            self.legends[-1] = words
        elif tag == "h2":
            self.heading = self.heading or words
        elif tag == "option":
            of = self.options.setdefault(self.controls[-1].name, {})
            of[unescape(done.held.get("value", ""))] = words
        elif tag == "button":
            self._pressed(done.held, unescape(done.held.get("aria-label", "")) or words)
        elif done.amount and self.controls and not self.saying:
            self._further(self.controls[-1], words)

    def _further(self, box: _Control, words: str) -> None:
        """What stands after a box's own label, such as an amount."""
        if box.kind in _CHOSEN and box.id in self.labels:
            self.labels[box.id] += f" · {words}"

    def _pressed(self, held: Mapping[str, str], words: str) -> None:
        if "formaction" in held or held.get("type") != "submit":
            return
        name = unescape(held.get("name", ""))
        if not name:
            self.press = self.press or words
            return
        self.controls.append(_Control(name, "", "button", "", "", ""))
        self.options.setdefault(name, {})[unescape(held.get("value", ""))] = words

    def fields(self) -> list[Named]:
        """One a name, in their order; without what nothing is called."""
        found: dict[str, Named] = {}
        for each in self.controls:
            own = self.labels.get(each.id) or each.label
            chosen = each.kind in _CHOSEN
            label = each.legend or own if chosen else own
            if not label and each.kind != "button":
                continue
            named = found.setdefault(each.name, Named(each.name, label))
            if chosen:
                named.choices = named.choices or {}
                named.choices[each.value] = own if each.legend and own else TICKED
            elif each.name in self.options:
                named.choices = self.options[each.name]
        return list(found.values())


def _plain(html: str) -> str:
    return " ".join(unescape(_ANY_TAG.sub("", html)).split())
