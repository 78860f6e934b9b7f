"""Which examples a finding waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "awaited",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("finding", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["finding"], ["findings.id"], name="fk_awaited_findings", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", "finding", name="pk_awaited"),
    )
    op.create_index("ix_awaited_finding", "awaited", ["finding"])
