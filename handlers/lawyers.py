"""One lawyer of a partner, as coordinators see and set them: standing, duty, what they work in."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers import departures
from handlers.articles import gone
from handlers.cards import WAYS
from handlers.context import BotApplication, BotContext
from handlers.menu import n_
from handlers.partners import NUMBER, SIGNS, STANDINGS, allow, cases_line
from handlers.screens import Button, Screen, bold, in_rows, plain
from locales import Texts, all_texts
from services import partners
from services.partners import Bounds
from storage.partners import Lawyer, Standing, Way

TITLES = {
    Bounds.LANGUAGES: n_("🗣 Languages"),
    Bounds.TOPICS: n_("📚 Topics"),
    Bounds.WAYS: n_("🤝 Ways"),
}
ALL = "-"


def register(application: BotApplication) -> None:
    """Listen to the buttons."""
    bounds = "|".join(Bounds)
    for pattern, handler in (
        (rf"^pt:l:{NUMBER}$", one_pressed),
        (rf"^pt:(lpause|lresume):{NUMBER}$", standing_pressed),
        (rf"^pt:duty:{NUMBER}:[01]$", duty_pressed),
        (rf"^pt:({bounds}):{NUMBER}$", bounds_pressed),
        (rf"^pt:({bounds}):{NUMBER}:[^:]+:[01]$", bound_pressed),
        (rf"^pt:lend:{NUMBER}$", end_pressed),
        (rf"^pt:lended:{NUMBER}$", end_confirmed),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def _chosen(context: BotContext) -> Lawyer | None:
    """The lawyer that a button names, for a coordinator; None, and said, once they have gone."""
    await allow(context)
    lawyer = await partners.lawyer_by_id(context.session, int(context.args_of_press[1]))
    if lawyer.standing is Standing.ENDED:
        gone(context)
        return None
    return lawyer


async def one_pressed(update: Update, context: BotContext) -> None:
    """A lawyer, as they are set."""
    if (lawyer := await _chosen(context)) is not None:
        context.show(await _screen(context, lawyer))


async def _screen(context: BotContext, lawyer: Lawyer) -> Screen:
    t = context.t
    partner = await partners.partner_by_id(context.session, lawyer.partner_id)
    load = len(await partners.open_cases(context.session, lawyer))
    said = [
        partner.name,
        t(STANDINGS[lawyer.standing]),
        t.plural("{number} open case", "{number} open cases", load),
        t("On duty at every hour: yes") if lawyer.on_duty else t("On duty at every hour: no"),
        *(f"{t(TITLES[what])}: {_chosen_of(context, lawyer, what)}" for what in Bounds),
    ]
    text = f"{SIGNS[lawyer.standing]} {bold(lawyer.name)}\n" + "\n".join(map(plain, said))
    return Screen(text, _rows(t, lawyer))


def _rows(t: Texts, lawyer: Lawyer) -> list[list[Button]]:
    duty = (
        Button(t("☀️ Off duty"), f"pt:duty:{lawyer.id}:0")
        if lawyer.on_duty
        else Button(t("🌙 Put on duty"), f"pt:duty:{lawyer.id}:1")
    )
    standing = (
        Button(t("▶️ Resume"), f"pt:lresume:{lawyer.id}")
        if lawyer.standing is Standing.PAUSED
        else Button(t("⏸ Pause"), f"pt:lpause:{lawyer.id}")
    )
    return [
        [duty],
        [Button(t(TITLES[what]), f"pt:{what}:{lawyer.id}") for what in Bounds],
        [standing, Button(t("⚫️ End"), f"pt:lend:{lawyer.id}")],
        [Button(t("⬅️ Back"), f"pt:p:{lawyer.partner_id}")],
    ]


def _known(context: BotContext, what: Bounds) -> dict[str, str]:
    """What there is to choose from, and how it is called."""
    t, base = context.t, context.resources.base
    if what is Bounds.LANGUAGES:
        return {code: one("English name of this language") for code, one in all_texts().items()}
    if what is Bounds.WAYS:
        return {way.value: t(WAYS[way]) for way in Way}
    return {one.id: one.in_language(context.language) for one in base.topics.values()}


def _chosen_of(context: BotContext, lawyer: Lawyer, what: Bounds) -> str:
    known = _known(context, what)
    chosen = [known[one] for one in getattr(lawyer, what) if one in known]
    return ", ".join(chosen) or context.t("all")


async def standing_pressed(update: Update, context: BotContext) -> None:
    """Pause, or resume: what lies with them stays with them."""
    if (lawyer := await _chosen(context)) is None:
        return
    if context.args_of_press[0] == "lpause":
        partners.pause(lawyer)
    else:
        partners.resume(lawyer)
    context.show(await _screen(context, lawyer))


async def duty_pressed(update: Update, context: BotContext) -> None:
    """Whether danger may reach them at every hour."""
    if (lawyer := await _chosen(context)) is None:
        return
    partners.set_duty(lawyer, context.args_of_press[2] == "1")
    context.show(await _screen(context, lawyer))


async def bounds_pressed(update: Update, context: BotContext) -> None:
    """The languages, topics or ways they work in."""
    if (lawyer := await _chosen(context)) is not None:
        context.show(_bounds_screen(context, lawyer, Bounds(context.args_of_press[0])))


async def bound_pressed(update: Update, context: BotContext) -> None:
    """One more, or one less; a button says which of the two, so a second press changes nothing."""
    if (lawyer := await _chosen(context)) is None:
        return
    named, _, one, on = context.args_of_press
    what = Bounds(named)
    known = list(_known(context, what))
    partners.narrow(lawyer, what, None if one == ALL else one, on == "1", known)
    context.show(_bounds_screen(context, lawyer, what))


def _bounds_screen(context: BotContext, lawyer: Lawyer, what: Bounds) -> Screen:
    t = context.t
    chosen: Sequence[str] = getattr(lawyer, what)
    buttons = []
    for one, name in _known(context, what).items():
        sign, on = ("✅ ", 0) if one in chosen else ("", 1)
        buttons.append(Button(sign + name, f"pt:{what}:{lawyer.id}:{one}:{on}"))
    every = ("" if chosen else "✅ ") + t("all")
    return Screen(
        f"{bold(lawyer.name)}\n{plain(t(TITLES[what]))}",
        [
            [Button(every, f"pt:{what}:{lawyer.id}:{ALL}:1")],
            *in_rows(buttons, 2),
            [Button(t("⬅️ Back"), f"pt:l:{lawyer.id}")],
        ],
    )


async def end_pressed(update: Update, context: BotContext) -> None:
    """Ask before a lawyer's work ends, and tell how many cases go back to routing."""
    if (lawyer := await _chosen(context)) is None:
        return
    t = context.t
    load = len(await partners.open_cases(context.session, lawyer))
    name = await partners.name_of(context.session, lawyer)
    lines = [t("End the work of {name}?", name=name), cases_line(t, load)]
    context.show(
        Screen(
            plain("\n".join(lines)),
            [
                [Button(t("⚫️ Yes, end"), f"pt:lended:{lawyer.id}")],
                [Button(t("⬅️ Back"), f"pt:l:{lawyer.id}")],
            ],
        )
    )


async def end_confirmed(update: Update, context: BotContext) -> None:
    """The lawyer's work ends; from this moment their presses are refused, their cases go on."""
    if (lawyer := await _chosen(context)) is None:
        return
    t = context.t
    load = len(await partners.open_cases(context.session, lawyer))
    name = await partners.name_of(context.session, lawyer)
    await departures.lawyer_ends(context.turn, lawyer, by=context.person.chat_id)
    await departures.menu_of(context, lawyer.chat_id)
    said = [t("The work of {name} has ended.", name=name)]
    if load:
        said.append(cases_line(t, load))
    back = [[Button(t("⬅️ Back"), f"pt:p:{lawyer.partner_id}")]]
    context.show(Screen(plain("\n".join(said)), back))
