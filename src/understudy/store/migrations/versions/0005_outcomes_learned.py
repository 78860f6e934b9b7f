"""Which outcomes became labels of examples."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "outcome_harvests",
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("project", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name="fk_outcome_harvests_decisions"),
        sa.ForeignKeyConstraint(["project"], ["projects.name"], name="fk_outcome_harvests_projects"),
        sa.PrimaryKeyConstraint("decision", name="pk_outcome_harvests"),
    )
