"""How an article looks in a chat, and what its buttons do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from html import escape

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler

from handlers.context import BELOW, BotApplication, BotContext
from handlers.notice import privacy_screen
from handlers.phones import card_buttons, contact_lines, phone_lines
from handlers.resources import Resources, is_language, today
from handlers.screens import LONGEST, Button, Screen, bold, in_rows, italic, plain
from knowledge.base import Base
from knowledge.model import Article, Language, LanguageText
from knowledge.render import basis
from locales import Texts, all_texts, texts
from services import questions
from storage.people import Privacy
from storage.questions import Miss

TOPIC_PAGE = 8  # articles of a topic on one screen
COMFORTABLE = 1500  # characters that a small screen shows without endless scrolling


def register(application: BotApplication) -> None:
    """Listen to the buttons of articles."""
    application.add_handler(CallbackQueryHandler(article_pressed, pattern=r"^\+?a(:[^:]+){2,3}$"))
    application.add_handler(CallbackQueryHandler(related_pressed, pattern=r"^rel(:[^:]+){2}$"))
    application.add_handler(CallbackQueryHandler(helpful_pressed, pattern=r"^h:[^:]+:[01]:[^:]+$"))
    application.add_handler(CallbackQueryHandler(none_pressed, pattern=r"^none:[^:]+$"))
    application.add_handler(CallbackQueryHandler(tell_pressed, pattern=r"^tell:[^:]+$"))


async def article_pressed(update: Update, context: BotContext) -> None:
    """Show an article, another section of it, or the same in the other language."""
    language, article_id, *section = context.args_of_press
    if not is_language(language) or context.resources.base.article(article_id) is None:
        gone(context, article_id)
        return
    await note_given(context, article_id)
    screen = article_screen(context, article_id, language, *section)
    context.show(without_marks(screen) if _is_marked(context, article_id) else screen)


async def note_given(context: BotContext, article_id: str) -> None:
    """Remember that they were given it, to tell them of a change; never of an article on danger."""
    article = context.resources.base.article(article_id)
    if article is not None and not article.urgent:
        await questions.note_given(
            context.session, person=context.person, article=article.id, now=context.now
        )


def _is_marked(context: BotContext, article_id: str) -> bool:
    """Tell whether the pressed message shows the article, and its buttons for a mark are gone."""
    shown = context.query.message
    markup = shown.reply_markup if isinstance(shown, Message) else None
    rows = markup.inline_keyboard if markup else ()
    data = [str(button.callback_data) for row in rows for button in row]
    return f"book:{article_id}" in data and not any(one.startswith("h:") for one in data)


def without_marks(screen: Screen) -> Screen:
    """The same without the buttons for a mark."""
    rows = [[one for one in row if not (one.data or "").startswith("h:")] for row in screen.buttons]
    return replace(screen, buttons=rows)


def gone(context: BotContext, article_id: str = "") -> None:
    """A button led to something that isn't there any more, or to an article that is withdrawn."""
    resources = context.resources
    if resources.whole.article(article_id) and not resources.base.article(article_id):
        context.toast(being_checked(context.t), alert=True)
        return
    context.toast(context.t("This button is out of date. Please ask again."), alert=True)


