"""How an offered case looks: a card without the person, the story alone, and all of it once accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from handlers.context import Turn
from handlers.menu import n_
from handlers.phones import spaced
from handlers.resources import Resources, speaks
from handlers.screens import Button, Screen, bold, plain
from locales import HERE, Texts, texts
from services import calendars, handoffs
from services.masking import MASK, masked
from storage.cases import Case, CaseFile, Urgency
from storage.partners import Way
from storage.routing import Handoff, HandoffState

LONGEST_PIECE = 3000  # characters of a story in one message
LEAST_LETTERS = 4  # of a word of somebody's name that is taken out wherever it begins a word
URGENCIES = {Urgency.DANGER: n_("🆘 Danger"), Urgency.URGENT: n_("⚡️ Urgent")}
WAYS = {
    Way.PHONE: n_("☎️ By phone"),
    Way.IN_PERSON: n_("🤝 In person"),
    Way.CHAT: n_("💬 In writing, here"),
}
SENDS = {  # the method of the Bot API, by the kind of a file; it is also the parameter's name
    "photo": "sendPhoto",
    "voice": "sendVoice",
    "video": "sendVideo",
    "document": "sendDocument",
    "audio": "sendAudio",
    "animation": "sendAnimation",
    "video_note": "sendVideoNote",
}
LONGEST_CAPTION = 1024  # characters (Bot API, sendPhoto)
WORDLESS = ("video_note",)  # kinds that bear no caption (Bot API)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card says of a case, and how much there is to read."""

    case: Case
    wish: datetime | None  # when the citizen would like to meet
    files: int

    @property
    def has_story(self) -> bool:
        """Whether there is something to read before accepting. A photo or a voice tells who it is."""
        return bool(self.case.story)


async def facts(turn: Turn, case: Case) -> Facts:
    """What there is to say of a case."""
    appointment = await calendars.of_case(turn.session, case)
    files = await handoffs.files_of(turn.session, case)
    return Facts(case, appointment.starts_at if appointment else None, len(files))


def day_of(t: Texts, day: date) -> str:
    """A calendar day as people write it."""
    return t.day(datetime.combine(day, time(12), HERE))


def moment_of(t: Texts, moment: datetime) -> str:
    """A day and an hour as people write them."""
    return t("{day}, {time}", day=t.day(moment), time=t.time(moment))


def topic_of(resources: Resources, t: Texts, case: Case) -> str:
    """A case's topic as people call it."""
    topic = resources.base.topics.get(case.topic)
    return f"{topic.emoji} {topic.in_language(speaks(t.language))}" if topic else case.topic


def place_of(resources: Resources, t: Texts, case: Case) -> str:
    """Where the citizen lives, as far as they said; "" if they did not."""
    language = speaks(t.language)
    region = resources.base.regions.get(case.region or "")
    if region is None:
        return ""
    district = region.districts.get(case.district or "")
    return ", ".join(one.in_language(language) for one in (region, district) if one)


def lines(resources: Resources, t: Texts, of: Facts) -> list[str]:
    """A case without the person, as lines of HTML."""
    case = of.case
    urgency = URGENCIES.get(Urgency(case.urgency))
    head = bold(case.number) + (f" · {bold(t(urgency))}" if urgency else "")
    place = place_of(resources, t, case)
    article = resources.whole.article(case.article or "")
    answered = article.in_language(speaks(t.language)).title if article else None
    said = [
        topic_of(resources, t, case),
        f"📍 {place}" if place else None,
        f"🗣 {texts(case.language)('English name of this language')}",
        t(WAYS[case.way]),
        t("📅 Court or other date: {day}", day=day_of(t, case.deadline)) if case.deadline else None,
        t("🕐 Wished hour: {moment}", moment=moment_of(t, of.wish)) if of.wish else None,
        t("📖 The bot has answered: «{title}»", title=answered) if answered else None,
        t("📝 There is a story.") if case.story else None,
        t.plural("📎 {number} file", "📎 {number} files", of.files) if of.files else None,
    ]
    return [head, *(plain(line) for line in said if line)]


def private_card(resources: Resources, t: Texts, of: Facts, handoff: Handoff) -> Screen:
    """For the lawyer to whom a case is offered."""
    reading = [Button(t("👁 Read the story"), f"ho:s:{handoff.id}")] if of.has_story else []
    return _card(resources, t, of, handoff, [reading, _choice(t, handoff)])


def group_card(resources: Resources, t: Texts, of: Facts, handoff: Handoff) -> Screen:
    """For all lawyers of a partner: the story isn't for a group."""
    return _card(resources, t, of, handoff, [_choice(t, handoff)])


