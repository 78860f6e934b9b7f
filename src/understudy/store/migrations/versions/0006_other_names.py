"""Under which other names examples came."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "other_names",
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.name"], name="fk_other_names_projects"),
        sa.PrimaryKeyConstraint("project", "name", "digest", name="pk_other_names"),
    )
