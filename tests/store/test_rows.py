"""Rows that go straight to the driver: the same values as any other way, and the same errors."""

from datetime import timedelta, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from understudy.store.database import Database
from understudy.store.driver import Driver
from understudy.store.errors import NaiveTime
from understudy.store.ledger import Ledger
from understudy.store.rows import MOST, RowWriter
from understudy.store.schema import decisions
from understudy.store.service_schema import inputs, skips

from . import nouns

SKIP = ("decision", "kind", "by", "at")


def test_what_is_written_reads_back_through_the_schema(ledger: Ledger, ledger_url: str) -> None:
    """Texts with quotes, braces, backslashes and line ends, bytes, and moments of any zone, in their order."""
    ledger.record_decisions([nouns.decision(1)])
    people = ["O'Neil", 'a "b"', "{x,y}", "back\\slash", "two\nlines", "", "NULL", "née"]
    there = nouns.NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    database = Database.open(ledger_url)
    with database.writing() as connection:
        writer = RowWriter(connection)
        writer.insert(skips, SKIP, [("00000001", "answer", by, writer.moment(there)) for by in people])
        writer.insert(inputs, ("decision", "data"), [("00000001", b"\x00\xff\\x'")])
        writer.insert(inputs, ("decision", "data"), [])
    with database.reading() as connection:
        found = connection.execute(select(skips.c.by, skips.c.at)).all()
        assert sorted(found) == sorted((by, nouns.NOON) for by in people)
    assert ledger.input("00000001") == b"\x00\xff\\x'"
    database.close()


@pytest.mark.parametrize("count", [1, MOST - 1, MOST, MOST + 1, 5 * MOST + 3])
def test_any_number_of_rows_is_written(ledger: Ledger, ledger_url: str, count: int) -> None:
    """In as many statements as it takes."""
    ledger.record_decisions([nouns.decision(1)])
    database = Database.open(ledger_url)
    with database.writing() as connection:
        writer = RowWriter(connection)
        at = writer.moment(nouns.NOON)
        writer.insert(skips, SKIP, [("00000001", "answer", str(number), at) for number in range(count)])
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(skips)).scalar_one() == count
    database.close()


def test_what_a_constraint_forbids_is_the_same_error_as_ever(ledger: Ledger, ledger_url: str) -> None:
    """Whoever catches it need not know by which way the rows came, and nothing of the transaction stays."""
    ledger.record_decisions([nouns.decision(1)])
    database = Database.open(ledger_url)
    row = ("00000001", "answer", "me", nouns.NOON.isoformat())
    with pytest.raises(IntegrityError), database.writing() as connection:
        RowWriter(connection).insert(skips, SKIP, [row] * (MOST + 1))
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(skips)).scalar_one() == 0
    database.close()


def test_a_moment_needs_a_zone(ledger: Ledger, ledger_url: str) -> None:
    """Without one it is refused before anything is written."""
    assert ledger.projects()
    database = Database.open(ledger_url)
    with pytest.raises(NaiveTime), database.writing() as connection:
        RowWriter(connection).moment(nouns.NOON.replace(tzinfo=None))
    database.close()


def test_a_number_is_read_within_the_transaction(ledger: Ledger, ledger_url: str) -> None:
    """What was written before in it is seen, and no row is no number."""
    assert ledger.projects()
    database = Database.open(ledger_url)
    with database.writing() as connection:
        connection.execute(decisions.delete())
        driver = Driver(connection)
        assert driver.number("SELECT count(*) FROM decisions") == 0
        assert driver.number(f"SELECT 7 FROM projects WHERE name = {driver.mark}", ("x",)) is None
        assert driver.number(f"SELECT 7 FROM projects WHERE name = {driver.mark}", ("blades",)) == 7
    database.close()
