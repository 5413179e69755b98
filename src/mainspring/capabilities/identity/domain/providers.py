"""Identity providers: who vouches for people, for whom, and what their groups mean here.

A provider is an organisation's or the platform's. An organisation's can vouch inside that
organisation only: the sessions that it opens are confined to it, whatever else the person may do
elsewhere, since whoever runs the provider could claim to be anybody.
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.capabilities.identity.domain.roles import BUILT_IN_ROLES, Level
from mainspring.infra.jwt import ALGORITHMS
from mainspring.kernel.errors import InvalidRequestError

NAME_PATTERN: Final = r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
MAX_URL: Final = 500
MAX_RULES: Final = 200
MAX_DOMAINS: Final = 50
MAX_SESSION_HOURS: Final = 168
SIGN_IN_TAKES: Final = timedelta(minutes=10)
"""Whoever began to sign in comes back within this."""
SCIM: Final = "scim"
"""The source of what an organisation's directory says, where a provider's id would stand."""

_CLAIM = re.compile(r"[\x21-\x7e]{1,120}")
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,120}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


class MembershipRule(msgspec.Struct, frozen=True):
    """What people of a ``group`` (``None``: everybody) are: a role in an organisation, or
    (``org_id`` ``None``, for the platform's own providers) a role in the platform.
    """

    role: str
    group: str | None = None
    org_id: str | None = None


class IdentityProvider(msgspec.Struct, frozen=True, kw_only=True):
    """An OpenID provider that signs people in; ``org_id`` ``None`` is one of the platform's.

    ``secret`` is sealed (msgpack of :class:`~mainspring.snapshot.resources.Sealed`); a public
    client has none. ``creates_accounts`` lets people in who were never here; ``links_by_email``
    lets a verified address lead to an account that exists. Of several ``rules`` for one place the
    first that fits holds. Groups of an organisation that name one of a person's groups as their
    ``external_name`` take the person in.
    """

    id: str
    org_id: str | None
    name: str
    display_name: str
    issuer: str
    client_id: str
    secret: bytes | None = None
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256", "EdDSA")
    email_claim: str = "email"
    name_claim: str = "name"
    groups_claim: str = "groups"
    allowed_domains: tuple[str, ...] = ()
    rules: tuple[MembershipRule, ...] = ()
    creates_accounts: bool = True
    links_by_email: bool = False
    session_hours: int = 12
    enabled: bool = True
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    @property
    def has_secret(self) -> bool:
        """Tell whether it proves itself to the provider by a secret."""
        return self.secret is not None

    @property
    def secret_context(self) -> str:
        """Return the context that the secret is sealed for: a moved issuer never gets it."""
        return f"identity-provider/{self.id}/{self.issuer}"

    def takes(self, email: str) -> bool:
        """Tell whether people with that address may come from here."""
        domain = email.rpartition("@")[2].lower()
        return not self.allowed_domains or domain in self.allowed_domains

    def roles_for(self, groups: Collection[str]) -> dict[str | None, list[str]]:
        """Return the roles that the rules give people of those groups, by organisation."""
        found: dict[str | None, list[str]] = {}
        for rule in self.rules:
            if rule.group is None or rule.group in groups:
                found.setdefault(rule.org_id, []).append(rule.role)
        return found


class ProviderChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What may change about a provider; ``UNSET`` stays. ``secret`` is not among it."""

    display_name: str | UnsetType = UNSET
    client_id: str | UnsetType = UNSET
    scopes: tuple[str, ...] | UnsetType = UNSET
    algorithms: tuple[str, ...] | UnsetType = UNSET
    email_claim: str | UnsetType = UNSET
    name_claim: str | UnsetType = UNSET
    groups_claim: str | UnsetType = UNSET
    allowed_domains: tuple[str, ...] | UnsetType = UNSET
    rules: tuple[MembershipRule, ...] | UnsetType = UNSET
    creates_accounts: bool | UnsetType = UNSET
    links_by_email: bool | UnsetType = UNSET
    session_hours: int | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class ExternalIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """A person's account at a provider, known by issuer and subject and by nothing else.

    ``email`` and ``groups`` are what the provider said last, ``platform_roles`` what followed.
    """

    id: str
    provider_id: str
    issuer: str
    subject: str
    user_id: str
    email: str | None = None
    groups: tuple[str, ...] = ()
    platform_roles: tuple[str, ...] = ()
    created_at: datetime
    signed_in_at: datetime


class SignInPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How people sign in to this platform."""

    password_sign_in: bool = True
    updated_at: datetime
    revision: int = 1


def checked_provider(provider: IdentityProvider) -> IdentityProvider:
    """Return ``provider`` with its domains in lower case.

    Raises:
        InvalidRequestError: if a field is not acceptable.
    """
    if not re.fullmatch(NAME_PATTERN, provider.name):
        raise InvalidRequestError(
            "a name has 1 to 63 lower-case letters, digits and inner hyphens", param="name"
        )
    for param, text, longest in (
        ("display_name", provider.display_name, 120),
        ("client_id", provider.client_id, 256),
    ):
        if not 1 <= len(text) <= longest or not text.isprintable():
            raise InvalidRequestError(f"{param} has 1 to {longest} characters", param=param)
    _check_protocol(provider)
    domains = tuple(dict.fromkeys(each.strip().lower() for each in provider.allowed_domains))
    if len(domains) > MAX_DOMAINS or not all(_DOMAIN.fullmatch(each) for each in domains):
        raise InvalidRequestError(
            f"up to {MAX_DOMAINS} domains such as example.com", param="allowed_domains"
        )
    if not 1 <= provider.session_hours <= MAX_SESSION_HOURS:
        raise InvalidRequestError(
            f"a session lasts 1 to {MAX_SESSION_HOURS} hours", param="session_hours"
        )
    _check_rules(provider)
    return msgspec.structs.replace(provider, allowed_domains=domains)


def _check_protocol(provider: IdentityProvider) -> None:
    if "openid" not in provider.scopes or len(provider.scopes) > 30:
        raise InvalidRequestError("the scopes include openid", param="scopes")
    if not all(_SCOPE.fullmatch(each) for each in provider.scopes):
        raise InvalidRequestError("a scope has 1 to 120 visible characters", param="scopes")
    if not provider.algorithms or not set(provider.algorithms) <= set(ALGORITHMS):
        raise InvalidRequestError(
            f"the algorithms are among {', '.join(ALGORITHMS)}", param="algorithms"
        )
    for param in ("email_claim", "name_claim", "groups_claim"):
        if not _CLAIM.fullmatch(getattr(provider, param)):
            raise InvalidRequestError("a claim's name has 1 to 120 visible characters", param=param)


def _check_rules(provider: IdentityProvider) -> None:
    if len(provider.rules) > MAX_RULES:
        raise InvalidRequestError(f"no more than {MAX_RULES} rules", param="rules")
    for rule in provider.rules:
        if rule.group is not None and not 1 <= len(rule.group) <= 256:
            raise InvalidRequestError("a group's name has 1 to 256 characters", param="rules")
        if provider.org_id is not None and rule.org_id != provider.org_id:
            raise InvalidRequestError(
                "an organisation's provider gives roles in that organisation only", param="rules"
            )
        if rule.org_id is None:
            built_in = BUILT_IN_ROLES.get(rule.role)
            if built_in is None or Level.PLATFORM not in built_in.levels:
                raise InvalidRequestError(
                    f"{rule.role!r} is no role of the platform", param="rules"
                )


def host_of(email: str) -> str:
    """Return the domain of an address, in lower case."""
    return email.strip().rpartition("@")[2].lower()


def plain_groups(groups: Collection[str]) -> tuple[str, ...]:
    """Return the names that could be of groups, in one order and bounded."""
    return tuple(sorted(each for each in groups if 1 <= len(each) <= 256 and each.isprintable()))[
        :1000
    ]
