"""What a query finds in a database, as a table."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from understudy.modalities.table.cells import cell_of
from understudy.modalities.table.frame import Frame, Numbered, named
from understudy.modalities.table.unreadable import TableUnreadable, no_table

BATCH: Final = 1000
_READS: Final = re.compile(r"\s*(--[^\n]*\n\s*|/\*.*?\*/\s*)*(select|with|table|values)\b", re.IGNORECASE | re.DOTALL)


def query_frame(url: str, query: str, *, name: str = "the query") -> Frame:
    """Opens what a query finds.

    Args:
        url: The database, as SQLAlchemy names it ("postgresql://host/name", "sqlite:///file.db").
        query: One statement that reads; whatever it does is rolled back.
        name: For people.

    Returns:
        The table; the query runs anew each time its rows are asked for, and rows come in batches.

    Raises:
        TableUnreadable: The database cannot be reached, or the query is none or fails.
    """
    if not _READS.match(query):
        raise no_table(name, "It does not begin with SELECT or WITH.", "Give one statement that only reads.")
    with _connected(name, url) as connection:
        try:
            keys = list(connection.execution_options(stream_results=True).execute(text(query)).keys())
        except SQLAlchemyError as error:
            raise _failed(name, error) from error
        finally:
            connection.rollback()
    columns, remarks = named(name, keys)
    return Frame(name, columns, lambda: _rows(name, url, query), remarks)


def _connected(name: str, url: str) -> Connection:
    try:
        return create_engine(_read_only(name, make_url(url)), poolclass=NullPool).connect()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise no_table(
            name,
            f"“{re.sub(r'//[^@/]*@', '//', url)[:80]}” names no database that can be reached ({type(error).__name__}).",
            "Name it as SQLAlchemy does, such as “postgresql+psycopg://host/name”, and install its driver.",
        ) from error
    except SQLAlchemyError as error:
        raise _failed(name, error) from error


def _read_only(name: str, url: URL) -> URL:
    """The address of a database; one that is a file of SQLite's is neither made nor written.

    Raises:
        TableUnreadable: There is no such file.
    """
    file = url.database
    if url.get_backend_name() != "sqlite" or not file or file == ":memory:" or file.startswith("file:"):
        return url
    if not Path(file).is_file():
        raise no_table(name, f"There is no file “{file}”.", "Name a database that is there.")
    path = quote(str(Path(file).absolute()))
    return url.set(database=f"file:{path}").update_query_dict({"mode": "ro", "uri": "true"})


def _rows(name: str, url: str, query: str) -> Iterator[Numbered]:
    with _connected(name, url) as connection:
        try:
            found = connection.execution_options(stream_results=True, yield_per=BATCH).execute(text(query))
            for number, row in enumerate(found, start=1):
                yield number, [cell_of(value) for value in row]
        except SQLAlchemyError as error:
            raise _failed(name, error) from error
        finally:
            connection.rollback()


def _failed(name: str, error: SQLAlchemyError) -> TableUnreadable:
    """The database's own words, without the address and its password."""
    said = str(getattr(error, "orig", None) or type(error).__name__).strip().split("\n")[0][:200]
    return no_table(name, f"The database says: {said}.", "Try the query in the database's own program first.")
