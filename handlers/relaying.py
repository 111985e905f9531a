"""How a message gets to the other side of a talk: copied, kept for later, edited, taken back.

It is copied, never forwarded: a copy carries nobody's account. Copies aren't protected from being saved:
a lawyer has to put a photo of a contract into the file, and a screen can be photographed anyway.
"""

from __future__ import annotations

import logging
from typing import Any

from telegram import Message

from handlers import said
from handlers.context import Call, Turn
from handlers.screens import Button, Screen, plain
from handlers.telling import call_about, new_posted, tell
from locales import Texts, texts
from services import cases, relay
from services.hours import decent
from services.relay import Talk, Written
from storage.cases import Case
from storage.people import Person
from storage.relay import RelayedMessage
from storage.traffic import Priority

log = logging.getLogger(__name__)

LONGEST_NAME = 24  # letters of a citizen's name on a button
# Kinds whose file can be replaced in a message that stands already (Bot API, editMessageMedia).
REPLACED = ("photo", "video", "animation", "audio", "document")


def written_of(message: Message, *, urgent: bool = False) -> Written:
    """What the map notes of a message; of a contact also what the card says."""
    attached: Any = message.effective_attachment
    file = attached[-1] if isinstance(attached, (tuple, list)) and attached else attached
    contact = message.contact
    return Written(
        message.message_id,
        album=message.media_group_id,
        file=getattr(file, "file_unique_id", None),
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        said={
            "text": said.CONTACT,
            "phone": contact.phone_number,
            "first": contact.first_name,
            "last": contact.last_name,
        }
        if contact
        else None,
        urgent=urgent,
    )


def named(case: Case) -> str:
    """A case as its lawyer recognises it: the number, and how to address the citizen."""
    return f"{case.number} · {case.called[:LONGEST_NAME]}" if case.called else case.number


async def pass_on(turn: Turn, talk: Talk, by: Person, written: Written) -> RelayedMessage:
    """Write a message down and deliver it behind what was kept before it, or keep it, too."""
    row = await relay.write_down(turn.session, talk, by, written, turn.now)
    await deliver_kept(turn, talk)
    return row


async def deliver_kept(turn: Turn, talk: Talk, *, openly: bool = False) -> None:
    """Deliver what waits in a talk for those who can have it now, in order.

    `openly`: the citizen asked to see it, although their messages are to give nothing away.
    """
    waiting = await relay.kept(turn.session, talk.case.id)
    for row in waiting:
        receiver = talk.receiver_of(row)
        if receiver is None or not relay.reachable(receiver):
            continue
        if receiver is talk.citizen and not (
            openly or await relay.at_hand(turn.session, talk, turn.now)
        ):
            if not any(one.announced for one in waiting):
                await _announce(turn, talk, receiver)
            row.announced = True
        else:
            await _deliver(turn, talk, row, receiver)


async def _announce(turn: Turn, talk: Talk, citizen: Person) -> None:
    """Say that there is a message, and nothing of whose it is."""
    show = f"rl:s:{talk.case.id}"
    await tell(
        turn,
        citizen.chat_id,
        lambda t: Screen(plain(t("You have a message.")), [[Button(t("👀 Look"), show)]]),
        due_at=decent(turn.now),
    )


async def _deliver(turn: Turn, talk: Talk, row: RelayedMessage, receiver: Person) -> None:
    t, chat_id = texts(receiver.language), receiver.chat_id
    posted = await new_posted(turn, chat_id)
    thread = await thread_of(turn, talk.case, chat_id) if receiver is talk.lawyers_person else None
    about: dict[str, Any] = {"message_thread_id": {"posted": thread}} if thread else {}
    quiet = decent(turn.now) > turn.now and not talk.wakes(row)
    if quiet:
        about["disable_notification"] = True
    params = about | _content(t, talk, row)
    if (quoted := await relay.counterpart(turn.session, row, chat_id)) is not None:
        params["reply_parameters"] = {"message_id": quoted, "allow_sending_without_reply": True}
    call_about(turn, chat_id, _method(row), params, posted_id=posted.id)
    row.posted_id, row.to_chat_id = posted.id, chat_id
    if row.urgent and receiver is talk.lawyers_person:
        mark_urgent(turn, t, chat_id, posted.id, about)
    if row.said is not None and "latitude" in row.said:
        place = {"latitude": row.said["latitude"], "longitude": row.said["longitude"]}
        call_about(turn, chat_id, "sendLocation", place)
    if row.confirmed_id is not None:
        _confirm_late(turn, talk, row)


