"""Pictures of the page, and a hand that walks a conversation on it.

`python -m sandbox.screenshots URL FOLDER [--language ky]` saves the page as it is, in each of VIEWS.
To picture a conversation, walk it first:

    with studio() as browser:
        page = Pictured(browser, url, DESKTOP, language="ky")
        ainura = page.phone("citizen-ky")
        ainura.presses("БАШТОО")
        ainura.says("Айлыгымды бербей жатышат")
        ainura.sees("Эмгек кодекси")
        page.saves(folder / "asked.png")

Needs playwright and a Chromium on the path; nothing else of the sandbox does.
"""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator, sync_playwright

_CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE_MS = 10_000


@dataclass(frozen=True)
class View:
    """A size and a colour scheme to look at the page with; pixels."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"

    @property
    def is_phone(self) -> bool:
        """Whether a finger would touch it."""
        return self.width <= 700


DESKTOP = View("desktop", 1600, 900)
PHONE = View("phone", 390, 844)
VIEWS = (
    DESKTOP,
    View("desktop-dark", 1600, 900, "dark"),
    PHONE,
    View("phone-dark", 390, 844, "dark"),
)


@contextmanager
def studio() -> Iterator[Browser]:
    """Start the Chromium of this machine.

    Raises:
        FileNotFoundError: there is none on the path.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise FileNotFoundError("no chromium on the path: the pictures need one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


class Pictured:
    """The page in one view.

    Attributes:
        errors: what the page's own program complained of; empty when all is well.
    """

    def __init__(
        self,
        browser: Browser,
        url: str,
        view: View = DESKTOP,
        *,
        language: str = "ky",
        phones: str = "",
    ) -> None:
        """Open the page and wait for its phones.

        Args:
            browser: from studio().
            url: of the sandbox.
            view: how to look at it.
            language: of the page's own words: ky, ru or en.
            phones: roles or ids with commas between, as in the page's address; "" is the usual set.
        """
        self.view = view
        self.errors: list[str] = []
        context = browser.new_context(
            viewport={"width": view.width, "height": view.height},
            color_scheme=view.scheme,
            has_touch=view.is_phone,
        )
        self.page = context.new_page()
        self.page.set_default_timeout(_PATIENCE_MS)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        query = {"lang": language} | ({"phones": phones} if phones else {})
        self.page.goto(f"{url.rstrip('/')}/?{urlencode(query)}")
        self.page.wait_for_selector(".phone.current")
        self.page.evaluate("document.fonts.ready")

    def phone(self, who: str | int) -> "PicturedPhone":
        """Return the phone of a role ("lawyer") or of a person's id; at phone width, bring it forward."""
        selector = f"#phone-{who}" if str(who).isdigit() else f".phone[data-role='{who}']"
        phone = self.page.locator(selector)
        if self.view.is_phone:
            self.page.locator(f"[role=tab][aria-controls='{phone.get_attribute('id')}']").click()
        return PicturedPhone(phone)

    def saves(self, path: Path) -> Path:
        """Save what is seen, once nothing moves any more."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, animations="disabled")
        return path

    def closes(self) -> None:
        """Close the page."""
        self.page.context.close()


class PicturedPhone:
    """One phone on the page; each step waits until it can be done."""

    def __init__(self, phone: Locator) -> None:
        self.phone = phone

    def says(self, text: str) -> None:
        """Write a message and send it."""
        field = self.phone.locator("textarea")
        field.fill(text)
        self.phone.locator(".compose-row .send:visible").click()

    def presses(self, label: str) -> None:
        """Press the newest button with this text on it: under a message, below the field, or START."""
        buttons = ".inline-button, .reply-keyboard button, .barrier button, .overlays button"
        self.phone.locator(buttons).filter(has_text=label).last.click()

    def opens(self, title: str) -> None:
        """Open a chat, or a topic of a forum, from the list on the screen."""
        self.phone.locator(".chat-row").filter(has_text=title).first.click()

    def sees(self, text: str) -> None:
        """Wait until the text stands in a message."""
        self.phone.locator(".bubble", has_text=text).last.wait_for()

    def scrolls_to(self, text: str) -> None:
        """Bring the newest message with this text to the top of the screen."""
        bubble = self.phone.locator(".bubble", has_text=text).last
        bubble.evaluate("bubble => bubble.scrollIntoView({block: 'start'})")


def save_views(url: str, folder: Path, *, language: str = "ky") -> list[Path]:
    """Save the page as it is, in each of VIEWS; return the files.

    Raises:
        RuntimeError: the page's program complained.
    """
    saved = []
    with studio() as browser:
        for view in VIEWS:
            page = Pictured(browser, url, view, language=language)
            saved.append(page.saves(folder / f"{view.name}.png"))
            if page.errors:
                raise RuntimeError("; ".join(page.errors))
            page.closes()
    return saved


def main() -> None:
    """Read the command line and save the pictures."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.screenshots", description=__doc__)
    parser.add_argument("url", help="where the sandbox is, http://127.0.0.1:8081")
    parser.add_argument("folder", type=Path, help="where to put the pictures")
    parser.add_argument("--language", default="ky", choices=("ky", "ru", "en"))
    given = parser.parse_args()
    for path in save_views(given.url, given.folder, language=given.language):
        print(path)


if __name__ == "__main__":
    main()
