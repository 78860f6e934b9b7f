"""A real PostgreSQL server for tests: private, without a network, gone with the process that started it."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg

from understudy.store.ledger import Ledger
from understudy.store.migrations import HEAD

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "300",
}
"""Tests kill our processes, never the server, so it need not survive a power cut."""

# Deletes all rows and counts from 1 again, which is several times as quick as making a database.
CLEARING = f"""
DO $$ DECLARE each record; BEGIN
    SET LOCAL session_replication_role = replica;
    SET LOCAL lock_timeout = '10s';
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', each.tablename);
    END LOOP;
    FOR each IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', each.sequencename);
    END LOOP;
    UPDATE alembic_version SET version_num = '{HEAD}';
END $$
"""

# The server ends, and all it wrote goes, when the pipe on the guard's standard input closes: however the process that
# holds the other end came to die.
GUARD = 'folder=$1; shift; "$@" & server=$!; read -r _; kill -QUIT "$server"; wait "$server"; rm -rf "$folder"'


class Server:
    """A running server, reached through a socket in its own folder.

    Args:
        folder: Where it lives.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._free: list[str] = []
        self._made: str | None = None

    def url(self, database: str) -> str:
        """SQLAlchemy's address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def empty(self) -> str:
        """The address of a new database without any table."""
        return self.url(self._create("template0"))

    @contextmanager
    def ledger(self) -> Iterator[str]:
        """The address of a database with the ledger's tables and no row in them; its next user finds it so again."""
        name = self._free.pop() if self._free else self._create(self._template())
        yield self.url(name)
        with self.connect(name) as connection:
            connection.execute(CLEARING)
        self._free.append(name)

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection that commits every statement."""
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True)

    def _template(self) -> str:
        if self._made is None:
            self._made = self._create("template0")
            Ledger.open(self.url(self._made)).close()
        return self._made

    def _create(self, template: str) -> str:
        name = f"ledger{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name


def programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, or None."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    if found is not None:
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in reversed(folders) if (folder / "postgres").is_file()), None)


@contextmanager
def running(folder_of_programs: Path) -> Iterator[Server]:
    """Starts a server, and stops it and removes all it wrote on leaving."""
    folder = Path(mkdtemp(prefix="understudy-postgres-", dir=_place()))
    user = _user(folder)
    data = folder / "data"
    try:
        making = ["initdb", "--pgdata", data, "--username=postgres", "--auth=trust", "--no-sync"]
        making += ["--encoding=UTF8", "--locale=C"]
        subprocess.run([folder_of_programs / making[0], *making[1:]], check=True, capture_output=True, **user)
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [folder_of_programs / "postgres", "-D", data, "-k", folder, *options]
        with (folder / "log").open("wb") as log:
            guard = subprocess.Popen(
                ["/bin/sh", "-c", GUARD, "guard", folder, *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **user,
            )
        try:
            server = Server(folder)
            _wait(server, guard)
            yield server
        finally:
            assert guard.stdin is not None
            guard.stdin.close()
            guard.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place() -> str | None:
    """Memory, where there is enough of it that looks like a disk; else wherever temporary files go."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2**31 else None


def _user(folder: Path) -> dict[str, object]:
    """Whom the server runs as: PostgreSQL refuses to run as root, so then it is somebody else."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"cwd": folder, "user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _wait(server: Server, guard: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            if guard.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((server.folder / "log").read_text()) from None
            time.sleep(0.02)
        else:
            return
