"""The parts of the API as attributes of a client.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._transport import Transport
from mainspring_sdk.resources.access import AccessResource, AsyncAccessResource
from mainspring_sdk.resources.access_requests import (
    AccessRequestsResource,
    AsyncAccessRequestsResource,
)
from mainspring_sdk.resources.access_rules import AccessRulesResource, AsyncAccessRulesResource
from mainspring_sdk.resources.account import AccountResource, AsyncAccountResource
from mainspring_sdk.resources.alerts import AlertsResource, AsyncAlertsResource
from mainspring_sdk.resources.audit import AsyncAuditResource, AuditResource
from mainspring_sdk.resources.break_glass import AsyncBreakGlassResource, BreakGlassResource
from mainspring_sdk.resources.calls import AsyncCallsResource, CallsResource
from mainspring_sdk.resources.changes import AsyncChangesResource, ChangesResource
from mainspring_sdk.resources.costs import AsyncCostsResource, CostsResource
from mainspring_sdk.resources.dataset_items import AsyncDatasetItemsResource, DatasetItemsResource
from mainspring_sdk.resources.datasets import AsyncDatasetsResource, DatasetsResource
from mainspring_sdk.resources.four_eyes import AsyncFourEyesResource, FourEyesResource
from mainspring_sdk.resources.gpu_prices import AsyncGpuPricesResource, GpuPricesResource
from mainspring_sdk.resources.groups import AsyncGroupsResource, GroupsResource
from mainspring_sdk.resources.identity_providers import (
    AsyncIdentityProvidersResource,
    IdentityProvidersResource,
)
from mainspring_sdk.resources.invitations import AsyncInvitationsResource, InvitationsResource
from mainspring_sdk.resources.keys import AsyncKeysResource, KeysResource
from mainspring_sdk.resources.live import AsyncLiveResource, LiveResource
from mainspring_sdk.resources.model_grants import AsyncModelGrantsResource, ModelGrantsResource
from mainspring_sdk.resources.models import AsyncModelsResource, ModelsResource
from mainspring_sdk.resources.notification_channels import (
    AsyncNotificationChannelsResource,
    NotificationChannelsResource,
)
from mainspring_sdk.resources.organizations import AsyncOrganizationsResource, OrganizationsResource
from mainspring_sdk.resources.permissions import AsyncPermissionsResource, PermissionsResource
from mainspring_sdk.resources.playground import AsyncPlaygroundResource, PlaygroundResource
from mainspring_sdk.resources.policies import AsyncPoliciesResource, PoliciesResource
from mainspring_sdk.resources.projects import AsyncProjectsResource, ProjectsResource
from mainspring_sdk.resources.registry import AsyncRegistryResource, RegistryResource
from mainspring_sdk.resources.release_events import (
    AsyncReleaseEventsResource,
    ReleaseEventsResource,
)
from mainspring_sdk.resources.releases import AsyncReleasesResource, ReleasesResource
from mainspring_sdk.resources.requests import AsyncRequestsResource, RequestsResource
from mainspring_sdk.resources.roles import AsyncRolesResource, RolesResource
from mainspring_sdk.resources.scores import AsyncScoresResource, ScoresResource
from mainspring_sdk.resources.secrets import AsyncSecretsResource, SecretsResource
from mainspring_sdk.resources.service_accounts import (
    AsyncServiceAccountsResource,
    ServiceAccountsResource,
)
from mainspring_sdk.resources.sessions import AsyncSessionsResource, SessionsResource
from mainspring_sdk.resources.setup import AsyncSetupResource, SetupResource
from mainspring_sdk.resources.sign_in_policy import AsyncSignInPolicyResource, SignInPolicyResource
from mainspring_sdk.resources.signing_keys import AsyncSigningKeysResource, SigningKeysResource
from mainspring_sdk.resources.silences import AsyncSilencesResource, SilencesResource
from mainspring_sdk.resources.slos import AsyncSlosResource, SlosResource
from mainspring_sdk.resources.sso import AsyncSsoResource, SsoResource
from mainspring_sdk.resources.system import AsyncSystemResource, SystemResource
from mainspring_sdk.resources.token_issuers import AsyncTokenIssuersResource, TokenIssuersResource
from mainspring_sdk.resources.tokens import AsyncTokensResource, TokensResource
from mainspring_sdk.resources.traces import AsyncTracesResource, TracesResource
from mainspring_sdk.resources.upstream_presets import (
    AsyncUpstreamPresetsResource,
    UpstreamPresetsResource,
)
from mainspring_sdk.resources.upstreams import AsyncUpstreamsResource, UpstreamsResource
from mainspring_sdk.resources.usage import AsyncUsageResource, UsageResource
from mainspring_sdk.resources.users import AsyncUsersResource, UsersResource

__all__ = ["AsyncResources", "Resources"]


class Resources:
    """Every part of the API, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.access = AccessResource(transport)
        self.access_requests = AccessRequestsResource(transport)
        self.access_rules = AccessRulesResource(transport)
        self.account = AccountResource(transport)
        self.alerts = AlertsResource(transport)
        self.audit = AuditResource(transport)
        self.break_glass = BreakGlassResource(transport)
        self.calls = CallsResource(transport)
        self.changes = ChangesResource(transport)
        self.costs = CostsResource(transport)
        self.dataset_items = DatasetItemsResource(transport)
        self.datasets = DatasetsResource(transport)
        self.four_eyes = FourEyesResource(transport)
        self.gpu_prices = GpuPricesResource(transport)
        self.groups = GroupsResource(transport)
        self.identity_providers = IdentityProvidersResource(transport)
        self.invitations = InvitationsResource(transport)
        self.keys = KeysResource(transport)
        self.live = LiveResource(transport)
        self.model_grants = ModelGrantsResource(transport)
        self.models = ModelsResource(transport)
        self.notification_channels = NotificationChannelsResource(transport)
        self.organizations = OrganizationsResource(transport)
        self.permissions = PermissionsResource(transport)
        self.playground = PlaygroundResource(transport)
        self.policies = PoliciesResource(transport)
        self.projects = ProjectsResource(transport)
        self.registry = RegistryResource(transport)
        self.release_events = ReleaseEventsResource(transport)
        self.releases = ReleasesResource(transport)
        self.requests = RequestsResource(transport)
        self.roles = RolesResource(transport)
        self.scores = ScoresResource(transport)
        self.secrets = SecretsResource(transport)
        self.service_accounts = ServiceAccountsResource(transport)
        self.sessions = SessionsResource(transport)
        self.setup = SetupResource(transport)
        self.sign_in_policy = SignInPolicyResource(transport)
        self.signing_keys = SigningKeysResource(transport)
        self.silences = SilencesResource(transport)
        self.slos = SlosResource(transport)
        self.sso = SsoResource(transport)
        self.system = SystemResource(transport)
        self.token_issuers = TokenIssuersResource(transport)
        self.tokens = TokensResource(transport)
        self.traces = TracesResource(transport)
        self.upstream_presets = UpstreamPresetsResource(transport)
        self.upstreams = UpstreamsResource(transport)
        self.usage = UsageResource(transport)
        self.users = UsersResource(transport)