def mark_urgent(
    turn: Turn, t: Texts, chat_id: int, posted_id: int, about: dict[str, Any] | None = None
) -> None:
    """Below the lawyer's copy: this speaks of danger."""
    line = t("🆘 Urgent: this speaks of danger. The citizen was given the emergency numbers.")
    reply = {"message_id": {"posted": posted_id}, "allow_sending_without_reply": True}
    params = {**(about or {}), **Screen(plain(line)).params(), "reply_parameters": reply}
    call_about(turn, chat_id, "sendMessage", params)


def _method(row: RelayedMessage) -> str:
    if row.said is None:
        return "copyMessage"
    return "sendContact" if row.said["text"] == said.CONTACT else "sendMessage"


def _content(t: Texts, talk: Talk, row: RelayedMessage) -> dict[str, Any]:
    """What a copy says, and the button that tells whose it is and leads to an answer."""
    if row.said is None:
        source = {"from_chat_id": row.from_chat_id, "message_id": row.from_message_id}
        return {**source, "reply_markup": _whose(t, talk, row)}
    if row.said["text"] == said.CONTACT:
        return {**said.contact_card(row.said), "reply_markup": _whose(t, talk, row)}
    return said.screen(t, row.said, _lawyers_name(t, talk, row), talk.case).params()


def _whose(t: Texts, talk: Talk, row: RelayedMessage) -> dict[str, Any] | None:
    if not talk.is_from_lawyer(row):
        label = f"🗂 {named(talk.case)}"
    elif talk.case.neutral:
        label = t("✉️ Answer")
    else:
        label = t("👩‍⚖️ {name} · answer", name=_lawyers_name(t, talk, row))
    return Screen("", [[Button(label, f"rl:w:{talk.case.id}")]]).markup()


def _lawyers_name(t: Texts, talk: Talk, row: RelayedMessage) -> str:
    """By name only if it was the present lawyer who wrote."""
    if talk.lawyer is not None and talk.lawyer.chat_id == row.from_chat_id:
        return talk.lawyer.name
    return t("Lawyer")


# --- the lawyer's topics ------------------------------------------------------------------------


async def thread_of(turn: Turn, case: Case, chat_id: int) -> int | None:
    """The topic of a case in its lawyer's chat, made if need be; None where Telegram gives the bot no topics."""
    if not turn.resources.has_topics:
        return None
    thread = await relay.thread_of(turn.session, case, chat_id)
    if thread is not None:
        return thread
    posted = await new_posted(turn, chat_id)
    name = {"name": named(case)}
    call_about(turn, chat_id, "createForumTopic", name, posted_id=posted.id)
    await relay.keep_thread(turn.session, case, posted)
    return posted.id


async def tell_lawyer(turn: Turn, talk: Talk, screen: Screen) -> None:
    """Write to the case's lawyer, in the topic of the case if there are topics."""
    assert talk.lawyer is not None
    thread = await thread_of(turn, talk.case, talk.lawyer.chat_id)
    await tell(turn, talk.lawyer.chat_id, lambda _: screen, thread=thread)


# --- what the sender sees -----------------------------------------------------------------------


