"""Trying settings on recorded calls before they hold."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from mainspring.capabilities.calls.api import CallService, KeptRequest
from mainspring.capabilities.metering.api import MeteringService, UsageEntry, UsageFilter
from mainspring.capabilities.policy.domain import POLICY_TRY, Policy, checked_policy
from mainspring.capabilities.policy.ports import Snapshots
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidRequestError, NotFoundError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import PLATFORM_ORG, Scope
from mainspring.snapshot import resources
from mainspring.snapshot.data_policy import DataPolicy
from mainspring.snapshot.policy_rules import CacheRule, CaptureRule, ParameterRule
from mainspring.snapshot.replay import Finding, Judged, Recorded, Settings, judge_call
from mainspring.snapshot.replay_limits import judge_limits
from mainspring.snapshot.resources import Limits, Resource
from mainspring.snapshot.table import SnapshotTable

LONGEST: Final = timedelta(days=31)
MAX_CALLS: Final = 10_000
MAX_CHANGES: Final = 100
MAX_FINDINGS: Final = 200
"""Findings that are told one by one; all are counted."""
_PAGE: Final = 100
_DEADLINE_S: Final = 20.0
_AT_ONCE: Final = 2


class ProposedPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy that is thought of; with ``id`` it takes the place of that one."""

    id: str | None = None
    name: str
    org_id: str | None = None
    project_id: str | None = None
    key_id: str | None = None
    models: tuple[str, ...] = ()
    enabled: bool = True
    parameters: tuple[ParameterRule, ...] = ()
    cache: CacheRule | None = None
    capture: CaptureRule | None = None


class LimitChange(msgspec.Struct, frozen=True, kw_only=True):
    """Other limits for one of: an organisation, a project, a key, a model (by name).

    ``inner_limits`` are those of each user, or of each key of a model; a key has none.
    """

    org_id: str | None = None
    project_id: str | None = None
    key_id: str | None = None
    model: str | None = None
    limits: Limits | None = None
    inner_limits: Limits | None = None


