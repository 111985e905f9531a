"""`make screenshots`: walk a conversation on the demo's page and save what is seen to docs/pictures."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.demo import PAGE_PORT
from sandbox.screenshots import DESKTOP, PHONE, Pictured, PicturedPhone, studio

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
URL = f"http://127.0.0.1:{PAGE_PORT}"


@contextmanager
def demo() -> Iterator[None]:
    """`make run` without a token, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--demo"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "BOT_TOKEN": "", "LOG_LEVEL": "ERROR"},
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait()
            yield
        finally:
            process.terminate()
            process.wait(20)


def _wait() -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(URL, timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the demo does not start")


def meets(phone: PicturedPhone, start: str, language: str, agree: str) -> None:
    """First contact."""
    phone.presses(start)
    phone.presses(language)
    phone.presses(agree)


def main() -> None:
    """Walk and save."""
    with demo(), studio() as browser:
        page = Pictured(
            browser, URL, DESKTOP, language="ky", phones="citizen-ky,citizen-ru,coordinator"
        )
        ainura, oleg = page.phone("citizen-ky"), page.phone("citizen-ru")
        meets(ainura, "БАШТОО", "Кыргызча", "✅ Макулмун")
        ainura.says("3 ай болду айлык бербейт кожоюн, эмне кылам")
        ainura.sees("Эмне кылуу керек")
        meets(oleg, "БАШТОО", "Русский", "✅ Согласен / согласна")
        oleg.says("муж сестры бьёт её, она боится")
        oleg.sees("102")
        nurgul = page.phone("coordinator")
        meets(nurgul, "БАШТОО", "Русский", "✅ Согласен / согласна")
        nurgul.says("/topics")
        nurgul.sees("О чём ваш вопрос?")
        ainura.scrolls_to("Айлыгымды")
        page.saves(PICTURES / "desktop.png")
        if page.errors:
            raise SystemExit("\n".join(page.errors))
        small = Pictured(browser, URL, PHONE, language="ru")
        small.phone("citizen-ru").sees("102")
        small.saves(PICTURES / "phone.png")


if __name__ == "__main__":
    main()
