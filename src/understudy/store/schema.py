"""The ledger's tables.

Labels, decisions, looks and judgements are rows that are never updated: triggers, made by the migration, refuse it.
What holds now is derived from them. The tables are written for SQLite and PostgreSQL alike.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

from understudy.domain.texts import is_storable
from understudy.store.errors import NaiveTime, UnstorableText

APPEND_ONLY = (
    "labels", "looks", "judgements", "decisions",
    "briefs", "sealed_answers", "data_audits", "acceptances", "rules", "curves", "reviews",
)  # fmt: skip
"""Tables whose rows are never updated."""


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond; read back with its time zone from every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses times without a zone; SQLite keeps none, so it is handed the bare UTC time."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveTime(
                fact=f"The time {value.isoformat()} has no time zone.",
                reason="The ledger keeps moments, and without a zone a time names none.",
                remedy="Pass a time in UTC.",
            )
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
        raise UnstorableText(
            fact=f"The text {ascii(value)[:80]} cannot be kept.",
            reason="It holds a NUL or a broken character, which no file in UTF-8 can carry.",
            remedy="Rename the file or the label, then try again.",
        )


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> Column[int]:
    """A number that grows with each row; SQLite counts by itself only in a column of type INTEGER."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _project(*, key: bool = False) -> Column[str]:
    return Column("project", Text, ForeignKey("projects.name"), nullable=False, primary_key=key)


projects = Table(
    "projects",
    metadata,
    Column("name", Text, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("sealed_share", Double, nullable=False),
    Column("drawn", Boolean, nullable=False),
)

# Clustered by digest in SQLite: every reading goes in the order of digests, so pages lie side by side on disk.
examples = Table(
    "examples",
    metadata,
    _project(key=True),
    Column("digest", Text, primary_key=True),
    Column("name", Words, nullable=False),
    Column("provenance", Text, nullable=False),
    Column("group", Words, nullable=False),
    Column("side", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
    sqlite_with_rowid=False,
)

labels = Table(
    "labels",
    metadata,
    _number(),
    Column("project", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("value", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    ForeignKeyConstraint(["project", "digest"], ["examples.project", "examples.digest"]),
    Index(None, "project", "digest", "at", "id"),
)

# `identity` stands for kind, subject and fact, whose length no index could bear.
findings = Table(
    "findings",
    metadata,
    _number(),
    _project(),
    Column("identity", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("subject", Words, nullable=False),
    Column("fact", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("remedy", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "project", "identity", unique=True),
)

models = Table(
    "models",
    metadata,
    _number(),
    _project(),
    Column("version", Text, nullable=False),
    Column("blob", Text, nullable=False),
    Column("trials", JSON, nullable=False),
    Column("data_version", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "project", "id"),
)

looks = Table(
    "looks",
    metadata,
    _project(key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("model", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

judgements = Table(
    "judgements",
    metadata,
    Column("project", Text, primary_key=True),
    Column("look", Integer, primary_key=True, autoincrement=False),
    Column("judgement", JSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    ForeignKeyConstraint(["project", "look"], ["looks.project", "looks.number"]),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Text, primary_key=True),
    _project(),
    Column("input_digest", Text, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("seconds", Double, nullable=False),
    Index(None, "project", "at", "id"),
)

briefs = Table(
    "briefs",
    metadata,
    _project(key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("brief", JSON, nullable=False),
    Column("by", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# `blob` names the stored answers of a look, from which everything that was said about it can be computed again.
sealed_answers = Table(
    "sealed_answers",
    metadata,
    Column("project", Text, primary_key=True),
    Column("look", Integer, primary_key=True, autoincrement=False),
    Column("blob", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    ForeignKeyConstraint(["project", "look"], ["looks.project", "looks.number"]),
)

# What can be measured again from an input's bytes at any time; `kind` says by which code.
facts = Table(
    "facts",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("facts", JSON, nullable=False),
    sqlite_with_rowid=False,
)


def _log(name: str, *columns: Column[Any]) -> Table:
    """A table to which a project's rows are only ever added."""
    at = Column("at", UtcTime, nullable=False)
    return Table(name, metadata, _number(), _project(), *columns, at, Index(None, "project", "id"))


data_audits = _log(
    "data_audits", Column("data_version", Text, nullable=False), Column("findings", JSON, nullable=False)
)

# A person takes responsibility for a finding of a data audit; `identity` is the finding's.
acceptances = _log(
    "acceptances",
    Column("identity", Text, nullable=False),
    Column("by", Words, nullable=False),
    Column("reason", Words, nullable=False),
)

rules = _log("rules", Column("model", Text, nullable=False), Column("rule", JSON, nullable=False))

curves = _log("curves", Column("data_version", Text, nullable=False), Column("curve", JSON, nullable=False))

reviews = _log("reviews", Column("look", Integer, nullable=False), Column("review", JSON, nullable=False))
