"""Prices of GPU hours, and the shares of them that were booked."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_platform_rls, enable_tenant_rls

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``gpu_prices`` and ``gpu_charges``."""
    op.execute(
        """
        CREATE TABLE gpu_prices (
            id text NOT NULL,
            name text NOT NULL,
            upstream_id text NOT NULL,
            upstream_model text,
            gpus double precision NOT NULL,
            hourly_nanos bigint NOT NULL,
            currency text NOT NULL,
            shared_by text NOT NULL,
            valid_from timestamptz NOT NULL,
            valid_until timestamptz,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_gpu_prices PRIMARY KEY (id)
        )
        """
    )
    enable_platform_rls("gpu_prices")
    audit_table("gpu_prices", "gpu_price")
    op.execute(
        """
        CREATE TABLE gpu_charges (
            id text NOT NULL,
            at timestamptz NOT NULL,
            price_id text NOT NULL,
            org_id text NOT NULL,
            project_id text NOT NULL,
            key_id text,
            actor_id text NOT NULL,
            operation text NOT NULL,
            model text NOT NULL,
            upstream_id text NOT NULL,
            upstream_model text,
            track text NOT NULL,
            idle boolean NOT NULL,
            gpu_s double precision NOT NULL,
            nanos bigint NOT NULL,
            currency text NOT NULL,
            reverses text,
            booked_at timestamptz NOT NULL,
            CONSTRAINT pk_gpu_charges PRIMARY KEY (id),
            CONSTRAINT uq_gpu_charges_reverses UNIQUE (reverses)
        )
        """
    )
    op.execute("CREATE INDEX ix_gpu_charges_at ON gpu_charges (at, id)")
    op.execute("CREATE INDEX ix_gpu_charges_org_id ON gpu_charges (org_id, at)")
    enable_tenant_rls("gpu_charges")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE gpu_charges")
    op.execute("DROP TABLE gpu_prices")