def being_checked(t: Texts) -> str:
    """What is said of an article that is withdrawn."""
    return t("This answer is being checked and is not shown now. A lawyer helps: /book")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article that may stand in the message or behind a button."""

    letter: str  # in the button's data
    name: str
    html: str

    @property
    def block(self) -> str:
        """The part with its name above."""
        return f"{bold(self.name)}\n{self.html}"


def _sections(
    resources: Resources, article: Article, text: LanguageText, language: Language
) -> list[Section]:
    """The parts that have something to say, in the order of an answer."""
    t = texts(language)
    law = [
        f'<a href="{escape(one.link)}">{plain(one.text)}</a>' if one.link else plain(one.text)
        for one in basis(article, language, resources.base)
    ]
    contacts = "\n\n".join(
        contact_lines(resources.base, resources.base.contacts[one], language)
        for one in article.contacts
    )
    parts = [
        Section("s", t("📝 Steps"), _numbered(text.steps)),
        Section("d", t("📎 What to take along"), _bulleted(text.documents)),
        Section("w", t("📍 Where to go"), _bulleted(text.where)),
        Section("p", t("☎️ Contacts"), contacts),
        Section("t", t("⏳ Deadlines"), _bulleted(text.deadlines)),
        Section("c", t("💰 What it costs"), _bulleted(text.costs)),
        Section("m", t("⚠️ Frequent mistakes"), _bulleted(text.mistakes)),
        Section("l", t("⚖️ The law"), "\n".join(f"• {line}" for line in law)),
    ]
    return [part for part in parts if part.html]


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{number}. {plain(line)}" for number, line in enumerate(lines, 1))


def _bulleted(lines: Sequence[str]) -> str:
    return "\n".join(f"• {plain(line)}" for line in lines)


def review_line(t: Texts, article: Article) -> str:
    """Whether a lawyer has reviewed it, in a few words."""
    review = article.review
    if article.reviewed and review.on is not None:
        said = t("Reviewed by a lawyer: {who}, {day}", who=review.by, day=f"{review.on:%d.%m.%Y}")
        return f"✅ {italic(said)}"
    said = t("A lawyer has not reviewed this answer yet.")
    return f"ℹ️ {italic(said)}"


def visible_length(html: str) -> int:
    """Characters after Telegram has parsed the entities (what its limits count)."""
    bare = re.sub(r"<[^>]+>", "", html).replace("&lt;", "<").replace("&gt;", ">")
    return len(bare.replace("&amp;", "&").encode("utf-16-le")) // 2


def article_screen(
    context: BotContext, article_id: str, language: Language, letter: str = ""
) -> Screen:
    """An article: the short answer, as much more as a small screen bears, the rest by buttons."""
    resources = context.resources
    return drawn(resources, resources.revision, article_id, language, letter, today(context.now))


@lru_cache(maxsize=2000)
def drawn(
    resources: Resources,
    revision: int,
    article_id: str,
    language: Language,
    letter: str,
    day: date,
) -> Screen:
    """Draw an article as it is read on a day; `letter` chooses a section, "" is the short answer.

    A withdrawn one is drawn as well: curators see it. `revision` is that of the resources.
    """
    base = resources.whole
    article = base.article(article_id)
    assert article is not None
    text = resources.told(article, language, day)
    sections = _sections(resources, article, text, language)
    parts: list[str] = []
    shown = chosen = [section for section in sections if section.letter == letter]
    if not chosen:
        parts, may_stand = [plain(text.answer)], sections
        if article.urgent:  # its numbers come first, so they need not come again
            parts.insert(0, phone_lines(base, article.contacts, language))
            may_stand = [section for section in sections if section.letter != "p"]
        shown = _fitting(may_stand, sum(map(visible_length, parts)))
    folded = [section for section in sections if section not in shown]
    numbers = [base.contacts[one] for one in article.contacts]
    tells_numbers = article.urgent or any(section.letter == "p" for section in shown)
    t = texts(language)
    lines = [bold(text.title), *parts, *(one.block for one in shown), review_line(t, article)]
    return Screen(
        "\n\n".join(line for line in lines if line),
        [
            *in_rows(card_buttons(numbers) if tells_numbers else [], 3),
            *_buttons(base, article, language, folded, back=bool(chosen)),
        ],
    )


def _fitting(sections: Sequence[Section], length: int) -> list[Section]:
    """What stands in the message beside `length` characters; the rest goes behind buttons."""
    for at, section in enumerate(sections):
        length += visible_length(section.block)
        # Steps are what people came for: only Telegram's limit may fold them.
        most = LONGEST - 500 if section.letter == "s" else COMFORTABLE
        if length > most:
            # All that follows is folded as well: people expect an order.
            return list(sections[:at])
    return list(sections)


def _buttons(
    base: Base,
    article: Article,
    language: Language,
    folded: Sequence[Section],
    *,
    back: bool,
) -> list[list[Button]]:
    t = texts(language)
    rows = in_rows(
        [Button(part.name, f"a:{language}:{article.id}:{part.letter}") for part in folded], 2
    )
    if back:
        rows.insert(0, [Button(t("⬅️ Short answer"), f"a:{language}:{article.id}")])
    rows.append(
        [
            Button(t("👍 Helpful"), f"h:{language}:1:{article.id}"),
            Button(t("👎 Not helpful"), f"h:{language}:0:{article.id}"),
        ]
    )
    rows.append([Button(t("👩‍⚖️ Ask a lawyer about this"), f"book:{article.id}")])
    rows.append(
        [
            Button(t("🔗 Related"), f"rel:{language}:{article.id}"),
            Button(t("📤 Share"), share=article.id),
        ]
    )
    others = {code: t for code, t in all_texts().items() if code != language}
    rows.append(
        [Button(t("🌐 Read in English"), f"a:{code}:{article.id}") for code, t in others.items()]
        + [topic_button(base, article, language)]
    )
    return rows


def topic_button(base: Base, article: Article, language: Language) -> Button:
    """A button to the article's topic, at the page where the article stands."""
    topic = base.topics[article.topic]
    page = base.on_topic(topic.id).index(article) // TOPIC_PAGE
    return Button(f"{topic.emoji} {topic.in_language(language)}", f"t:{topic.id}:{page}")


def title_button(article: Article, language: Language, *, below: bool = False) -> Button:
    """A button with an article's title; it opens in place of the message, or below it."""
    data = f"a:{language}:{article.id}"
    return Button(article.in_language(language).title, BELOW + data if below else data)


