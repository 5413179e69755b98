"""What gateways counted by themselves, beside what the ledger has of it."""

from alembic import op

from mainspring.infra.db.tenancy import enable_platform_rls

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``gateway_tallies``."""
    op.execute(
        """
        CREATE TABLE gateway_tallies (
            gateway_id text NOT NULL,
            epoch text NOT NULL,
            since timestamptz NOT NULL,
            until timestamptz NOT NULL,
            delivered boolean NOT NULL,
            counted jsonb NOT NULL,
            booked jsonb,
            state text NOT NULL,
            checked_at timestamptz,
            CONSTRAINT pk_gateway_tallies PRIMARY KEY (gateway_id, epoch, since)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_gateway_tallies_since ON gateway_tallies (since, gateway_id, epoch)"
    )
    enable_platform_rls("gateway_tallies")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE gateway_tallies")
