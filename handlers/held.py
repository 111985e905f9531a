"""What is held about somebody, in words: on the screen what there is, in the file all of it."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator

from handlers import case_words, figures
from handlers.booking import draft as drafts
from handlers.cards import WAYS, day_of, moment_of, place_of, topic_of
from handlers.context import BotContext
from handlers.events.words import hours, needs, said
from handlers.events.words import people as party
from handlers.events.words import question as asked_in
from handlers.menu import n_
from handlers.phones import spaced
from handlers.ratings import HELPS
from handlers.resources import today
from handlers.roles import role_name
from locales import Texts
from services import events, partners, people, privacy, questions
from services.cases import NewCase
from services.events import Guest
from services.privacy import Held, Look
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case, EventKind, Urgency
from storage.events import RegistrationState
from storage.people import Privacy

MOST_LOOKS = 10  # lines of who opened a case on a screen; the file has all
FILES = {
    "photo": n_("a photo"),
    "voice": n_("a voice message"),
    "video": n_("a video"),
    "video_note": n_("a video"),
    "audio": n_("a sound"),
    "document": n_("a document"),
    "animation": n_("a video"),
}
APPOINTMENTS = {
    ConsultationState.HELD: n_("chosen, not confirmed"),
    ConsultationState.BOOKED: n_("agreed"),
    ConsultationState.CANCELLED: n_("cancelled"),
    ConsultationState.DONE: n_("took place"),
    ConsultationState.NO_SHOW: n_("did not take place"),
}
REGISTRATIONS = {
    RegistrationState.REGISTERED: n_("registered"),
    RegistrationState.WAITING: n_("on the waiting list"),
    RegistrationState.CANCELLED: n_("given back"),
}


async def account_lines(context: BotContext) -> list[str]:
    """What is held about somebody besides their cases."""
    t, person = context.t, context.person
    base, language = context.resources.base, context.language
    region = base.regions.get(person.region or "")
    lines = [
        t("Your number in Telegram: {number}", number=person.chat_id),
        t("Language: {language}", language=t("English name of this language")),
    ]
    if region is not None:
        district = region.districts.get(person.district or "")
        places = [one.in_language(language) for one in (region, district) if one is not None]
        lines.append(t("Where you live: {place}", place=", ".join(places)))
    lines.append(
        t("You agreed that more is kept when you ask for a lawyer.")
        if person.privacy is Privacy.ACCEPTED
        else t("You did not agree that anything more is kept.")
    )
    lines += await _question_lines(context)
    if await drafts.load(context) is not None:
        lines.append(t("What you have begun to tell for a lawyer, for 30 days."))
    roles = await people.roles_of(context.session, person, context.resources.admin_ids)
    if roles:
        lines.append(
            t("Your roles: {roles}", roles=", ".join(role_name(t, one) for one in sorted(roles)))
        )
    lawyer = await partners.present(context.session, person.chat_id)
    if lawyer is not None:
        partner = await partners.partner_by_id(context.session, lawyer.partner_id)
        lines.append(t("You work for: {partner}.", partner=partner.name))
    lines.append(
        t(
            "The numbers of our messages, for 48 hours, so that they can be hidden. Not the "
            "messages."
        )
    )
    return lines


async def _question_lines(context: BotContext) -> list[str]:
    t, lines = context.t, []
    if wishes := await questions.wishes_of(context.session, context.person):
        lines.append(
            t.plural(
                "That you want to be told of an answer to {number} question.",
                "That you want to be told of an answer to {number} questions.",
                wishes,
            )
        )
    if given := await questions.given_to(context.session, context.person):
        lines.append(
            t.plural(
                "Which answer you were given, for 90 days ({number}): to tell you if it changes.",
                "Which answers you were given, for 90 days ({number}): to tell you if they change.",
                given,
            )
        )
    if registered := await events.all_of_person(context.session, context.person):
        lines.append(
            t.plural(
                "Your registration for {number} event, with your name.",
                "Your registrations for {number} events, with your name.",
                len(registered),
            )
        )
    return lines


async def read(context: BotContext, case: Case) -> Held:
    """All that is held of a case."""
    return await privacy.held(context.session, case, context.resources.admin_ids)


async def state_line(context: BotContext, case: Case) -> str:
    """Where a case stands, and with whom."""
    lawyer = None
    if case.lawyer_id is not None:
        work = await partners.lawyer_by_id(context.session, case.lawyer_id)
        lawyer = await partners.name_of(context.session, work)
    return case_words.standing(context.t, case, lawyer)[0]


def brief_lines(t: Texts, of: Held) -> list[str]:
    """What there is of a case: not the words, which may be seen over somebody's shoulder."""
    case = of.case
    told = [
        t("your story") if case.story else None,
        t("how to call you") if case.called else None,
        t("your full name") if case.full_name else None,
        t("your phone number") if case.phone else None,
        t("for whom you ask") if case.somebody_else else None,
        t("who is on the other side") if case.opponent else None,
        t("when it is safe to call") if case.safe_hours else None,
        t("your answers for the report") if case.figures else None,
        t("your rating") if case.rating is not None else None,
    ]
    kept = [one for one in told if one]
    return [
        t("Kept: {what}", what=", ".join(kept)) if kept else t("Nothing that tells of you."),
        *_counts(t, of),
        *_looks(t, of),
    ]


