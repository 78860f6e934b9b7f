"""Columns and kinds of values that several of the ledger's tables share."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

from understudy.domain.texts import is_storable
from understudy.store.errors import no_zone, unstorable


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond; read back with its time zone from every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses times without a zone; SQLite keeps none, so it is handed the bare UTC time."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise no_zone(value)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Gives the time its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Any text that a person or a file name brings, as long as every database can hold it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuses NUL and half surrogate pairs, which PostgreSQL or UTF-8 cannot carry."""
        if value is None or is_storable(value):
            return value
        raise unstorable(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


BIG: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts by itself only in a column of type INTEGER."""


def number(name: str = "id") -> Column[int]:
    """A number that grows with each row."""
    return Column(name, BIG, primary_key=True)


def of_project(*, key: bool = False) -> Column[str]:
    """The project that a row belongs to."""
    return Column("project", Text, ForeignKey("projects.name"), nullable=False, primary_key=key)


def log(name: str, *columns: Column[Any]) -> Table:
    """A table to which a project's rows are only ever added."""
    at = Column("at", UtcTime, nullable=False)
    return Table(name, metadata, number(), of_project(), *columns, at, Index(None, "project", "id"))


def of_decision(*, key: bool = False) -> Column[str]:
    """The decision that a row is about."""
    return Column("decision", Text, ForeignKey("decisions.id"), nullable=False, primary_key=key)
