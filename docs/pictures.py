"""`make screenshots`: walk from a question to a lawyer on the demo's page, and save what is seen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser

from bot.demo import PAGE_PORT
from locales import HERE
from sandbox.screenshots import DESKTOP, PHONE, Pictured, PicturedPhone, studio

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
URL = f"http://127.0.0.1:{PAGE_PORT}"
SHARE = "Бөлүшүү"  # the page asks before it shares a number, in the page's language
# Bookings, step by step: what the bot says, what is pressed, or written where it stands in «quotes».
AINURA = (
    ("Айлыгымды", "👩‍⚖️ Бул боюнча юристтен сураш"),
    ("Кайсы жерде жашайсыз", "Ош шаары"),
    ("Юрист менен кантип", "🤝 Жүзмө-жүз"),
    ("Эмне болду?", "«Үч айдан бери айлык ала элекмин, базарда сатуучумун. Кожоюн эртең дейт.»"),
    ("Алдым. Дагы жазыңыз", "✅ Болду"),
    ("Каршы тарап ким?", "Эч ким жок"),
    ("Шашылышпы?", "Шашылыш эмес"),
    ("Сизге кантип кайрылсын", "Айнура"),
    ("Фамилияңызды", "Өткөрүп жиберүү"),
    ("Бул баскыч номериңизди", "📱 Номеримди жөнөтүү"),
    ("", SHARE),
    ("Кайсы убакыт ыңгайлуу?", "14:00"),
)
OLEG = (
    ("102", "👩‍⚖️ Бесплатный юрист"),
    ("О чём ваш вопрос?", "💼 Работа и зарплата"),
    ("Где вы живёте?", "Город Бишкек"),
    ("Какой район или город?", "Ленинский"),
    ("Как вам удобнее", "☎️ По телефону"),
    ("Что случилось?", "«Меня уволили без приказа, трудовую книжку не отдают»"),
    ("Получил. Пишите", "✅ Готово"),
    ("Кто на другой стороне?", "Никого нет"),
    ("Это срочно?", "Не срочно"),
    ("Как юристу к вам", "Олег"),
    ("Напишите фамилию", "Пропустить"),
    ("Эта кнопка отправит", "📱 Отправить мой номер"),
    ("", SHARE),
)


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


def begins_at_ten() -> None:
    """Let it be ten in the morning of the next Tuesday in the demo's world: a working day."""
    now = datetime.now(HERE)
    days = (1 - now.weekday()) % 7 or 7
    moment = (now + timedelta(days=days)).replace(hour=10, minute=0).astimezone(UTC)
    request = urllib.request.Request(  # noqa: S310 - http, and ours
        f"{URL}/sandbox/clock",
        data=json.dumps({"now": moment.isoformat()}).encode(),
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310


def meets(phone: PicturedPhone, start: str, language: str, agree: str) -> None:
    """First contact."""
    phone.presses(start)
    phone.presses(language)
    phone.presses(agree)


def shot(page: Pictured, name: str) -> None:
    """Save what is seen, if the page's program has nothing to complain of."""
    page.saves(PICTURES / f"{name}.png")
    if page.errors:
        raise SystemExit("\n".join(page.errors))


def asks(browser: Browser) -> None:
    """A question and its answer, danger, the topics; the same on a telephone."""
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
    nurgul.says("/topics")
    nurgul.sees("О чём ваш вопрос?")
    ainura.scrolls_to("Айлыгымды")
    shot(page, "desktop")
    page.closes()
    small = Pictured(browser, URL, PHONE, language="ru")
    small.phone("citizen-ru").sees("102")
    shot(small, "phone")
    small.closes()


def tells(phone: PicturedPhone, steps: Iterable[tuple[str, str]]) -> None:
    """Walk through a booking."""
    for asked, answer in steps:
        if asked:
            phone.sees(asked)
        if answer.startswith("«"):
            phone.says(answer.strip("«»"))
        else:
            phone.presses(answer)


def books(browser: Browser) -> None:
    """One citizen looks over a booking, the other chooses an hour, a lawyer looks at the week."""
    page = Pictured(browser, URL, DESKTOP, language="ky", phones="citizen-ky,citizen-ru,lawyer")
    ainura, oleg = page.phone("citizen-ky"), page.phone("citizen-ru")
    tells(ainura, AINURA)
    ainura.sees("Баары туурабы?")
    tells(oleg, OLEG)
    oleg.sees("Какое время вам подходит?")
    gulnara = page.phone("lawyer")
    gulnara.says("/schedule")
    gulnara.sees("Сиздин жумаңыз")
    ainura.scrolls_to("Баары туурабы?")
    oleg.scrolls_to("Какое время вам подходит?")
    gulnara.scrolls_to("Сиздин жумаңыз")
    shot(page, "booking")
    ainura.presses("✅ Юристке жөнөтүү")
    ainura.sees("Ишиңиздин номери")
    oleg.presses("Без времени")
    oleg.presses("✅ Отправить юристу")
    oleg.sees("Ваше дело")
    page.closes()


def hands_over(browser: Browser) -> None:
    """The lawyer has the case and talks with its citizen; a card stands in the partner's group."""
    page = Pictured(browser, URL, DESKTOP, language="ky", phones="citizen-ky,lawyer,partner-group")
    ainura, gulnara, group = (page.phone(one) for one in ("citizen-ky", "lawyer", "partner-group"))
    gulnara.presses("👁 Окуяны окуу")
    gulnara.sees("аты-жөнү жок")
    gulnara.presses("✅ Алам")
    gulnara.sees("Азыр жазганыңыз")
    gulnara.says("Саламатсызбы, Айнура эже! Келишимиңизди ала келиңиз.")
    ainura.sees("Келишимиңизди")
    ainura.says("Рахмат! Келишим жок, чектер гана бар. Болобу?")
    gulnara.sees("чектер гана")
    group.opens("Жалпы")
    group.sees("KG-")
    shot(page, "case")


def main() -> None:
    """Walk and save."""
    with demo(), studio() as browser:
        begins_at_ten()
        asks(browser)
        books(browser)
        hands_over(browser)


if __name__ == "__main__":
    main()
