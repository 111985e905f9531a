"""/article: curators find an article, see it as citizens do, mark it reviewed, withdraw it."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.articles import article_screen, gone, without_marks
from handlers.context import BELOW, BotApplication, BotContext
from handlers.resources import is_language, today
from handlers.screens import Button, Screen, bold, italic, plain
from handlers.unanswered import tell
from knowledge.checks.articles import spoken
from knowledge.model import LANGUAGES, Article, Language
from locales import Texts, texts
from services import curation, questions
from storage.curation import Proposal
from storage.people import Role

DIALOG, CORRECTION = "curation", "correction"  # the second is of handlers.corrections
FOUND = 5  # articles offered for words
TITLE_ON_BUTTON = 40  # characters
LONGEST_NAME = 80  # characters of a reviewer's name
LEARNED_SHOWN, LONGEST_SHOWN = 20, 150  # learned phrasings on a screen, characters of each


def register(application: BotApplication) -> None:
    """Listen to /article and its buttons; DIALOG's texts go to `typed`."""
    application.add_handler(CommandHandler("article", article))
    for pattern, handler in (
        (r"^ka:[^:]+$", panel_pressed),
        (rf"^{DIALOG}(:again)?$", again),
        (r"^\+?kv:[^:]+:[^:]+$", view_pressed),
        (r"^kr:[^:]+$", review_pressed),
        (r"^kn$", reviewed),
        (r"^k[wo]:[^:]+$", withdraw_pressed),
        (r"^k[WO]:[^:]+$", withdrawn),
        (r"^kl:[^:]+$", learned_pressed),
        (r"^kx:\d{1,12}:[^:]+$", unlearned),
        (r"^kt:[^:]+$", tell_pressed),
        (r"^kT:[^:]+$", told),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def article(update: Update, context: BotContext) -> None:
    """/article: with words or an id behind it, find; else ask which."""
    await context.allow(Role.CURATOR)
    wanted = " ".join(context.args or ())
    if wanted:
        await _find(context, wanted)
        return
    await context.open_dialog(DIALOG, "find", {})
    context.reply(await _which(context))


async def _which(context: BotContext) -> Screen:
    """Which article? What waits for a curator is offered."""
    t, base = context.t, context.resources.whole
    waiting = [  # of an article that is gone from the files nothing can be decided
        one
        for one in await curation.open_proposals(context.session)
        if base.article(one.article) is not None
    ]
    hidden = sorted(context.resources.amendments.withdrawn)
    rows = [[Button(_proposal_label(context, one), f"pr:{one.id}")] for one in waiting[:FOUND]]
    rows += [
        [Button(f"⛔️ {short_title(context, found)}", f"ka:{found.id}")]
        for id in hidden[:FOUND]
        if (found := base.article(id)) is not None
    ]
    said = t("Which article? Write a few words of it, or its id (labour/unpaid-wages).")
    return Screen(plain(said), [*rows, [Button(t("✖️ Cancel"), "cancel")]])


def short_title(context: BotContext, found: Article) -> str:
    """A title that fits on a button."""
    return found.in_language(context.language).title[:TITLE_ON_BUTTON]


def _proposal_label(context: BotContext, one: Proposal) -> str:
    found = context.resources.whole.article(one.article)
    return f"✏️ {short_title(context, found) if found else one.article}"


async def _find(context: BotContext, wanted: str) -> None:
    """Show the article that is meant, or a choice."""
    base, t = context.resources.whole, context.t
    named = base.article(wanted.strip().lower())
    if named is not None:
        await context.close_dialog()
        context.reply(_as_citizens_see(context, named, context.language))
        context.reply(await panel(context, named))
        return
    ids = [*context.resources.searcher.rank(wanted).ids, *_named(context, wanted)]
    found = [one for id in dict.fromkeys(ids) if (one := base.article(id)) is not None][:FOUND]
    if not found:
        await context.open_dialog(DIALOG, "find", {})
        said = t("Nothing found. Please write other words.")
        context.reply(Screen(plain(said), [[Button(t("✖️ Cancel"), "cancel")]]))
        return
    rows = [[Button(short_title(context, one), f"ka:{one.id}")] for one in found]
    rows.append([Button(t("✖️ Cancel"), "cancel")])
    context.reply(Screen(plain(t("Which article?")), rows))


def _named(context: BotContext, wanted: str) -> list[str]:
    """Withdrawn articles are not found by the search: by their titles."""
    base, said = context.resources.whole, wanted.lower()
    return [
        id
        for id in sorted(context.resources.amendments.withdrawn)
        if (one := base.article(id))
        and any(said in one.in_language(code).title.lower() for code in LANGUAGES)
    ]


def _as_citizens_see(context: BotContext, found: Article, language: Language) -> Screen:
    screen = without_marks(article_screen(context, found.id, language))
    return Screen(screen.text)


async def view_pressed(update: Update, context: BotContext) -> None:
    """The article as citizens see it, in a language."""
    found = await article_pressed(context, 1)
    language = context.args_of_press[0]
    if found is not None and is_language(language):
        context.reply(_as_citizens_see(context, found, language))


async def article_pressed(context: BotContext, place: int = 0) -> Article | None:
    """The article that a curator's button names; None, and a word on it, if it is gone."""
    await context.allow(Role.CURATOR)
    found = context.resources.whole.article(context.args_of_press[place])
    if found is None:
        gone(context)
    return found


async def panel_pressed(update: Update, context: BotContext) -> None:
    """What a curator can do with an article."""
    found = await article_pressed(context)
    if found is not None:
        await _close(context)
        context.show(await panel(context, found))


async def _close(context: BotContext) -> None:
    if context.dialog is not None and context.dialog.name in (DIALOG, CORRECTION):
        await context.close_dialog()


async def panel(context: BotContext, found: Article, said: str = "") -> Screen:
    """The state of an article and what can be done with it; `said` stands above."""
    t, id = context.t, found.id
    is_hidden = id in context.resources.amendments.withdrawn
    taught = _learned(context, found)
    waiting = await curation.open_proposals(context.session, id)
    marks = await questions.marks(context.session, id, context.now)
    lines = [
        bold(found.in_language(context.language).title),
        italic(id),
        plain(review_state(t, found)),
        plain(
            t(
                "👍 {helpful} 👎 {unhelpful} in 90 days",
                helpful=marks.helpful,
                unhelpful=marks.unhelpful,
            )
        ),
    ]
    if is_hidden:
        lines.insert(0, plain(t("⛔️ Withdrawn: citizens don't see it.")))
    showing = Button(t("↩️ Show it again"), f"ko:{id}")
    rows = [
        [
            Button(f"👁 {texts(code)('English name of this language')}", f"{BELOW}kv:{code}:{id}")
            for code in LANGUAGES
        ],
        *([Button(_proposal_label(context, one), f"pr:{one.id}")] for one in waiting[:FOUND]),
        [Button(t("✏️ Propose a correction"), f"kp:{id}")],
        [Button(t("✅ Mark as reviewed"), f"kr:{id}")],
        [showing if is_hidden else Button(t("⛔️ Withdraw"), f"kw:{id}")],
        [Button(t("💬 Learned phrasings: {number}", number=len(taught)), f"kl:{id}")]
        if taught
        else [],
        [Button(t("📣 Tell those who were given it"), f"kt:{id}")],
    ]
    head = [plain(said)] if said else []
    return Screen("\n\n".join([*head, "\n".join(lines)]), rows)


def review_state(t: Texts, found: Article) -> str:
    """Who has read it, when, and whether that still holds."""
    review = found.review
    if review.state != "reviewed" or review.on is None:
        return t("ℹ️ Not reviewed by a lawyer yet.")
    day = f"{review.on:%d.%m.%Y}"
    if found.review_lapsed:
        return t("⚠️ Changed since {who} reviewed it on {day}.", who=review.by, day=day)
    return t("✅ Reviewed: {who}, {day}", who=review.by, day=day)


async def again(update: Update, context: BotContext) -> None:
    """Go on where something came in between."""
    await context.allow(Role.CURATOR)
    dialog = context.dialog
    if dialog is None or dialog.name != DIALOG or dialog.step == "find":
        context.show(await _which(context))
        return
    found = context.resources.whole.article(dialog.data["article"])
    if found is None:
        await context.close_dialog()
        gone(context)
    else:
        context.show(_name_screen(context, found))


async def typed(update: Update, context: BotContext) -> bool:
    """Words for an article, or a reviewer's name."""
    await context.allow(Role.CURATOR)
    dialog = context.dialog
    assert dialog is not None
    written = " ".join((context.message.text or "").split())
    if dialog.step == "find":
        await _find(context, written)
        return True
    found = context.resources.whole.article(dialog.data["article"])
    if found is None:
        await context.close_dialog()
        return False
    await context.open_dialog(DIALOG, "name", dialog.data | {"name": written[:LONGEST_NAME]})
    context.reply(_name_screen(context, found))
    return True


def own_name(context: BotContext) -> str:
    """How the curator is called in Telegram."""
    user = context.arrived.effective_user
    return user.full_name if user is not None else ""


async def review_pressed(update: Update, context: BotContext) -> None:
    """Whose review is it?"""
    found = await article_pressed(context)
    if found is None:
        return
    data = {"article": found.id, "name": own_name(context), "text": found.text_hash()}
    await context.open_dialog(DIALOG, "name", data)
    context.show(_name_screen(context, found))


def _name_screen(context: BotContext, found: Article) -> Screen:
    t = context.t
    assert context.dialog is not None
    name = context.dialog.data["name"]
    said = [
        bold(found.in_language(context.language).title),
        plain(
            t(
                "You say that a lawyer has read this article in both languages, with the law "
                "behind it. People will read: «Reviewed by a lawyer: {name}».",
                name=name,
            )
        ),
        plain(t("Another name? Write it.")),
    ]
    yes = Button(t("✅ Yes, reviewed"), "kn")
    return Screen("\n\n".join(said), [[yes], [Button(t("✖️ Cancel"), f"ka:{found.id}")]])


async def reviewed(update: Update, context: BotContext) -> None:
    """Note the review of the text as it was when the curator said that it was read."""
    await context.allow(Role.CURATOR)
    dialog = context.dialog
    found = None
    if dialog is not None and dialog.name == DIALOG and dialog.step == "name":
        found = context.resources.whole.article(dialog.data["article"])
    if dialog is None or found is None:
        gone(context)
        return
    t = context.t
    name, read = dialog.data["name"], dialog.data["text"]
    if not (context.shows(found.in_language(context.language).title) and context.shows(name)):
        context.show(_name_screen(context, found))  # pressed below an older screen
        return
    await context.close_dialog()
    if found.text_hash() != read:
        said = t("The text has changed meanwhile. Please read it again.")
        context.show(await panel(context, found, said))
        return
    curation.mark_reviewed(
        context.session,
        article=found,
        name=name,
        day=today(context.now),
        by=context.person,
        now=context.now,
    )
    context.show(Screen(plain(t("✅ Noted: reviewed by {name}.", name=name)), back(t, found)))


def back(t: Texts, found: Article) -> list[list[Button]]:
    """The way back to what can be done with an article."""
    return [[Button(t("⬅️ Back"), f"ka:{found.id}")]]


async def withdraw_pressed(update: Update, context: BotContext) -> None:
    """Ask before an article goes or comes back."""
    found = await article_pressed(context)
    if found is None:
        return
    t = context.t
    if (context.query.data or "").startswith("ko:"):
        said, yes = (
            t("Show this article to citizens again?"),
            Button(t("Yes, show it"), f"kO:{found.id}"),
        )
    else:
        said = t("Withdraw this article? From this moment no citizen is shown it.")
        yes = Button(t("Yes, withdraw it"), f"kW:{found.id}")
    title = bold(found.in_language(context.language).title)
    context.show(Screen(f"{title}\n\n{plain(said)}", [[yes], *back(t, found)]))


async def withdrawn(update: Update, context: BotContext) -> None:
    """It goes at once, or comes back."""
    found = await article_pressed(context)
    if found is None:
        return
    t, hidden = context.t, context.resources.amendments.withdrawn
    if (context.query.data or "").startswith("kO:"):
        if found.id in hidden:
            curation.restore(context.session, article=found.id, by=context.person, now=context.now)
        said = t("Citizens see this article again.")
    else:
        if found.id not in hidden:
            curation.withdraw(context.session, article=found.id, by=context.person, now=context.now)
        said = t("⛔️ Withdrawn: citizens don't see it.")
    context.show(Screen(plain(said), back(t, found)))


def _learned(context: BotContext, found: Article) -> list[str]:
    """What was tied in chat and does not stand in the file yet, where no press could take it back."""
    written = context.resources.files.article(found.id)
    sides = [written.in_language(code) for code in LANGUAGES] if written else []
    known = {spoken(text) for side in sides for text in side.phrasings}
    learned = context.resources.amendments.phrasings
    return [text for id, _, text in learned if id == found.id and spoken(text) not in known]


async def learned_pressed(update: Update, context: BotContext) -> None:
    """What this article was tied to in chat; a press takes one back."""
    found = await article_pressed(context)
    if found is not None:
        context.show(_learned_screen(context, found, _learned(context, found)))


def _learned_screen(context: BotContext, found: Article, said: Sequence[str]) -> Screen:
    t = context.t
    rows = [
        [Button(f"✖️ {text[:TITLE_ON_BUTTON]}", f"kx:{place}:{found.id}")]
        for place, text in enumerate(said)
    ][-LEARNED_SHOWN:]
    lines = "\n".join(f"• {plain(text[:LONGEST_SHOWN])}" for text in said[-LEARNED_SHOWN:])
    head = bold(t("Learned phrasings")) + "\n" + plain(t("A press takes one back."))
    return Screen(f"{head}\n\n{lines}", [*rows, *back(t, found)])


async def unlearned(update: Update, context: BotContext) -> None:
    """Take a learned phrasing back."""
    found = await article_pressed(context, 1)
    if found is None:
        return
    said, place = _learned(context, found), int(context.args_of_press[0])
    if place >= len(said) or said[place][:TITLE_ON_BUTTON] not in _labels(context):
        gone(context)
        return
    curation.unlearn(
        context.session, article=found.id, text=said[place], by=context.person, now=context.now
    )
    context.show(_learned_screen(context, found, [*said[:place], *said[place + 1 :]]))


def _labels(context: BotContext) -> str:
    """What stands on the buttons of the pressed message: an old one may number otherwise."""
    markup = getattr(context.query.message, "reply_markup", None)
    rows = markup.inline_keyboard if markup else ()
    pressed = context.query.data
    return " ".join(one.text for row in rows for one in row if one.callback_data == pressed)


async def tell_pressed(update: Update, context: BotContext) -> None:
    """How many were given this answer lately? Ask before they are told."""
    found = await article_pressed(context)
    if found is None:
        return
    t = context.t
    number = await questions.given_lately(context.session, found.id, context.now)
    if not number:
        said = t("Nobody who agreed to be remembered was given this answer in 90 days.")
        context.show(Screen(plain(said), back(t, found)))
        return
    said = t.plural(
        "{number} person was given this answer in 90 days. Tell them that it has changed?",
        "{number} people were given this answer in 90 days. Tell them that it has changed?",
        number,
    )
    yes = Button(t("📣 Yes, tell them"), f"kT:{found.id}")
    context.show(Screen(plain(said), [[yes], *back(t, found)]))


async def told(update: Update, context: BotContext) -> None:
    """Tell them: once, by day, with the article to open."""
    found = await article_pressed(context)
    if found is None:
        return
    t = context.t
    given = await questions.take_given(context.session, found.id, context.now)
    tell(context, given, found, changed=True)
    said = t.plural("{number} person will be told.", "{number} people will be told.", len(given))
    context.show(Screen(plain(said), back(t, found)))
