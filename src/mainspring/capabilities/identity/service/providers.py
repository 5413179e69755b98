"""Identity providers as their managers and the sign-in page see them."""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.capabilities.identity.domain import (
    PROVIDER_READ,
    PROVIDER_WRITE,
    IdentityProvider,
    MembershipRule,
    ProviderChanges,
    Role,
)
from mainspring.capabilities.identity.domain.providers import MAX_URL, checked_provider, host_of
from mainspring.capabilities.identity.ports import IdentityStore, ProviderPort, SecretSealer, Whole
from mainspring.capabilities.identity.service.accounts import refuse_beyond
from mainspring.capabilities.identity.service.members import check_role
from mainspring.capabilities.identity.service.provisioning import Provisioning
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.infra.oidc import ProviderError
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize, reach
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError, InvalidRequestError, NotFoundError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_SELF = Scope.platform("identity-providers")
_OFFERED = 20


class ProviderService:
    """Creates, changes and removes identity providers.

    Nobody gives a role through a provider that permits more than they may do themselves.
    """

    def __init__(
        self,
        store: IdentityStore,
        tenancy: TenancyService,
        source: ProviderPort,
        provisioning: Provisioning,
        clock: Clock,
        *,
        sealer: SecretSealer,
        public_url: str,
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._source = source
        self._provisioning = provisioning
        self._sealer = sealer
        self._clock = clock
        self._public_url = public_url

    def redirect_uri(self, provider_id: str) -> str:
        """Return the one address that the provider may send people back to.

        Each provider has its own, so that one provider's answer is never taken for another's.
        """
        return f"{self._public_url}/api/v1/sso/{provider_id}/callback"

    async def create(
        self,
        scope: Scope,
        org_id: str | None,
        *,
        name: str,
        issuer: str,
        client_id: str,
        secret: str | None,
        changes: ProviderChanges,
    ) -> IdentityProvider:
        """Create a provider of an organisation, or (``None``) of the platform.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            InvalidRequestError: if a field is not acceptable.
            PermissionDeniedError: if a role is more than the caller has.
            ConflictError: if the name, or a domain, is taken.
        """
        granted = authorize(scope, PROVIDER_WRITE, org_id=org_id or PLATFORM_ORG)
        if org_id is not None:
            await self._tenancy.check_organization(org_id)
        now = self._clock.now()
        provider = IdentityProvider(
            id=new_id("idp"),
            org_id=org_id,
            name=name,
            display_name=name,
            issuer=issuer,
            client_id=client_id,
            created_at=now,
            updated_at=now,
        )
        provider = checked_provider(apply_changes(provider, changes))
        self._check_issuer(issuer)
        provider = self._sealed(provider, secret)
        async with self._store.whole(granted.across_tenants()) as whole:
            await self._check(whole, scope, provider)
            await whole.providers.add(granted, provider)
        return provider

    async def get(self, scope: Scope, provider_id: str) -> IdentityProvider:
        """Return one provider.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        return (await self._found(scope, PROVIDER_READ, provider_id))[0]

    async def list_of(
        self, scope: Scope, org_id: str | None, page: PageRequest
    ) -> Page[IdentityProvider]:
        """Return the providers of an organisation, or (``None``) of the platform, oldest first."""
        after = decode_cursor(page.cursor, str)
        scope = authorize(scope, PROVIDER_READ, org_id=org_id or PLATFORM_ORG)
        async with self._store.providers(scope) as providers:
            found = await providers.of(org_id, after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda provider: provider.id)

    async def offered(self, email: str | None) -> Sequence[IdentityProvider]:
        """Return the providers that a stranger may choose from.

        Those of organisations are shown to whoever names an address in one of their domains.
        """
        domain = host_of(email) if email else ""
        async with self._store.providers(_SELF) as providers:
            return await providers.offered(domain or None, limit=_OFFERED)

    async def update(
        self,
        scope: Scope,
        provider_id: str,
        changes: ProviderChanges,
        *,
        secret: str | UnsetType | None = UNSET,
        expected_revision: int | None = None,
    ) -> IdentityProvider:
        """Change a provider; what it says of people follows when they next sign in.

        Switched off, it opens no session any more; those that it opened end at once.

        Raises:
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError: if a field is not acceptable.
            PermissionDeniedError: if a role is more than the caller has.
            ConflictError: if a domain is taken, or nobody could sign in any more.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        held, granted = await self._found(scope, PROVIDER_WRITE, provider_id)
        async with self._store.whole(granted.across_tenants()) as whole:
            old = existing(await whole.providers.get(held.id))
            check_revision(expected_revision, old.revision)
            new = msgspec.structs.replace(
                checked_provider(apply_changes(old, changes)),
                updated_at=self._clock.now(),
                revision=old.revision + 1,
            )
            if not isinstance(secret, UnsetType):
                new = self._sealed(new, secret)
            await self._check(whole, scope, new)
            if old.enabled and not new.enabled:
                await self._refuse_last(whole, old)
                await whole.accounts.end_sessions_at(old.id, provider_session=None, user_id=None)
            await whole.providers.replace(granted, new)
        return new

    async def remove(self, scope: Scope, provider_id: str) -> None:
        """Remove a provider, the sessions that it opened, and the roles that followed from it.

        Accounts stay; those that it made have no other way in until they get one.

        Raises:
            NotFoundError: if there is none that the caller may see.
            ConflictError: if nobody could sign in any more.
        """
        held, granted = await self._found(scope, PROVIDER_WRITE, provider_id)
        async with self._store.whole(granted.across_tenants()) as whole:
            provider = existing(await whole.providers.get(held.id))
            await self._refuse_last(whole, provider)
            await whole.accounts.end_sessions_at(provider.id, provider_session=None, user_id=None)
            for user_id in await whole.providers.users_of(provider.id):
                await self._provisioning.forget(whole, provider, user_id)
            await whole.providers.remove(granted, provider.id)

    async def problem_of(self, scope: Scope, provider_id: str) -> str | None:
        """Ask the provider; return why signing in there would fail, ``None`` if it would not.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        provider, _ = await self._found(scope, PROVIDER_WRITE, provider_id)
        try:
            told = await self._source.metadata(provider.issuer)
            await self._source.fetch(provider.issuer, told.jwks_uri)
        except ProviderError as error:
            return str(error)
        if told.authorization_endpoint is None or told.token_endpoint is None:
            return "the provider does not offer the authorization code flow"
        methods = told.code_challenge_methods_supported
        if methods and "S256" not in methods:
            return "the provider does not support PKCE with S256"
        return None

    def _check_issuer(self, issuer: str) -> None:
        if not 1 <= len(issuer) <= MAX_URL:
            raise InvalidRequestError(f"an issuer has 1 to {MAX_URL} characters", param="issuer")
        try:
            self._source.check(issuer)
        except ProviderError as error:
            raise InvalidRequestError(f"issuer: {error}", param="issuer") from error

    def _sealed(self, provider: IdentityProvider, secret: str | None) -> IdentityProvider:
        kept = None
        if secret is not None:
            sealed = self._sealer.seal(secret.encode(), provider.secret_context)
            kept = msgspec.msgpack.encode(sealed)
        return msgspec.structs.replace(provider, secret=kept)

    async def _check(self, whole: Whole, scope: Scope, provider: IdentityProvider) -> None:
        """Check what depends on others: who may give which role, and whose domains those are."""
        for rule in provider.rules:
            await self._check_rule(whole, scope, rule)
        org_id = provider.org_id
        if org_id is None:
            return
        for group in await whole.people.fed_groups(org_id):
            # Whoever decides who is in a group gives its roles.
            for each in group.roles:
                await check_role(
                    whole.people, scope, each.role, org_id, each.project_id, taken=True
                )
        if provider.links_by_email:
            # The provider can then be any member, so only whoever could do everything says so.
            await check_role(whole.people, scope, Role.ORG_ADMIN, org_id, None)
        if reach(scope, PROVIDER_WRITE) is None:
            return
        if not provider.allowed_domains:
            raise InvalidRequestError(
                "name the e-mail domains of your people", param="allowed_domains"
            )
        others = set(await whole.providers.claim_domains(provider.allowed_domains)) - {org_id}
        if others:
            raise ConflictError(
                "a domain belongs to another organisation; ask the platform's administrator"
            )

    async def _check_rule(self, whole: Whole, scope: Scope, rule: MembershipRule) -> None:
        if rule.org_id is None:
            refuse_beyond(scope, [rule.role])
            return
        try:
            await self._tenancy.check_organization(rule.org_id)
        except NotFoundError:
            raise InvalidRequestError(
                f"there is no organisation {rule.org_id}", param="rules"
            ) from None
        await check_role(whole.people, scope, rule.role, rule.org_id, None)

    async def _refuse_last(self, whole: Whole, provider: IdentityProvider) -> None:
        if provider.org_id is not None or not provider.enabled:
            return
        policy = await whole.accounts.lock_sign_in_policy()
        if not policy.password_sign_in and await whole.providers.count_enabled() <= 1:
            raise ConflictError(
                "passwords are switched off, and this is the last provider: switch them on first"
            )

    async def _found(
        self, scope: Scope, permission: Permission, provider_id: str
    ) -> tuple[IdentityProvider, Scope]:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.providers(_SELF) as providers:
            owner = existing(await providers.get(provider_id)).org_id
        granted = authorize(scope, permission, org_id=owner or PLATFORM_ORG)
        async with self._store.providers(granted) as providers:
            return existing(await providers.get(provider_id)), granted
