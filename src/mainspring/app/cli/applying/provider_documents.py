"""The documents of identity providers, as ``mainspring apply`` reads them."""

import msgspec
from msgspec import UNSET, UnsetType


class ProviderRuleDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people of a group (without one: everybody) are: a role in the provider's organisation.

    A rule of the platform's provider names the ``organization`` by its slug, or gives a role in
    the platform.
    """

    role: str
    group: str | None = None
    organization: str | None = None


class IdentityProviderDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An OpenID provider that signs people in, known by its name.

    Its secret never stands in a file of this kind: ``client_secret_env`` names a variable of the
    environment, ``client_secret_file`` a file beside this one.
    """

    name: str
    issuer: str
    client_id: str
    client_secret_env: str | None = None
    client_secret_file: str | None = None
    display_name: str | UnsetType = UNSET
    scopes: list[str] | UnsetType = UNSET
    algorithms: list[str] | UnsetType = UNSET
    email_claim: str | UnsetType = UNSET
    name_claim: str | UnsetType = UNSET
    groups_claim: str | UnsetType = UNSET
    allowed_domains: list[str] | UnsetType = UNSET
    rules: list[ProviderRuleDocument] | UnsetType = UNSET
    creates_accounts: bool | UnsetType = UNSET
    links_by_email: bool | UnsetType = UNSET
    session_hours: int | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
