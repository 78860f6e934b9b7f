"""How many of the examples that a model learned from were made up."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Says of each model that there is that it learned from none: nobody kept it."""
    op.add_column("models", sa.Column("synthetic", sa.Integer, nullable=False, server_default=sa.text("0")))
