"""Which columns of a project's latest table said what, and what stood between several labels."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leaves it open for each project that there is."""
    op.add_column("projects", sa.Column("columns", sa.JSON, nullable=False, server_default=sa.text("'{}'")))
    op.add_column("projects", sa.Column("separator", sa.Text))
