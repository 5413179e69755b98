"""Builds one control plane from its settings: every object, and who is given what."""

import asyncio
from functools import partial
from pathlib import Path

from mainspring.app.alerting import EmergencyAlarm, WaysOut
from mainspring.app.blobs import blobs_of
from mainspring.app.control.anchors import AnchorsFile
from mainspring.app.control.authors import PLATFORM_ROLES, ChangeAuthors
from mainspring.app.control.behalf import Behalf
from mainspring.app.control.bootstrap import Bootstrap
from mainspring.app.control.files import SetupLinkFile
from mainspring.app.control.four_eyes import HeldRequests
from mainspring.app.control.inventory import PlatformInventory
from mainspring.app.control.metrics import ControlMetrics
from mainspring.app.control.part_keys import KeysOfParts
from mainspring.app.control.permissions import ALL_PERMISSIONS
from mainspring.app.control.playground import Playground
from mainspring.app.control.preparation import Preparation
from mainspring.app.control.probe import UpstreamProbe
from mainspring.app.control.published import PublishedSnapshots
from mainspring.app.control.rates import Counter, LocalCounter
from mainspring.app.control.recognition import CallerRecognition, InternalCallers
from mainspring.app.control.tenant_metrics import TenantMetrics
from mainspring.app.home import Home
from mainspring.app.ledger_sides import Followers, LedgerNames, ScoredCanaries
from mainspring.app.settings import ControlSettings
from mainspring.app.tracing import Spans
from mainspring.capabilities.alerts.api import AlertService, ChannelService, SilenceService
from mainspring.capabilities.alerts.store import PostgresAlertStore, sealed_channels
from mainspring.capabilities.audit.api import AuditService
from mainspring.capabilities.audit.store import PostgresTrailStore
from mainspring.capabilities.batches.api import BatchService, OrganizationBatches
from mainspring.capabilities.batches.store import PostgresBatchStore
from mainspring.capabilities.calls.api import CallService, ReplayService, Retention
from mainspring.capabilities.calls.store import PostgresCallStore
from mainspring.capabilities.catalog.api import CatalogService, OrganizationModels
from mainspring.capabilities.catalog.store import (
    PostgresCatalog,
    PostgresCatalogStore,
    sealed_credentials,
)
from mainspring.capabilities.conversations.api import ConversationService, OrganizationTurns
from mainspring.capabilities.conversations.store import PostgresTurnStore
from mainspring.capabilities.datasets.api import DatasetService
from mainspring.capabilities.datasets.store import PostgresDatasetStore
from mainspring.capabilities.federation.api import FederationService, OrganizationIssuers
from mainspring.capabilities.federation.store import PostgresFederationStore
from mainspring.capabilities.files.api import FileBounds, FileService, OrganizationFiles
from mainspring.capabilities.files.store import PostgresFileStore
from mainspring.capabilities.fleet.api import FleetService
from mainspring.capabilities.fleet.store import PostgresFleetStore
from mainspring.capabilities.identity.api import (
    AccessService,
    AccountService,
    DirectoryService,
    DirectoryTokenService,
    FactorVault,
    GroupService,
    InvitationService,
    KeyService,
    MemberService,
    OrganizationKeys,
    OwnAccountService,
    PasswordHasher,
    ProviderService,
    ProviderTrust,
    Provisioning,
    RoleService,
    SetupService,
    SignInPolicyService,
    SignInService,
    SsoService,
    TokenService,
)
from mainspring.capabilities.identity.store import (
    PostgresIdentityStore,
    SealedFactors,
    sealed_provider_secrets,
)
from mainspring.capabilities.metering.api import (
    CostService,
    GpuPriceService,
    IdleService,
    MeteringService,
    ReconciliationService,
)
from mainspring.capabilities.metering.store import (
    PostgresGpuStore,
    PostgresTallyStore,
    PostgresUsageFeed,
    PostgresUsageStore,
)
from mainspring.capabilities.oauth.api import (
    AccountService as ServiceAccountService,
    OrganizationAccounts,
    TokenIssuing,
)
from mainspring.capabilities.oauth.store import PostgresOAuthStore, sealed_signing_keys
from mainspring.capabilities.oversight.api import ChangeService, EmergencyService
from mainspring.capabilities.oversight.store import PostgresOversightStore
from mainspring.capabilities.policy.api import (
    DryRunService,
    KeptDays,
    OrganizationPolicies,
    PolicyService,
    StandingService,
)
from mainspring.capabilities.policy.store import PostgresPolicyStore
from mainspring.capabilities.releases.api import (
    CanaryWatch,
    RegistryService,
    ReleaseService,
    RolloutService,
)
from mainspring.capabilities.releases.store import PostgresReleaseStore
from mainspring.capabilities.secrets.api import SecretService
from mainspring.capabilities.selfservice.api import (
    GrantService,
    GrantsOfOthers,
    RequestService,
    RuleService,
)
from mainspring.capabilities.selfservice.store import PostgresGrantStore, PostgresRequestStore
from mainspring.capabilities.slo.api import SloService
from mainspring.capabilities.slo.store import PostgresSloStore
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.capabilities.tenancy.store import PostgresTenancyStore
from mainspring.capabilities.vendors.api import ConnectionTests, PresetService
from mainspring.infra.db import Database, migrate
from mainspring.infra.feed import SnapshotFeed
from mainspring.infra.idempotency import IdempotencyRegister, sealed_answers
from mainspring.infra.jobs.client import DbosJobs
from mainspring.infra.jobs.engine import migrate_journal
from mainspring.infra.oidc import OpenIdProviders
from mainspring.infra.outbound import Outbound
from mainspring.infra.passwords import Argon2Hasher
from mainspring.infra.reach import Reach
from mainspring.infra.secrets import (
    KeyFollower,
    KeySource,
    Sealer,
    load_or_create_key,
    load_or_create_token,
    open_keys,
)
from mainspring.infra.web import Authenticate, Services
from mainspring.kernel.clock import Clock, SystemClock
from mainspring.kernel.scope import Scope