class DataChange(msgspec.Struct, frozen=True, kw_only=True):
    """Another data policy for an organisation or a project."""

    org_id: str | None = None
    project_id: str | None = None
    data_policy: DataPolicy | None = None


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What would hold; all that is not named stays as it is. ``removed`` are ids of policies."""

    policies: tuple[ProposedPolicy, ...] = ()
    removed: tuple[str, ...] = ()
    limits: tuple[LimitChange, ...] = ()
    data: tuple[DataChange, ...] = ()


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """What would have been different.

    ``read`` calls were looked at, the newest of the range; ``stopped`` says why not all of it
    (``calls``, ``time``). ``changed`` counts calls by what would have happened to them,
    ``not_judged`` by what their records leave open.
    """

    since: datetime
    until: datetime
    read: int
    stopped: str | None
    changed: dict[str, int]
    not_judged: dict[str, int]
    findings: tuple[Finding, ...]
    limits_judged: bool


class DryRunService:
    """Replays the ledger and the records of calls. It changes nothing."""

    def __init__(
        self,
        snapshots: Snapshots,
        tenancy: TenancyService,
        metering: MeteringService,
        calls: CallService,
        clock: Clock,
    ) -> None:
        self._snapshots = snapshots
        self._tenancy = tenancy
        self._metering = metering
        self._calls = calls
        self._clock = clock
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def run(
        self,
        scope: Scope,
        proposal: Proposal,
        *,
        since: datetime,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
        max_calls: int = 1000,
    ) -> DryRun:
        """Judge the newest ``max_calls`` calls of a project, an organisation, or everybody.

        Raises:
            NotFoundError: if the caller sees no such place, or the proposal names what is not in
                it.
            PermissionDeniedError: if the caller may not try policies there.
            InvalidRequestError: if the range or the proposal is not acceptable.
        """
        start, end = self._range(since, until)
        if project_id is not None:
            scope = await self._tenancy.project_scope(scope, POLICY_TRY, project_id)
            org_id = await self._tenancy.organization_of(project_id)
        else:
            scope = authorize(scope, POLICY_TRY, org_id=org_id or PLATFORM_ORG)
        which = UsageFilter(since=start, until=end, org_id=org_id, project_id=project_id)
        async with self._room:
            deadline = self._clock.monotonic() + _DEADLINE_S
            table = await self._snapshots.present()
            present = Settings(table)
            proposed = Settings(
                table,
                _Proposed(table, org_id, project_id, self._clock.now()).changes(proposal),
                [(resources.Policy.kind, each) for each in proposal.removed],
            )
            return await self._judge(
                which,
                present,
                proposed,
                counts_limits=bool(proposal.limits),
                max_calls=max_calls,
                deadline=deadline,
            )

    async def _judge(
        self,
        which: UsageFilter,
        present: Settings,
        proposed: Settings,
        *,
        counts_limits: bool,
        max_calls: int,
        deadline: float,
    ) -> DryRun:
        seen: list[Recorded] = []
        findings: list[Finding] = []
        refused: set[str] = set()
        unjudged: Counter[str] = Counter()
        stopped = None
        before: tuple[int, str] | None = None
        while True:
            room = max_calls - len(seen)
            page = await self._metering.read(which, before=before, limit=min(_PAGE, room) + 1)
            wanted = page[: min(_PAGE, room)]
            if not wanted:
                break
            kept = await self._kept(wanted)
            calls = [_recorded(entry, kept.get(entry.request_id)) for entry in wanted]
            judged = await asyncio.to_thread(_judge_all, calls, present, proposed)
            for call, found in zip(calls, judged, strict=True):
                findings += found.findings
                unjudged.update(found.open)
                if found.refused:
                    refused.add(call.request_id)
                # Contents are let go of at once: what is left to do counts, and reads no more.
                seen.append(msgspec.structs.replace(call, body=None))
            if len(page) == len(wanted):
                break
            if len(seen) >= max_calls:
                stopped = "calls"
                break
            if self._clock.monotonic() > deadline:
                stopped = "time"
                break
            last = wanted[-1]
            before = (round(last.at.timestamp() * 1000), last.id)
        if counts_limits:
            findings += await asyncio.to_thread(
                judge_limits, reversed(seen), present, proposed, refused=frozenset(refused)
            )
        findings.sort(key=lambda each: each.at, reverse=True)
        changed = Counter({(each.request_id, each.kind) for each in findings})
        return DryRun(
            since=which.since,
            until=which.until,
            read=len(seen),
            stopped=stopped,
            changed=dict(Counter(kind for _, kind in changed)),
            not_judged=dict(unjudged),
            findings=tuple(findings[:MAX_FINDINGS]),
            limits_judged=counts_limits,
        )

    async def _kept(self, entries: Sequence[UsageEntry]) -> dict[str, KeptRequest]:
        days: set[date] = {entry.day for entry in entries}
        ids = [entry.request_id for entry in entries]
        return {each.request_id: each for each in await self._calls.requests_of(days, ids)}

    def _range(self, since: datetime, until: datetime | None) -> tuple[datetime, datetime]:
        end = until or self._clock.now() + timedelta(minutes=1)
        if not since < end:
            raise InvalidRequestError("since is before until", param="since")
        if end - since > LONGEST:
            raise InvalidRequestError(f"a range has at most {LONGEST.days} days", param="since")
        return since, end


class _Proposed:
    """Makes of a proposal the resources that would be there; only within one place."""

    def __init__(
        self, table: SnapshotTable, org_id: str | None, project_id: str | None, now: datetime
    ) -> None:
        self._table = table
        self._org_id = org_id
        self._project_id = project_id
        self._now = now

    def changes(self, proposal: Proposal) -> list[Resource]:
        """Return what would be put, one change upon the other.

        Raises:
            NotFoundError: if something that is named is not in the place.
            InvalidRequestError: if something cannot be judged there, or is not acceptable.
        """
        told = (proposal.policies, proposal.removed, proposal.limits, proposal.data)
        count = sum(len(each) for each in told)
        if not 1 <= count <= MAX_CHANGES:
            raise InvalidRequestError(f"a proposal has 1 to {MAX_CHANGES} changes", param="body")
        for policy_id in proposal.removed:
            self._policy(policy_id)
        put: dict[tuple[str, str], Resource] = {}
        for policy in proposal.policies:
            made = self._proposed(policy)
            put[made.kind, made.key] = made
        for limits in proposal.limits:
            made = self._limited(limits, put)
            put[made.kind, made.key] = made
        for data in proposal.data:
            made = self._placed(data, put)
            put[made.kind, made.key] = made
        return list(put.values())

    def _proposed(self, wanted: ProposedPolicy) -> resources.Policy:
        if wanted.id is not None:
            self._policy(wanted.id)
        org_id, project_id = wanted.org_id, wanted.project_id
        if wanted.key_id is not None:
            project_id = self._key(wanted.key_id).project_id
        if project_id is not None:
            org_id = self._project(project_id).org_id
        elif org_id is not None:
            self._organization(org_id)
        policy = Policy(
            id=wanted.id or new_id("pol"),
            org_id=org_id,
            project_id=project_id,
            key_id=wanted.key_id,
            name=wanted.name,
            models=wanted.models,
            enabled=wanted.enabled,
            parameters=wanted.parameters,
            cache=wanted.cache,
            capture=wanted.capture,
            created_at=self._now,
            updated_at=self._now,
        )
        return checked_policy(policy).resource()

    def _limited(self, wanted: LimitChange, put: dict[tuple[str, str], Resource]) -> Resource:
        if _one_of(wanted.org_id, wanted.project_id, wanted.key_id, wanted.model) != 1:
            raise InvalidRequestError(
                "name one of an organisation, a project, a key and a model", param="limits"
            )
        found: Resource
        if wanted.key_id is not None:
            found = self._key(wanted.key_id)
            if wanted.inner_limits is not None:
                raise InvalidRequestError("a key has no inner limits", param="limits")
            return msgspec.structs.replace(found, limits=wanted.limits)
        if wanted.model is not None:
            model = self._model(wanted.model)
            found = model
            inner = "key_limits"
            if model.org_id is None and self._org_id is not None and wanted.limits != model.limits:
                raise InvalidRequestError(
                    "the limits of a shared model count everybody's calls: only a run over all"
                    " organisations can judge them",
                    param="limits",
                )
        else:
            found = self._owner(wanted.org_id, wanted.project_id)
            inner = "user_limits"
        found = put.get((found.kind, found.key), found)
        fields = {"limits": wanted.limits, inner: wanted.inner_limits}
        return msgspec.structs.replace(found, **fields)

    def _placed(self, wanted: DataChange, put: dict[tuple[str, str], Resource]) -> Resource:
        if _one_of(wanted.org_id, wanted.project_id) != 1:
            raise InvalidRequestError("name an organisation or a project", param="data_policies")
        found: Resource = self._owner(wanted.org_id, wanted.project_id)
        found = put.get((found.kind, found.key), found)
        return msgspec.structs.replace(found, data_policy=wanted.data_policy)

    def _owner(
        self, org_id: str | None, project_id: str | None
    ) -> resources.Organization | resources.Project:
        if project_id is not None:
            return self._project(project_id)
        organization = self._organization(org_id or "")
        if self._project_id is not None:
            raise InvalidRequestError(
                "what holds for an organisation is judged over all of its projects", param="limits"
            )
        return organization

    def _organization(self, org_id: str) -> resources.Organization:
        found = self._table.organizations.get(org_id)
        if found is None or self._org_id not in (None, org_id):
            raise NotFoundError
        return found

    def _project(self, project_id: str) -> resources.Project:
        found = self._table.projects.get(project_id)
        if (
            found is None
            or self._org_id not in (None, found.org_id)
            or self._project_id not in (None, project_id)
        ):
            raise NotFoundError
        return found

    def _key(self, key_id: str) -> resources.ApiKey:
        found = self._table.find_key_by_id(key_id)
        if found is None:
            raise NotFoundError
        self._project(found.project_id)
        return found

    def _model(self, name: str) -> resources.Model:
        found = self._table.find_model(name, self._org_id or PLATFORM_ORG)
        if found is None:
            raise NotFoundError
        return found

    def _policy(self, policy_id: str) -> None:
        found = self._table.policies.get(policy_id)
        if found is None or (self._org_id is not None and found.org_id not in (None, self._org_id)):
            raise NotFoundError
        if self._project_id is not None and found.project_id not in (None, self._project_id):
            raise NotFoundError


def _judge_all(calls: Iterable[Recorded], present: Settings, proposed: Settings) -> list[Judged]:
    return [judge_call(call, present, proposed) for call in calls]


def _recorded(entry: UsageEntry, kept: KeptRequest | None) -> Recorded:
    body, unread = None, "contents_not_kept"
    if kept is not None:
        if kept.truncated:
            unread = "contents_cut"
        elif kept.request is not None:
            body = kept.request
    tokens = (
        entry.input_tokens
        + entry.cached_input_tokens
        + entry.cache_write_tokens
        + entry.output_tokens
        + entry.reasoning_tokens
    )
    return Recorded(
        request_id=entry.request_id,
        at=entry.at.timestamp(),
        org_id=entry.org_id,
        project_id=entry.project_id,
        key_id=entry.key_id,
        actor_id=entry.actor_id,
        operation=entry.operation,
        model=entry.fallback_from or entry.model,
        served=entry.model,
        upstream_id=entry.upstream_id,
        upstream_model=entry.upstream_model,
        body=body,
        unread=unread,
        tokens=tokens,
        cost=entry.cost_nanos,
        currency=entry.currency,
        duration_s=entry.duration_ms / 1000,
    )


def _one_of(*ids: str | None) -> int:
    return sum(each is not None for each in ids)
