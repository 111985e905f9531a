"""Corrections of articles: proposed by one curator in chat, approved by a second."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError
from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers.articles import gone, visible_length
from handlers.context import BotApplication, BotContext, Call
from handlers.curation import CORRECTION, article_pressed, own_name, panel
from handlers.menu import n_
from handlers.resources import speaks, today
from handlers.screens import LONGEST, Button, Screen, bold, in_rows, italic, plain
from knowledge.amendments import PARTS, Correction, corrected, lines_of
from knowledge.check import errors_of
from knowledge.model import LANGUAGES, LISTS, Article, Language
from locales import Texts, texts
from services import curation, people
from services.hours import decent
from storage.curation import Proposal, ProposalState
from storage.people import Role
from storage.traffic import Priority

PART_NAMES = {
    "title": n_("Title"),
    "answer": n_("Short answer"),
    "steps": n_("📝 Steps"),
    "documents": n_("📎 What to take along"),
    "where": n_("📍 Where to go"),
    "deadlines": n_("⏳ Deadlines"),
    "costs": n_("💰 What it costs"),
    "mistakes": n_("⚠️ Frequent mistakes"),
}
# What the linter says against a text, by the name of its check.
REASONS = {
    "parallel": n_("Both languages must say the same: as many lines, and the same figures."),
    "lengths": n_("A text is too long."),
    "messages": n_("The whole answer is too long for one message."),
    "figures_have_facts": n_(
        "A figure does not stand in the facts of this article. Figures are changed in its file, "
        "together with the law."
    ),
    "plain": n_("Only plain text is possible: no markup, no unknown sums."),
    "letters": n_("A letter is of the wrong alphabet."),
}


def register(application: BotApplication) -> None:
    """Listen to the buttons of corrections; CORRECTION's texts go to `typed`."""
    for pattern, handler in (
        (r"^kp:[^:]+$", correct_pressed),
        (r"^kp:[a-z]+:[^:]+$", part_pressed),
        (rf"^{CORRECTION}:again$", again),
        (r"^kk$", kept_pressed),
        (r"^ks$", sent),
        (r"^pr:\d{1,12}$", proposal_pressed),
        (r"^p[aj]:\d{1,12}$", decided),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def again(update: Update, context: BotContext) -> None:
    """Go on where something came in between."""
    await context.allow(Role.CURATOR)
    found = _article_of_dialog(context)
    if found is None:
        gone(context)
    else:
        context.show(_question(context, found))


def _article_of_dialog(context: BotContext, *steps: str) -> Article | None:
    """The article being corrected, if the conversation is open (at one of the steps)."""
    dialog = context.dialog
    if dialog is None or dialog.name != CORRECTION or (steps and dialog.step not in steps):
        return None
    return context.resources.whole.article(dialog.data["article"])


async def typed(update: Update, context: BotContext) -> bool:
    """The corrected text in the language that was asked for, or one of them mended afterwards."""
    await context.allow(Role.CURATOR)
    found, dialog = _article_of_dialog(context), context.dialog
    if found is None or dialog is None:
        return False
    number = context.message.message_id
    language = dialog.data["said"].get(str(number)) if update.edited_message else dialog.step
    if language not in LANGUAGES:
        return False
    dialog.data = dialog.data | {"said": dialog.data["said"] | {str(number): language}}
    lines = _lines(context.message.text or "", dialog.data["part"])
    await _take(context, found, speaks(language), lines)
    return True


def _lines(written: str, part: str) -> list[str]:
    """A text as the parts of an article are kept: a list has a line for each item."""
    if part not in LISTS:
        return [" ".join(written.split())]
    lines = (line.strip().lstrip("•-–— ").strip() for line in written.splitlines())
    return [line for line in lines if line]


async def correct_pressed(update: Update, context: BotContext) -> None:
    """Which part is to be corrected?"""
    found = await article_pressed(context)
    if found is None:
        return
    t = context.t
    buttons = [Button(t(PART_NAMES[part]), f"kp:{part}:{found.id}") for part in PARTS]
    rows = [*in_rows(buttons, 2), [Button(t("⬅️ Back"), f"ka:{found.id}")]]
    context.show(Screen(plain(t("What is to be corrected?")), rows))


async def part_pressed(update: Update, context: BotContext) -> None:
    """Ask for the new text, one language after the other."""
    found = await article_pressed(context, 1)
    part = context.args_of_press[0]
    if found is None or part not in PARTS:
        return
    data = {"article": found.id, "part": part, "after": {}, "said": {}}
    await context.open_dialog(CORRECTION, LANGUAGES[0], data)
    context.show(_question(context, found))


def _question(context: BotContext, found: Article) -> Screen:
    """The open question of the conversation."""
    dialog, t = context.dialog, context.t
    assert dialog is not None
    leave = Button(t("✖️ Cancel"), f"ka:{found.id}")
    if dialog.step == "confirm":
        return _confirm_screen(context, found)
    part, language = dialog.data["part"], speaks(dialog.step)
    now = "\n".join(lines_of(found, language, part)) or t("(empty)")
    name = texts(language)("English name of this language")
    how = (
        t("Write the whole part anew, one line for each item.")
        if part in LISTS
        else t("Write the text anew.")
    )
    lines = [bold(f"{t(PART_NAMES[part])} · {name}"), f"<code>{plain(now)}</code>", plain(how)]
    return Screen("\n\n".join(lines), [[Button(t("Leave it as it is"), "kk")], [leave]])


async def kept_pressed(update: Update, context: BotContext) -> None:
    """In this language nothing changes."""
    await context.allow(Role.CURATOR)
    dialog, found = context.dialog, _article_of_dialog(context, *LANGUAGES)
    if found is None or dialog is None:
        gone(context)
        return
    language = speaks(dialog.step)
    await _take(context, found, language, lines_of(found, language, dialog.data["part"]))


async def _take(
    context: BotContext, found: Article, language: Language, lines: Sequence[str]
) -> None:
    """Take the text for one language; the next one is asked for, or all is shown."""
    dialog = context.dialog
    assert dialog is not None
    data = dialog.data | {"after": dialog.data["after"] | {language: list(lines)}}
    left = [language for language in LANGUAGES if language not in data["after"]]
    await context.open_dialog(CORRECTION, left[0] if left else "confirm", data)
    context.show(_question(context, found))


def _drafted(context: BotContext, found: Article) -> Correction:
    """The correction as far as it is written, in the languages in which it changes something."""
    assert context.dialog is not None
    data = context.dialog.data
    before = {code: lines_of(found, code, data["part"]) for code in LANGUAGES}
    after = {code: tuple(data["after"][code]) for code in LANGUAGES}
    changed = [code for code in LANGUAGES if before[code] != after[code]]
    return Correction(
        found.id,
        data["part"],
        {code: before[code] for code in changed},
        {code: after[code] for code in changed},
    )


def _wrong_with(context: BotContext, found: Article, correction: Correction) -> list[str]:
    """What the linter says against it that it did not say before, in the curator's language."""
    t, base, day = context.t, context.resources.files, today(context.now)
    try:
        drafted = corrected(found, correction)
    except ValidationError:
        return [t("This part can't be empty.")]
    before = errors_of(found, base, day)
    return [
        f"{t(REASONS[check])} ({what})" if check in REASONS else what
        for check, what in errors_of(drafted, base, day)
        if (check, what) not in before
    ]


def _confirm_screen(context: BotContext, found: Article) -> Screen:
    t, correction = context.t, _drafted(context, found)
    anew = Button(t("✏️ Write it anew"), f"kp:{correction.part}:{found.id}")
    leave = Button(t("✖️ Cancel"), f"ka:{found.id}")
    if not correction.after:
        return Screen(plain(t("Nothing is changed.")), [[anew], [leave]])
    wrong = _wrong_with(context, found, correction)
    shown = difference(t, correction)
    if wrong:
        why = plain(t("This can't be proposed yet:"))
        told = "\n".join(f"• {plain(one)}" for one in wrong)
        return Screen(_cut(f"{why}\n{told}"), [[anew], [leave]])
    send = Button(t("📤 Send to a second curator"), "ks")
    return Screen(shown, [[send], [anew], [leave]])


def _cut(html: str) -> str:
    return html if len(html) <= LONGEST else html[: LONGEST - 1].rpartition("\n")[0] + "\n…"


def difference(t: Texts, correction: Correction) -> str:
    """What a part says now and what it is to say."""
    return _cut("\n\n".join([bold(t(PART_NAMES[correction.part])), *_differences(correction)]))


def _differences(correction: Correction) -> list[str]:
    """The same, a block for each language."""
    blocks = []
    for language, after in correction.after.items():
        before = correction.before[language]
        lines = [f"➖ <s>{plain(one)}</s>" for one in before if one not in after]
        lines += [f"➕ {plain(one)}" for one in after if one not in before]
        lines = lines or [f"➕ {plain(one)}" for one in after]  # only the order is new
        blocks.append("\n".join([italic(texts(language)("English name of this language")), *lines]))
    return blocks


async def sent(update: Update, context: BotContext) -> None:
    """The proposal goes to the other curators."""
    await context.allow(Role.CURATOR)
    found = _article_of_dialog(context, "confirm")
    if found is None:
        gone(context)
        return
    correction = _drafted(context, found)
    if not correction.after or _wrong_with(context, found, correction):
        context.show(_question(context, found))
        return
    name = own_name(context)
    proposal = await curation.propose(
        context.session, correction=correction, by=context.person, name=name, now=context.now
    )
    await context.close_dialog()
    await _call_others(context, proposal, name)
    t = context.t
    said = t("Sent. It holds as soon as a second curator has approved it.")
    context.show(await panel(context, found, said))


async def _call_others(context: BotContext, proposal: Proposal, name: str) -> None:
    for person in await people.holding(context.session, Role.CURATOR, context.resources.admin_ids):
        if person.chat_id == context.person.chat_id:
            continue
        t = texts(person.language)
        said = t("{name} proposes a correction of an article.", name=name)
        screen = Screen(plain(said), [[Button(t("Look at it"), f"pr:{proposal.id}")]])
        params = {"chat_id": person.chat_id, **screen.params()}
        context.turn.calls.append(
            Call(person.chat_id, "sendMessage", params, Priority.REMINDER, decent(context.now))
        )


async def proposal_pressed(update: Update, context: BotContext) -> None:
    """What is proposed, and the decision."""
    await context.allow(Role.CURATOR)
    proposal = await curation.proposal(context.session, int(context.args_of_press[0]))
    found = context.resources.whole.article(proposal.article) if proposal else None
    if proposal is None or found is None:
        gone(context)
        return
    t = context.t
    if proposal.state is not ProposalState.OPEN:
        context.toast(t(curation.AlreadyDecided.message), alert=True)
        context.show(await panel(context, found))
        return
    correction = curation.correction_of(proposal.article, proposal.content)
    is_own = proposal.proposed_by == context.person.chat_id
    head = bold(found.in_language(context.language).title)
    who = italic(
        t("Proposed by {name}, {day}", name=proposal.proposer, day=t.day(proposal.proposed_at))
    )
    reject = t("🗑 Take it back") if is_own else t("🗑 Reject")
    rows = [
        [] if is_own else [Button(t("✅ Approve"), f"pa:{proposal.id}")],
        [Button(reject, f"pj:{proposal.id}")],
        [Button(t("⬅️ Back"), f"ka:{found.id}")],
    ]
    head, blocks = (
        f"{head}\n{who}\n\n{bold(t(PART_NAMES[correction.part]))}",
        _differences(correction),
    )
    whole = "\n\n".join([head, *blocks])
    if visible_length(whole) <= LONGEST:
        context.show(Screen(whole, rows))
        return
    for block in blocks:  # nothing that is to be approved may be cut off
        context.reply(Screen(_cut(block)))
    context.reply(Screen(head, rows))


async def decided(update: Update, context: BotContext) -> None:
    """A second curator approves, or somebody rejects; who proposed it is told."""
    await context.allow(Role.CURATOR)
    approve = (context.query.data or "").startswith("pa:")
    proposal = await curation.decide(
        context.session,
        number=int(context.args_of_press[0]),
        approve=approve,
        base=context.resources.whole,
        by=context.person,
        now=context.now,
    )
    t = context.t
    said = t("✅ Approved: it holds from now on.") if approve else t("Rejected.")
    found = context.resources.whole.article(proposal.article)
    if found is None:
        context.show(Screen(plain(said)))
        return
    if proposal.proposed_by != context.person.chat_id:
        await _tell_proposer(context, proposal.proposed_by, found, approve=approve)
    context.show(await panel(context, found, said))


async def _tell_proposer(
    context: BotContext, chat_id: int, found: Article, *, approve: bool
) -> None:
    language = speaks(await people.language_of(context.session, chat_id))
    t, title = texts(language), found.in_language(language).title
    said = (
        t("Your correction of «{title}» was approved.", title=title)
        if approve
        else t("Your correction of «{title}» was rejected.", title=title)
    )
    params = {"chat_id": chat_id, **Screen(plain(said)).params()}
    context.turn.calls.append(
        Call(chat_id, "sendMessage", params, Priority.REMINDER, decent(context.now))
    )