CONSOLE_FILES = Path(__file__).parents[1] / "console_static"
_MAX_LIST_BYTES = 4 * 1024 * 1024
"""A large vendor's list of models has more than one megabyte."""


class Control:
    """One control plane, built and not yet started. Needs a running event loop.

    ``hasher`` makes and checks what is kept of passwords.

    Raises:
        KeyFileError: if a secret's file cannot be used.
        InvalidDsnError: if the database's URL cannot be used.
    """

    def __init__(
        self,
        settings: ControlSettings,
        *,
        clock: Clock | None = None,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.stopping = asyncio.Event()
        self.metrics = ControlMetrics()
        internal_token = load_or_create_token(settings.internal_token_file)
        self.internal_callers = InternalCallers(internal_token)
        self.database = Database(settings.database_url, role="control")
        self.feed = SnapshotFeed(self.database, settings.database_url)
        identity = PostgresIdentityStore(self.database)
        catalog = PostgresCatalogStore(self.database)
        turns = PostgresTurnStore(self.database)
        stored_files = PostgresFileStore(self.database)
        blobs = blobs_of(settings)
        bounds = FileBounds(settings.max_file_bytes, settings.project_file_bytes)
        self.files = FileService(stored_files, blobs, self.clock, bounds)
        self.journal = DbosJobs(settings.database_url, role="control", connections=2)
        stored_batches = PostgresBatchStore(self.database, self.journal)
        self.batches = BatchService(stored_batches, self.files, self.clock)
        self.behalf = Behalf(internal_token.encode(), self.clock)
        self.conversations = ConversationService(turns, self.clock)
        policies = PostgresPolicyStore(self.database)
        federation = PostgresFederationStore(self.database)
        oauth = PostgresOAuthStore(self.database)
        grants = GrantsOfOthers(PostgresGrantStore(self.database))
        self.audit = AuditService(
            PostgresTrailStore(self.database),
            self.clock,
            anchors=AnchorsFile(Home(settings.home).audit_anchors),
            kept_months=settings.audit_kept_months or None,
        )
        self.tenancy = TenancyService(
            PostgresTenancyStore(self.database),
            self.clock,
            dependents=[
                OrganizationKeys(identity, self.clock),
                OrganizationModels(catalog),
                OrganizationTurns(turns),
                OrganizationPolicies(policies),
                OrganizationBatches(stored_batches),
                OrganizationFiles(stored_files, blobs),
                OrganizationIssuers(federation),
                OrganizationAccounts(oauth),
                grants,
            ],
        )
        self.outbound = Outbound(settings.oidc_network)
        self.request_counter = _counter_of(settings, self.clock)
        self.providers = OpenIdProviders(self.outbound)
        self.federation = FederationService(federation, self.tenancy, self.providers, self.clock)
        self.sealer = sealer = Sealer.of(source := open_keys(settings, settings.master_key_file))
        self.issuing = TokenIssuing(oauth, sealer, self.clock, issuer=public_url(settings))
        self._wire_identity(identity, sealer, hasher or Argon2Hasher())
        self.service_accounts = ServiceAccountService(oauth, self.tenancy, self.access, self.clock)
        self._wire_providers(identity, sealer)
        self.policies = PolicyService(policies, self.tenancy, self.keys, self.clock)
        self.idempotency = IdempotencyRegister(self.database, sealer, self.clock)
        link_local = settings.upstream_link_local == "allow"
        self.catalog = CatalogService(
            catalog, sealer, self.clock, link_local=link_local, dependents=[grants]
        )
        releases = PostgresReleaseStore(self.database, PostgresCatalog)
        probe = UpstreamProbe(sealer, link_local=link_local)
        self.releases = ReleaseService(releases, self.clock, probe=probe)
        self.rollout = RolloutService(releases, self.clock)
        self.canaries = CanaryWatch(releases, self.clock)
        self.registry = RegistryService(releases, self.catalog, self.clock)
        self._wire_vendors()
        self._wire_selfservice()
        self.fleet = FleetService(PostgresFleetStore(self.database), self.clock)
        self._wire_secrets(source, sealer)
        self._wire_metering(settings)
        self.spans = Spans("control", settings, self.calls.ingest)
        self.slos = SloService(PostgresSloStore(self.database), self.clock)
        self._wire_alerts(sealer)
        self.standings = StandingService(
            policies,
            self.tenancy,
            self.keys,
            self.catalog,
            KeptDays(
                calls=settings.calls_kept_days,
                traces=settings.traces_kept_days,
                usage=settings.usage_kept_days or None,
                audit=settings.audit_kept_months * 30 or None,
            ),
        )
        self.dry_runs = DryRunService(
            PublishedSnapshots(self.database),
            self.tenancy,
            self.metering,
            self.calls,
            self.clock,
        )
        self._wire_calls_of_people(internal_token)
        self._wire_oversight(sealer)
        self.authenticate = Authenticate(
            CallerRecognition(self.sign_in, self.tokens, self.emergencies)
        )
        bootstrap = Bootstrap(
            settings,
            tenancy=self.tenancy,
            catalog=self.catalog,
            keys=self.keys,
            tokens=self.tokens,
            setup=self.setup,
        )
        self.preparation = Preparation(
            [
                ("the database is being migrated", self._migrate),
                ("the journal of jobs is being prepared", self._migrate_journal),
                ("the ledger is being prepared", self.metering.prepare_days),
                ("gateways are being told of groups", self.groups.tell_all),
                ("the records of calls are being prepared", self.calls.keep_house),
                ("the audit trail is being prepared", self.audit.prepare_months),
                ("the platform is being set up", bootstrap.run),
                ("the signing keys are being prepared", self.issuing.tend),
            ]
        )

    @property
    def services(self) -> Services:
        """Return what the capabilities' routers are given."""
        return Services(
            self.authenticate,
            self.tenancy,
            self.accounts,
            self.own_account,
            self.members,
            self.groups,
            self.roles,
            self.invitations,
            self.access,
            self.sign_in,
            self.sign_in_policy,
            self.identity_providers,
            self.sso,
            self.directory_tokens,
            self.directory,
            self.setup,
            self.tokens,
            self.keys,
            self.catalog,
            self.policies,
            self.standings,
            self.dry_runs,
            self.releases,
            self.rollout,
            self.canaries,
            self.registry,
            self.metering,
            self.costs,
            self.reconciliation,
            self.gpu_prices,
            self.idle,
            self.calls,
            self.replays,
            self.datasets,
            self.fleet,
            self.federation,
            self.service_accounts,
            self.issuing,
            self.audit,
            self.presets,
            self.connection_tests,
            self.access_rules,
            self.access_requests,
            self.model_grants,
            self.changes,
            self.emergencies,
            self.secrets,
            self.slos,
            self.alerts,
            self.silences,
            self.channels,
        )

    def start(self) -> None:
        """Begin to listen to the database."""
        self.feed.start()
        self.usage_feed.start()

    async def close(self) -> None:
        """Let go of everything."""
        await self.usage_feed.close()
        await self.feed.close()
        await self.playground.close()
        await self.journal.close()
        await self.outbound.close()
        await self.upstream_outbound.close()
        await self.ways_out.close()
        await self.request_counter.close()
        await self.spans.close()
        await self.database.close()

    def _wire_metering(self, settings: ControlSettings) -> None:
        self.tenant_metrics = TenantMetrics(
            partial(self.tenancy.organization_names, Scope.platform("metrics")), self.clock
        )
        usage = PostgresUsageStore(self.database)
        self.usage_feed = PostgresUsageFeed(usage, settings.database_url)
        names = LedgerNames(self.tenancy, self.keys, self.catalog)
        self.costs = CostService(usage, self.tenancy, self.clock, names=names)
        self.metering = MeteringService(
            usage,
            self.usage_feed,
            self.tenancy,
            self.clock,
            names=names,
            key_use=self.keys,
            follower=Followers((self.canaries, self.tenant_metrics)),
            kept_days=settings.usage_kept_days or None,
        )
        self.gpu_prices = GpuPriceService(PostgresGpuStore(self.database), self.clock, names=names)
        self.idle = IdleService(
            usage,
            PostgresGpuStore(self.database),
            PlatformInventory(self.catalog, self.keys),
            self.tenancy,
            self.clock,
        )
        self.reconciliation = ReconciliationService(PostgresTallyStore(self.database), self.clock)
        self.calls = CallService(
            PostgresCallStore(self.database),
            self.tenancy,
            self.clock,
            retention=Retention(settings.calls_kept_days, settings.traces_kept_days),
            follower=ScoredCanaries(self.metering, self.canaries),
        )

    def _wire_calls_of_people(self, internal_token: str) -> None:
        self.playground = Playground(
            gateway_url=self.settings.gateway_url,
            secret=internal_token.encode(),
            tenancy=self.tenancy,
            clock=self.clock,
        )
        self.replays = ReplayService(
            PostgresCallStore(self.database),
            self.calls,
            self.tenancy,
            caller=self.playground,
            metering=self.metering,
            clock=self.clock,
        )
        self.datasets = DatasetService(
            PostgresDatasetStore(self.database), self.tenancy, self.calls, self.clock
        )

    def _wire_secrets(self, source: KeySource, sealer: Sealer) -> None:
        self.key_follower = KeyFollower(source, sealer)
        self.secrets = SecretService(
            source,
            sealer,
            self.key_follower,
            [
                sealed_credentials(self.database),
                sealed_signing_keys(self.database),
                sealed_provider_secrets(self.database),
                SealedFactors(self.database),
                sealed_answers(self.database),
                sealed_channels(self.database),
            ],
            parts=KeysOfParts(self.fleet),
            trail=self.audit,
        )

    def _wire_alerts(self, sealer: Sealer) -> None:
        store = PostgresAlertStore(self.database)
        self.ways_out = WaysOut(self.settings)
        self.courier = self.ways_out.courier(sealer, self.clock)
        self.alerts = AlertService(store, self.tenancy, self.clock)
        self.silences = SilenceService(store, self.tenancy, self.clock)
        self.channels = ChannelService(store, self.tenancy, self.courier, self.clock)

    def _wire_vendors(self) -> None:
        network = self.settings.upstream_network
        self.upstream_outbound = Outbound(network, max_bytes=_MAX_LIST_BYTES, plain_http=True)
        self.presets = PresetService(self.catalog)
        self.connection_tests = ConnectionTests(
            self.catalog, Reach(network), self.upstream_outbound, self.audit, self.clock
        )

    def _wire_oversight(self, sealer: Sealer) -> None:
        store = PostgresOversightStore(self.database)
        self.held_requests = HeldRequests()
        self.changes = ChangeService(
            store, self.held_requests, ChangeAuthors(self.access, self.tokens), sealer, self.clock
        )
        self.emergencies = EmergencyService(
            store, EmergencyAlarm(self.alerts), self.clock, roles=PLATFORM_ROLES
        )

    def _wire_selfservice(self) -> None:
        self.model_grants = GrantService(
            PostgresGrantStore(self.database), self.tenancy, self.catalog, self.clock
        )
        store = PostgresRequestStore(self.database)
        self.access_rules = RuleService(store, self.tenancy, self.clock)
        self.access_requests = RequestService(
            store,
            self.tenancy,
            self.catalog,
            keys=self.keys,
            standings=self.access,
            clock=self.clock,
        )

    def _wire_identity(
        self, store: PostgresIdentityStore, sealer: Sealer, hasher: PasswordHasher
    ) -> None:
        settings = self.settings
        vault = FactorVault(sealer, self.clock)
        self.accounts = AccountService(store, hasher, self.clock)
        self.sign_in = SignInService(
            store,
            hasher,
            self.clock,
            self.audit,
            vault,
            csrf_key=load_or_create_key(settings.session_key_file),
        )
        self.own_account = OwnAccountService(store, hasher, self.sign_in, vault, self.clock)
        self.members = MemberService(store, self.tenancy, self.clock)
        self.groups = GroupService(store, self.tenancy, self.members, self.clock)
        self.roles = RoleService(store, self.tenancy, self.clock, permissions=ALL_PERMISSIONS)
        self.access = AccessService(store, self.tenancy, permissions=ALL_PERMISSIONS)
        self.invitations = InvitationService(
            store,
            self.tenancy,
            self.accounts,
            self.sign_in,
            self.clock,
            public_url=public_url(settings),
        )
        self.setup = SetupService(
            store,
            self.accounts,
            self.sign_in,
            self.clock,
            link=SetupLinkFile(settings.setup_link_file, public_url(settings)),
        )
        self.tokens = TokenService(store, self.clock, permissions=ALL_PERMISSIONS)
        self.keys = KeyService(store, self.tenancy, self.clock)

    def _wire_providers(self, store: PostgresIdentityStore, sealer: Sealer) -> None:
        url = public_url(self.settings)
        trust = ProviderTrust(self.providers, self.clock)
        provisioning = Provisioning(self.tenancy, self.clock)
        self.sign_in_policy = SignInPolicyService(store, self.clock)
        self.identity_providers = ProviderService(
            store,
            self.tenancy,
            self.providers,
            provisioning,
            self.clock,
            sealer=sealer,
            public_url=url,
        )
        self.directory_tokens = DirectoryTokenService(store, self.tenancy, self.clock)
        self.directory = DirectoryService(store, self.clock)
        self.sso = SsoService(
            store,
            self.identity_providers,
            self.providers,
            self.sign_in,
            self.clock,
            trust=trust,
            provisioning=provisioning,
            audit=self.audit,
            sealer=sealer,
            public_url=url,
        )

    async def _migrate_journal(self) -> None:
        await asyncio.to_thread(migrate_journal, self.settings.database_url)

    async def _migrate(self) -> None:
        await asyncio.to_thread(migrate, self.settings.database_url)


def public_url(settings: ControlSettings) -> str:
    """Return where browsers find the console."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::", ""} else settings.host  # noqa: S104 - compared, not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _counter_of(settings: ControlSettings, clock: Clock) -> Counter:
    if settings.redis_url is None:
        return LocalCounter()
    from mainspring.app.control.shared_rates import SharedCounter  # noqa: PLC0415 - an extra

    return SharedCounter(settings.redis_url, clock)
