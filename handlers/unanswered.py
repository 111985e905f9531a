"""/unanswered: what found no answer, or none that helped. Two presses tie it to an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.articles import gone, title_button
from handlers.context import BotApplication, BotContext, Call
from handlers.menu import n_
from handlers.resources import speaks
from handlers.screens import Button, Screen, bold, italic, plain
from knowledge.model import Article
from locales import Texts, texts
from services import curation, questions
from services.hours import decent
from services.masking import MASK, masked, without_masks
from services.questions import Waiting
from storage.people import Role
from storage.questions import Miss, MissedQuestion, MissState
from storage.traffic import Priority

DIALOG = "unanswered"
PROPOSED = 4  # articles proposed for a question
SHOWN = 4  # questions of a group on its screen
LONGEST_SHOWN = 300  # characters of one of them
SHELVES = {
    "o": (MissState.OPEN, n_("Open: {number}")),
    "w": (MissState.WANTED, n_("New article wanted: {number}")),
    "d": (MissState.DISMISSED, n_("Dismissed: {number}")),
}
TIEABLE = MissState.OPEN, MissState.WANTED
SETTLED = {
    "o": n_("Open again."),
    "w": n_("Noted: a new article is wanted."),
    "d": n_("Dismissed."),
}


def register(application: BotApplication) -> None:
    """Listen to /unanswered and its buttons; DIALOG's texts go to `typed`."""
    application.add_handler(CommandHandler("unanswered", unanswered))
    for pattern, handler in (
        (r"^un:[owd]:\d{1,12}$", shelf_pressed),
        (r"^ut:\d{1,12}:[^:]+$", article_pressed),
        (r"^uc:\d{1,12}:[^:]+$", confirmed),
        (r"^uw:\d{1,12}:[^:]+$", other_words_pressed),
        (r"^us:\d{1,12}$", search_pressed),
        (r"^ud:\d{1,12}:[owd]:[owd]$", settle_pressed),
        (rf"^{DIALOG}:again$", again),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are alike; the first speaks for them."""

    questions: Sequence[MissedQuestion]

    @property
    def first(self) -> MissedQuestion:
        """The newest, or the one that was pressed."""
        return self.questions[0]

    @property
    def ids(self) -> list[int]:
        """The questions' ids."""
        return [one.id for one in self.questions]

    def of(self, number: int) -> Group:
        """The same, spoken for by the question that a button names."""
        return Group(sorted(self.questions, key=lambda one: one.id != number))


async def _groups(context: BotContext, state: MissState) -> list[Group]:
    """The questions in a state, those asked most first."""
    listed = await questions.listed(context.session, state)
    places = context.resources.searcher.alike([one.text for one in listed])
    groups = [Group([listed[place] for place in group]) for group in places]
    return sorted(groups, key=lambda group: -len(group.questions))


async def _group_of(context: BotContext, number: int) -> Group | None:
    """The group with a question, as it stands now; None if somebody has settled it."""
    for state in TIEABLE:
        for group in await _groups(context, state):
            if number in group.ids:
                return group.of(number)
    return None


def _safe(context: BotContext, question: MissedQuestion) -> str:
    return masked(question.text, context.resources.searcher.is_common)


async def unanswered(update: Update, context: BotContext) -> None:
    """/unanswered: the first group."""
    await context.allow(Role.CURATOR)
    await _close(context)
    context.show(await _shelf(context, "o", 0))


async def shelf_pressed(update: Update, context: BotContext) -> None:
    """Another group, or another shelf."""
    await context.allow(Role.CURATOR)
    await _close(context)
    shelf, place = context.args_of_press
    context.show(await _shelf(context, shelf, int(place)))


async def _close(context: BotContext) -> None:
    if context.dialog is not None and context.dialog.name == DIALOG:
        await context.close_dialog()


async def _shelf(context: BotContext, shelf: str, place: int, said: str = "") -> Screen:
    """One group of a shelf and what can be done with it; `said` stands above."""
    t = context.t
    state, _ = SHELVES[shelf]
    groups = await _groups(context, state)
    counts = await questions.counts(context.session)
    others = [
        [Button(t(name, number=counts.get(other, 0)), f"un:{letter}:0")]
        for letter, (other, name) in SHELVES.items()
        if letter != shelf and counts.get(other)
    ]
    head = [plain(said)] if said else []
    if not groups:
        nothing = plain(t("Nothing here: every question has been dealt with."))
        return Screen("\n\n".join([*head, nothing]), others)
    place = min(place, len(groups) - 1)
    group = groups[place]
    turning = [Button("◀️", f"un:{shelf}:{place - 1}")] if place else []
    turning += [Button("▶️", f"un:{shelf}:{place + 1}")] if place + 1 < len(groups) else []
    head.append(
        bold(t("Questions without an answer"))
        + "\n"
        + plain(t("{place} of {all}", place=place + 1, all=len(groups)))
    )
    deeds = _deeds(context, group, shelf)
    return Screen("\n\n".join([*head, _told(context, group)]), [*deeds, turning, *others])


def _told(context: BotContext, group: Group) -> str:
    """What was asked, without the person, and why it is here."""
    t, base = context.t, context.resources.whole
    lines = [f"• «{plain(_brief(_safe(context, one)))}»" for one in group.questions[:SHOWN]]
    if (more := len(group.questions) - SHOWN) > 0:
        lines.append(
            plain(t.plural("… and {number} more alike", "… and {number} more alike", more))
        )
    first = group.first
    why = t("Nothing was found.")
    if first.why is Miss.UNHELPFUL and (article := base.article(first.article or "")):
        title = article.in_language(context.language).title
        why = t("This answer did not help: «{title}»", title=title)
    day = t.day(first.asked_at)
    return "\n".join([*lines, "", italic(f"{why} {day}")])


def _brief(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + MASK


def _deeds(context: BotContext, group: Group, shelf: str) -> list[list[Button]]:
    """What can be done with questions of a shelf; to tie them is possible until they are dismissed."""
    t, first = context.t, group.first
    tying = [
        *_choices(context, first, first.text),
        [Button(t("🔎 Another article"), f"us:{first.id}")],
    ]
    again = Button(t("↩️ Open again"), f"ud:{first.id}:{shelf}:o")
    dismiss = Button(t("🗑 Dismiss"), f"ud:{first.id}:{shelf}:d")
    match shelf:
        case "o":
            return [*tying, [Button(t("📝 New article"), f"ud:{first.id}:o:w"), dismiss]]
        case "w":
            return [*tying, [again, dismiss]]
    return [[again]]


def _choices(context: BotContext, question: MissedQuestion, words: str) -> list[list[Button]]:
    """Articles that the words may mean; not the one that did not help."""
    base = context.resources.base
    found = [base.article(id) for id in context.resources.searcher.rank(words).ids]
    return [
        [Button(one.in_language(context.language).title, f"ut:{question.id}:{one.id}")]
        for one in found
        if one is not None and one.id != question.article
    ][:PROPOSED]


async def _chosen(context: BotContext) -> tuple[Group, Article] | None:
    """The group and the article that a button names; None, and a word on it, if one is gone."""
    await context.allow(Role.CURATOR)
    number, article_id = context.args_of_press
    article = context.resources.base.article(article_id)
    if article is None:
        gone(context, article_id)
        return None
    group = await _group_of(context, int(number))
    if group is None:
        await _too_late(context)
        return None
    return group, article


async def _too_late(context: BotContext) -> None:
    context.toast(context.t(curation.AlreadyDecided.message), alert=True)
    await _close(context)
    context.show(await _shelf(context, "o", 0))


async def article_pressed(update: Update, context: BotContext) -> None:
    """First press: an article. The wording is confirmed next, for it becomes public."""
    if (chosen := await _chosen(context)) is not None:
        await _close(context)
        context.show(_wording_screen(context, *chosen))


def _wording(context: BotContext, group: Group, article: Article) -> str:
    """What the curator wrote for it, or the question without what could tell who asked."""
    dialog = context.dialog
    if dialog is not None and dialog.name == DIALOG and dialog.step == "confirm":
        data = dialog.data
        if data["question"] in group.ids and data["article"] == article.id:
            return str(data["text"])
    return _without_person(context, group.first.text)


def _without_person(context: BotContext, words: str) -> str:
    return without_masks(masked(words, context.resources.searcher.is_common))


def _wording_screen(context: BotContext, group: Group, article: Article) -> Screen:
    t, first = context.t, group.first
    text = _wording(context, group, article)
    title = article.in_language(context.language).title
    lines = [
        plain(t("Tie to: «{title}»", title=title)),
        plain(t("From now on people who write this find the article:")),
        bold(f"«{text}»"),
        plain(t("These words become public. Can anybody be recognised by them?")),
    ]
    confirm = [Button(t("✅ Tie"), f"uc:{first.id}:{article.id}")]
    if len(text) > curation.MOST or len(text) < curation.FEWEST:
        lines[-1] = plain(t("This is too long or too short to be learned. Please write it anew."))
        confirm = []
    return Screen(
        "\n\n".join(lines),
        [
            confirm,
            [Button(t("✏️ Other words"), f"uw:{first.id}:{article.id}")],
            [Button(t("⬅️ Back"), "un:o:0")],
        ],
    )


async def other_words_pressed(update: Update, context: BotContext) -> None:
    """The curator writes the wording themselves."""
    if (chosen := await _chosen(context)) is None:
        return
    group, article = chosen
    data = {"question": group.first.id, "article": article.id}
    await context.open_dialog(DIALOG, "wording", data)
    context.show(_ask_wording(context.t))


def _ask_wording(t: Texts) -> Screen:
    said = t("Write how people would ask for this: one short line, nobody's name in it.")
    return Screen(plain(said), [[Button(t("✖️ Cancel"), "un:o:0")]])


async def search_pressed(update: Update, context: BotContext) -> None:
    """None of the proposed articles: the curator looks for another."""
    await context.allow(Role.CURATOR)
    (number,) = context.args_of_press
    await context.open_dialog(DIALOG, "search", {"question": int(number)})
    context.show(_ask_article(context.t))


def _ask_article(t: Texts) -> Screen:
    said = t("Write a few words of the article, or its id.")
    return Screen(plain(said), [[Button(t("✖️ Cancel"), "un:o:0")]])


async def again(update: Update, context: BotContext) -> None:
    """Go on where something came in between."""
    await context.allow(Role.CURATOR)
    dialog = context.dialog
    if dialog is None or dialog.name != DIALOG:
        context.show(await _shelf(context, "o", 0))
        return
    if dialog.step == "search":
        context.show(_ask_article(context.t))
        return
    group = await _group_of(context, dialog.data["question"])
    article = context.resources.base.article(dialog.data["article"])
    if dialog.step == "confirm" and group is not None and article is not None:
        context.show(_wording_screen(context, group, article))
    else:
        context.show(_ask_wording(context.t))


async def typed(update: Update, context: BotContext) -> bool:
    """Words for an article that is looked for, or the wording to be learned."""
    await context.allow(Role.CURATOR)
    dialog = context.dialog
    assert dialog is not None
    written = (context.message.text or "").strip()
    group = await _group_of(context, dialog.data["question"])
    if group is None:
        await context.close_dialog()
        context.reply(await _shelf(context, "o", 0, context.t(curation.AlreadyDecided.message)))
        return True
    if dialog.step == "search":
        context.reply(_found(context, group, written))
        return True
    article = context.resources.base.article(dialog.data["article"])
    if article is None:
        await context.close_dialog()
        return False
    text = curation.fit(_without_person(context, written))
    await context.open_dialog(DIALOG, "confirm", dialog.data | {"text": text})
    context.reply(_wording_screen(context, group, article))
    return True


def _found(context: BotContext, group: Group, written: str) -> Screen:
    t, first = context.t, group.first
    named = context.resources.base.article(written)
    if named is not None:
        title = named.in_language(context.language).title
        rows = [[Button(title, f"ut:{first.id}:{named.id}")]]
    else:
        rows = _choices(context, first, written)
    said = t("Which article?") if rows else t("Nothing found. Please write other words.")
    return Screen(plain(said), [*rows, [Button(t("✖️ Cancel"), "un:o:0")]])


async def confirmed(update: Update, context: BotContext) -> None:
    """Second press: the article is found by these words from now on, in every replica."""
    if (chosen := await _chosen(context)) is None:
        return
    group, article = chosen
    t, session = context.t, context.session
    text = curation.fit(_wording(context, group, article))
    if not context.shows(f"«{text}»"):  # only what was read before the press becomes public
        context.show(_wording_screen(context, group, article))
        return
    owner = curation.owner_of(context.resources.whole, text)
    if owner is not None and owner.id != article.id:
        title = owner.in_language(context.language).title
        said = t("These words are those of «{title}». Tie it there, or write others.", title=title)
        context.toast(said, alert=True)
        return
    await questions.settle(
        session, group.ids, MissState.TIED, was=TIEABLE, by=context.person, now=context.now
    )
    if owner is None:
        curation.learn(
            session,
            article=article.id,
            language=context.resources.searcher.ask(text).language,
            text=text,
            by=context.person,
            now=context.now,
        )
    tell(context, await questions.take_wishes(session, group.ids), article)
    await _close(context)
    await session.flush()
    title = article.in_language(context.language).title
    context.show(await _shelf(context, "o", 0, t("✅ Tied to «{title}».", title=title)))


def tell(
    context: BotContext, waiting: Sequence[Waiting], article: Article, *, changed: bool = False
) -> None:
    """Tell those who chose it that there is an answer, or that theirs has changed; not at night."""
    for one in waiting:
        language = speaks(one.language)
        t = texts(language)
        said = (
            t("An answer that you were given has changed. Please read it again:")
            if changed
            else t("There is an answer to your question now:")
        )
        params = {
            "chat_id": one.chat_id,
            **Screen(
                plain(said),
                [[title_button(article, language, below=True)]],
            ).params(),
        }
        if one.message_id:
            params["reply_parameters"] = {
                "message_id": one.message_id,
                "allow_sending_without_reply": True,
            }
        call = Call(one.chat_id, "sendMessage", params, Priority.REMINDER, decent(context.now))
        context.turn.calls.append(call)


async def settle_pressed(update: Update, context: BotContext) -> None:
    """A new article is wanted, or it is none of our business; or it is opened again."""
    await context.allow(Role.CURATOR)
    number, shelf, letter = context.args_of_press
    groups = await _groups(context, SHELVES[shelf][0])
    group = next((one for one in groups if int(number) in one.ids), None)
    if group is None:
        await _too_late(context)
        return
    (was, _), (state, _) = SHELVES[shelf], SHELVES[letter]
    await questions.settle(
        context.session, group.ids, state, was=[was], by=context.person, now=context.now
    )
    await _close(context)
    context.show(await _shelf(context, "o", 0, context.t(SETTLED[letter])))


def note(t: Texts, number: int) -> Screen:
    """What curators are told in the morning."""
    return Screen(
        plain(
            t.plural(
                "{number} new question without an answer.",
                "{number} new questions without an answer.",
                number,
            )
        ),
        [[Button(t("Look at them"), "un:o:0")]],
    )
