"""The ledger's tables for models in service and for the people beside them.

Two kinds. What was said and done is only ever added to; triggers refuse updates. What is in hand just now (questions
and who has claimed them, leases, workers, what waits to be delivered) is changed and deleted freely, and everything in
it that matters can be told from the first kind.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from understudy.store.columns import UtcTime, Words, log, metadata, number, of_decision, of_project

APPEND_ONLY = (
    "stage_changes", "events", "settings_log", "draws", "shadow_answers", "opinions", "undos", "outcomes",
    "deliveries", "attempts", "erasures",
)  # fmt: skip
"""Tables of this module whose rows are never updated."""

# `change` is the whole noun; `number` counts a project's changes from 1 without a gap.
stage_changes = Table(
    "stage_changes",
    metadata,
    number(),
    of_project(),
    Column("number", Integer, nullable=False),
    Column("change", JSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "project", "number", unique=True),
)

events = Table(
    "events",
    metadata,
    number(),
    of_project(),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("fact", Words, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "project", "number", unique=True),
)

settings_log = log(
    "settings_log",
    Column("name", Text, nullable=False),
    Column("value", JSON, nullable=False),
    Column("by", Words, nullable=False),
)

# Work: small inputs; larger ones lie in the blob store. By decision and not by digest, because digests fall anywhere in
# an index: each batch of requests would change as many of its pages as there are requests in it. Nor have decisions an
# index of digests.
inputs = Table(
    "inputs",
    metadata,
    of_decision(key=True),
    Column("data", LargeBinary, nullable=False),
)

# Work: whose data a decision is about. Deleted when that person's data are.
subjects = Table(
    "subjects",
    metadata,
    of_decision(key=True),
    of_project(),
    Column("subject", Words, nullable=False),
    Index(None, "project", "subject"),
)

# `seq` grows in the order of commits within a project, so a reader that goes on after the last one misses none. `seed`
# is a text because it may have more bits than a database's numbers.
draws = Table(
    "draws",
    metadata,
    number("seq"),
    of_project(),
    of_decision(),
    Column("stage", Integer, nullable=False),
    Column("model", Text, nullable=False),
    Column("audited", Boolean, nullable=False),
    Column("propensity", Double, nullable=False),
    Column("uniform", Double, nullable=False),
    Column("seed", Text, nullable=False),
    Column("error", Double, nullable=False),
    Column("due_at", UtcTime),
    Index(None, "decision", unique=True),
    Index(None, "project", "model", "seq"),
)

# `answer` is NULL where the model failed on the input.
shadow_answers = Table(
    "shadow_answers",
    metadata,
    number("seq"),
    of_project(),
    of_decision(),
    Column("model", Text, nullable=False),
    Column("answer", JSON(none_as_null=True)),
    Column("at", UtcTime, nullable=False),
    Index(None, "decision", "model", unique=True),
    Index(None, "project", "model", "seq"),
)

# Work: what waits for a person, and who has it in hand. `closed` repeats what the opinions say.
questions = Table(
    "questions",
    metadata,
    of_decision(key=True),
    Column("kind", Text, primary_key=True),
    of_project(),
    Column("input_digest", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("stake", Double, nullable=False),
    Column("claimed_by", Words),
    Column("claimed_until", UtcTime),
    Column("closed", Boolean, nullable=False),
)
OPEN = questions.c.closed.is_(False)
Index(None, questions.c.project, questions.c.asked_at, sqlite_where=OPEN, postgresql_where=OPEN)

# Work: who would rather not answer what.
skips = Table(
    "skips",
    metadata,
    of_decision(key=True),
    Column("kind", Text, primary_key=True),
    Column("by", Words, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

# `ends`: with this opinion nobody else is asked, as it names a label or is the last "cannot tell" that was allowed.
opinions = Table(
    "opinions",
    metadata,
    number("seq"),
    Column("id", Text, nullable=False),
    of_project(),
    of_decision(),
    Column("kind", Text, nullable=False),
    Column("value", Words),
    Column("by", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("settles_at", UtcTime, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("ends", Boolean, nullable=False),
    Index(None, "id", unique=True),
    Index(None, "decision"),
    Index(None, "project", "seq"),
    Index(None, "by", "seq"),
)

undos = Table(
    "undos",
    metadata,
    Column("opinion", Text, ForeignKey("opinions.id"), primary_key=True),
    Column("by", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# `behind` is the id of the audit's opinion that was there before, if any: what was known first stays the truth.
outcomes = Table(
    "outcomes",
    metadata,
    of_decision(key=True),
    of_project(),
    Column("value", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("behind", Text),
)

# Work: opinions that became labels of examples.
harvests = Table(
    "harvests", metadata, Column("opinion", Text, ForeignKey("opinions.id"), primary_key=True), of_project()
)

# Work: outcomes that became labels of examples.
outcome_harvests = Table("outcome_harvests", metadata, of_decision(key=True), of_project())

# `opinion` is the id of the opinion that it tells of: taken back, it is not sent.
deliveries = Table(
    "deliveries",
    metadata,
    number(),
    of_project(),
    Column("channel", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("opinion", Text),
    Index(None, "project", "id"),
    Index(None, "opinion"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("delivery", BigInteger().with_variant(Integer, "sqlite"), ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("detail", Words, nullable=False),
    Column("next_at", UtcTime),
)

# Work: deliveries that are still to be made, and not before when.
outbox = Table(
    "outbox",
    metadata,
    Column(
        "delivery",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("deliveries.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("due_at", UtcTime, nullable=False),
    Index(None, "due_at"),
)

# Work: who does what only one process may do at a time.
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", UtcTime, nullable=False),
)

# Work: the processes that serve.
workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("host", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("beat_at", UtcTime, nullable=False),
)

erasures = log(
    "erasures",
    Column("digest", Text, nullable=False),
    Column("by", Words, nullable=False),
    Column("reason", Words, nullable=False),
)
Index(None, erasures.c.project, erasures.c.digest)

# Work: inputs that are forgotten, of which something may still lie beside the ledger.
leftovers = Table("leftovers", metadata, Column("digest", Text, primary_key=True))
