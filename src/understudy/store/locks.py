"""Locks by name, held until a transaction ends.

SQLite lets in one writer at a time, so there they are held by whoever writes. In PostgreSQL they are advisory locks.
Whoever takes several takes them in the order of this module: first the project's row (`projects.hold`), then
`STANDING`, `OUTCOMES`, and projects' own ones in the order of their names. So nobody waits in a circle.
"""

from hashlib import sha256

from sqlalchemy import Connection

from understudy.store.driver import Driver

STANDING = "standing"
"""Held while a stage or a setting changes, so that their numbers grow in the order of commits in all projects."""

OUTCOMES = "outcomes"
"""Held while outcomes are recorded."""


def serving(project: str) -> str:
    """Held while requests of a project are recorded and while its stage changes."""
    return f"serving {project}"


def shadow(project: str) -> str:
    """Held while answers given in the dark are recorded, so that their numbers grow in the order of commits."""
    return f"shadow {project}"


def take(connection: Connection, *names: str) -> None:
    """Waits until no other transaction holds any of these, then holds them."""
    if connection.dialect.name != "postgresql":
        return
    driver = Driver(connection)
    for name in sorted(names):
        driver.run("SELECT pg_advisory_xact_lock(%s)", (_number(name),))


def _number(name: str) -> int:
    return int.from_bytes(sha256(f"understudy {name}".encode()).digest()[:8], "big", signed=True)
