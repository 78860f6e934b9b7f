"""Whose an example is where its family bears another name."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "own_groups",
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.name"], name="fk_own_groups_projects"),
        sa.PrimaryKeyConstraint("project", "digest", "name", name="pk_own_groups"),
    )
