"""/privacy: what is kept about a person, a file of it, and deleting it."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers import booking, case_ends, departures, events
from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.events.words import said as events_said
from handlers.held import account_lines, brief_lines, document, read, state_line
from handlers.partners import cases_line
from handlers.screens import Button, Screen, bold, plain
from handlers.telling import Draw, tell_coordinators
from locales import Texts
from services import cases, partners, people, privacy, questions
from services import events as gatherings
from services.case_details import of_person
from storage.cases import Case, CaseState
from storage.partners import Lawyer
from storage.people import Privacy

SHOWN = 10  # cases with a button of their own; the file has all
# What a press leads to: by its data, that of the press which confirms it.
CONFIRMS = {"forget": "forgotten", "consent:no": "consent:gone"}


def register(application: BotApplication) -> None:
    """Listen to /privacy and its buttons."""
    application.add_handler(CommandHandler("privacy", held))
    for pattern, handler in (
        (r"^held$", held),
        (r"^held:file$", file_pressed),
        (r"^held:\d{1,15}$", case_pressed),
        (r"^consent:yes$", consent_given),
        (r"^consent:no$", consent_pressed),
        (r"^consent:gone(:all)?$", consent_withdrawn),
        (r"^forget$", forget_pressed),
        (r"^forgotten(:all)?$", forget_confirmed),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def held(update: Update, context: BotContext) -> None:
    """Everything that is kept, said plainly."""
    if _is_hidden(context):
        return
    t = context.t
    theirs = await cases.of_citizen(context.session, context.person)
    lines = await account_lines(context)
    if theirs:
        lines.append(
            t.plural("{number} case with a lawyer", "{number} cases with a lawyer", len(theirs))
        )
    change = (
        Button(t("Withdraw my consent"), "consent:no")
        if context.person.privacy is Privacy.ACCEPTED
        else Button(t("✅ I agree"), "consent:yes")
    )
    context.show(
        Screen(
            bold(t("What is kept about me"))
            + "\n\n"
            + "\n".join(f"• {plain(line)}" for line in lines),
            [
                *[[Button(f"📁 {case.number}", f"held:{case.id}")] for case in theirs[:SHOWN]],
                [Button(t("📄 All of it as a file"), "held:file")],
                [change],
                [Button(t("🗑 Delete everything"), "forget")],
            ],
        )
    )


def _is_hidden(context: BotContext) -> bool:
    """Tell whether nothing may be given away before the next /start, and say how to come back."""
    if not context.person.discreet:
        return False
    if context.arrived.callback_query is not None:
        gone(context)
    else:
        context.reply(Screen(plain(context.t("To come back, write /start."))))
    return True


async def case_pressed(update: Update, context: BotContext) -> None:
    """What is kept of one case, and who has opened it."""
    if _is_hidden(context):
        return
    case = await of_person(context.session, int(context.args_of_press[0]), context.person)
    if case is None:
        gone(context)
        return
    lines = [
        await state_line(context, case),
        *brief_lines(context.t, await read(context, case)),
    ]
    context.show(
        Screen(
            bold(case.number) + "\n\n" + "\n".join(f"• {plain(line)}" for line in lines),
            [[Button(context.t("⬅️ Back"), "held")]],
        )
    )


async def file_pressed(update: Update, context: BotContext) -> None:
    """All that is kept, as a file to read and to take along."""
    if _is_hidden(context):
        return
    theirs = await cases.of_citizen(context.session, context.person)
    name, content = await document(context, list(theirs))
    context.send("sendDocument", document={"file": {"name": name, "content": content}})


# --- consent ------------------------------------------------------------------------------------


async def consent_given(update: Update, context: BotContext) -> None:
    """They agree."""
    people.answer_privacy(context.person, Privacy.ACCEPTED)
    await held(update, context)


async def consent_pressed(update: Update, context: BotContext) -> None:
    """Withdraw consent: at once where nothing goes with it, else they are asked."""
    if await has_matters(context):
        await ask_about_cases(context, "consent:no")
        return
    await _withdraw_consent(context)
    await held(update, context)


async def consent_withdrawn(update: Update, context: BotContext) -> None:
    """Consent goes, and cases with it."""
    if await _ends_cases(context, "consent:no"):
        await _withdraw_consent(context)
        await held(update, context)


async def _withdraw_consent(context: BotContext) -> None:
    await booking.abandon(context)
    await context.close_dialog()
    people.answer_privacy(context.person, Privacy.DECLINED)
    await questions.drop_wishes(context.session, context.person)
    await events.forget_all(context)
    await privacy.forget_cases(context.session, context.person)


async def has_matters(context: BotContext) -> bool:
    """Whether there are cases or registrations for events that go with somebody's consent."""
    return bool(
        await cases.of_citizen(context.session, context.person)
        or await gatherings.all_of_person(context.session, context.person)
    )


