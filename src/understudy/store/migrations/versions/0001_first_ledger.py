"""The first ledger: projects, examples, labels, findings, models, looks, judgements, decisions.

There is no way down: an append-only ledger is not taken apart. Restore a backup instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("labels", "looks", "judgements", "decisions")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes every table, then the triggers that refuse updates."""
    _data_tables()
    _model_tables()
    _decision_table()
    if op.get_bind().dialect.name == "postgresql":
        _refuse_updates_in_postgresql()
    else:
        _refuse_updates_in_sqlite()


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False)


def _of_project(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["project"], ["projects.name"], name=f"fk_{table}_projects")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _data_tables() -> None:
    op.create_table(
        "projects",
        *_texts("name"),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("sealed_share", sa.Double, nullable=False),
        sa.Column("drawn", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_projects"),
    )
    op.create_table(
        "examples",
        *_texts("project", "digest", "name", "provenance", "group", "side"),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        *_texts("fingerprint"),
        _of_project("examples"),
        sa.PrimaryKeyConstraint("project", "digest", name="pk_examples"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "labels",
        _number(),
        *_texts("project", "digest", "value", "by"),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["project", "digest"], ["examples.project", "examples.digest"], name="fk_labels_examples"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
    )
    op.create_index("ix_labels_project_digest_at_id", "labels", ["project", "digest", "at", "id"])
    op.create_table(
        "findings",
        _number(),
        *_texts("project", "identity", "kind", "severity", "subject", "fact", "reason", "remedy"),
        sa.Column("at", TIME, nullable=False),
        _of_project("findings"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
    )
    op.create_index("ix_findings_project_identity", "findings", ["project", "identity"], unique=True)


def _model_tables() -> None:
    op.create_table(
        "models",
        _number(),
        *_texts("project", "version", "blob"),
        sa.Column("trials", sa.JSON, nullable=False),
        *_texts("data_version"),
        sa.Column("at", TIME, nullable=False),
        _of_project("models"),
        sa.PrimaryKeyConstraint("id", name="pk_models"),
    )
    op.create_index("ix_models_project_id", "models", ["project", "id"])
    op.create_table(
        "looks",
        *_texts("project"),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        *_texts("model"),
        sa.Column("at", TIME, nullable=False),
        _of_project("looks"),
        sa.PrimaryKeyConstraint("project", "number", name="pk_looks"),
    )
    op.create_table(
        "judgements",
        *_texts("project"),
        sa.Column("look", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("judgement", sa.JSON, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["project", "look"], ["looks.project", "looks.number"], name="fk_judgements_looks"),
        sa.PrimaryKeyConstraint("project", "look", name="pk_judgements"),
    )


def _decision_table() -> None:
    op.create_table(
        "decisions",
        *_texts("id", "project", "input_digest"),
        sa.Column("answer", sa.JSON, nullable=False),
        *_texts("answered_by", "model"),
        sa.Column("at", TIME, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        _of_project("decisions"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_project_at_id", "decisions", ["project", "at", "id"])


def _refuse_updates_in_sqlite() -> None:
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are never updated'); END"
        )


def _refuse_updates_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION understudy_refuse_update() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% are never updated', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION understudy_refuse_update()"
        )
