"""The intake log.

Each step is made to be repeated: a run that was cut off is completed by the next.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intake_log",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("first_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("accepted_batches", sa.BigInteger(), nullable=False),
        sa.Column("duplicate_batches", sa.BigInteger(), nullable=False),
        sa.Column("refused_batches", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "device_id", "day", "kind"),
        if_not_exists=True,
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    known = {one["name"] for one in sa.inspect(op.get_bind()).get_indexes("intake_log")}
    if "intake_log_by_day" not in known:
        op.create_index("intake_log_by_day", "intake_log", ["day"])
