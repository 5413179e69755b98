"""What holds for somebody's calls, and where each value comes from."""

from collections.abc import Iterable
from typing import Final

import msgspec

from mainspring.capabilities.catalog.api import CatalogService, Model
from mainspring.capabilities.identity.api import ApiKey, KeyService
from mainspring.capabilities.policy.domain import POLICY_READ, Explained
from mainspring.capabilities.policy.ports import PolicyStore
from mainspring.capabilities.tenancy.api import Organization, Project, TenancyService
from mainspring.kernel.authorize import authorize
from mainspring.kernel.errors import InvalidRequestError, NotFoundError
from mainspring.kernel.scope import Scope
from mainspring.snapshot.data_policy import Place, Statement, breach, statements_of
from mainspring.snapshot.limits import BUDGETS, COUNTS
from mainspring.snapshot.policies import Subject, effective, level_of
from mainspring.snapshot.resources import Capture, Limits
from mainspring.snapshot.route_policy import Routing

_SELF = Scope.platform("policy")
_COUNTED: Final = (*COUNTS, *BUDGETS)


class KeptDays(msgspec.Struct, frozen=True, kw_only=True):
    """For how many days the platform keeps things by its settings; ``None``: without end."""

    calls: int
    traces: int
    usage: int | None = None
    audit: int | None = None


class Source(msgspec.Struct, frozen=True):
    """Where a value comes from; ``id`` is empty where the platform's settings say it.

    ``by_policy``: a policy says it, whose id and name these are; ``level`` is whom it is for.
    """

    level: str
    id: str = ""
    name: str = ""
    by_policy: bool = False


class LimitValue(msgspec.Struct, frozen=True, kw_only=True):
    """One limit, whose calls it counts (``counts``), and whether no other of its name is lower."""

    name: str
    value: int
    currency: str | None
    unpriced: str | None
    counts: str
    source: Source
    tightest: bool = False


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """For how long something is kept; ``days`` ``None``: without end, ``level`` ``off``: not."""

    what: str
    days: int | None
    level: str | None
    source: Source


class PlaceOfTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Where a target of the model stands, and which statement keeps calls from it."""

    upstream_model: str
    track: str
    region: str | None
    hosting: str | None
    barred_by: str | None
    reason: str | None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """All that holds: rules and cache (``explained``), limits, routing, places, what is kept."""

    explained: Explained
    limits: tuple[LimitValue, ...]
    statements: tuple[tuple[Statement, Source], ...]
    targets: tuple[PlaceOfTarget, ...]
    capture: Capture
    capture_source: Source
    sample_source: Source
    kept: tuple[Kept, ...]
    model: Model | None
    routing_source: Source | None


class StandingService:
    """Tells what holds for an organisation, one of its projects, or a key; and for which model."""

    def __init__(
        self,
        store: PolicyStore,
        tenancy: TenancyService,
        keys: KeyService,
        catalog: CatalogService,
        kept: KeptDays,
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._keys = keys
        self._catalog = catalog
        self._kept = kept

    async def explain(
        self,
        scope: Scope,
        *,
        org_id: str | None = None,
        project_id: str | None = None,
        key_id: str | None = None,
        model: str = "",
        task: str = "chat",
    ) -> Standing:
        """Return what holds; the innermost of the three ids is enough. Without ``model``: for all.

        Raises:
            NotFoundError: if the caller sees no such organisation, project or key.
            InvalidRequestError: if no id is given, or they do not belong together.
        """
        key = None
        if key_id is not None:
            found = await self._keys.get(_SELF, key_id)
            if project_id not in (None, found.project_id):
                raise NotFoundError
            project_id, key = found.project_id, found
        project = None
        if project_id is not None:
            scope = await self._tenancy.project_scope(scope, POLICY_READ, project_id)
            project = await self._tenancy.get_project(_SELF, project_id)
            if org_id not in (None, project.org_id):
                raise NotFoundError
            org_id = project.org_id
        elif org_id is not None:
            scope = authorize(scope, POLICY_READ, org_id=org_id)
        else:
            raise InvalidRequestError("name an organisation, a project or a key", param="project")
        organization = await self._tenancy.get_organization(_SELF, org_id)
        subject = Subject(
            org_id=org_id, project_id=project_id or "", key_id=key_id, model=model, task=task
        )
        async with self._store.begin(scope) as policies:
            concerned = await policies.concerning(subject)
        known = await self._model(model, org_id)
        statements = _statements(organization, project)
        explained = Explained(
            subject=subject,
            effective=effective((each.resource() for each in concerned), subject),
            policies={each.id: each for each in concerned},
        )
        capture, capture_source, sample_source = _capture(project, explained)
        return Standing(
            explained=explained,
            limits=_limits(organization, project, key, known),
            statements=statements,
            targets=await self._places(known, [each for each, _ in statements]),
            capture=capture,
            capture_source=capture_source,
            sample_source=sample_source,
            kept=self._kept_of(project, capture, capture_source),
            model=known,
            routing_source=None if known is None else _routing_source(known),
        )

    async def _model(self, name: str, org_id: str) -> Model | None:
        if not name:
            return None
        own = await self._catalog.find_model(_SELF, name, org_id)
        return own or await self._catalog.find_model(_SELF, name, None)

    async def _places(
        self, model: Model | None, statements: list[Statement]
    ) -> tuple[PlaceOfTarget, ...]:
        found: list[PlaceOfTarget] = []
        for target in () if model is None else model.targets:
            upstream = await self._catalog.get_upstream(_SELF, target.upstream_id)
            place = Place(target.region or upstream.region, upstream.hosting)
            barred = breach(statements, place)
            found.append(
                PlaceOfTarget(
                    upstream_model=target.upstream_model,
                    track=target.track,
                    region=place.region,
                    hosting=place.hosting,
                    barred_by=None if barred is None else barred[0].owner,
                    reason=None if barred is None else barred[1],
                )
            )
        return tuple(found)

    def _kept_of(
        self, project: Project | None, capture: Capture, source: Source
    ) -> tuple[Kept, ...]:
        platform = Source("platform")
        found = [
            Kept(what="usage", days=self._kept.usage, level=None, source=platform),
            Kept(what="audit", days=self._kept.audit, level=None, source=platform),
            Kept(what="traces", days=self._kept.traces, level=None, source=platform),
        ]
        if project is not None:
            own = Source("project", project.id, project.name)
            found += [
                Kept(what="calls", days=self._kept.calls, level=capture.level, source=source),
                Kept(
                    what="responses",
                    days=project.response_days,
                    level=project.stores_responses,
                    source=own,
                ),
            ]
        return tuple(found)


def _limits(
    organization: Organization, project: Project | None, key: ApiKey | None, model: Model | None
) -> tuple[LimitValue, ...]:
    """Return every limit that holds, by name, the tightest first."""
    org = Source("organization", organization.id, organization.name)
    told: list[tuple[str, Source, Limits | None]] = [
        ("organization", org, organization.limits),
        ("user_of_organization", org, organization.user_limits),
    ]
    if project is not None:
        own = Source("project", project.id, project.name)
        told += [("project", own, project.limits), ("user_of_project", own, project.user_limits)]
    if key is not None:
        told.append(("key", Source("key", key.id, key.name), key.limits))
    if model is not None:
        own = Source("model", model.id, model.name)
        told += [("model", own, model.limits), ("key_on_model", own, model.key_limits)]
    values = [each for counts, source, limits in told for each in _values(counts, source, limits)]
    values.sort(key=lambda each: (_COUNTED.index(each.name), each.currency or "", each.value))
    seen: set[tuple[str, str | None]] = set()
    found: list[LimitValue] = []
    for each in values:
        kind = (each.name, each.currency)  # budgets in different currencies do not compare
        found.append(msgspec.structs.replace(each, tightest=kind not in seen))
        seen.add(kind)
    return tuple(found)


def _values(counts: str, source: Source, limits: Limits | None) -> Iterable[LimitValue]:
    if limits is None:
        return
    for name in _COUNTED:
        value: int | None = getattr(limits, name)
        if value is not None:
            budget = name.startswith("budget")
            yield LimitValue(
                name=name,
                value=value,
                currency=limits.currency if budget else None,
                unpriced=limits.unpriced if budget else None,
                counts=counts,
                source=source,
            )


def _statements(
    organization: Organization, project: Project | None
) -> tuple[tuple[Statement, Source], ...]:
    stated = statements_of(
        organization.data_policy, None if project is None else project.data_policy
    )
    sources = {"organisation": Source("organization", organization.id, organization.name)}
    if project is not None:
        sources["project"] = Source("project", project.id, project.name)
    return tuple((each, sources[each.owner]) for each in stated)


def _capture(project: Project | None, explained: Explained) -> tuple[Capture, Source, Source]:
    """Return what is kept, whose word the level is, and whose the share."""
    if project is None or project.capture is None:
        return Capture(), Source("default"), Source("default")
    wanted = project.capture
    level = sample = Source("project", project.id, project.name)
    bound = explained.effective.capture
    if bound is None:
        return wanted, level, sample
    if bound.bounds_level(wanted):
        level = _policy_source(explained, bound.level_source)
    if bound.bounds_sample(wanted):
        sample = _policy_source(explained, bound.sample_source)
    return bound.narrows(wanted), level, sample


def _policy_source(explained: Explained, policy_id: str) -> Source:
    policy = explained.policies[policy_id]
    return Source(level_of(policy.resource()), policy.id, policy.name, by_policy=True)


def _routing_source(model: Model) -> Source:
    if model.routing == Routing():
        return Source("default")
    return Source("model", model.id, model.name)
