"""Who answers for a service account, and that they have left."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and note beneath the tables when an owner leaves: no way around it."""
    op.execute("ALTER TABLE service_accounts ADD COLUMN owner_id text")
    op.execute("ALTER TABLE service_accounts ADD COLUMN owner_left_at timestamptz")
    op.execute(
        """
        CREATE FUNCTION service_accounts_owner_closed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE service_accounts SET owner_left_at = NEW.disabled_at
            WHERE owner_id = NEW.id AND owner_left_at IS NULL;
            RETURN NULL;
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER owner_closed AFTER UPDATE OF disabled_at ON users FOR EACH ROW"
        " WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)"
        " EXECUTE FUNCTION service_accounts_owner_closed()"
    )
    op.execute(
        """
        CREATE FUNCTION service_accounts_owner_left() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE service_accounts SET owner_left_at = clock_timestamp()
            WHERE owner_id = OLD.user_id AND org_id = OLD.org_id AND owner_left_at IS NULL;
            RETURN NULL;
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER owner_left AFTER DELETE ON memberships FOR EACH ROW"
        " EXECUTE FUNCTION service_accounts_owner_left()"
    )
    op.execute(
        "CREATE TRIGGER owner_suspended AFTER UPDATE OF suspended ON memberships FOR EACH ROW"
        " WHEN (NEW.suspended AND NOT OLD.suspended)"
        " EXECUTE FUNCTION service_accounts_owner_left()"
    )


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TRIGGER owner_suspended ON memberships")
    op.execute("DROP TRIGGER owner_left ON memberships")
    op.execute("DROP TRIGGER owner_closed ON users")
    op.execute("DROP FUNCTION service_accounts_owner_left()")
    op.execute("DROP FUNCTION service_accounts_owner_closed()")
    op.execute("ALTER TABLE service_accounts DROP COLUMN owner_left_at")
    op.execute("ALTER TABLE service_accounts DROP COLUMN owner_id")