class AsyncResources:
    """Every part of the API, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.access = AsyncAccessResource(transport)
        self.access_requests = AsyncAccessRequestsResource(transport)
        self.access_rules = AsyncAccessRulesResource(transport)
        self.account = AsyncAccountResource(transport)
        self.alerts = AsyncAlertsResource(transport)
        self.audit = AsyncAuditResource(transport)
        self.break_glass = AsyncBreakGlassResource(transport)
        self.calls = AsyncCallsResource(transport)
        self.changes = AsyncChangesResource(transport)
        self.costs = AsyncCostsResource(transport)
        self.dataset_items = AsyncDatasetItemsResource(transport)
        self.datasets = AsyncDatasetsResource(transport)
        self.four_eyes = AsyncFourEyesResource(transport)
        self.gpu_prices = AsyncGpuPricesResource(transport)
        self.groups = AsyncGroupsResource(transport)
        self.identity_providers = AsyncIdentityProvidersResource(transport)
        self.invitations = AsyncInvitationsResource(transport)
        self.keys = AsyncKeysResource(transport)
        self.live = AsyncLiveResource(transport)
        self.model_grants = AsyncModelGrantsResource(transport)
        self.models = AsyncModelsResource(transport)
        self.notification_channels = AsyncNotificationChannelsResource(transport)
        self.organizations = AsyncOrganizationsResource(transport)
        self.permissions = AsyncPermissionsResource(transport)
        self.playground = AsyncPlaygroundResource(transport)
        self.policies = AsyncPoliciesResource(transport)
        self.projects = AsyncProjectsResource(transport)
        self.registry = AsyncRegistryResource(transport)
        self.release_events = AsyncReleaseEventsResource(transport)
        self.releases = AsyncReleasesResource(transport)
        self.requests = AsyncRequestsResource(transport)
        self.roles = AsyncRolesResource(transport)
        self.scores = AsyncScoresResource(transport)
        self.secrets = AsyncSecretsResource(transport)
        self.service_accounts = AsyncServiceAccountsResource(transport)
        self.sessions = AsyncSessionsResource(transport)
        self.setup = AsyncSetupResource(transport)
        self.sign_in_policy = AsyncSignInPolicyResource(transport)
        self.signing_keys = AsyncSigningKeysResource(transport)
        self.silences = AsyncSilencesResource(transport)
        self.slos = AsyncSlosResource(transport)
        self.sso = AsyncSsoResource(transport)
        self.system = AsyncSystemResource(transport)
        self.token_issuers = AsyncTokenIssuersResource(transport)
        self.tokens = AsyncTokensResource(transport)
        self.traces = AsyncTracesResource(transport)
        self.upstream_presets = AsyncUpstreamPresetsResource(transport)
        self.upstreams = AsyncUpstreamsResource(transport)
        self.usage = AsyncUsageResource(transport)
        self.users = AsyncUsersResource(transport)