async def ask_about_cases(context: BotContext, pressed: str) -> None:
    """Ask before cases are deleted; an open one is withdrawn first, or waited for."""
    context.show(await _question(context, pressed))


async def _question(context: BotContext, pressed: str) -> Screen:
    t = context.t
    confirm = CONFIRMS[pressed]
    theirs = await cases.of_citizen(context.session, context.person)
    still_open = [case for case in theirs if case.state is not CaseState.CLOSED]
    back = Button(t("⬅️ Back"), "held")
    if still_open:
        lines = [t("You have an open case:"), *[await _open_line(context, c) for c in still_open]]
        lines.append(
            t(
                "As long as it is open, the lawyer needs what you told. Withdraw it now and I "
                "delete everything, or wait until it is closed."
            )
        )
        withdraw = Button(t("🗑 Withdraw the case and delete"), f"{confirm}:all")
        wait = Button(t("⏳ Wait until it is closed"), "held")
        return Screen("\n\n".join(map(plain, lines)), [[withdraw], [wait]])
    if pressed == "forget":
        said = t(
            "Delete everything that is kept about you? The messages in this chat stay: "
            "/hide deletes those of the last 48 hours."
        )
        lawyer = await partners.present(context.session, context.person.chat_id)
        handed = await _work_lines(context, lawyer) if lawyer is not None else []
        text = "\n\n".join(map(plain, [said, *await _seat_lines(context), *handed]))
        return Screen(text, [[Button(t("🗑 Yes, delete"), confirm)], [back]])
    gone_with_it = await _seat_lines(context)
    if theirs:
        gone_with_it.insert(
            0, t("Without your consent I also delete what your closed cases tell of you.")
        )
    elif not gone_with_it:
        gone_with_it = [t("Without your consent I also delete your registrations for events.")]
    return Screen(
        "\n\n".join(map(plain, gone_with_it)), [[Button(t("🗑 Yes, delete"), confirm)], [back]]
    )


async def _seat_lines(context: BotContext) -> list[str]:
    """At which events to come somebody gives their place back."""
    t = context.t
    theirs = await gatherings.of_person(context.session, context.person, context.now)
    titles = ", ".join(f"«{events_said(one.event, 'title', t)}»" for one in theirs)
    return [t("You give back your places at events: {titles}.", titles=titles)] if theirs else []


async def _open_line(context: BotContext, case: Case) -> str:
    return f"{case.number}: {await state_line(context, case)}"


async def _work_lines(context: BotContext, lawyer: Lawyer) -> Sequence[str]:
    """What becomes of the cases of a lawyer who leaves."""
    t = context.t
    load = len(await partners.open_cases(context.session, lawyer))
    return [
        t("You will no longer work here as a lawyer."),
        *([cases_line(t, load)] if load else []),
    ]


async def _ends_cases(context: BotContext, pressed: str) -> bool:
    """Withdraw open cases if that was pressed; where one is open otherwise, ask and give back False."""
    theirs = await cases.of_citizen(context.session, context.person, open_only=True)
    if theirs and context.args_of_press[-1:] != ["all"]:
        await ask_about_cases(context, pressed)  # opened since the question was asked
        return False
    for case in theirs:
        await case_ends.withdraw(context.turn, case, by=context.person.chat_id)
    return True


# --- deleting -----------------------------------------------------------------------------------


async def forget_pressed(update: Update, context: BotContext) -> None:
    """Ask before deleting."""
    if _is_hidden(context):
        return
    await ask_about_cases(context, "forget")


async def forget_confirmed(update: Update, context: BotContext) -> None:
    """Delete what is kept."""
    t, person = context.t, context.person
    if not await _ends_cases(context, "forget"):
        return
    lawyer = await partners.present(context.session, person.chat_id)
    said_of_work = await _leave_work(context, lawyer) if lawyer is not None else None
    await booking.abandon(context)
    await context.close_dialog()
    await events.forget_all(context)
    await privacy.forget(context.session, person)
    if said_of_work is not None:
        await tell_coordinators(context.turn, said_of_work)
    context.call("deleteMyCommands", scope={"type": "chat", "chat_id": context.chat_id})
    context.show(Screen(plain(t("Everything is deleted. If you write again, we begin anew."))))


async def _leave_work(context: BotContext, lawyer: Lawyer) -> Draw:
    """Their cases go on with others; give back what the coordinators hear of it."""
    name = await partners.name_of(context.session, lawyer)
    load = len(await partners.open_cases(context.session, lawyer))
    await departures.lawyer_ends(context.turn, lawyer, by=context.person.chat_id)

    def draw(t: Texts) -> Screen:
        left = t("{name} has left and had everything deleted.", name=name)
        return Screen(plain(f"{left}\n{cases_line(t, load)}"))

    return draw
