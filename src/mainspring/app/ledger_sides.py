"""Whom the ledger asks for names, and who follows it."""

from collections.abc import Iterable, Mapping, Sequence

from mainspring.capabilities.calls.api import Score
from mainspring.capabilities.catalog.api import CatalogService
from mainspring.capabilities.identity.api import KeyService
from mainspring.capabilities.metering.api import Follower, MeteringService, UsageEntry
from mainspring.capabilities.releases.api import CanaryWatch
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.kernel.scope import Scope


class LedgerNames:
    """What things are called, for the ledger's lists; without ``catalog``, upstreams nothing."""

    def __init__(
        self, tenancy: TenancyService, keys: KeyService, catalog: CatalogService | None
    ) -> None:
        self._tenancy = tenancy
        self._keys = keys
        self._catalog = catalog

    async def organization_names(self, scope: Scope, org_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those organisations that the scope sees."""
        return await self._tenancy.organization_names(scope, org_ids)

    async def project_names(self, scope: Scope, project_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those projects that the scope sees."""
        return await self._tenancy.project_names(scope, project_ids)

    async def key_names(self, scope: Scope, key_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those keys that the scope sees."""
        wanted = list(key_ids)
        return await self._keys.names(scope, wanted) if wanted else {}

    async def upstream_names(self, upstream_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of upstreams."""
        wanted = list(upstream_ids)
        if self._catalog is None or not wanted:
            return {}
        return await self._catalog.upstream_names(wanted)

    async def upstream_regions(self, upstream_ids: Iterable[str]) -> Mapping[str, str | None]:
        """Return the regions of upstreams."""
        if self._catalog is None:
            return {}
        return await self._catalog.upstream_regions(upstream_ids)


class Followers:
    """Several that follow the ledger, as one; a database that is away keeps none from the next."""

    def __init__(self, followers: Sequence[Follower]) -> None:
        self._followers = followers

    async def added(self, entries: Sequence[UsageEntry]) -> None:
        """Tell each of the entries."""
        problem: DatabaseUnavailableError | None = None
        for follower in self._followers:
            try:
                await follower.added(entries)
            except DatabaseUnavailableError as error:
                problem = error
        if problem is not None:
            raise problem


class ScoredCanaries:
    """Takes scores of calls to where canaries are judged."""

    def __init__(self, metering: MeteringService, canaries: CanaryWatch) -> None:
        self._metering = metering
        self._canaries = canaries

    async def scored(self, score: Score) -> None:
        """Count a score; one of another project's call says nothing."""
        if score.value is None:
            return
        entry = await self._metering.find(score.request_id)
        if entry is not None and entry.project_id == score.project_id:
            await self._canaries.scored(entry, score.name, score.value)
