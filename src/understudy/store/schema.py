"""The ledger's tables.

Labels, decisions, looks and judgements are rows that are never updated: triggers, made by the migration, refuse it.
What holds now is derived from them. The tables are written for SQLite and PostgreSQL alike.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from understudy.store import service_schema
from understudy.store.columns import BIG, UtcTime, Words, log, metadata, number, of_project

APPEND_ONLY = (
    "labels", "looks", "judgements", "decisions",
    "briefs", "sealed_answers", "data_audits", "acceptances", "rules", "curves", "reviews",
    "schemas",
    *service_schema.APPEND_ONLY,
)  # fmt: skip
"""Tables whose rows are never updated."""

projects = Table(
    "projects",
    metadata,
    Column("name", Text, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("sealed_share", Double, nullable=False),
    Column("drawn", Boolean, nullable=False),
    Column("modality", Text, nullable=False, server_default=text("'photo'")),
    Column("answers", Text, nullable=False, server_default=text("'label'")),
    Column("tolerance", Double, nullable=False, server_default=text("0")),
    Column("unit", Words, nullable=False, server_default=text("''")),
    Column("group_rule", Words),
    Column("columns", JSON, nullable=False, server_default=text("'{}'")),
    Column("separator", Text),
)

# Clustered by digest in SQLite: every reading goes in the order of digests, so pages lie side by side on disk.
examples = Table(
    "examples",
    metadata,
    of_project(key=True),
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

# A row of a table that repeats another is no example; its name leads to the one that it repeats.
other_names = Table(
    "other_names",
    metadata,
    of_project(key=True),
    Column("name", Words, primary_key=True),
    Column("digest", Text, primary_key=True),
)

# Examples bear one group, that of their family; others that came into it lead to it.
other_groups = Table(
    "other_groups",
    metadata,
    of_project(key=True),
    Column("name", Words, primary_key=True),
    Column("family", Words, primary_key=True),
)

# Examples whose family bears another name than their own group, with that group; empty where nobody said one.
own_groups = Table(
    "own_groups",
    metadata,
    of_project(key=True),
    Column("digest", Text, primary_key=True),
    Column("name", Words, primary_key=True),
)

labels = Table(
    "labels",
    metadata,
    number(),
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
    number(),
    of_project(),
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

# A finding that waits for labels is over once each of these examples has been given one.
awaited = Table(
    "awaited",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("finding", BIG, ForeignKey("findings.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "finding"),
)

models = Table(
    "models",
    metadata,
    number(),
    of_project(),
    Column("version", Text, nullable=False),
    Column("blob", Text, nullable=False),
    Column("trials", JSON, nullable=False),
    Column("data_version", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("synthetic", Integer, nullable=False, server_default=text("0")),
    Index(None, "project", "id"),
)

looks = Table(
    "looks",
    metadata,
    of_project(key=True),
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

# `answer` is JSON's null where no model was asked; `because` is missing in rows that were written before it was known.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Text, primary_key=True),
    of_project(),
    Column("input_digest", Text, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("because", Text),
    Column("stage", Integer, nullable=False, server_default=text("0")),
    Column("key", Words),
    Index(None, "project", "at", "id"),
)
Index(
    None,
    decisions.c.project,
    decisions.c.key,
    unique=True,
    sqlite_where=decisions.c.key.is_not(None),
    postgresql_where=decisions.c.key.is_not(None),
)

briefs = Table(
    "briefs",
    metadata,
    of_project(key=True),
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

# What the columns of a project's table hold; the version with the highest number stands.
schemas = Table(
    "schemas",
    metadata,
    of_project(key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("json", JSON, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
)

data_audits = log("data_audits", Column("data_version", Text, nullable=False), Column("findings", JSON, nullable=False))

# A person takes responsibility for a finding of a data audit; `identity` is the finding's.
acceptances = log(
    "acceptances",
    Column("identity", Text, nullable=False),
    Column("by", Words, nullable=False),
    Column("reason", Words, nullable=False),
)

rules = log("rules", Column("model", Text, nullable=False), Column("rule", JSON, nullable=False))

curves = log("curves", Column("data_version", Text, nullable=False), Column("curve", JSON, nullable=False))

reviews = log("reviews", Column("look", Integer, nullable=False), Column("review", JSON, nullable=False))
