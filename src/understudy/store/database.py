"""The database under the ledger: its connections, its transactions and its version."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Insert,
    Table,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as insert_in_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_in_sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from understudy.store.errors import LedgerTooNew, no_driver, unavailable
from understudy.store.migrations import HEAD, REVISIONS
from understudy.store.records import json_text

PATIENCE = 30.0
"""Seconds that a writer waits for another writer."""

_WRITES = "understudy_writes"
_SQLITE = {"timeout": PATIENCE, "cached_statements": 512}
_UPGRADE_LOCK = 0x756E6465  # any number that only this product asks PostgreSQL to lock


class Database:
    """Short transactions on SQLite (one file, in WAL mode) or PostgreSQL.

    Threads may share it; processes each open their own.

    Args:
        engine: Where the tables are, up to date.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # One state throughout: SQLite shows it to every transaction anyway.
        postgresql = engine.dialect.name == "postgresql"
        self._reader = engine.execution_options(isolation_level="REPEATABLE READ") if postgresql else engine
        self._writer = engine.execution_options(**{_WRITES: True})
        self._moved = 0

    @classmethod
    def open(cls, url: str | Path) -> "Database":
        """Opens a database, and brings its tables up to date if they are not.

        Args:
            url: SQLAlchemy address, or the path of a SQLite file; made if it is not there.

        Raises:
            LedgerUnavailable: It cannot be reached, or is no database.
            LedgerTooNew: A later version of the product wrote it.
        """
        try:
            engine = _engine(_address(url))
        except ImportError as error:
            raise no_driver() from error
        except (ArgumentError, NoSuchModuleError, OSError) as error:
            raise unavailable("opened", error) from error
        try:
            database = cls(engine)
            database._bring_up_to_date()
        except DBAPIError as error:
            engine.dispose()
            raise unavailable("opened", error, read_only=_is_read_only(engine.url)) from error
        except BaseException:
            engine.dispose()
            raise
        return database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads and sees one state throughout.

        Raises:
            LedgerUnavailable: The database does not serve.
        """
        try:
            with self._reader.connect() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as error:
            raise unavailable("read", error) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write; it is committed on leaving, or undone if an error leaves it.

        Raises:
            LedgerUnavailable: The database does not serve, or another writer did not end in time.
        """
        try:
            with self._writer.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except (DBAPIError, PoolTimeout) as error:
            raise unavailable("written", error) from error

    def check_writable(self) -> None:
        """Writes what is there already: a writer's place alone is given even where nothing can be written.

        Raises:
            LedgerUnavailable: Nothing can be written, or another writer did not end in time.
        """
        with self.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))

    def tidy(self) -> None:
        """Moves what was written lately from SQLite's log into its file, beside those who write, so that they need not.

        Once nothing was written for one call, the log is emptied too. PostgreSQL does all this by itself.

        Raises:
            LedgerUnavailable: The database does not serve.
        """
        if self._engine.dialect.name != "sqlite":
            return
        try:
            with closing(self._engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
                self._move(cursor)
        except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
            raise unavailable("written", error) from error

    def _move(self, cursor: DBAPICursor) -> None:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        _, written, moved = cursor.fetchone() or (0, 0, 0)
        if 0 < written == moved == self._moved:
            # Whoever empties it keeps others from writing, so it is left for another time where somebody still reads.
            cursor.execute("PRAGMA busy_timeout = 0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
        self._moved = moved

    def close(self) -> None:
        """Lets go of every connection."""
        self._engine.dispose()

    def _bring_up_to_date(self) -> None:
        with self._engine.connect() as connection:
            if _version(connection) == HEAD:
                return
        # Deferred because Alembic takes longer to load than an up-to-date ledger takes to open.
        from understudy.store.migrations.upgrade import upgrade  # noqa: PLC0415

        with self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            # Another process may have done it while this one waited for the lock.
            if _version(connection) != HEAD:
                upgrade(connection)


def insert_missing(connection: Connection, table: Table) -> Insert:
    """Adds rows, and leaves those alone whose key is there already."""
    if connection.dialect.name == "postgresql":
        return insert_in_postgresql(table).on_conflict_do_nothing()
    return insert_in_sqlite(table).on_conflict_do_nothing()


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if version is not None and version not in REVISIONS:
        raise LedgerTooNew(
            fact=f"The ledger has version {version}, and this Understudy knows none later than {HEAD}.",
            reason="A later version of Understudy has opened it.",
            remedy="Update Understudy, or open another workspace.",
        )
    return version


def _address(url: str | Path) -> URL:
    address = URL.create("sqlite", database=str(url)) if isinstance(url, Path) else make_url(url)
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise ArgumentError(f"{address.get_backend_name()} is not supported; SQLite and PostgreSQL are")
    if address.get_backend_name() == "sqlite":
        if not address.database or address.database == ":memory:":
            raise ArgumentError("a ledger in memory would forget what it acknowledged")
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    return address


def _is_read_only(address: URL) -> bool:
    """Whether it is a file that is there, in a folder in which SQLite cannot make what it needs besides."""
    if address.get_backend_name() != "sqlite" or not address.database:
        return False
    file = Path(address.database)
    return file.is_file() and not os.access(file.parent, os.W_OK)


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == "postgresql":
        engine = create_engine(address, json_serializer=json_text, pool_pre_ping=True, pool_use_lifo=True)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    # The connection that was used last still knows the pages that it wrote.
    engine = create_engine(address, json_serializer=json_text, connect_args=_SQLITE, pool_use_lifo=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: DBAPIConnection, _record: object) -> None:
    # A process that is stopped half-way must not keep the others waiting for ever.
    patience = f"{PATIENCE:.0f}s"
    cursor = connection.cursor()
    for limit in ("lock_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SET {limit} = '{patience}'")
    cursor.close()
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions begin too late for one that reads before it writes; `_begin_sqlite` begins them.
    connection.isolation_level = None
    _switch_to_wal(connection)
    # What is deleted is overwritten: people's data must not stay in the file's free pages.
    # `Database.tidy` moves pages from the log to the file; a writer does so itself only where nobody tidies.
    for pragma in (
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "cache_size = -16000",
        "secure_delete = ON",
        "wal_autocheckpoint = 40000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Tries again by itself: SQLite does not wait when two processes make the same new file."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once; taking it half-way would fail where another wrote meanwhile.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
