"""What people do at a browser: sign in, follow words, fill in fields, press a button.

    window = windows.open("zh_CN")
    window.sign_in(world.investigator)         by the form, as the first time in the morning
    window.become(world.deputy)                by the cookie, where signing in isn't the point
    window.follow("Log a lead")                the words stand in the reader's language

Words are given in English, as the code has them, and looked for as this window's reader sees
them. What a page logs as an error, a broken policy or a failed script, fails the test; so does
whatever it asks of another host.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
)

from app.core import i18n, tokens
from app.core.keys import Keys
from app.routers.cookies import SESSION as COOKIE
from tests.builders import PASSWORD, Someone

PATIENCE = 10_000  # milliseconds
DESKTOP = (1280, 720)
LARGE = (640, 360)  # the desktop at 200 %
PHONE = (390, 844)

PICTURES = Path(__file__).parents[2] / "screenshots"

Typed = str | list[str]
Theme = Literal["light", "dark"]


@dataclass
class Window:
    """One window of a browser, in which people sign in one after another."""

    page: Page
    address: str
    locale: str
    keys: Keys
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        # A page that was refused is an answer like another; that its script failed is not.
        if message.type == "error" and "status of 4" not in message.text:
            self.troubles.append(message.text)

    def _asked(self, request: Request) -> None:
        """Nothing that anybody opens here may tell another host of it."""
        asked = urlsplit(request.url)
        if asked.netloc and asked.netloc != urlsplit(self.address).netloc:
            self.troubles.append(f"another host was asked: {asked.netloc}")

    def say(self, message: str, **values: object) -> str:
        return i18n.translate(self.locale, message, values)

    # Who sits there ------------------------------------------------------------------------

    def become(self, who: Someone | None) -> None:
        """None: nobody is signed in any more."""
        if who is None:
            self.page.context.clear_cookies()
            return
        token = tokens.issue(self.keys, session=who.session, lifetime=timedelta(minutes=30))
        self.page.context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])

    def sign_in(self, who: Someone) -> None:
        self.open("/sign-in")
        self.page.fill("[name=name]", who.login)
        self.page.fill("[name=password]", PASSWORD)
        self.press("Sign in")
        assert self.path == "/desk", self.words

    def size(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    # What is seen --------------------------------------------------------------------------

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def said_wrong(self) -> list[str]:
        """What the browser complained about since this was last asked."""
        found, self.troubles[:] = list(self.troubles), []
        return found

    def see(self, message: str, **values: object) -> None:
        said = self.say(message, **values)
        assert said in self.words, f"“{said}” isn't on {self.path}: {self.words[:2000]}"

    # What is done --------------------------------------------------------------------------

    def open(self, path: str) -> Response:
        response = self.page.goto(self.address + path)
        assert response is not None
        return response

    def follow(self, message: str) -> None:
        """The first link with these words."""
        words = self.say(message)
        self.page.get_by_role("link", name=words, exact=True).first.click()

    def press(self, message: str) -> None:
        words = self.say(message)
        self.page.get_by_role("button", name=words, exact=True).first.click()

    def form(self, action: str) -> Locator:
        """The form that posts to an address which ends so."""
        return self.page.locator(f"form[action$='{action}']")

    def fill(self, form: Locator, typed: dict[str, Typed]) -> None:
        for name, given in typed.items():
            for value in given if isinstance(given, list) else [given]:
                _enter(form, name, value)

    def send(self, form: Locator) -> None:
        """Press its button, and stay until the next page stands."""
        with self.page.expect_event("domcontentloaded"):
            form.locator("button[type=submit]").first.click()


def _enter(form: Locator, name: str, value: str) -> None:
    control = form.locator(f"[name='{name}']")
    first = control.first
    kind = first.evaluate("each => each.type || each.tagName")
    if kind in ("radio", "checkbox"):
        form.locator(f"[name='{name}'][value='{value}']").check()
    elif kind == "select-one":
        first.select_option(value)
    else:
        first.fill(value)


class Windows(AbstractContextManager["Windows"]):
    """Opens windows, and at the end asks each what went wrong in it."""

    def __init__(self, browser: Browser, address: str, keys: Keys) -> None:
        self._browser = browser
        self.address = address
        self._keys = keys
        self._contexts: list[BrowserContext] = []
        self._windows: list[Window] = []

    def open(
        self,
        locale: str = i18n.ENGLISH,
        *,
        scripts: bool = True,
        theme: Theme = "light",
        size: tuple[int, int] = DESKTOP,
        own_colours: bool = False,
    ) -> Window:
        width, height = size
        context = self._browser.new_context(
            locale=i18n.LANGUAGE_TAGS[locale],
            java_script_enabled=scripts,
            color_scheme=theme,
            forced_colors="active" if own_colours else "none",
            reduced_motion="reduce",
            viewport={"width": width, "height": height},
        )
        self._contexts.append(context)
        window = Window(context.new_page(), self.address, locale, self._keys)
        self._windows.append(window)
        return window

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for context in self._contexts:
            context.close()
        troubles = [trouble for window in self._windows for trouble in window.troubles]
        if error is None:
            assert troubles == []
