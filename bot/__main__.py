"""The command line: `python -m bot run | migrate | check | backup FILE | restore FILE | …`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.keys import sealing_keys
from bot.settings import Settings, SettingsError, read_settings
from knowledge.base import HOME, load_base
from knowledge.faults import KnowledgeFaulty
from services import curation, questions
from services.masking import masked
from storage.database import Database
from storage.dump import DumpError, backup, reseal, restore
from storage.migrate import migrate
from storage.questions import MissState
from storage.sealed import KeysError, keyring, use_keys


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it went well, 1 with a line on what is wrong and what helps."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="the bot: polling, or webhook with WEBHOOK_URL")
    run.add_argument("--demo", action="store_true", help="without a token play in the sandbox")
    commands.add_parser("migrate", help="bring the tables to what this version needs")
    commands.add_parser("check", help="settings, database, token, articles, texts: what is wrong")
    commands.add_parser("reseal", help="seal everything anew with the newest of DATA_KEYS")
    for name, text in (("backup", "write a copy of the data"), ("restore", "bring a copy back")):
        command = commands.add_parser(name, help=text)
        command.add_argument("file")
    written = "write what curators changed in chat into the files of articles"
    command = commands.add_parser("export-knowledge", help=written)
    command.add_argument(
        "folder", nargs="?", help="knowledge/ of a checkout; else the program's own"
    )
    options = parser.parse_args(arguments)
    try:
        settings = read_settings()
        logs.configure(settings.log_level)
        return _run(options, settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    except Refused as error:
        print(error, file=sys.stderr)
    return 1


class Refused(Exception):
    """The command can't be carried out; the text says why and what helps."""


def _run(options: argparse.Namespace, settings: Settings) -> int:
    use_keys(sealing_keys(settings))
    match options.command:
        case "run":
            return _serve(settings, demo=options.demo)
        case "check":
            return asyncio.run(_check(settings))
        case "migrate":
            return asyncio.run(_with_database(settings, migrate, "the tables are up to date"))
        case "reseal":
            return asyncio.run(
                _with_database(settings, lambda db: reseal(db, keyring()), "values sealed anew")
            )
        case "backup":
            file = Path(options.file)
            return asyncio.run(
                _with_database(settings, lambda db: backup(db, file), "rows written")
            )
        case "restore":
            file = Path(options.file)
            return asyncio.run(_with_database(settings, lambda db: _restore(db, file), "rows read"))
        case "export-knowledge":
            folder = Path(options.folder) if options.folder else HOME
            return asyncio.run(_with_database(settings, lambda db: _export(db, folder), ""))
    raise AssertionError(options.command)


def _serve(settings: Settings, *, demo: bool) -> int:
    # The library loads slowly; no other command needs it.
    from bot.app import Bot
    from bot.intake import TokenRefused

    if settings.token:
        work: Coroutine[None, None, None] = Bot(settings).run()
    elif demo:
        from bot.demo import play

        work = play(settings)
    else:
        raise Refused("BOT_TOKEN: not set: get one from @BotFather, or use `make run` without")
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(work)
    except TokenRefused as error:
        raise Refused(
            "BOT_TOKEN: Telegram does not know it: copy it again from @BotFather"
        ) from error
    except (OSError, DBAPIError) as error:
        raise Refused(f"DATABASE_URL or a port can't be used: {type(error).__name__}") from error
    return 0


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster event loop where it exists (not on Windows)."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _check(settings: Settings) -> int:
    from bot.check import faults

    lines = [line async for line in faults(settings)]
    for line in lines:
        print(line)
    if not lines:
        print("nothing is wrong")
    return 1 if lines else 0


async def _restore(database: Database, file: Path) -> int:
    await migrate(database)
    return await restore(database, file)


async def _export(database: Database, folder: Path) -> None:
    from knowledge.export import export  # a library that nothing else needs

    async with database.reading() as session:
        amendments = await curation.amendments(session, load_base(folder))
        wanted = await questions.listed(session, MissState.WANTED)
    done = export(amendments, folder)
    print(
        f"{done.phrasings} phrasings, {done.texts} texts and {done.reviews} reviews "
        f"written into {len(done.files)} files under {folder}"
    )
    for one in done.left_out:
        print(f"left out: {one.article}, {one.part}: the file says something else by now")
    for id in sorted(amendments.withdrawn):
        print(f"withdrawn in chat: {id}")
    for question in wanted:
        print(f"an article is wanted: {' '.join(masked(question.text).split())}")


async def _with_database(
    settings: Settings, work: Callable[[Database], Awaitable[int | None]], said: str
) -> int:
    database = Database(settings.database_url.get_secret_value())
    try:
        count = await work(database)
    except (DumpError, KeysError, KnowledgeFaulty) as error:
        raise Refused(str(error)) from error
    except (OSError, DBAPIError) as error:
        raise Refused(f"DATABASE_URL can't be used: {type(error).__name__}") from error
    finally:
        await database.close()
    if said:
        print(said if count is None else f"{count} {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
