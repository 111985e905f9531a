"""Web endpoints: Telegram's webhook, and what a watchman asks: /healthz, /readyz, /metrics."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Iterable
from json import JSONDecodeError
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily

from bot.dispatcher import Dispatcher
from bot.intake import Intake
from bot.outbox import Sender

log = logging.getLogger(__name__)

# Bot API, setWebhook: the header that carries the secret token.
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a name


def webhook_path(webhook_url: str) -> str:
    """The path under which Telegram will post."""
    return urlsplit(webhook_url).path or "/"


def webhook_route(webhook_url: str, secret: str, intake: Intake) -> web.RouteDef:
    """The endpoint for Telegram. It answers 200 only when the update is committed."""

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
            return web.Response(text="wrong secret", status=403)
        try:
            update = await request.json()
        except (JSONDecodeError, UnicodeDecodeError):
            update = None
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(text="not an update", status=400)
        await intake.has_room()
        try:
            await intake.receive([update])
        except Exception:
            # Telegram hands it over again when it hears anything but 2xx.
            log.exception("an update could not be written down")
            return web.Response(text="try again", status=503)
        return web.Response()

    return web.post(webhook_path(webhook_url), receive)


class _Gauges:
    """Numbers read at the moment somebody asks."""

    def __init__(self, dispatcher: Dispatcher, sender: Sender) -> None:
        self._dispatcher = dispatcher
        self._sender = sender

    def collect(self) -> Iterable[Metric]:
        """For prometheus-client."""
        yield GaugeMetricFamily(
            "bot_inbox_waiting", "Updates that wait to be handled", self._dispatcher.backlog
        )
        yield GaugeMetricFamily(
            "bot_outbox_waiting", "Replies that wait to be sent", self._sender.backlog
        )


def watch_routes(
    dispatcher: Dispatcher, sender: Sender, is_ready: Callable[[], Awaitable[bool]]
) -> list[web.RouteDef]:
    """/healthz: the process lives; /readyz: it can work; /metrics: Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Gauges(dispatcher, sender))

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def ready(_: web.Request) -> web.Response:
        if await is_ready():
            return web.Response(text="ready")
        return web.Response(text="not ready", status=503)

    async def metrics(_: web.Request) -> web.Response:
        headers = {"Content-Type": CONTENT_TYPE_LATEST}
        return web.Response(body=generate_latest(registry), headers=headers)

    return [
        web.get("/healthz", health),
        web.get("/readyz", ready),
        web.get("/metrics", metrics),
    ]


async def listen(routes: Iterable[web.RouteDef], port: int) -> web.AppRunner:
    """Serve the routes on all addresses at `port` until `cleanup`; OSError if the port is taken."""
    application = web.Application()
    application.add_routes(routes)
    runner = web.AppRunner(application, handle_signals=False, access_log=None)
    await runner.setup()
    # In a container the port must be reachable from outside.
    await web.TCPSite(runner, "0.0.0.0", port).start()  # noqa: S104
    return runner
