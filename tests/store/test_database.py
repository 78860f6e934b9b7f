"""Opening a ledger: new, old, shared, foreign and broken ones."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from understudy.domain.project import Project
from understudy.store.database import Database
from understudy.store.errors import LedgerTooNew, LedgerUnavailable
from understudy.store.ledger import Ledger
from understudy.store.migrations import HEAD

from . import nouns

OPENER = """
import sys
from understudy.store.ledger import Ledger

sys.stdin.readline()
with Ledger.open(sys.argv[1]) as ledger:
    print(ledger.projects())
"""


def test_processes_that_open_a_new_ledger_at_once_all_succeed(empty_url: str) -> None:
    """Whoever comes second waits for the tables instead of failing."""
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, empty_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()
    said = [opener.communicate(timeout=300) for opener in openers]
    assert said == [("[]\n", "")] * 4


def test_opening_an_up_to_date_ledger_does_not_load_the_migration_library(ledger: Ledger, ledger_url: str) -> None:
    """That is what keeps opening quick."""
    assert ledger.projects()
    script = (
        "import sys; from understudy.store.ledger import Ledger; "
        "Ledger.open(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", script, ledger_url], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_a_ledger_is_made_with_its_folder(tmp_path: Path) -> None:
    """A path is enough; spaces, question marks and per cents in it are parts of the name."""
    path = tmp_path / "my work?" / "100% ours" / "ledger.db"
    with Ledger.open(path) as ledger:
        assert ledger.projects() == []
    assert path.is_file()


def test_sqlite_runs_in_the_mode_that_the_promises_need(ledger: Ledger, ledger_url: str) -> None:
    """Write-ahead log, foreign keys, a patient writer, and no sync at each commit."""
    database = Database.open(ledger_url)
    with database.reading() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("the ledger is not SQLite")
        pragmas = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        values = [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() for pragma in pragmas]
    database.close()
    assert values == ["wal", 1, 1, 30000]
    assert ledger.projects()


def test_a_ledger_of_a_later_version_is_not_touched(ledger: Ledger, ledger_url: str) -> None:
    """Opening it with an older product is refused before anything is read or written."""
    ledger.close()
    engine = create_engine(ledger_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(LedgerTooNew, match=f"9999.*{HEAD}"):
        Ledger.open(ledger_url)


def test_a_file_that_is_no_database_is_an_error_that_says_so(tmp_path: Path) -> None:
    """The file stays as it was."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(LedgerUnavailable, match="not a database"):
        Ledger.open(path)
    assert path.read_bytes() == b"no database at all" * 100


def test_what_a_database_refuses_says_what_to_do(tmp_path: Path) -> None:
    """A file that is full and one that is read-only each have their own remedy."""
    path = tmp_path / "ledger.db"
    Ledger.open(path).close()
    for pragma, remedy in (("query_only = ON", "Make its disk writable"), ("max_page_count = 1", "Make room")):
        with pytest.raises(LedgerUnavailable) as caught:
            _fill(path, pragma)
        assert caught.value.remedy.startswith(remedy)


def _fill(path: Path, pragma: str) -> None:
    database = Database.open(path)
    try:
        with database.writing() as connection:
            connection.exec_driver_sql(f"PRAGMA {pragma}")
            connection.exec_driver_sql("CREATE TABLE more AS SELECT zeroblob(1000000) AS much")
    finally:
        database.close()


def test_whether_it_can_be_written_is_found_out_without_a_trace(ledger: Ledger, ledger_url: str) -> None:
    """Who asks changes nothing."""
    ledger.check_writable()
    ledger.close()
    with Ledger.open(ledger_url) as again:
        assert again.projects()


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://host/db", "what://x"])
def test_an_address_that_cannot_serve_is_an_error(url: str) -> None:
    """Misspelt, unsupported or forgetful: the error says which."""
    with pytest.raises(LedgerUnavailable, match="cannot be opened"):
        Ledger.open(url)


def test_a_driver_that_is_missing_is_named_with_the_way_to_get_it() -> None:
    """An address of PostgreSQL through a driver that is not there says what to install."""
    with pytest.raises(LedgerUnavailable, match=r"pip install 'understudy\[postgres\]'"):
        Ledger.open("postgresql+pg8000://host/ledger")


def test_a_folder_in_the_way_is_an_error(tmp_path: Path) -> None:
    """A ledger cannot be a folder."""
    with pytest.raises(LedgerUnavailable):
        Ledger.open(tmp_path)


def test_a_reader_sees_one_state_throughout(ledger: Ledger, ledger_url: str) -> None:
    """What others write meanwhile does not show until the next transaction."""
    database = Database.open(ledger_url)
    count = text("SELECT count(*) FROM decisions")
    with database.reading() as connection:
        before = connection.execute(count).scalar_one()
        ledger.record_decisions([nouns.decision(1)])
        assert connection.execute(count).scalar_one() == before == 0
    with database.reading() as connection:
        assert connection.execute(count).scalar_one() == 1
    database.close()


def test_what_is_deleted_is_gone_from_the_file(tmp_path: Path) -> None:
    """The bytes of a deleted input are in no free page of the database, and in no log of it once it is closed."""
    data = b"a letter that nobody shall read again"
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.create_project(Project("blades", nouns.NOON))
        served = replace(nouns.asked(1), data=data)
        ledger.record_served([served])
        assert ledger.input(served.decision.id) == data
        ledger.erase("blades", [served.decision.input_digest], by="me", reason="asked", at=nouns.later(9))
    assert [path.name for path in tmp_path.iterdir() if data in path.read_bytes()] == []


def test_what_one_ledger_writes_another_reads(ledger: Ledger, ledger_url: str) -> None:
    """Two processes' ledgers see each other's committed rows at once."""
    with Ledger.open(ledger_url) as other:
        ledger.record_decisions([nouns.decision(1)])
        assert other.decision("00000001") == nouns.decision(1)


def test_tidying_moves_the_log_into_the_file_and_then_empties_it(tmp_path: Path) -> None:
    """What was written is in the file at once; the log is emptied when nobody wrote between two calls."""
    file = tmp_path / "ledger.db"
    log = file.with_name("ledger.db-wal")
    with Ledger.open(file) as ledger:
        ledger.create_project(Project("blades", nouns.NOON))
        ledger.record_served([nouns.audited(number) for number in range(200)])
        size = log.stat().st_size
        assert size > 0
        ledger.tidy()
        assert log.stat().st_size == size
        ledger.record_served([nouns.audited(200)])
        ledger.tidy()
        assert log.stat().st_size >= size
        ledger.tidy()
        assert log.stat().st_size == 0
        assert len(ledger.decisions("blades", 1000)) == 201
        ledger.record_served([nouns.audited(201)])
        ledger.tidy()


def test_tidying_waits_for_no_reader_and_no_writer(ledger: Ledger, ledger_url: str) -> None:
    """While another reads an old state or is about to write, it does what it can and returns."""
    ledger.record_served([nouns.audited(number) for number in range(20)])
    other = Database.open(ledger_url)
    try:
        with other.reading() as reading:
            reading.execute(text("SELECT count(*) FROM decisions")).all()
            ledger.record_served([nouns.audited(20)])
            for _ in range(3):
                ledger.tidy()
        with other.writing():
            for _ in range(3):
                ledger.tidy()
        ledger.record_served([nouns.audited(21)])
        assert len(ledger.decisions("blades", 1000)) == 22
    finally:
        other.close()
