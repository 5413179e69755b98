"""A longer list of changes that need two persons, where the proposed one was left as it was."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_BEFORE = (
    "put_four_eyes",
    "delete_organization",
    "update_organization:suspended",
    "create_user:platform_roles",
    "update_user:platform_roles",
    "reset_second_factor",
    "create_identity_provider",
    "update_identity_provider",
    "put_sign_in_policy",
    "rotate_signing_keys",
    "update_upstream:base_url",
    "update_model:price",
    "delete_model",
    "delete_upstream",
    "take_release_offline",
)
_SINCE = (
    "put_four_eyes",
    "delete_organization",
    "update_organization:suspended",
    "update_organization:data_policy",
    "update_project:data_policy",
    "update_project:capture",
    "create_user:platform_roles",
    "update_user:platform_roles",
    "reset_second_factor",
    "update_role:permissions",
    "create_identity_provider",
    "update_identity_provider",
    "create_organization_identity_provider",
    "create_token_issuer",
    "update_token_issuer",
    "put_sign_in_policy",
    "rotate_signing_keys",
    "activate_master_key",
    "retire_master_key",
    "update_upstream:base_url",
    "create_upstream:passthrough",
    "update_upstream:passthrough",
    "create_model:price",
    "update_model:price",
    "update_model:access",
    "delete_model",
    "delete_upstream",
    "take_release_offline",
    "create_model_grant",
    "update_model_grant",
    "create_access_rule",
    "update_access_rule",
    "delete_access_rule",
    "create_policy",
    "update_policy",
    "delete_policy",
)


def upgrade() -> None:
    """Propose more; a list that somebody switched on or wrote is theirs."""
    _replace(_BEFORE, _SINCE)


def downgrade() -> None:
    """Propose what was proposed before."""
    _replace(_SINCE, _BEFORE)


def _replace(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    # The row belongs to the platform: only a transaction that crosses tenants reaches it.
    op.execute("SELECT set_config('mainspring.crosses_tenants', 'on', true)")
    # Nobody changed anything: what is proposed comes with the release.
    op.execute("ALTER TABLE four_eyes DISABLE TRIGGER audit")
    op.execute(
        f"UPDATE four_eyes SET actions = '{{{','.join(new)}}}', revision = revision + 1"  # noqa: S608 - our own words
        f" WHERE NOT enabled AND actions = '{{{','.join(old)}}}'"
    )
    op.execute("ALTER TABLE four_eyes ENABLE TRIGGER audit")
    op.execute("SELECT set_config('mainspring.crosses_tenants', '', true)")