def outcome(t: Texts, talk: Talk, row: RelayedMessage) -> str:
    """What became of a message, for who sent it."""
    if talk.is_from_lawyer(row):
        if row.posted_id is not None:
            return f"✓ {named(talk.case)}"
        if row.announced:
            return t(
                "⏳ {case}: the citizen is told only that there is a message, and opens it when "
                "it is safe.",
                case=named(talk.case),
            )
        return t(
            "⏳ {case}: not delivered yet, the citizen can't be reached. It is kept and arrives "
            "when they come back.",
            case=named(talk.case),
        )
    if talk.case.neutral:
        kept = t("⏳ It is kept and passed on as soon as it can be.")
        return t("✓ Passed on") if row.posted_id is not None else kept
    if row.posted_id is not None:
        return t("✓ Sent to your lawyer")
    if talk.lawyer is None:
        return t("⏳ It is kept: no lawyer has your case at this moment. The next one gets it.")
    return t(
        "⏳ Not delivered yet: your lawyer can't be reached. It is kept and arrives when they come "
        "back."
    )


def confirmation(t: Texts, talk: Talk, row: RelayedMessage, *, question: bool = False) -> Screen:
    """The line below a message: what became of it, and what its sender can do now."""
    rows = [[Button(t("↩️ Take back"), f"rl:t:{row.id}")]]
    if talk.is_from_lawyer(row):
        rows[0].append(Button(t("📋 Ready texts"), f"rl:q:{row.case_id}"))
        rows.append([Button(t("🔁 Another case"), "rl:c"), Button(t("✖️ Finish"), "rl:x")])
    else:
        if question:
            rows.append([Button(t("❓ It was a question to the bot"), f"rl:n:{row.id}")])
        rows.append([Button(t("✖️ Finish"), "rl:x")])
    return Screen(plain(outcome(t, talk, row)), rows)


async def confirm(
    turn: Turn, row: RelayedMessage, screen: Screen, thread: Any | None = None
) -> None:
    """Put the line below a message; the one before it goes, so that they don't pile up."""
    # What the clock brings is no reply to anybody who waits.
    priority = Priority.REPLY if turn.person is not None else Priority.CASE
    chat_id = row.from_chat_id
    for earlier in await relay.confirmed(turn.session, chat_id):
        if turn.now - earlier.sent_at < relay.TAKES_BACK:
            about = {"message_id": {"posted": earlier.confirmed_id}}
            call_about(turn, chat_id, "deleteMessage", about, priority=priority)
        earlier.confirmed_id = None
    posted = await new_posted(turn, chat_id)
    reply = {"message_id": row.from_message_id, "allow_sending_without_reply": True}
    params = {"chat_id": chat_id, **screen.params(), "reply_parameters": reply}
    if thread is not None:
        params["message_thread_id"] = thread
    turn.calls.append(Call(chat_id, "sendMessage", params, priority, None, posted.id))
    row.confirmed_id = posted.id


def _confirm_late(turn: Turn, talk: Talk, row: RelayedMessage) -> None:
    """What was kept has been delivered: the line that said so changes."""
    sender = talk.lawyers_person if talk.is_from_lawyer(row) else talk.citizen
    if sender is None or sender.chat_id != row.from_chat_id or not relay.reachable(sender):
        return
    screen = confirmation(texts(sender.language), talk, row)
    about = {"message_id": {"posted": row.confirmed_id}}
    call_about(turn, row.from_chat_id, "editMessageText", {**about, **screen.params()})


async def open_for_citizen(turn: Turn, talk: Talk, row: RelayedMessage) -> None:
    """The lawyer wrote, and the citizen has it: what they write now goes back to the lawyer."""
    if row.posted_id is None or talk.citizen is None:
        return
    if await relay.begin(turn.session, talk, turn.now):
        screen = talk_screen(texts(talk.citizen.language), talk)
        await tell(turn, talk.citizen.chat_id, lambda _: screen)


def talk_screen(t: Texts, talk: Talk) -> Screen:
    """The citizen's talk is open."""
    rows = [[Button(t("✖️ Finish"), "rl:x")]]
    if talk.case.neutral:
        rows.append([Button(t("🙈 Hide this conversation"), "hide")])
    if talk.lawyer is None:
        said = t(
            "No lawyer has your case at this moment. Write: I keep it for the one who takes it."
        )
    elif talk.case.neutral:
        said = t("What you write, say or send now is passed on.")
    else:
        said = t(
            "✉️ What you write, say or send now goes to your lawyer, {name}. Menu and commands "
            "work as ever.",
            name=talk.lawyer.name,
        )
    return Screen(plain(said), rows)