def _choice(t: Texts, handoff: Handoff) -> list[Button]:
    return [
        Button(t("✅ Accept"), f"ho:a:{handoff.id}"),
        Button(t("✖️ Decline"), f"ho:d:{handoff.id}"),
    ]


def _card(
    resources: Resources, t: Texts, of: Facts, handoff: Handoff, rows: Sequence[Sequence[Button]]
) -> Screen:
    until = t("⏳ Please answer by {moment}", moment=moment_of(t, handoff.deadline_at))
    last = [t("Only who accepts the case gets the files."), until] if of.files else [until]
    head = bold(t("A case for you"))
    said = "\n".join(lines(resources, t, of))
    return Screen("\n\n".join([head, said, *map(plain, last)]), rows)


def closed_card(t: Texts, case: Case, handoff: Handoff, chat_id: int) -> Screen:
    """What stays of a card in a chat once the handoff is settled."""
    own = chat_id == handoff.settled_by
    if handoff.state is HandoffState.ACCEPTED:
        said = t("You have taken it.") if own else t("A colleague has taken it.")
    elif handoff.state is HandoffState.DECLINED and own:
        said = t("You declined it. Thank you for saying so.")
    else:
        said = t("No longer open.")
    return Screen(f"{bold(case.number)}\n{plain(said)}")


def story(resources: Resources, t: Texts, case: Case) -> list[str]:
    """The story for a lawyer who considers the case: whoever it names is taken out."""
    if not case.story:
        return []
    head = bold(t("Story of {number}, without names", number=case.number))
    first, *rest = _pieces(nameless(resources, case, case.story))
    return [f"{head}\n\n{plain(first)}", *map(plain, rest)]


def nameless(resources: Resources, case: Case, words: str) -> str:
    """A citizen's words without who they, and the other side, are."""
    named = (case.full_name, case.called, case.somebody_else, case.opponent)
    for name in re.findall(r"[^\W\d_]+", " ".join(filter(None, named))):
        if len(name) >= LEAST_LETTERS:
            words = re.sub(rf"\b{re.escape(name)}\w*", MASK, words, flags=re.IGNORECASE)
    return masked(words, resources.searcher.is_common)


def person(t: Texts, case: Case) -> list[str]:
    """Who the citizen is and what happened, for the lawyer who accepted: one text a message."""
    said = person_lines(t, case)
    if case.deadline is not None:
        said.append(plain(t("📅 Court or other date: {day}", day=day_of(t, case.deadline))))
    head = bold(t("{number} is yours now", number=case.number))
    return ["\n".join([head, *said]), *whole_story(case)]


def person_lines(t: Texts, case: Case) -> list[str]:
    """Who the citizen is and how to reach them, as lines of HTML; for the case's lawyer alone."""
    said = [
        t("👤 Call them: {name}", name=case.called) if case.called else None,
        t("🪪 Full name: {name}", name=case.full_name) if case.full_name else None,
        t("👥 They ask for somebody else: {whom}", whom=case.somebody_else)
        if case.somebody_else
        else None,
        f"☎️ {spaced(case.phone)}" if case.phone else t("☎️ No phone: write here."),
        t("🕐 Safe hours to call: {hours}", hours=case.safe_hours) if case.safe_hours else None,
        t("🤫 Careful: if somebody else answers, don't say that you are a lawyer.")
        if case.neutral or case.safe_hours
        else None,
        t("⚖️ The other side: {name}", name=case.opponent) if case.opponent else None,
    ]
    return [plain(line) for line in said if line]


def whole_story(case: Case) -> list[str]:
    """The story as it was told, for the case's lawyer: one text a message."""
    return [f"📝 {plain(piece)}" for piece in _pieces(case.story)] if case.story else []


def _pieces(text: str) -> Iterator[str]:
    """A long text as several messages, cut between words where there are any."""
    while len(text) > LONGEST_PIECE:
        cut = text.rfind(" ", LONGEST_PIECE // 2, LONGEST_PIECE)
        cut = LONGEST_PIECE if cut < 0 else cut
        yield text[:cut]
        text = text[cut:].lstrip()
    yield text


def file_call(file: CaseFile) -> tuple[str, dict[str, object]]:
    """The call that shows a file of the story, for the case's lawyer."""
    params: dict[str, object] = {file.kind: file.file_id}
    if file.caption and file.kind not in WORDLESS:
        params["caption"] = file.caption[:LONGEST_CAPTION]
    return SENDS[file.kind], params
