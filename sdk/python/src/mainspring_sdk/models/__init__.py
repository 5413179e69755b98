"""The objects of the API, under the names that the OpenAPI document has.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk.models.catalog import (
    BreakerBody,
    ModelView,
    PriceBody,
    ReleaseBody,
    RetryBody,
    RoutingBody,
    StickyBody,
    TargetBody,
    TimeoutsBody,
    UpstreamView,
)
from mainspring_sdk.models.identity import CreatedTokenView, SetupState, TokenView
from mainspring_sdk.models.keys import CreatedKeyView, KeyView
from mainspring_sdk.models.live import LiveCallEvent, LivePartsEvent, LiveSummaryEvent, PartList
from mainspring_sdk.models.people import (
    AccountView,
    ConsideredView,
    CreatedInvitationView,
    EndedView,
    ExplanationView,
    GroupView,
    InvitationView,
    MemberView,
    OfferView,
    PermissionView,
    RoleAtBody,
    RoleView,
)
from mainspring_sdk.models.shared import (
    LimitsBody,
    ModelSumView,
    OrganizationOutline,
    PartView,
    ProjectOutline,
    SessionView,
    UsageRecordView,
    UsageSummaryView,
    UsageSumView,
    UserView,
)
from mainspring_sdk.models.system import SystemInfo
from mainspring_sdk.models.tenancy import OrganizationView, ProjectView
from mainspring_sdk.models.usage import AttemptView, CandidateView, DecisionView

__all__ = [
    "AccountView",
    "AttemptView",
    "BreakerBody",
    "CandidateView",
    "ConsideredView",
    "CreatedInvitationView",
    "CreatedKeyView",
    "CreatedTokenView",
    "DecisionView",
    "EndedView",
    "ExplanationView",
    "GroupView",
    "InvitationView",
    "KeyView",
    "LimitsBody",
    "LiveCallEvent",
    "LivePartsEvent",
    "LiveSummaryEvent",
    "MemberView",
    "ModelSumView",
    "ModelView",
    "OfferView",
    "OrganizationOutline",
    "OrganizationView",
    "PartList",
    "PartView",
    "PermissionView",
    "PriceBody",
    "ProjectOutline",
    "ProjectView",
    "ReleaseBody",
    "RetryBody",
    "RoleAtBody",
    "RoleView",
    "RoutingBody",
    "SessionView",
    "SetupState",
    "StickyBody",
    "SystemInfo",
    "TargetBody",
    "TimeoutsBody",
    "TokenView",
    "UpstreamView",
    "UsageRecordView",
    "UsageSumView",
    "UsageSummaryView",
    "UserView",
]
