"""The use cases of the catalog."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.capabilities.catalog.domain import (
    MODEL_READ,
    MODEL_WRITE,
    UPSTREAM_READ,
    UPSTREAM_WRITE,
    Model,
    ModelChanges,
    Upstream,
    UpstreamChanges,
    checked_model,
    checked_upstream,
    origin_of,
)
from mainspring.capabilities.catalog.ports import (
    CatalogRepository,
    CatalogStore,
    CredentialSealer,
    ModelDependents,
)
from mainspring.infra.secrets import UnsealError
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize, authorize_somewhere, reach
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    GovernedModelError,
    InvalidRequestError,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope
from mainspring.snapshot import resources
from mainspring.snapshot.lifecycle import Lifecycle
from mainspring.snapshot.passthrough import Passthrough
from mainspring.snapshot.resources import Limits, ModelTarget, Price, Sealed, Timeouts
from mainspring.snapshot.route_policy import Release, Routing
from mainspring.wire.bedrock.signature import Signer

_SELF = Scope.platform("catalog")
_Item = TypeVar("_Item", Upstream, Model)


class CatalogService:
    """Upstreams and models.

    All of it is the platform's to write. A model spends the credential of the upstream that it
    leads to, at the price and within the limits that it states itself: an organisation that wrote
    its own would call any upstream, under any name there, for nothing.
    """

    def __init__(
        self,
        store: CatalogStore,
        sealer: CredentialSealer,
        clock: Clock,
        *,
        link_local: bool = False,
        dependents: Iterable[ModelDependents] = (),
    ) -> None:
        """Keep upstreams in ``store``; with ``link_local`` at link-local addresses too.

        ``dependents`` are asked to let go of a model before it is removed.
        """
        self._dependents = tuple(dependents)
        self._link_local = link_local
        self._store = store
        self._sealer = sealer
        self._clock = clock

    async def create_upstream(
        self,
        scope: Scope,
        *,
        name: str,
        base_url: str,
        protocol: str = "openai",
        credential: str | None = None,
        credential_header: str | None = None,
        timeouts: Timeouts | None = None,
        max_connections: int = 256,
        max_waiting: int = 1024,
        enforces_tool_choice: bool = True,
        sigv4_region: str | None = None,
        passthrough: Passthrough | None = None,
        region: str | None = None,
        hosting: str | None = None,
    ) -> Upstream:
        """Create an upstream; ``credential`` is sealed here and never shown again.

        Raises:
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the name is taken.
        """
        scope = authorize(scope, UPSTREAM_WRITE, org_id=PLATFORM_ORG)
        now = self._clock.now()
        upstream = checked_upstream(
            Upstream(
                id=new_id("ups"),
                name=name.strip(),
                base_url=base_url,
                protocol=protocol,
                credential_header=credential_header,
                timeouts=timeouts or Timeouts(),
                max_connections=max_connections,
                max_waiting=max_waiting,
                enforces_tool_choice=enforces_tool_choice,
                sigv4_region=sigv4_region,
                passthrough=passthrough,
                region=region,
                hosting=hosting,
                created_at=now,
                updated_at=now,
            ),
            link_local=self._link_local,
        )
        upstream = msgspec.structs.replace(upstream, credential=self._sealed(upstream, credential))
        async with self._store.begin(scope) as catalog:
            await catalog.add_upstream(upstream)
            await catalog.publish([upstream.resource()])
        return upstream

    async def get_upstream(self, scope: Scope, upstream_id: str) -> Upstream:
        """Return one upstream.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = authorize(scope, UPSTREAM_READ, org_id=PLATFORM_ORG)
        async with self._store.begin(scope) as catalog:
            return existing(await catalog.upstream(upstream_id))

    async def find_upstream(self, scope: Scope, name: str) -> Upstream | None:
        """Return the upstream of that name, for declarative files and boot."""
        scope = authorize(scope, UPSTREAM_READ, org_id=PLATFORM_ORG)
        async with self._store.begin(scope) as catalog:
            return await catalog.upstream_by_name(name)

    async def list_upstreams(self, scope: Scope, page: PageRequest) -> Page[Upstream]:
        """Return the upstreams, oldest first."""
        after = decode_cursor(page.cursor, str)
        scope = authorize(scope, UPSTREAM_READ, org_id=PLATFORM_ORG)
        async with self._store.begin(scope) as catalog:
            found = await catalog.upstreams(after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda upstream: upstream.id)

    async def update_upstream(
        self,
        scope: Scope,
        upstream_id: str,
        changes: UpstreamChanges,
        *,
        credential: str | UnsetType | None = UNSET,
        expected_revision: int | None = None,
    ) -> Upstream:
        """Change an upstream; ``credential`` ``None`` removes it, unset leaves it.

        A credential was given for one server: it does not follow the address to another.

        Raises:
            InvalidRequestError: if a field is not acceptable, or the address names another server
                and ``credential`` does not say what becomes of the one that there is.
            NotFoundError: if there is none that the caller may see.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        scope = authorize(scope, UPSTREAM_WRITE, org_id=PLATFORM_ORG)
        async with self._store.begin(scope) as catalog:
            old = existing(await catalog.upstream(upstream_id))
            new = checked_upstream(
                self._revised(old, changes, expected_revision), link_local=self._link_local
            )
            if isinstance(credential, UnsetType):
                _check_destination(old, new)
                if old.sigv4_region != new.sigv4_region:
                    raise InvalidRequestError(
                        "a credential that signs has another form than one that is shown: give it"
                        " with sigv4_region",
                        param="credential",
                    )
            else:
                new = msgspec.structs.replace(new, credential=self._sealed(new, credential))
            await catalog.replace_upstream(new)
            await catalog.publish([new.resource()])
        return new

    async def remove_upstream(self, scope: Scope, upstream_id: str) -> None:
        """Remove an upstream.

        Raises:
            NotFoundError: if there is none that the caller may see.
            ConflictError: while a model leads to it.
        """
        scope = authorize(scope, UPSTREAM_WRITE, org_id=PLATFORM_ORG)
        async with self._store.begin(scope) as catalog:
            existing(await catalog.upstream(upstream_id))
            await catalog.remove_upstream(upstream_id)
            await catalog.publish(deletes=[(resources.Upstream.kind, upstream_id)])

    async def open_upstream(self, scope: Scope, upstream_id: str) -> tuple[Upstream, str | None]:
        """Return an upstream and its credential in clear, for who talks to it within this process.

        Raises:
            NotFoundError: if there is none that the caller may see.
            ConflictError: if the credential cannot be opened here.
        """
        scope = authorize(scope, UPSTREAM_WRITE, org_id=PLATFORM_ORG)
        async with self._store.begin(scope) as catalog:
            upstream = existing(await catalog.upstream(upstream_id))
        if upstream.credential is None:
            return upstream, None
        try:
            clear = self._sealer.unseal(upstream.credential, upstream.resource().credential_context)
        except UnsealError as error:
            raise ConflictError(f"the upstream's credential cannot be opened: {error}") from error
        return upstream, clear.decode()

    def draft_upstream(
        self,
        scope: Scope,
        *,
        base_url: str,
        protocol: str,
        credential: str | None,
        credential_header: str | None,
        sigv4_region: str | None,
    ) -> Upstream:
        """Return an upstream that is not kept, without an id and without its credential.

        Raises:
            InvalidRequestError: if a field is not acceptable, the credential included.
        """
        authorize(scope, UPSTREAM_WRITE, org_id=PLATFORM_ORG)
        now = self._clock.now()
        upstream = Upstream(
            id="",
            name="draft",
            base_url=base_url,
            protocol=protocol,
            credential_header=credential_header,
            sigv4_region=sigv4_region,
            created_at=now,
            updated_at=now,
        )
        _check_credential(credential or "", sigv4_region)
        return checked_upstream(upstream, link_local=self._link_local)

    async def create_model(
        self,
        scope: Scope,
        *,
        name: str,
        targets: Sequence[ModelTarget],
        tasks: Sequence[str] = ("chat",),
        org_id: str | None = None,
        owned_by: str = "mainspring",
        context_length: int | None = None,
        limits: Limits | None = None,
        key_limits: Limits | None = None,
        price: Price | None = None,
        aliases: Sequence[str] = (),
        fallbacks: Sequence[str] = (),
        routing: Routing | None = None,
        release: Release | None = None,
        access: str = resources.OPEN,
    ) -> Model:
        """Create a model; without ``org_id`` every organisation sees it.

        Raises:
            PermissionDeniedError: if the caller may not write models for the platform, even where
                ``org_id`` is the caller's own organisation.
            InvalidRequestError: if a field is not acceptable or a target's upstream is unknown.
            ConflictError: if the name is taken where it would be visible.
        """
        authorize(scope, MODEL_WRITE, org_id=PLATFORM_ORG)
        scope = authorize(scope, MODEL_WRITE, org_id=org_id or PLATFORM_ORG)
        now = self._clock.now()
        model = checked_model(
            Model(
                id=new_id("mdl"),
                org_id=org_id,
                name=name,
                tasks=tuple(tasks),
                targets=tuple(targets),
                owned_by=owned_by,
                context_length=context_length,
                limits=limits,
                key_limits=key_limits,
                price=price,
                aliases=tuple(aliases),
                fallbacks=tuple(fallbacks),
                routing=routing or Routing(),
                release=release,
                access=access,
                created_at=now,
                updated_at=now,
            )
        )
        async with self._store.begin(scope) as catalog:
            await _check_targets(catalog, model)
            await catalog.add_model(model)
            await catalog.publish([model.resource()])
        return model

    async def get_model(self, scope: Scope, model_id: str) -> Model:
        """Return one model.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        async with self._store.begin(_SELF) as catalog:
            model = existing(await catalog.model(model_id))
        # What is shared may be read by everyone who may read models anywhere.
        if model.org_id is None:
            scope = authorize_somewhere(scope, MODEL_READ, org_id=_any_org(scope, MODEL_READ))
        else:
            scope = authorize(scope, MODEL_READ, org_id=model.org_id)
        async with self._store.begin(scope) as catalog:
            return existing(await catalog.model(model_id))

    async def find_model(self, scope: Scope, name: str, org_id: str | None) -> Model | None:
        """Return the model of that name that belongs to exactly that organisation (or to all)."""
        scope = authorize(scope, MODEL_READ, org_id=org_id or PLATFORM_ORG)
        async with self._store.begin(scope) as catalog:
            return await catalog.model_by_name(name, org_id)

    async def list_models(
        self, scope: Scope, page: PageRequest, *, org_id: str | None = None
    ) -> Page[Model]:
        """Return the models that an organisation may call, oldest first.

        Without ``org_id``: all models for whoever may see all, else those of the only
        organisation that the caller is in.
        """
        after = decode_cursor(page.cursor, str)
        scope = authorize_somewhere(scope, MODEL_READ, org_id=org_id)
        async with self._store.begin(scope) as catalog:
            found = await catalog.models(org_id=org_id, after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda model: model.id)

    async def update_model(
        self,
        scope: Scope,
        model_id: str,
        changes: ModelChanges,
        *,
        expected_revision: int | None = None,
    ) -> Model:
        """Change a model; calls in flight keep the targets they started with.

        Raises:
            PermissionDeniedError: if the caller may not write models for the platform.
            NotFoundError: if there is none that the caller may see.
            GovernedModelError: if targets or release would change that follow from its versions.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        scope = await self._to_write_model(scope, model_id)
        async with self._store.begin(scope) as catalog:
            old = existing(await catalog.model(model_id))
            new = checked_model(self._revised(old, changes, expected_revision))
            if old.governed and (new.targets, new.release) != (old.targets, old.release):
                raise GovernedModelError
            await _check_targets(catalog, new)
            await catalog.replace_model(new)
            await catalog.publish([new.resource()])
        return new

    async def remove_model(self, scope: Scope, model_id: str) -> None:
        """Remove a model; its usage stays in the ledger.

        Raises:
            PermissionDeniedError: if the caller may not write models for the platform.
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._to_write_model(scope, model_id)
        for dependents in self._dependents:
            await dependents.release_model(scope, model_id)
        async with self._store.begin(scope) as catalog:
            await catalog.remove_model(model_id)
            await catalog.publish(deletes=[(resources.Model.kind, model_id)])

    async def upstream_names(self, upstream_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of upstreams by id; a name alone is no secret to whoever has the id."""
        async with self._store.begin(_SELF) as catalog:
            return await catalog.known_upstreams(upstream_ids)

    async def upstream_regions(self, upstream_ids: Iterable[str]) -> Mapping[str, str | None]:
        """Return the regions of upstreams by id; like a name, to whoever has the id."""
        async with self._store.begin(_SELF) as catalog:
            return await catalog.upstream_regions(upstream_ids)

    async def _to_write_model(self, scope: Scope, model_id: str) -> Scope:
        authorize(scope, MODEL_WRITE, org_id=PLATFORM_ORG)
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.begin(_SELF) as catalog:
            model = existing(await catalog.model(model_id))
        return authorize(scope, MODEL_WRITE, org_id=model.org_id or PLATFORM_ORG)

    def _revised(self, old: _Item, changes: msgspec.Struct, expected_revision: int | None) -> _Item:
        check_revision(expected_revision, old.revision)
        return msgspec.structs.replace(
            apply_changes(old, changes),
            updated_at=self._clock.now(),
            revision=old.revision + 1,
        )

    def _sealed(self, upstream: Upstream, credential: str | None) -> Sealed | None:
        if not credential and upstream.sigv4_region is None:
            return None
        credential = credential or ""
        _check_credential(credential, upstream.sigv4_region)
        return self._sealer.seal(credential.encode(), upstream.resource().credential_context)


def _check_credential(credential: str, sigv4_region: str | None) -> None:
    if any(ord(character) < 0x21 or ord(character) > 0x7E for character in credential):
        raise InvalidRequestError(
            "a credential has visible ASCII characters only: it travels in a header",
            param="credential",
        )
    if sigv4_region is not None:
        try:
            Signer(credential.encode(), sigv4_region)
        except ValueError as error:
            raise InvalidRequestError(str(error), param="credential") from error


class OrganizationModels:
    """Tenancy's view of the catalog: it asks for the end of models when an organisation goes."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    async def release_organization(self, scope: Scope, org_id: str) -> None:
        """Remove every model that belongs to an organisation that is being removed."""
        scope = authorize(scope, MODEL_WRITE, org_id=org_id)
        async with self._store.begin(scope) as catalog:
            ids = await catalog.remove_models_of(org_id)
            await catalog.publish(deletes=[(resources.Model.kind, each) for each in ids])


def _any_org(scope: Scope, permission: Permission) -> str | None:
    found = reach(scope, permission)
    return None if not found else min(found)


def _check_destination(old: Upstream, new: Upstream) -> None:
    if old.has_credential and origin_of(old.base_url) != origin_of(new.base_url):
        raise InvalidRequestError(
            "the address leads to another server: give the credential again, or null to remove it",
            param="credential",
        )


async def put_routes(
    catalog: CatalogRepository,
    model: Model,
    *,
    targets: tuple[ModelTarget, ...],
    release: Release | None,
    lifecycle: Lifecycle | None,
    now: datetime,
) -> Model:
    """Bring a governed model to what follows from its versions, inside the caller's transaction.

    Call it last: it publishes.

    Raises:
        InvalidRequestError: if a target's upstream is unknown.
        PreconditionFailedError: if the model changed meanwhile.
    """
    new = checked_model(
        msgspec.structs.replace(
            model,
            targets=targets,
            release=release,
            lifecycle=lifecycle,
            governed=True,
            updated_at=now,
            revision=model.revision + 1,
        )
    )
    await _check_targets(catalog, new)
    await catalog.replace_model(new)
    await catalog.publish([new.resource()])
    return new


async def _check_targets(catalog: CatalogRepository, model: Model) -> None:
    wanted = {target.upstream_id for target in model.targets}
    missing = wanted - (await catalog.known_upstreams(wanted)).keys()
    if missing:
        raise InvalidRequestError(
            f"there is no upstream {', '.join(sorted(missing))}", param="targets"
        )
    taken = await catalog.alias_taken(model) if model.aliases else None
    if taken is not None:
        raise ConflictError(f"another model has the alias {taken}")