# --- changes ------------------------------------------------------------------------------------


def pass_edit(turn: Turn, talk: Talk, row: RelayedMessage, message: Message) -> None:
    """Change the copy as its original was changed: the text, the caption, or the file."""
    receiver = talk.receiver_of(row)
    assert receiver is not None
    markup = _whose(texts(receiver.language), talk, row)
    params: dict[str, Any] = {"message_id": {"posted": row.posted_id}, "reply_markup": markup}
    file = written_of(message).file
    kind = next((one for one in REPLACED if getattr(message, one)), None)
    if message.text is not None:
        method = "editMessageText"
        params |= {"text": message.text, "entities": _plain(message.entities)}
    elif kind is not None and file != row.file:
        method = "editMessageMedia"
        params["media"] = {"type": kind, "media": _file_id(message, kind), **_caption(message)}
        row.file = file
    elif message.caption is not None or row.file is not None:
        method, params = "editMessageCaption", params | _caption(message)
    else:
        return  # a place that moves: the copy shows where it was
    call_about(turn, receiver.chat_id, method, params)


def _plain(entities: Any) -> list[dict[str, Any]]:
    return [one.to_dict() for one in entities]


def _caption(message: Message) -> dict[str, Any]:
    said = {"caption": message.caption or "", "caption_entities": _plain(message.caption_entities)}
    return said | ({"show_caption_above_media": True} if message.show_caption_above_media else {})


def _file_id(message: Message, kind: str) -> str:
    attached = getattr(message, kind)
    return str((attached[-1] if kind == "photo" else attached).file_id)


def delete_copies(turn: Turn, rows: list[RelayedMessage]) -> None:
    """Delete copies from their receivers' chats."""
    for row in rows:
        assert row.to_chat_id is not None
        about = {"message_id": {"posted": row.posted_id}}
        call_about(turn, row.to_chat_id, "deleteMessage", about)


# --- what the clock brings ----------------------------------------------------------------------


async def due(turn: Turn) -> None:
    """Keep what Telegram did not take, tell its sender, and deliver to those who have come back."""
    await _take_note_of_failures(turn)
    await relay.announce_anew(turn.session)
    for case_id in await relay.deliverable(turn.session):
        said = len(turn.calls)
        try:
            async with turn.session.begin_nested():
                await deliver_kept(turn, await _talk(turn, case_id))
        except Exception:
            # One case that fails must not hold up the others; it is tried again at the next look.
            del turn.calls[said:]
            log.exception("what was kept can't be delivered", extra={"case": case_id})


async def _talk(turn: Turn, case_id: int) -> Talk:
    case = await cases.get(turn.session, case_id)
    assert case is not None
    return await relay.between(turn.session, case, turn.resources.admin_ids)


async def _take_note_of_failures(turn: Turn) -> None:
    latest: dict[tuple[int, int], tuple[Talk, RelayedMessage]] = {}
    for row, posted in await relay.undelivered(turn.session):
        posted.told_at = turn.now
        talk = await _talk(turn, row.case_id)
        if relay.is_blocked(posted):
            relay.keep(row)
            latest[row.case_id, row.from_chat_id] = talk, row
        else:
            await _tell_failed(turn, talk, row)
    for talk, row in latest.values():
        sender = talk.lawyers_person if talk.is_from_lawyer(row) else talk.citizen
        if sender is not None and sender.chat_id == row.from_chat_id and relay.reachable(sender):
            await confirm(turn, row, confirmation(texts(sender.language), talk, row))


async def _tell_failed(turn: Turn, talk: Talk, row: RelayedMessage) -> None:
    """Telegram refused the copy for good, say because the original was deleted at once."""
    case = talk.case

    def draw(t: Texts) -> Screen:
        if case.neutral and not talk.is_from_lawyer(row):
            return Screen(plain(t("A message could not be passed on. Please send it once more.")))
        said = t(
            "{case}: a message of yours could not be delivered. Please send it once more.",
            case=case.number,
        )
        return Screen(plain(said))

    await tell(turn, row.from_chat_id, draw)
