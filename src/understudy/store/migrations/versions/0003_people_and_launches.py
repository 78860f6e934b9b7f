"""Stages, draws, questions and opinions, outcomes, settings, deliveries, workers and erasures."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "stage_changes", "events", "settings_log", "draws", "shadow_answers", "opinions", "undos", "outcomes",
    "deliveries", "attempts", "erasures",
)  # fmt: skip
TIME = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WITH_KEY = sa.column("key", sa.Text).is_not(None)
OPEN = sa.column("closed", sa.Boolean).is_(False)

Columns = list[sa.Column[Any]]


def upgrade() -> None:
    """Adds to decisions, makes every table, then the triggers that refuse updates."""
    _decisions()
    _stages()
    _served()
    _questions()
    _opinions()
    _deliveries()
    _processes()
    for table in APPEND_ONLY:
        _refuse_updates(table)


def _decisions() -> None:
    op.add_column("decisions", sa.Column("because", sa.Text))
    op.add_column("decisions", sa.Column("stage", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.add_column("decisions", sa.Column("key", sa.Text))
    op.create_index(
        "ix_decisions_project_key",
        "decisions",
        ["project", "key"],
        unique=True,
        sqlite_where=WITH_KEY,
        postgresql_where=WITH_KEY,
    )


def _stages() -> None:
    _table("stage_changes", "id", NUMBER, *_texts("project"), _int("number"), _json("change"), _time("at"))
    op.create_index("ix_stage_changes_project_number", "stage_changes", ["project", "number"], unique=True)
    columns: Columns = [
        *_texts("project"),
        _int("number"),
        *_texts("kind", "model", "fact"),
        _json("evidence"),
        _time("at"),
    ]
    _table("events", "id", NUMBER, *columns)
    op.create_index("ix_events_project_number", "events", ["project", "number"], unique=True)
    _table("settings_log", "id", NUMBER, *_texts("project", "name"), _json("value"), *_texts("by"), _time("at"))
    op.create_index("ix_settings_log_project_id", "settings_log", ["project", "id"])


def _served() -> None:
    op.create_table(
        "inputs",
        *_texts("decision"),
        sa.Column("data", sa.LargeBinary, nullable=False),
        _to_decision("inputs"),
        sa.PrimaryKeyConstraint("decision", name="pk_inputs"),
    )
    _of_decision("subjects", *_texts("project", "subject"))
    op.create_index("ix_subjects_project_subject", "subjects", ["project", "subject"])
    numbers: Columns = [_double("propensity"), _double("uniform"), *_texts("seed"), _double("error")]
    about: Columns = [*_texts("project", "decision"), _int("stage"), *_texts("model")]
    _table("draws", "seq", NUMBER, *about, _flag("audited"), *numbers, sa.Column("due_at", TIME))
    op.create_index("ix_draws_decision", "draws", ["decision"], unique=True)
    op.create_index("ix_draws_project_model_seq", "draws", ["project", "model", "seq"])
    columns: Columns = [*_texts("project", "decision", "model"), sa.Column("answer", sa.JSON), _time("at")]
    _table("shadow_answers", "seq", NUMBER, *columns)
    op.create_index("ix_shadow_answers_decision_model", "shadow_answers", ["decision", "model"], unique=True)
    op.create_index("ix_shadow_answers_project_model_seq", "shadow_answers", ["project", "model", "seq"])


def _questions() -> None:
    op.create_table(
        "questions",
        *_texts("decision", "kind", "project", "input_digest"),
        _time("asked_at"),
        _time("due_at"),
        _double("stake"),
        sa.Column("claimed_by", sa.Text),
        sa.Column("claimed_until", TIME),
        _flag("closed"),
        *(_to_decision("questions"), _to_project("questions")),
        sa.PrimaryKeyConstraint("decision", "kind", name="pk_questions"),
    )
    op.create_index(
        "ix_questions_project_asked_at",
        "questions",
        ["project", "asked_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "skips",
        *_texts("decision", "kind", "by"),
        _time("at"),
        _to_decision("skips"),
        sa.PrimaryKeyConstraint("decision", "kind", "by", name="pk_skips"),
    )


def _opinions() -> None:
    said: Columns = [*_texts("id", "project", "decision", "kind"), sa.Column("value", sa.Text), *_texts("by")]
    held: Columns = [_time("at"), _time("settles_at"), _double("seconds"), _flag("ends")]
    _table("opinions", "seq", NUMBER, *said, *held)
    op.create_index("ix_opinions_id", "opinions", ["id"], unique=True)
    op.create_index("ix_opinions_decision", "opinions", ["decision"])
    op.create_index("ix_opinions_project_seq", "opinions", ["project", "seq"])
    op.create_index("ix_opinions_by_seq", "opinions", ["by", "seq"])
    op.create_table(
        "undos",
        *_texts("opinion", "by"),
        _time("at"),
        sa.ForeignKeyConstraint(["opinion"], ["opinions.id"], name="fk_undos_opinions"),
        sa.PrimaryKeyConstraint("opinion", name="pk_undos"),
    )
    about = _texts("project", "value", "by", "source")
    _of_decision("outcomes", *about, _time("at"), sa.Column("behind", sa.Text))
    op.create_table(
        "harvests",
        *_texts("opinion", "project"),
        sa.ForeignKeyConstraint(["opinion"], ["opinions.id"], name="fk_harvests_opinions"),
        _to_project("harvests"),
        sa.PrimaryKeyConstraint("opinion", name="pk_harvests"),
    )


def _deliveries() -> None:
    columns: Columns = [
        *_texts("project", "channel", "event"),
        _json("payload"),
        _time("at"),
        sa.Column("opinion", sa.Text),
    ]
    _table("deliveries", "id", NUMBER, *columns)
    op.create_index("ix_deliveries_project_id", "deliveries", ["project", "id"])
    op.create_index("ix_deliveries_opinion", "deliveries", ["opinion"])
    op.create_table(
        "attempts",
        sa.Column("delivery", NUMBER, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        _time("at"),
        _flag("ok"),
        *_texts("detail"),
        sa.Column("next_at", TIME),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name="fk_attempts_deliveries"),
        sa.PrimaryKeyConstraint("delivery", "number", name="pk_attempts"),
    )
    op.create_table(
        "outbox",
        sa.Column("delivery", NUMBER, nullable=False, autoincrement=False),
        _time("due_at"),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name="fk_outbox_deliveries"),
        sa.PrimaryKeyConstraint("delivery", name="pk_outbox"),
    )
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])


def _processes() -> None:
    op.create_table(
        "leases",
        *_texts("name", "holder"),
        _time("until"),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "workers",
        *_texts("id"),
        _int("pid"),
        *_texts("host"),
        _time("started_at"),
        _time("beat_at"),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )
    _table("erasures", "id", NUMBER, *_texts("project", "digest", "by", "reason"), _time("at"))
    op.create_index("ix_erasures_project_id", "erasures", ["project", "id"])
    op.create_index("ix_erasures_project_digest", "erasures", ["project", "digest"])


def _table(name: str, key: str, kind: sa.types.TypeEngine[int], *columns: sa.Column[Any]) -> None:
    """A table of a project, numbered by the database; of a decision too, if it has that column."""
    about = [_to_decision(name)] if any(column.name == "decision" for column in columns) else []
    op.create_table(
        name,
        sa.Column(key, kind, nullable=False),
        *columns,
        *about,
        _to_project(name),
        sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
    )


def _of_decision(name: str, *columns: sa.Column[Any]) -> None:
    """A table of a project with at most one row a decision."""
    op.create_table(
        name,
        *_texts("decision"),
        *columns,
        *(_to_decision(name), _to_project(name)),
        sa.PrimaryKeyConstraint("decision", name=f"pk_{name}"),
    )


def _to_project(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["project"], ["projects.name"], name=f"fk_{table}_projects")


def _to_decision(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=f"fk_{table}_decisions")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _double(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON, nullable=False)


def _time(name: str) -> sa.Column[Any]:
    return sa.Column(name, TIME, nullable=False)


def _refuse_updates(table: str) -> None:
    trigger = f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
    if op.get_bind().dialect.name == "postgresql":
        op.execute(trigger + "FOR EACH STATEMENT EXECUTE FUNCTION understudy_refuse_update()")
    else:
        op.execute(trigger + f"BEGIN SELECT RAISE(ABORT, '{table} are never updated'); END")
