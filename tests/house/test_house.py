"""The agreements of the house: imports, texts, tables, settings, keys, copies."""

import gzip
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import insert, select, text

from bot.keys import sealing_keys
from bot.limits import PersonLimit, Verdict
from bot.settings import Settings, SettingsError, read_settings
from locales import all_texts, texts
from locales.check import faults
from storage.database import Database
from storage.dump import DumpError, backup, reseal, restore, sealed_columns
from storage.migrate import current, newest
from storage.questions import Miss, MissedQuestion
from storage.sealed import Keyring, KeysError, new_key, use_keys
from storage.tables import Base
from tests.conftest import KEY

ROOT = Path(__file__).parents[2]


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_text_exists_in_every_language() -> None:
    assert list(faults()) == []
    assert {"ky", "ru"} <= all_texts().keys()


def test_days_are_written_as_people_write_them() -> None:
    moment = datetime(2026, 12, 8, 20, 30, tzinfo=UTC)  # already the ninth in Bishkek
    assert texts("ky").day(moment) == "9-декабрь"
    assert texts("ru").day(moment) == "9 декабря"
    assert texts("ru").time(moment) == "02:30"


async def test_the_tables_are_those_of_the_models(database: Database) -> None:
    assert await current(database) == newest()
    steps = Config()
    steps.set_main_option("script_location", str(ROOT / "storage" / "migrations"))
    assert ScriptDirectory.from_config(steps).get_heads() == [newest()]
    async with database.engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), Base.metadata)
        )
    assert [one for one in differences if "comment" not in str(one[0])] == []


async def keep(database: Database, words: str) -> None:
    async with database.transaction() as session:
        session.add(
            MissedQuestion(text=words, language="ru", why=Miss.UNKNOWN, asked_at=datetime.now(UTC))
        )


async def kept(database: Database) -> list[str]:
    async with database.reading() as session:
        return list(await session.scalars(select(MissedQuestion.text)))


async def test_a_copy_can_be_brought_back_and_stays_sealed(
    database: Database, tmp_path: Path
) -> None:
    await keep(database, "секрет")
    file = tmp_path / "copy.gz"
    assert await backup(database, file) == 1
    assert "секрет" not in gzip.decompress(file.read_bytes()).decode()
    with pytest.raises(DumpError, match="not empty"):
        await restore(database, file)
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM missed_questions"))
    assert await restore(database, file) == 1
    assert await kept(database) == ["секрет"]
    await keep(database, "ещё")  # numbers go on where the copy ended
    (tmp_path / "cut.gz").write_bytes(file.read_bytes()[:40])
    with pytest.raises(DumpError, match="can't be read"):
        await restore(database, tmp_path / "cut.gz")


async def test_keys_rotate(database: Database) -> None:
    old, young = new_key(), new_key()
    try:
        use_keys([old])
        await keep(database, "секрет")
        ring = use_keys([young, old])
        assert await kept(database) == ["секрет"], "an old key still opens"
        assert await reseal(database, ring) == 1
        use_keys([young])
        assert await kept(database) == ["секрет"], "the old key may go"
        use_keys([old])
        with pytest.raises(KeysError):
            await kept(database)
    finally:
        use_keys([KEY])


def test_every_text_of_people_is_in_a_sealed_column() -> None:
    assert {
        ("inbox", "payload"),
        ("outbox", "params"),
        ("dialogs", "data"),
        ("grants", "name"),
        ("missed_questions", "text"),
    } <= set(sealed_columns())


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_to_the_same(plain: bytes) -> None:
    ring = Keyring([KEY])
    sealed = ring.seal(plain)
    assert ring.open(sealed) == plain
    with pytest.raises(KeysError):
        ring.open(sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_settings_complain_together_and_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")
    monkeypatch.setenv("DATABASE_URL", "mysql://root:hunter2@host/db")
    monkeypatch.setenv("ADMIN_IDS", "1, two")
    monkeypatch.setenv("DATA_KEYS", "short")
    with pytest.raises(SettingsError) as told:
        read_settings(_env_file=None)
    lines = str(told.value).splitlines()
    assert {line.split(":")[0] for line in lines} == {
        "PORT",
        "DATABASE_URL",
        "ADMIN_IDS",
        "DATA_KEYS",
    }
    assert "hunter2" not in str(told.value)
    assert "short" not in str(told.value)


def test_a_key_is_made_at_the_first_start_and_kept(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, bot_token=SecretStr("x"))
    file = tmp_path / "data" / "keys.txt"
    first = sealing_keys(settings, file)
    assert sealing_keys(settings, file) == first
    assert file.stat().st_mode & 0o077 == 0, "nobody else may read it"


def test_a_person_may_send_bursts_but_not_floods() -> None:
    limit = PersonLimit(30)
    verdicts = [limit.judge(1, now=0.0) for _ in range(40)]
    assert verdicts.count(Verdict.HANDLE) == 30
    assert verdicts.count(Verdict.NOTICE) == 1
    assert limit.judge(2, now=0.0) is Verdict.HANDLE, "others are not concerned"
    assert limit.judge(1, now=2.1) is Verdict.HANDLE, "one more every two seconds"
    assert limit.judge(1, now=2.2) is Verdict.NOTICE


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    from storage.migrate import migrate

    await keep(database, "секрет")
    await migrate(database)
    assert await kept(database) == ["секрет"]


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as session:
            await session.execute(
                insert(MissedQuestion).values(
                    text="x", language="ru", why=Miss.UNKNOWN, asked_at=datetime.now(UTC)
                )
            )
            raise RuntimeError
    assert await kept(database) == []
