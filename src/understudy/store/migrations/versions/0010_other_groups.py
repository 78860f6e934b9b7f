"""Which groups came into the family of another."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "other_groups",
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("family", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.name"], name="fk_other_groups_projects"),
        sa.PrimaryKeyConstraint("project", "name", "family", name="pk_other_groups"),
    )
