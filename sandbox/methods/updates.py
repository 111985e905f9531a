"""getUpdates and webhooks; logOut and close."""

import re
from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import Refused, bad, malformed
from sandbox.methods.call import Call, method
from sandbox.schema import Schema

Json = dict[str, Any]

_LONGEST_POLL = 50.0  # seconds, Telegram's own
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PORTS = (80, 88, 443, 8443)
_KINDS: set[str] = set()


def learn_kinds(schema: Schema) -> None:
    """Take the kinds of updates from the description."""
    _KINDS.update(schema.fields("Update") - {"update_id"})


@method
def get_updates(call: Call) -> Awaitable[list[Json]]:
    """Return new updates; wait for one when there is none."""
    params = call.params
    limit = params.get("limit", 100)
    if not 1 <= limit <= 100:
        limit = 100
    timeout = min(max(float(params.get("timeout", 0)), 0.0), _LONGEST_POLL)
    _allow(call)
    if call.bot.webhook:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    return call.bot.updates.get(params.get("offset", 0), limit, timeout)


def _allow(call: Call) -> None:
    """Remember `allowed_updates`; without it the last choice holds."""
    if "allowed_updates" in call.params:
        kinds = call.params["allowed_updates"]
        unknown = [kind for kind in kinds if kind not in _KINDS]
        if unknown:  # Telegram ignores them without a word
            call.world.violation(
                call.bot, "allowed_updates", f"unknown kinds of updates {unknown}", call.params
            )
        call.bot.updates.allowed = list(kinds)


@method
def set_webhook(call: Call) -> bool:
    """Send updates to an address from now on. Local addresses may be http and have any port."""
    params = call.params
    url = params["url"]
    if not url:
        return _delete(call)
    secret = params.get("secret_token", "")
    if secret and not _SECRET.fullmatch(secret):
        raise malformed("secret token contains unallowed characters")
    _check_address(url)
    _allow(call)
    if params.get("drop_pending_updates"):
        call.bot.updates.pending.clear()
    call.bot.updates.end_poll()
    call.bot.webhook = {
        "url": url,
        "secret_token": secret,
        "max_connections": min(max(params.get("max_connections", 40), 1), 100),
        "has_custom_certificate": "certificate" in params,
        "ip_address": params.get("ip_address", ""),
    }
    call.world.webhook_changed(call.bot)
    return True


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise malformed("bad webhook: Failed to parse URL") from None
    local = parts.hostname in ("localhost", "127.0.0.1", "::1") or "." not in (
        parts.hostname or "."
    )
    if local and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise malformed("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in _PORTS:
        raise malformed("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


@method
def delete_webhook(call: Call) -> bool:
    """Go back to getUpdates."""
    return _delete(call)


def _delete(call: Call) -> bool:
    call.bot.webhook = {}
    call.world.webhook_changed(call.bot)
    if call.params.get("drop_pending_updates"):
        call.bot.updates.pending.clear()
    return True


@method
def get_webhook_info(call: Call) -> Json:
    """Tell where updates go and what went wrong last."""
    webhook = call.bot.webhook
    info: Json = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": webhook.get("has_custom_certificate", False),
        "pending_update_count": call.bot.updates.count(),
    }
    for name in ("ip_address", "last_error_date", "last_error_message", "max_connections"):
        if webhook.get(name):
            info[name] = webhook[name]
    if call.bot.updates.allowed:
        info["allowed_updates"] = call.bot.updates.allowed
    return info


@method
def get_me(call: Call) -> Json:
    """Tell the bot about itself."""
    return call.bot.me()


@method
def log_out(call: Call) -> bool:
    """Leave this server: for ten minutes it answers no more."""
    call.bot.closed_until = call.world.clock.now() + 600
    return True


@method
def close(call: Call) -> bool:
    """Close the bot before it moves to another server. Nothing has to be done here."""
    if call.bot.webhook:
        raise bad("webhook must be deleted before the bot can be closed")
    return True
