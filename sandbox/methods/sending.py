"""Messages without files: text, places, contacts, polls, chat actions."""

import random
from typing import Any

from sandbox.entities import TEXT_LIMIT, formatted, utf16_length
from sandbox.errors import malformed
from sandbox.methods.call import Call, method

Json = dict[str, Any]

_ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
)  # fmt: skip
_DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}


def text_of(params: Json, name: str = "text", entities: str = "entities") -> Json:
    """Return what a text message has: text, entities, how links are shown.

    Raises:
        Refused: the text is empty, too long, or badly marked up.
    """
    text, found = formatted(params.get(name, ""), params.get("parse_mode"), params.get(entities))
    if not text:
        raise malformed("message text is empty")
    if len(text) > TEXT_LIMIT // 2 and utf16_length(text) > TEXT_LIMIT:
        raise malformed("message is too long")
    content: Json = {"text": text}
    if found:
        content["entities"] = found
    if params.get("link_preview_options"):
        content["link_preview_options"] = params["link_preview_options"]
    return content


@method
def send_message(call: Call) -> Json:
    """Send a text."""
    return call.send(text_of(call.params))


def location_of(params: Json) -> Json:
    """Return a Location.

    Raises:
        Refused: it isn't on Earth.
    """
    if not (-90 <= params["latitude"] <= 90 and -180 <= params["longitude"] <= 180):
        raise malformed("wrong location coordinates specified")
    names = ("latitude", "longitude", "horizontal_accuracy", "live_period", "heading",
             "proximity_alert_radius")  # fmt: skip
    return {name: params[name] for name in names if name in params}


@method
def send_location(call: Call) -> Json:
    """Send a place."""
    return call.send({"location": location_of(call.params)})


@method
def send_venue(call: Call) -> Json:
    """Send a place that has a name."""
    params = call.params
    location = location_of(params)
    names = ("title", "address", "foursquare_id", "foursquare_type", "google_place_id",
             "google_place_type")  # fmt: skip
    venue = {"location": location, **{name: params[name] for name in names if name in params}}
    return call.send({"location": location, "venue": venue})


@method
def send_contact(call: Call) -> Json:
    """Send a phone number with a name."""
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: call.params[name] for name in names if name in call.params}
    if not contact["phone_number"]:
        raise malformed("PHONE_NUMBER_INVALID")
    if not contact["first_name"]:
        raise malformed("contact first name must be non-empty")
    return call.send({"contact": contact})


@method
def send_dice(call: Call) -> Json:
    """Send a die."""
    emoji = call.params.get("emoji", "🎲")
    if emoji not in _DICE:
        raise malformed("wrong emoji specified")
    value = random.randint(1, _DICE[emoji])  # noqa: S311 - a die
    return call.send({"dice": {"emoji": emoji, "value": value}})


@method
def send_poll(call: Call) -> Json:
    """Send a poll or a quiz."""
    params = call.params
    options = params["options"]
    if not 1 <= len(params["question"]) <= 300:
        raise malformed("poll question length must not exceed 300")
    if not 1 <= len(options) <= 12:
        raise malformed("poll can't have more than 12 options")
    if any(not 1 <= len(option["text"]) <= 100 for option in options):
        raise malformed("poll options length must not exceed 100")
    kind = params.get("type", "regular")
    poll: Json = {
        "id": str(random.getrandbits(60)),
        "question": params["question"],
        "options": [
            {"persistent_id": str(index), "text": option["text"], "voter_count": 0}
            for index, option in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": bool(params.get("is_closed", False)),
        "is_anonymous": bool(params.get("is_anonymous", True)),
        "type": kind,
        "allows_multiple_answers": bool(params.get("allows_multiple_answers", False)),
        "allows_revoting": bool(params.get("allows_revoting", kind == "regular")),
        "members_only": bool(params.get("members_only", False)),
    }
    if kind == "quiz":
        correct = params.get("correct_option_ids") or []
        if not correct or any(not 0 <= each < len(options) for each in correct):
            raise malformed("wrong correct option ID specified")
        poll["correct_option_ids"] = correct
    return call.send({"poll": poll})


@method
def send_chat_action(call: Call) -> bool:
    """Show that the bot is typing, or the like, for five seconds."""
    action = call.params["action"]
    if action not in _ACTIONS:
        raise malformed("wrong parameter action in request")
    chat = call.writable_chat()
    thread = call.params.get("message_thread_id")
    more = {"message_thread_id": thread} if thread else {}
    call.world.chat_event("chat_action", chat, action=action, **more)
    return True
