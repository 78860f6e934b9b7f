"""By what the first examples of a project were grouped."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leaves it open for each project that there is."""
    op.add_column("projects", sa.Column("group_rule", sa.Text))
