"""Answers to presses and to inline questions."""

from typing import Any

from sandbox.errors import bad, malformed
from sandbox.methods.call import Call, method
from sandbox.methods.keyboards import checked_inline
from sandbox.methods.media import caption_of
from sandbox.methods.sending import location_of, text_of

Json = dict[str, Any]

_PATIENCE = 30  # seconds after which Telegram takes no answer any more
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@method
def answer_callback_query(call: Call) -> bool:
    """Stop a button's spinner, maybe with a notice or a pop-up."""
    params = call.params
    if len(params.get("text", "")) > 200:
        raise malformed("MESSAGE_TOO_LONG")
    world = call.world
    callback = world.callbacks.get(params["callback_query_id"])
    expired = callback is None or callback.at < world.clock.now() - _PATIENCE
    if callback is None or expired or callback.answered or callback.bot_id != call.bot.id:
        raise bad(_TOO_OLD)
    if params.get("url") and not params["url"].startswith(
        (f"https://t.me/{call.bot.username}?start=", f"t.me/{call.bot.username}?start=")
    ):
        raise bad("URL_INVALID")
    callback.answered = True
    callback.answer = {
        name: params[name] for name in ("text", "show_alert", "url") if name in params
    }
    world.event(
        "callback_answer",
        bot=call.bot.id,
        chat_id=callback.chat_id,
        person=callback.person_id,
        **callback.describe(),
    )
    world.wake(callback.chat_id)
    return True


@method
def answer_inline_query(call: Call) -> bool:
    """Give results for what a person writes after the bot's name in some chat."""
    params = call.params
    results = params["results"]
    if len(results) > 50:
        raise malformed("RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if any(not 1 <= len(result_id.encode()) <= 64 for result_id in ids):
        raise malformed("RESULT_ID_INVALID")
    if len(set(ids)) != len(ids):
        raise malformed("RESULT_ID_DUPLICATE")
    if len(params.get("next_offset", "").encode()) > 64:
        raise malformed("NEXT_OFFSET_INVALID")
    button = params.get("button")
    if button and "start_parameter" not in button:
        raise bad("the sandbox does not act web_app buttons out")
    shown = [{**result, "message": _message(result)} for result in results]
    world = call.world
    query = world.inline_queries.get(params["inline_query_id"])
    expired = query is None or query.at < world.clock.now() - _PATIENCE
    if query is None or expired or query.bot_id != call.bot.id:
        raise bad(_TOO_OLD)
    answer: Json = {"results": shown, "next_offset": params.get("next_offset", "")}
    if button:
        answer["button"] = button
    query.answer = answer
    until = world.clock.now() + params.get("cache_time", 300)
    who = query.person_id if params.get("is_personal") else 0
    if len(world.inline_cache) > 1000:
        world.inline_cache.clear()
    world.inline_cache[call.bot.id, who, query.query, query.offset] = (until, answer)
    world.event(
        "inline_results",
        bot=call.bot.id,
        person=query.person_id,
        query=query.query,
        offset=query.offset,
        **answer,
    )
    world.wake(query.person_id)
    return True


def _message(result: Json) -> Json:
    """Return the content of the message that choosing a result sends."""
    content = _content(result)
    if result.get("reply_markup"):
        keyboard = checked_inline(result["reply_markup"])
        if keyboard["inline_keyboard"]:
            content["reply_markup"] = keyboard
    return content


def _content(result: Json) -> Json:
    given = result.get("input_message_content")
    if given is not None:
        if "message_text" in given:
            return text_of(given, "message_text")
        if "phone_number" in given:
            return {"contact": given}
        if "address" in given:
            location = location_of(given)
            venue = {"location": location, "title": given["title"], "address": given["address"]}
            return {"location": location, "venue": venue}
        if "latitude" in given:
            return {"location": location_of(given)}
        raise bad("the sandbox does not act this kind of inline content out")
    if result["type"] == "contact":
        names = ("phone_number", "first_name", "last_name", "vcard")
        return {"contact": {name: result[name] for name in names if name in result}}
    if result["type"] in ("location", "venue"):
        location = location_of(result)
        if result["type"] == "location":
            return {"location": location}
        venue = {"location": location, "title": result["title"], "address": result["address"]}
        return {"location": location, "venue": venue}
    # A file of the web or a cached one: the page shows the title, nothing is fetched.
    caption = caption_of(result)
    return caption or {"text": result.get("title", result["type"])}
