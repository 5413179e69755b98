"""Second factors, narrowed tokens, where sessions are, which key replaced which."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_platform_rls

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("tokens", "scopes", "text[]"),
    ("sessions", "peer", "text"),
    ("sessions", "agent", "text"),
    ("api_keys", "replaces", "text"),
)


def upgrade() -> None:
    """Add columns, which all may be null, and ``second_factors``."""
    for table, column, shape in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {shape}")
    op.execute(
        """
        CREATE TABLE second_factors (
            user_id text NOT NULL,
            key_id text NOT NULL,
            nonce bytea NOT NULL,
            ciphertext bytea NOT NULL,
            recovery_codes bytea[] NOT NULL,
            last_step bigint NOT NULL,
            created_at timestamptz NOT NULL,
            confirmed_at timestamptz,
            CONSTRAINT pk_second_factors PRIMARY KEY (user_id),
            CONSTRAINT fk_second_factors_user_id FOREIGN KEY (user_id)
                REFERENCES users (id) ON DELETE CASCADE
        )
        """
    )
    enable_platform_rls("second_factors")
    audit_table("second_factors", "second_factor", key=("user_id",), unnoticed=("last_step",))


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE second_factors")
    for table, column, _ in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
