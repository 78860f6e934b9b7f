"""Briefs, what looks were answered, facts about examples, data audits, rules, learning curves and reviews."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("briefs", "sealed_answers", "data_audits", "acceptances", "rules", "curves", "reviews")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes every table, then the triggers that refuse updates."""
    _numbered_by_hand()
    _numbered_by_the_database()
    for table in APPEND_ONLY:
        _refuse_updates(table)


def _numbered_by_hand() -> None:
    op.create_table(
        "briefs",
        *_texts("project"),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("brief", sa.JSON, nullable=False),
        *_texts("by", "reason"),
        sa.Column("at", TIME, nullable=False),
        _of_project("briefs"),
        sa.PrimaryKeyConstraint("project", "number", name="pk_briefs"),
    )
    op.create_table(
        "sealed_answers",
        *_texts("project"),
        sa.Column("look", sa.Integer, nullable=False, autoincrement=False),
        *_texts("blob"),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["project", "look"], ["looks.project", "looks.number"], name="fk_sealed_answers_looks"),
        sa.PrimaryKeyConstraint("project", "look", name="pk_sealed_answers"),
    )
    op.create_table(
        "facts",
        *_texts("digest", "kind"),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("digest", "kind", name="pk_facts"),
        sqlite_with_rowid=False,
    )


def _numbered_by_the_database() -> None:
    _log("data_audits", *_texts("data_version"), sa.Column("findings", sa.JSON, nullable=False))
    _log("acceptances", *_texts("identity", "by", "reason"))
    _log("rules", *_texts("model"), sa.Column("rule", sa.JSON, nullable=False))
    _log("curves", *_texts("data_version"), sa.Column("curve", sa.JSON, nullable=False))
    _log("reviews", sa.Column("look", sa.Integer, nullable=False), sa.Column("review", sa.JSON, nullable=False))


def _log(name: str, *columns: sa.Column[object] | sa.Column[str] | sa.Column[int]) -> None:
    """A table to which a project's rows are only ever added."""
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        *_texts("project"),
        *columns,
        sa.Column("at", TIME, nullable=False),
        _of_project(name),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_project_id", name, ["project", "id"])


def _of_project(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["project"], ["projects.name"], name=f"fk_{table}_projects")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _refuse_updates(table: str) -> None:
    trigger = f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
    if op.get_bind().dialect.name == "postgresql":
        op.execute(trigger + "FOR EACH STATEMENT EXECUTE FUNCTION understudy_refuse_update()")
    else:
        op.execute(trigger + f"BEGIN SELECT RAISE(ABORT, '{table} are never updated'); END")
