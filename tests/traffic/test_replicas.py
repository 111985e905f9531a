"""Several processes on one database, and a database that goes away."""

from datetime import UTC, datetime

from sqlalchemy import text

from bot import inbox
from bot.replica import Membership
from storage.database import Database
from tests.conftest import Office

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
UPDATE = {"update_id": 11, "message": {"message_id": 1, "chat": {"id": 5}, "from": {"id": 5}}}


async def test_work_of_a_replica_that_is_gone_is_taken_over_once(database: Database) -> None:
    first, second, third = (Membership(database) for _ in range(3))
    await first.join(NOW)
    await inbox.write_down(database, [UPDATE], dropped=frozenset(), owner=first.id, now=NOW)
    await second.join(NOW)
    await third.join(NOW)

    if not database.is_sqlite:  # on SQLite there is one process: whoever was before is gone
        async with database.transaction() as session:
            assert await second.gone(session) == [], "it lives, so its work is its own"

    await first.leave()
    async with database.transaction() as session:
        gone = await second.gone(session)
        assert gone == [first.id]
        taken = await inbox.take_over(session, gone, second.id)
        if not database.is_sqlite:
            async with database.transaction() as other:
                assert await third.gone(other) == [], "of two survivors one takes it"
    assert [one.update_id for one in taken] == [11]
    async with database.transaction() as session:
        assert await second.gone(session) == []
    await second.leave()
    await third.leave()


async def test_the_same_update_is_written_down_once(database: Database) -> None:
    new = [
        await inbox.write_down(database, [UPDATE], dropped=frozenset(), owner=1, now=NOW)
        for _ in range(2)
    ]
    assert [len(one) for one in new] == [1, 0]


async def test_an_earlier_update_of_the_chat_goes_first(database: Database) -> None:
    later = {**UPDATE, "update_id": 12}
    await inbox.write_down(database, [later, UPDATE], dropped=frozenset(), owner=1, now=NOW)
    async with database.transaction() as session:
        assert await inbox.claim(session, [12]) == set()
    async with database.transaction() as session:
        assert await inbox.claim(session, [11]) == {11}
    async with database.transaction() as session:
        assert await inbox.claim(session, [11, 12]) == {12}


async def test_the_database_restarts_in_the_middle(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    database = Database(office.database_url)
    if not database.is_sqlite:
        async with database.engine.connect() as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
    await database.close()
    await oleg.sends("как развестись если есть дети")
    await oleg.sees("Развод", timeout=15)
    await office.restart()
    await oleg.sends("кожоюн айлыгымды бербей жатат")
    await oleg.sees("Айлыгымды", timeout=15)