async def related_pressed(update: Update, context: BotContext) -> None:
    """Show what is related to an article; failing that, its topic's other articles."""
    language, article_id = context.args_of_press
    base = context.resources.base
    article = base.article(article_id)
    if not is_language(language) or article is None:
        gone(context, article_id)
        return
    t = texts(language)
    others = base.related(article) or tuple(
        other for other in base.on_topic(article.topic) if other.id != article.id
    )
    context.show(
        Screen(
            plain(t("Related questions:")),
            [
                *([title_button(other, language)] for other in others[:8]),
                [Button(t("⬅️ Back"), f"a:{language}:{article.id}")],
            ],
        )
    )


async def helpful_pressed(update: Update, context: BotContext) -> None:
    """Count the mark; an answer that did not help goes to the curators with its question."""
    language, mark, article_id = context.args_of_press
    base = context.resources.base
    if not is_language(language) or base.article(article_id) is None:
        gone(context, article_id)
        return
    t = texts(language)
    await questions.count_feedback(
        context.session,
        article=article_id,
        language=language,
        helpful=mark == "1",
        now=context.now,
    )
    if mark == "1":
        context.toast(t("Thank you! I am glad it helped."))
        take_buttons_away(context, "h:")
        return
    ticket = _keep_missed(context, language, Miss.UNHELPFUL, article_id)
    context.toast(t("Thank you for telling me."))
    take_buttons_away(context, "h:")
    context.reply(
        Screen(
            plain(
                t(
                    "I am sorry this did not help. Try saying it in other words, or ask a "
                    "lawyer: it is free."
                )
            ),
            [
                [Button(t("👩‍⚖️ Ask a lawyer about this"), f"book:{article_id}")],
                [Button(t("🔗 Related"), f"rel:{language}:{article_id}")],
                *bell(t, ticket),
            ],
        ),
        quoting=_asked_message(context),
    )


def _keep_missed(
    context: BotContext, language: Language, why: Miss, article: str | None = None
) -> str | None:
    """Put the question behind the pressed message on the curators' list; give back its ticket."""
    asked = context.question_behind
    if not asked:
        return None
    return questions.keep_missed(
        context.session,
        asker=context.person,
        text=asked,
        language=language,
        why=why,
        article=article,
        now=context.now,
    )


def _asked_message(context: BotContext) -> Message | None:
    """The message whose answer was pressed, as far as Telegram tells it."""
    pressed = context.query.message
    return pressed.reply_to_message if isinstance(pressed, Message) else None


def bell(t: Texts, ticket: str | None) -> list[list[Button]]:
    """A button to be told when there is an answer, where the question was kept."""
    if ticket is None:
        return []
    return [[Button(t("🔔 Tell me when there is an answer"), f"tell:{ticket}")]]


async def tell_pressed(update: Update, context: BotContext) -> None:
    """The asker wants to be told; their bell goes."""
    if context.person.privacy is not Privacy.ACCEPTED:
        context.reply(privacy_screen(context.t))  # who asks has to be kept for that
        return
    if context.person.discreet:  # nothing is to come by itself
        gone(context)
        return
    (ticket,) = context.args_of_press
    asked = _asked_message(context)
    await questions.wish(
        context.session,
        ticket=ticket,
        asker=context.person,
        message_id=asked.message_id if asked else 0,
        now=context.now,
    )
    context.toast(context.t("I will write to you when there is an answer."))
    take_buttons_away(context, "tell:")


def take_buttons_away(context: BotContext, prefix: str) -> None:
    """What is pressed once: the buttons whose data begin so go from the pressed message."""
    pressed = context.query.message
    if not isinstance(pressed, Message) or pressed.reply_markup is None:
        return
    rows = [
        [button.to_dict() for button in row]
        for row in pressed.reply_markup.inline_keyboard
        if not any(str(button.callback_data).startswith(prefix) for button in row)
    ]
    context.send(
        "editMessageReplyMarkup",
        message_id=pressed.message_id,
        reply_markup={"inline_keyboard": rows},
    )


async def none_pressed(update: Update, context: BotContext) -> None:
    """None of the offered articles was meant."""
    (language,) = context.args_of_press
    if not is_language(language):
        gone(context)
        return
    ticket = _keep_missed(context, language, Miss.UNKNOWN)
    context.show(unknown_screen(texts(language), ticket))


def unknown_screen(t: Texts, ticket: str | None = None) -> Screen:
    """An honest word that there is no answer, and the ways on; `ticket` of the missed question."""
    return Screen(
        plain(
            t(
                "I have no answer to this yet. Try saying it in other words, look through the "
                "topics, or ask a lawyer: it is free."
            )
        ),
        [
            [Button(t("📚 Topics"), "t")],
            [Button(t("👩‍⚖️ Free lawyer"), "book")],
            [Button(t("☎️ Contacts"), "c")],
            *bell(t, ticket),
        ],
    )
