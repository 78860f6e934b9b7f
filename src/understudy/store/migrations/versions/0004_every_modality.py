"""The task of a project, and the schemas of its tables."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Says of each project that there is that it sorts photos, and makes the table of schemas."""
    op.add_column("projects", sa.Column("modality", sa.Text, nullable=False, server_default=sa.text("'photo'")))
    op.add_column("projects", sa.Column("answers", sa.Text, nullable=False, server_default=sa.text("'label'")))
    op.add_column("projects", sa.Column("tolerance", sa.Double, nullable=False, server_default=sa.text("0")))
    op.add_column("projects", sa.Column("unit", sa.Text, nullable=False, server_default=sa.text("''")))
    op.create_table(
        "schemas",
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("json", sa.JSON, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.name"], name="fk_schemas_projects"),
        sa.PrimaryKeyConstraint("project", "number", name="pk_schemas"),
    )
    trigger = "CREATE TRIGGER schemas_append_only BEFORE UPDATE ON schemas "
    if op.get_bind().dialect.name == "postgresql":
        op.execute(trigger + "FOR EACH STATEMENT EXECUTE FUNCTION understudy_refuse_update()")
    else:
        op.execute(trigger + "BEGIN SELECT RAISE(ABORT, 'schemas are never updated'); END")
