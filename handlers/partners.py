"""/partners: the organisations whose lawyers take cases, how much lies with each, and their standing."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers import departures
from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.menu import n_
from handlers.roles import link_screen, role_name
from handlers.screens import Button, Screen, bold, plain
from locales import Texts
from services import partners, people
from services.partners import Load
from storage.partners import Lawyer, Partner, Standing
from storage.people import Role

DIALOG = "pt"
NUMBER = r"\d{1,15}"  # as many digits as any database takes
STANDINGS = {
    Standing.ACTIVE: n_("takes cases"),
    Standing.PAUSED: n_("pauses: no new cases"),
    Standing.ENDED: n_("ended"),
}
SIGNS = {Standing.ACTIVE: "🟢", Standing.PAUSED: "⏸", Standing.ENDED: "⚫️"}
LONGEST_LABEL = 40  # characters of a name on a button


def register(application: BotApplication) -> None:
    """Listen to /partners and its buttons."""
    application.add_handler(CommandHandler("partners", listed))
    for pattern, handler in (
        (r"^pt$", listed),
        (r"^pt:new$", new_pressed),
        (r"^pt:again$", new_pressed),
        (r"^pt:night$", on_duty),
        (rf"^pt:p:{NUMBER}$", one_pressed),
        (rf"^pt:(pause|resume):{NUMBER}$", standing_pressed),
        (rf"^pt:end:{NUMBER}$", end_pressed),
        (rf"^pt:ended:{NUMBER}$", end_confirmed),
        (rf"^pt:link:{NUMBER}$", link_pressed),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def allow(context: BotContext) -> None:
    """Raise NotAllowed unless the person coordinates at this moment."""
    await context.allow(Role.COORDINATOR, Role.ADMIN)


async def chosen(context: BotContext) -> Partner | None:
    """The partner that a button names, for a coordinator; None, and said, once it is ended."""
    await allow(context)
    partner = await partners.partner_by_id(context.session, int(context.args_of_press[1]))
    if partner.standing is Standing.ENDED:
        gone(context)
        return None
    return partner


async def listed(update: Update, context: BotContext) -> None:
    """/partners: all of them, with standing and load."""
    await allow(context)
    t = context.t
    there = await partners.partners(context.session)
    lines = [
        f"{SIGNS[one.standing]} {bold(one.name)}\n"
        + plain(_load_line(t, await partners.load(context.session, one)))
        for one in there
    ]
    rows = [
        [Button(f"{SIGNS[one.standing]} {one.name[:LONGEST_LABEL]}", f"pt:p:{one.id}")]
        for one in there
    ]
    context.show(
        Screen(
            "\n\n".join([bold(t("Partners")), *(lines or [plain(t("There is no partner yet."))])]),
            [*rows, [Button(t("➕ New partner"), "pt:new"), Button(t("🌙 On duty"), "pt:night")]],
        )
    )


def _load_line(t: Texts, load: Load) -> str:
    return " · ".join(
        [
            t.plural("{number} open case", "{number} open cases", load.open),
            t.plural("{number} lawyer", "{number} lawyers", load.lawyers),
            t("on duty: {number}", number=load.on_duty),
        ]
    )


async def on_duty(update: Update, context: BotContext) -> None:
    """Who takes danger and detention at every hour."""
    await allow(context)
    t = context.t
    there = await partners.on_duty(context.session)
    rows = [[await lawyer_button(context, one, partner=True)] for one in there]
    said = (
        t("They hear of danger and detention at every hour, at night too.")
        if there
        else t("Nobody is on duty. Danger at night reaches only the coordinators.")
    )
    context.show(
        Screen(f"{bold(t('🌙 On duty'))}\n\n{plain(said)}", [*rows, [Button(t("⬅️ Back"), "pt")]])
    )


async def lawyer_button(context: BotContext, lawyer: Lawyer, *, partner: bool = False) -> Button:
    """A button that leads to a lawyer, with their standing; `partner`: and for whom they work."""
    name = await partners.name_of(context.session, lawyer) if partner else lawyer.name
    duty = " 🌙" if lawyer.on_duty else ""
    return Button(f"{SIGNS[lawyer.standing]} {name[:LONGEST_LABEL]}{duty}", f"pt:l:{lawyer.id}")


# --- a new one ----------------------------------------------------------------------------------


async def new_pressed(update: Update, context: BotContext) -> None:
    """Ask for the name of a new partner."""
    await allow(context)
    await context.open_dialog(DIALOG, "name", {})
    t = context.t
    context.show(
        Screen(
            plain(t("What is the partner called? Write the name.")),
            [[Button(t("⬅️ Back"), "pt"), Button(t("✖️ Cancel"), "cancel")]],
        )
    )


async def typed(update: Update, context: BotContext) -> bool:
    """The name of a new partner; a question remains a question."""
    await allow(context)
    name = context.message.text or ""
    if update.edited_message is not None or name.rstrip().endswith("?"):
        return False
    partner = await partners.add_partner(context.session, name, context.now)
    await context.close_dialog()
    context.reply(await _screen(context, partner, context.t("Added.")))
    return True


# --- one of them --------------------------------------------------------------------------------


async def one_pressed(update: Update, context: BotContext) -> None:
    """One partner with its lawyers."""
    if (partner := await chosen(context)) is not None:
        context.show(await _screen(context, partner))


async def _screen(context: BotContext, partner: Partner, news: str = "") -> Screen:
    t, session = context.t, context.session
    lawyers = await partners.lawyers_of(session, partner.id)
    has_group = partner.group_chat_id is not None
    said = [
        t(STANDINGS[partner.standing]),
        _load_line(t, await partners.load(session, partner)),
        t("Group for cards: yes") if has_group else t("Group for cards: none"),
    ]
    text = f"{SIGNS[partner.standing]} {bold(partner.name)}\n" + "\n".join(map(plain, said))
    return Screen(
        f"{plain(news)}\n\n{text}" if news else text,
        [
            *[[await lawyer_button(context, one)] for one in lawyers],
            [Button(t("➕ Invite a lawyer"), f"pt:link:{partner.id}")],
            _group_row(t, partner, has_group),
            _standing_row(t, partner),
            [Button(t("⬅️ Back"), "pt")],
        ],
    )


def _group_row(t: Texts, partner: Partner, has_group: bool) -> Sequence[Button]:
    if has_group:
        return [Button(t("✖️ No group"), f"pt:ungroup:{partner.id}")]
    return [Button(t("👥 Add its group"), f"pt:group:{partner.id}")]


def _standing_row(t: Texts, partner: Partner) -> Sequence[Button]:
    paused = partner.standing is Standing.PAUSED
    return [
        Button(t("▶️ Resume"), f"pt:resume:{partner.id}")
        if paused
        else Button(t("⏸ Pause"), f"pt:pause:{partner.id}"),
        Button(t("⚫️ End"), f"pt:end:{partner.id}"),
    ]


async def standing_pressed(update: Update, context: BotContext) -> None:
    """Pause, or resume: what lies with them stays with them."""
    if (partner := await chosen(context)) is None:
        return
    if context.args_of_press[0] == "pause":
        partners.pause(partner)
    else:
        partners.resume(partner)
    context.show(await _screen(context, partner))


async def end_pressed(update: Update, context: BotContext) -> None:
    """Ask before a partner ends, and tell how many cases go back to routing."""
    if (partner := await chosen(context)) is None:
        return
    t = context.t
    load = await partners.load(context.session, partner)
    lines = [
        t("End the work with «{partner}»?", partner=partner.name),
        t.plural("{number} lawyer loses access.", "{number} lawyers lose access.", load.lawyers),
        cases_line(t, load.open),
    ]
    context.show(
        Screen(
            plain("\n".join(lines)),
            [
                [Button(t("⚫️ Yes, end"), f"pt:ended:{partner.id}")],
                [Button(t("⬅️ Back"), f"pt:p:{partner.id}")],
            ],
        )
    )


def cases_line(t: Texts, number: int) -> str:
    """How many cases have to go to somebody else."""
    if not number:
        return t("No open case is with them.")
    return t.plural(
        "{number} open case goes to somebody else.",
        "{number} open cases go to somebody else.",
        number,
    )


async def end_confirmed(update: Update, context: BotContext) -> None:
    """The partner ends, its lawyers with it; their cases are routed anew."""
    if (partner := await chosen(context)) is None:
        return
    lawyers = await partners.lawyers_of(context.session, partner.id)
    load = await partners.load(context.session, partner)
    await departures.partner_ends(context.turn, partner, by=context.person.chat_id)
    for lawyer in lawyers:
        await departures.menu_of(context, lawyer.chat_id)
    t = context.t
    said = [t("The work with «{partner}» has ended.", partner=partner.name)]
    if load.open:
        said.append(cases_line(t, load.open))
    context.show(Screen(plain("\n".join(said)), [[Button(t("⬅️ Back"), "pt")]]))


async def link_pressed(update: Update, context: BotContext) -> None:
    """Make a link for a lawyer of this partner. It stands in this chat only; we keep its hash."""
    if (partner := await chosen(context)) is None:
        return
    token = people.invite(
        context.session,
        role=Role.LAWYER,
        by=context.person,
        now=context.now,
        partner_id=partner.id,
    )
    t = context.t
    title = t("Link for the role: {role}", role=role_name(t, Role.LAWYER)) + f" · {partner.name}"
    link = context.resources.deep_link(f"i_{token}")
    back = [[Button(t("⬅️ Back"), f"pt:p:{partner.id}")]]
    context.show(link_screen(context, title, link, back))
