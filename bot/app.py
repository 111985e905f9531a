"""Joins the parts and runs them until told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress
from datetime import timedelta
from typing import Any

from aiohttp.web import AppRunner
from sqlalchemy import text
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ApplicationHandlerStop, ContextTypes, JobQueue

from bot import inbox, outbox, profile
from bot.clock import Clock
from bot.clockwork import Clockwork
from bot.dispatcher import Dispatcher
from bot.intake import ALLOWED_UPDATES, Intake, TokenRefused, poll
from bot.jobs import announce_misses, purge
from bot.limits import PersonLimit
from bot.outbox import Sender
from bot.replica import Membership
from bot.settings import Settings
from bot.transport import AiohttpRequest, TelegramApi
from bot.web import listen, watch_routes, webhook_route
from handlers import register
from handlers.context import TURN, BotApplication, BotContext
from handlers.resources import Resources
from knowledge.prepared import prepared
from storage.database import CONNECTIONS, Database
from storage.migrate import migrate

log = logging.getLogger(__name__)

SWEEP = timedelta(seconds=5)  # how often rows of replicas that are gone are looked for
FEED = timedelta(seconds=1)  # how often it is looked whether more of an announcement can leave
LOOK = timedelta(seconds=5)  # how often it is looked what has become due
PURGE = timedelta(hours=1)
NOTES = timedelta(minutes=5)  # how often it is looked whether the curators are to hear something
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


class Bot:
    """The running program."""

    def __init__(self, settings: Settings, resources: Resources | None = None) -> None:
        """Join the parts; the network and the database are not used yet.

        `resources` are the knowledge base and its search, if they are loaded already.
        """
        self._settings = settings
        self.clock = Clock(follows_server=settings.clock == "server")
        self.database = Database(settings.database_url.get_secret_value())
        self.resources = resources or load_resources(settings)
        self.resources.send_rate = settings.send_rate
        self._request = AiohttpRequest(self.clock.heard)
        self._api = TelegramApi(self._request, f"{settings.bot_api_url}/bot{settings.token}")
        self._application = self._build_application()
        self._membership = Membership(self.database)
        self._sender = Sender(
            self.database,
            self._api,
            now=self.clock.now,
            rate=settings.send_rate,
            owner=lambda: self._membership.id,
        )
        self._clockwork = Clockwork(
            self.database,
            self.resources,
            now=self.clock.now,
            owner=lambda: self._membership.id,
        )
        self._dispatcher = Dispatcher(
            application=self._application,
            api=self._api,
            database=self.database,
            sender=self._sender,
            resources=self.resources,
            membership=self._membership,
            now=self.clock.now,
        )
        self.intake = Intake(
            database=self.database,
            dispatcher=self._dispatcher,
            membership=self._membership,
            limit=PersonLimit(settings.person_limit),
            now=self.clock.now,
        )
        # SQLite has one writer; PostgreSQL many, and two connections are for other things.
        self._workers = 1 if self.database.is_sqlite else CONNECTIONS - 2
        self._ready = False
        self._servers: list[AppRunner] = []

    def _build_application(self) -> BotApplication:
        address = self._settings.bot_api_url
        application: Any = (
            ApplicationBuilder()
            .token(self._settings.token)
            .base_url(f"{address}/bot")
            .base_file_url(f"{address}/file/bot")
            .request(self._request)
            .get_updates_request(self._request)
            .context_types(ContextTypes(context=BotContext))
            .job_queue(JobQueue())
            .updater(None)
            .build()
        )
        application.add_error_handler(_note_error)
        register(application)
        return application  # type: ignore[no-any-return]

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Work until `stop` or a signal; raise TokenRefused when Telegram does not know the token."""
        stop = stop or _on_signals()
        await migrate(self.database)
        await self._membership.join(self.clock.now())
        await self._request.initialize()
        work: list[asyncio.Task[Any]] = []
        try:
            work += [asyncio.create_task(self._sender.record_forever())]
            await self._watch()
            await self._sweep()  # what an earlier run left: unsent replies first, then updates
            work += [
                asyncio.create_task(self._sender.pace_forever()),
                asyncio.create_task(self._work()),
            ]
            await self._until(stop, work)
        finally:
            await self._close(work)

    async def _until(self, stop: asyncio.Event, work: list[asyncio.Task[Any]]) -> None:
        stopped = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([stopped, *work], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        for task in done - {stopped}:
            task.result()

    async def _work(self) -> None:
        """Introduce ourselves to Telegram, then take updates in."""
        await self._meet_telegram()
        self._start_jobs()
        await self._dispatcher.catch_up()
        # Handlers need to know who we are, so nothing is handled before.
        tasks = [asyncio.create_task(self._dispatcher.work()) for _ in range(self._workers)]
        tasks.append(asyncio.create_task(profile.present(self._api)))
        self._ready = True
        log.info("ready: @%s", self.resources.username)
        try:
            if self._settings.webhook_url:
                await self._listen()
            else:
                await self._call_patiently("deleteWebhook", {})
                await poll(self._api, self.intake)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _meet_telegram(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._application.initialize()
                self.resources.username = self._application.bot.username
                self.resources.has_topics = bool(self._application.bot.bot.has_topics_enabled)
                return
            except InvalidToken as error:
                raise TokenRefused from error
            except TelegramError as error:
                log.warning("Telegram can't be reached: %s", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _call_patiently(self, method: str, params: dict[str, Any]) -> None:
        """Call until it is done; what is refused for good is no reason to stay silent."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._api.call(method, params)
                return
            except (BadRequest, InvalidToken) as error:
                log.error("refused: %s", error.message, extra={"method": method})
                return
            except TelegramError as error:
                log.warning("not done yet: %s", error.message, extra={"method": method})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self) -> None:
        settings = self._settings
        routes = [webhook_route(settings.webhook_url, settings.secret, self.intake)]
        if settings.health_port is None:
            routes += watch_routes(self._dispatcher, self._sender, self._is_ready)
        self._servers.append(await listen(routes, settings.port))
        await self._call_patiently(
            "setWebhook",
            {
                "url": settings.webhook_url,
                "secret_token": settings.secret,
                "allowed_updates": ALLOWED_UPDATES,
                "max_connections": 40,
            },
        )
        await asyncio.Event().wait()  # the server works beside us until we are stopped

    async def _watch(self) -> None:
        if self._settings.health_port is not None:
            routes = watch_routes(self._dispatcher, self._sender, self._is_ready)
            self._servers.append(await listen(routes, self._settings.health_port))

    async def _is_ready(self) -> bool:
        try:
            async with self.database.reading() as session:
                await session.execute(text("SELECT 1"))
        except Exception:
            return False
        return self._ready

    def _start_jobs(self) -> None:
        jobs = self._application.job_queue
        assert jobs is not None
        # One late by a second is not to be dropped, and two at once are never needed.
        options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        jobs.scheduler.add_job(self._sweep, "interval", seconds=SWEEP.total_seconds(), **options)
        jobs.scheduler.add_job(
            self.look_at_the_clock, "interval", seconds=LOOK.total_seconds(), **options
        )
        jobs.scheduler.add_job(self._feed, "interval", seconds=FEED.total_seconds(), **options)
        jobs.scheduler.add_job(self._purge, "interval", seconds=PURGE.total_seconds(), **options)
        jobs.scheduler.add_job(
            self.announce_misses, "interval", seconds=NOTES.total_seconds(), **options
        )
        jobs.scheduler.start()

    async def _sweep(self) -> None:
        """Take over what replicas that are gone have left unfinished."""
        await self._membership.check()
        async with self.database.transaction() as session:
            gone = await self._membership.gone(session)
            replies = await outbox.take_over(session, gone, self._membership.id)
            updates = await inbox.take_over(session, gone, self._membership.id)
        if replies or updates:
            log.info("took over %d unsent replies and %d updates", len(replies), len(updates))
        self._sender.send(replies)
        self._dispatcher.accept(updates)

    async def look_at_the_clock(self) -> None:
        """Do what has become due: handoffs nobody took, reminders, clocks that ran out."""
        if self._settings.clock == "server":
            await self._call_patiently("getMe", {})  # its answer tells the time
        if await self._clockwork.turn():
            self._sender.wake()

    async def _feed(self) -> None:
        """Let more of what goes to many leave, a batch after the other; others work in between."""
        more = True
        while more:
            written, more = await self._clockwork.feed()
            if written:
                self._sender.wake()

    async def _purge(self) -> None:
        async with self.database.transaction() as session:
            await purge(session, self.clock.now())

    async def announce_misses(self) -> None:
        """Tell the curators of new questions without an answer, if it is time."""
        now = self.clock.now()
        async with self.database.transaction() as session:
            calls = await announce_misses(session, self._settings.admin_ids, now)
            await outbox.put(session, calls, owner=self._membership.id, now=now)
        if calls:
            self._sender.wake()

    async def _close(self, work: list[asyncio.Task[Any]]) -> None:
        self._ready = False
        for server in self._servers:
            await server.cleanup()
        if (
            self._application.job_queue is not None
            and self._application.job_queue.scheduler.running
        ):
            self._application.job_queue.scheduler.shutdown(wait=False)
        for task in work:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*work, return_exceptions=True)
        await self._sender.finish()
        await self._membership.leave()
        await self._request.shutdown()
        await self.database.close()


def load_resources(settings: Settings) -> Resources:
    """The knowledge base and the search over it; raises KnowledgeFaulty."""
    base, searcher = prepared()
    return Resources(base, searcher, settings.admin_ids)


async def _note_error(update: object, context: BotContext) -> None:
    """Hand a handler's exception to the dispatcher: it decides between a refusal and an incident."""
    error = context.error
    TURN.get().error = error if isinstance(error, Exception) else RuntimeError(str(type(error)))
    raise ApplicationHandlerStop  # no other handler takes what was refused for something else


def _on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