def _looks(t: Texts, of: Held) -> Iterator[str]:
    """Who opened a case, the latest; what happened several times in a day stands once."""
    lines = Counter(look_line(t, look) for look in of.looks)
    said = [f"{line} (×{times})" if times > 1 else line for line, times in lines.items()]
    yield from said[-MOST_LOOKS:]
    if len(said) > MOST_LOOKS:
        yield t("and {number} more", number=len(said) - MOST_LOOKS)


def _counts(t: Texts, of: Held) -> Iterator[str]:
    if of.files:
        yield t.plural("📎 {number} file", "📎 {number} files", len(of.files))
    if of.appointments:
        yield t.plural("{number} appointment", "{number} appointments", len(of.appointments))
    if of.waits:
        yield t("That you wait for a time to become free.")
    if of.messages:
        yield t.plural(
            "Which copy belongs to which of {number} message. Not the messages.",
            "Which copy belongs to which of {number} messages. Not the messages.",
            of.messages,
        )
    if of.notes:
        yield t.plural(
            "{number} working note of the lawyer", "{number} working notes of the lawyer", of.notes
        )


def look_line(t: Texts, look: Look) -> str:
    """Who opened what, and when: the role, not the name."""
    said = (
        n_("Read your story: {role}, {day}")
        if look.what is EventKind.READ_STORY
        else n_("Saw who you are: {role}, {day}")
    )
    return t(said, role=role_name(t, look.role), day=t.day(look.at))


async def full_lines(context: BotContext, of: Held) -> list[str]:
    """A case with everything that is held of it."""
    t, case, resources = context.t, of.case, context.resources
    return [
        f"{case.number} · {topic_of(resources, t, case)}",
        await state_line(context, case),
        t("Asked: {moment}", moment=moment_of(t, case.created_at)),
        *_matter_lines(context, case),
        *_person_lines(t, case),
        *_figure_lines(context, case),
        *_rating_lines(t, case),
        *(_file_line(t, one.kind, one.caption) for one in of.files),
        *(_appointment_line(t, one) for one in of.appointments),
        *_counts(t, of),
        *(
            f"{moment_of(t, one.at)}: {t(case_words.STATES[one.state])}"
            for one in of.events
            if one.kind is EventKind.STATE
        ),
        *(look_line(t, look) for look in of.looks),
    ]


def _matter_lines(context: BotContext, case: Case) -> Iterator[str]:
    t = context.t
    article = context.resources.whole.article(case.article or "")
    if place := place_of(context.resources, t, case):
        yield f"📍 {place}"
    yield t(WAYS[case.way])
    yield t(case_words.URGENCIES[Urgency(case.urgency)])
    if article is not None:
        title = article.in_language(context.language).title
        yield t("📖 The bot has answered: «{title}»", title=title)
    if case.deadline is not None:
        yield t("📅 Court or other date: {day}", day=day_of(t, case.deadline))
    if case.consent_at is not None:
        yield t("They agreed, as you said on {day}.", day=t.day(case.consent_at))


