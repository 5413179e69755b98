"""What models are, whichever version serves them."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``model_cards``."""
    op.execute(
        """
        CREATE TABLE model_cards (
            id text NOT NULL,
            org_id text,
            specification jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_model_cards PRIMARY KEY (id),
            CONSTRAINT fk_model_cards_id FOREIGN KEY (id)
                REFERENCES models (id) ON DELETE CASCADE,
            CONSTRAINT fk_model_cards_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_model_cards_org_id ON model_cards (org_id)")
    enable_tenant_rls("model_cards", shared=True)
    audit_table("model_cards", "model_card")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE model_cards")
