"""Web endpoints: Telegram's webhook, and what a watchman asks: /healthz, /readyz, /metrics."""

from __future__ import annotations

import asyncio
import hmac
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from urllib.parse import urlsplit

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.dispatcher import Dispatcher
from bot.intake import Intake
from bot.outbox import Sender

log = logging.getLogger(__name__)

# Bot API, setWebhook: the header that carries the secret token.
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a name


def webhook_path(webhook_url: str) -> str:
    """The path under which Telegram will post."""
    return urlsplit(webhook_url).path or "/"


def webhook_route(webhook_url: str, secret: str, intake: Intake) -> Route:
    """The endpoint for Telegram. It answers 200 only when the update is committed."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("wrong secret", status_code=403)
        try:
            update = await request.json()
            update_id = update["update_id"]
        except (ValueError, TypeError, KeyError):
            return PlainTextResponse("not an update", status_code=400)
        if not isinstance(update_id, int):
            return PlainTextResponse("not an update", status_code=400)
        await intake.has_room()
        try:
            await intake.receive([update])
        except Exception:
            # Telegram hands it over again when it hears anything but 2xx.
            log.exception("an update could not be written down")
            return PlainTextResponse("try again", status_code=503)
        return PlainTextResponse("")

    return Route(webhook_path(webhook_url), receive, methods=["POST"])


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
) -> list[Route]:
    """/healthz: the process lives; /readyz: it can work; /metrics: Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Gauges(dispatcher, sender))

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(_: Request) -> Response:
        if await is_ready():
            return PlainTextResponse("ready")
        return PlainTextResponse("not ready", status_code=503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", health),
        Route("/readyz", ready),
        Route("/metrics", metrics),
    ]


class WebServer(uvicorn.Server):
    """uvicorn inside our event loop; signals are ours to handle."""

    def __init__(self, routes: list[Route], port: int) -> None:
        """Prepare to listen on all addresses at `port`."""
        self.listening = asyncio.Event()
        super().__init__(
            uvicorn.Config(
                Starlette(routes=routes),
                host="0.0.0.0",  # noqa: S104 - in a container the port must be reachable
                port=port,
                log_config=None,
                access_log=False,
                lifespan="off",
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell who waits for it."""
        await super().startup(sockets)
        self.listening.set()

    def capture_signals(self) -> object:  # type: ignore[override]
        """Leave the signals to bot/app.py."""
        return nullcontext()