def _person_lines(t: Texts, case: Case | NewCase) -> Iterator[str]:
    if case.story:
        yield t("Your story: {words}", words=case.story)
    if case.opponent:
        yield t("On the other side: {name}", name=case.opponent)
    if case.called:
        yield t("How to call you: {name}", name=case.called)
    if case.full_name:
        yield t("Full name: {name}", name=case.full_name)
    if case.somebody_else:
        yield t("You ask for: {name}", name=case.somebody_else)
    if case.phone:
        yield t("Phone: {phone}", phone=spaced(case.phone))
    if case.safe_hours:
        yield t("Safe to call: {hours}", hours=case.safe_hours)
    if case.neutral:
        yield t("Messages that come by themselves say nothing of a lawyer.")


def _figure_lines(context: BotContext, case: Case) -> Iterator[str]:
    for question, answer in (case.figures or {}).items():
        if question in figures.QUESTIONS:
            said = figures.label(context, answer)
            yield f"{context.t(figures.QUESTIONS[question])} {said}"


def _rating_lines(t: Texts, case: Case) -> Iterator[str]:
    if case.rating is not None:
        yield t("Mark: {mark} of 5", mark=case.rating)
    if case.rating_word:
        yield t("Word: «{word}»", word=case.rating_word)
    if case.helped is not None:
        yield t("Whether it helped: {answer}", answer=t(HELPS[case.helped]))


def _file_line(t: Texts, kind: str, caption: str | None) -> str:
    name = t(FILES.get(kind, FILES["document"]))
    return f"📎 {name}: {caption}" if caption else f"📎 {name}"


def _appointment_line(t: Texts, met: Consultation) -> str:
    moment = moment_of(t, met.starts_at)
    return f"📅 {moment} · {t(WAYS[met.way])} · {t(APPOINTMENTS[met.state])}"


async def _begun_lines(context: BotContext) -> list[str]:
    """A request for a lawyer that isn't sent yet, with what was told for it."""
    draft = await drafts.load(context)
    if draft is None:
        return []
    t, told = context.t, draft.new_case(context.language, context.now)
    return [
        t("Begun and not sent yet:"),
        *_person_lines(t, told),
        *(_file_line(t, kind, caption) for kind, _, caption in told.files),
    ]


async def _event_lines(context: BotContext) -> list[str]:
    """All registrations for events, with what was said for them."""
    lines: list[str] = []
    for guest in await events.all_of_person(context.session, context.person):
        lines += [*([""] if lines else []), *_registration_lines(context, guest)]
    return lines


def _registration_lines(context: BotContext, guest: Guest) -> Iterator[str]:
    t, event, told = context.t, guest.event, guest.registration
    region = context.resources.base.regions.get(told.region or "")
    yield f"{said(event, 'title', t)} · {hours(t, event)} · {t(REGISTRATIONS[told.state])}"
    yield f"👤 {told.name} · {party(t, told)}"
    if region is not None:
        yield f"🏠 {region.in_language(context.language)}"
    yield from needs(t, told)
    for asked, answer in zip(event.questions, told.answers, strict=False):
        yield f"{asked_in(asked, t)} {answer}"
    if told.checked_in_at is not None:
        yield t("You were there.")
    if told.rating is not None:
        yield t("Mark: {mark} of 5", mark=told.rating)


async def document(context: BotContext, all_cases: list[Case]) -> tuple[str, str]:
    """A file with all that is held: its name, which says nothing, and its content in base64."""
    t = context.t
    parts = [[t("What is kept about me"), t.day(context.now)], await account_lines(context)]
    parts += [await _begun_lines(context), await _event_lines(context)]
    parts += [await full_lines(context, await read(context, case)) for case in all_cases]
    if all_cases:
        parts.append([t("Photos and files stay with Telegram itself.")])
    text = "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"
    name = f"{today(context.now).isoformat()}.txt"
    return name, base64.b64encode(text.encode("utf-8-sig")).decode()
