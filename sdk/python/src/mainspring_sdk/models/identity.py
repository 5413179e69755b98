"""Objects of the API's part `identity`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from mainspring_sdk._models import Model


class CreatedDirectoryTokenView(Model, frozen=True, kw_only=True):
    """A directory's token with its secret, which is shown this once."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"secret"})

    id: str
    org_id: str
    name: str
    hint: str
    """Its first characters."""
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    secret: str


class CreatedTokenView(Model, frozen=True, kw_only=True):
    """A token with its secret, which is shown this once."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"secret"})

    id: str
    name: str
    hint: str
    """Its first characters."""
    scopes: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    secret: str


class DirectoryTokenView(Model, frozen=True, kw_only=True):
    """A directory's token without its secret."""

    id: str
    org_id: str
    name: str
    hint: str
    """Its first characters."""
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class Elsewhere(Model, frozen=True, kw_only=True):
    """Where the browser goes now."""

    url: str


class EnrolmentView(Model, frozen=True, kw_only=True):
    """For an authenticator app; shown this once."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"secret", "uri"})

    secret: str
    """To be typed into the app."""
    uri: str
    """To be shown as a QR code."""


class OfferedProvider(Model, frozen=True, kw_only=True):
    """A provider that the sign-in page offers."""

    id: str
    display_name: str
    url: str
    """Where the browser goes; add `next`, a path of the console."""


class OwnIdentityView(Model, frozen=True, kw_only=True):
    """An account at a provider that opens yours."""

    id: str
    provider_id: str
    provider: str
    """What the provider is called."""
    subject: str
    """What the provider calls you."""
    email: str | None
    created_at: datetime
    signed_in_at: datetime


class OwnSessionView(Model, frozen=True, kw_only=True):
    """A browser that is signed in."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    peer: str | None
    """The address that it signed in from."""
    agent: str | None
    """What the browser calls itself."""
    current: bool
    """Whether it makes this request."""


class ProviderCheck(Model, frozen=True, kw_only=True):
    """What asking the provider came to."""

    problem: str | None
    """Why signing in there would fail; `null`: nothing."""


class RuleBody(Model, frozen=True, kw_only=True):
    """What people are here; of several for one place the first that fits holds."""

    role: str
    group: str | None = None
    """Only people of this group at the provider; `null`: everybody."""
    org_id: str | None = None
    """Where; left out, the organisation of the provider, or the platform itself."""


class ProviderView(Model, frozen=True, kw_only=True):
    """An identity provider, without its secret."""

    id: str
    org_id: str | None
    """`null`: the platform's own."""
    name: str
    display_name: str
    issuer: str
    client_id: str
    has_secret: bool
    redirect_uri: str
    """To be registered at the provider, exactly so."""
    logout_uri: str
    """To be registered there for back-channel logout."""
    scopes: list[str]
    algorithms: list[str]
    email_claim: str
    name_claim: str
    groups_claim: str
    allowed_domains: list[str]
    rules: list[RuleBody]
    creates_accounts: bool
    links_by_email: bool
    session_hours: int
    enabled: bool
    created_at: datetime
    updated_at: datetime


class RecoveryCodes(Model, frozen=True, kw_only=True):
    """For the day when the app is lost: each is good once, and they are shown this once."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"recovery_codes"})

    recovery_codes: list[str]


class SecondFactorState(Model, frozen=True, kw_only=True):
    """Whether signing in asks for a code."""

    enabled: bool


class SetupState(Model, frozen=True, kw_only=True):
    """Whether the first administrator is still to be created."""

    needed: bool


class SignInPolicyView(Model, frozen=True, kw_only=True):
    """How people sign in."""

    password_sign_in: bool
    updated_at: datetime


class SignInWays(Model, frozen=True, kw_only=True):
    """How one can sign in here."""

    password: bool
    """Whether passwords open sessions."""
    providers: list[OfferedProvider]


class SignedOut(Model, frozen=True, kw_only=True):
    """What is left to do to be signed out everywhere."""

    url: str | None
    """Where the browser ends the session at the provider; `null`: nowhere."""


class TokenView(Model, frozen=True, kw_only=True):
    """A token without its secret."""

    id: str
    name: str
    hint: str
    """Its first characters."""
    scopes: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
