"""The files of ``mainspring apply``: their shapes, and reading them with every problem located."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
import yaml
from msgspec import UNSET, UnsetType

from mainspring.app.cli.applying.amount_documents import LimitsDocument, PriceDocument
from mainspring.app.cli.applying.amounts import read_amounts
from mainspring.app.cli.applying.channel_documents import ChannelDocument
from mainspring.app.cli.applying.dataset_documents import DatasetDocument
from mainspring.app.cli.applying.gpu_price_documents import GpuPriceDocument
from mainspring.app.cli.applying.grant_documents import ModelGrantDocument
from mainspring.app.cli.applying.oversight_documents import FourEyesDocument, SignInDocument
from mainspring.app.cli.applying.provider_documents import IdentityProviderDocument
from mainspring.app.cli.applying.release_documents import (
    HeaderRuleDocument,
    ModelReleaseDocument,
    SpecificationDocument,
)
from mainspring.app.cli.applying.slo_documents import SloDocument
from mainspring.snapshot.passthrough import DEFAULT_BODY_BYTES
from mainspring.wire.scopes import DEFAULT_SCOPES

D = TypeVar("D", bound=msgspec.Struct)

SUFFIXES = (".yaml", ".yml")


class KeyDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key. Its secret, shown once, goes to ``secret_file`` (mode 0600) or is printed."""

    name: str
    models: list[str] | UnsetType | None = UNSET
    scopes: list[str] | UnsetType = UNSET
    expires_at: datetime | UnsetType | None = UNSET
    limits: LimitsDocument | UnsetType | None = UNSET
    secret_file: str | None = None


class CaptureDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of a project's calls: ``off``, ``metadata``, ``redacted`` or ``full``."""

    level: Literal["off", "metadata", "redacted", "full"] = "off"
    sample: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0


class DataPolicyDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where calls may be served; what is left out is open."""

    regions: list[str] | None = None
    hosting: list[Literal["self_hosted", "private_cloud", "public_cloud"]] | None = None


class ProjectDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project, known by its ``slug``."""

    slug: str
    name: str | UnsetType = UNSET
    limits: LimitsDocument | UnsetType | None = UNSET
    user_limits: LimitsDocument | UnsetType | None = UNSET
    stores_responses: str | UnsetType = UNSET
    response_days: int | UnsetType = UNSET
    capture: CaptureDocument | UnsetType | None = UNSET
    data_policy: DataPolicyDocument | UnsetType | None = UNSET
    keys: list[KeyDocument] = []
    datasets: list[DatasetDocument] = []


class RoleDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role of an organisation's own, known by its name."""

    name: str
    permissions: list[str]
    description: str | UnsetType = UNSET


class RoleAtDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role in the whole organisation, or in the project of that slug."""

    role: str
    project: str | None = None


class GroupDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group, known by its name; ``members`` are e-mail addresses of the organisation's people."""

    name: str
    description: str | UnsetType = UNSET
    roles: list[RoleAtDocument] | UnsetType = UNSET
    external_name: str | UnsetType | None = UNSET
    members: list[str] = []


class MemberDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member, known by the e-mail address of an account that exists."""

    email: str
    role: str


class TokenGrantDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What bearers of tokens may do in a project, by its slug."""

    project: str
    group: str | None = None
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    models: list[str] | None = None


class TokenIssuerDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose tokens the organisation believes, known by its name.

    ``keys_file`` is a JWK set beside this file, where the keys are not to be fetched.
    """

    name: str
    issuer: str
    audience: str
    algorithms: list[str] | UnsetType = UNSET
    user_claim: str | UnsetType = UNSET
    groups_claim: str | UnsetType = UNSET
    project_claim: str | UnsetType | None = UNSET
    scope_claim: str | UnsetType | None = UNSET
    required: dict[str, str] | UnsetType = UNSET
    grants: list[TokenGrantDocument] | UnsetType = UNSET
    leeway_s: int | UnsetType = UNSET
    jwks_uri: str | UnsetType | None = UNSET
    keys_file: str | None = None


class ServiceAccountDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program that asks for tokens of its own, known by its name; ``projects`` are slugs.

    Its first secret, shown once, goes to ``secret_file`` (mode 0600) or is printed.
    """

    name: str
    projects: list[str]
    scopes: list[str] | UnsetType = UNSET
    models: list[str] | UnsetType | None = UNSET
    limits: LimitsDocument | UnsetType | None = UNSET
    token_lifetime_s: int | UnsetType = UNSET
    expires_at: datetime | UnsetType | None = UNSET
    suspended: bool | UnsetType = UNSET
    secret_file: str | None = None


class DirectoryTokenDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an organisation's directory shows when it writes here, known by its name.

    It is shown once: it goes to ``secret_file`` (mode 0600) or is printed.
    """

    name: str
    expires_at: datetime | UnsetType | None = UNSET
    secret_file: str | None = None


class ApprovalStepDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody's agreement; an approver is ``role:…``, ``group:…`` (name or id) or ``user:…``."""

    name: str
    approvers: list[str]
    need: Literal["any", "all"] = "any"


class AccessRuleDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose agreement requests for models need, known by its name; ``projects`` are slugs."""

    name: str
    position: int | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    models: list[str] | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    data_classes: list[str] | UnsetType = UNSET
    projects: list[str] | UnsetType = UNSET
    min_cost: int | str | UnsetType | None = UNSET
    more_than_days: int | UnsetType | None = UNSET
    steps: list[ApprovalStepDocument] | UnsetType = UNSET
    denies: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Read amounts."""
        read_amounts(self, "min_cost")


class OrganizationDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation, known by its ``slug``, with its projects and people."""

    slug: str
    name: str | UnsetType = UNSET
    limits: LimitsDocument | UnsetType | None = UNSET
    user_limits: LimitsDocument | UnsetType | None = UNSET
    data_policy: DataPolicyDocument | UnsetType | None = UNSET
    projects: list[ProjectDocument] = []
    roles: list[RoleDocument] = []
    members: list[MemberDocument] = []
    groups: list[GroupDocument] = []
    token_issuers: list[TokenIssuerDocument] = []
    identity_providers: list[IdentityProviderDocument] = []
    service_accounts: list[ServiceAccountDocument] = []
    directory_tokens: list[DirectoryTokenDocument] = []
    access_rules: list[AccessRuleDocument] = []
    notification_channels: list[ChannelDocument] = []


class TimeoutsDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Deadlines in seconds; what is left out stays as it is."""

    connect_s: float | UnsetType = UNSET
    first_byte_s: float | UnsetType = UNSET
    idle_s: float | UnsetType = UNSET
    total_s: float | UnsetType = UNSET


class PassthroughRouteDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A route of an upstream that callers may reach as it is."""

    path: str
    methods: tuple[str, ...] = ("POST",)
    price: PriceDocument | None = None


class PassthroughDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of an upstream passes through; ``organizations`` (slugs) ``None`` means all."""

    routes: list[PassthroughRouteDocument]
    organizations: list[str] | None = None
    request_headers: list[str] = []
    answer_headers: list[str] = []
    max_body_bytes: int = DEFAULT_BODY_BYTES


class UpstreamDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An upstream, known by its name.

    Its credential never stands in a file of this kind: ``credential_env`` names a variable of the
    environment, ``credential_file`` a file beside this one. It has a ``base_url``, or a ``preset``
    (with ``endpoint`` and ``values``) that says where it is and what is not said here.
    """

    name: str
    base_url: str | None = None
    preset: str | None = None
    endpoint: str | None = None
    values: dict[str, str] = {}
    protocol: str | UnsetType = UNSET
    credential_env: str | None = None
    credential_file: str | None = None
    credential_header: str | UnsetType | None = UNSET
    timeouts: TimeoutsDocument | UnsetType = UNSET
    max_connections: int | UnsetType = UNSET
    max_waiting: int | UnsetType = UNSET
    enforces_tool_choice: bool | UnsetType = UNSET
    sigv4_region: str | UnsetType | None = UNSET
    passthrough: PassthroughDocument | UnsetType | None = UNSET
    region: str | UnsetType | None = UNSET
    hosting: str | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        """Refuse an upstream that is nowhere, and choices of no preset."""
        if self.base_url is None and self.preset is None:
            raise ValueError("an upstream has a base_url or a preset")
        if self.preset is None and (self.endpoint is not None or self.values):
            raise ValueError("endpoint and values belong to a preset")


class TargetDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to serve a model, by the upstream's name."""

    upstream: str
    upstream_model: str
    weight: int = 100
    priority: int = 0
    region: str | None = None
    tags: list[str] = []
    track: str = "stable"
    cost: float | None = None
    tasks: list[str] = []
    subjects: list[str] = []


class StickyDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What keeps calls together under the strategy ``sticky``."""

    by: str = "user"
    header: str = "x-session-id"
    prefix_bytes: int = 1024


class RetryDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When another target is asked."""

    max_attempts: int = 3
    statuses: tuple[int, ...] = (429, 500, 502, 503, 504, 529)
    on_timeout: bool = True
    on_reset: bool = True
    deadline_s: float | None = None
    same_target_after_ms: int | None = None


class BreakerDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a target is left alone."""

    window_s: float = 30.0
    min_samples: int = 20
    error_share: float = 0.5
    open_s: float = 10.0
    eject_after: int = 5
    max_ejected_share: float = 0.5
    max_cooldown_s: float = 60.0


class RoutingDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How targets are chosen; what is left out is at its default."""

    strategy: str = "weighted"
    sticky: StickyDocument = StickyDocument()
    retry: RetryDocument = RetryDocument()
    breaker: BreakerDocument = BreakerDocument()
    hedge_after_ms: int | None = None
    degraded_text: str | None = None
    client_hints: bool = False


class ReleaseDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who gets the track ``canary``; what is left out is at its default."""

    canary_weight: int = 0
    canary_subjects: list[str] = []
    canary_headers: list[HeaderRuleDocument] = []
    by_user: bool = False
    pin_header: bool = False
    shadow_share: int = 100


class ModelDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model, known by its name; ``organization`` (a slug) makes it visible to that one only."""

    name: str
    targets: list[TargetDocument]
    tasks: list[str] | UnsetType = UNSET
    organization: str | None = None
    owned_by: str | UnsetType = UNSET
    context_length: int | UnsetType | None = UNSET
    limits: LimitsDocument | UnsetType | None = UNSET
    key_limits: LimitsDocument | UnsetType | None = UNSET
    price: PriceDocument | UnsetType | None = UNSET
    aliases: list[str] | UnsetType = UNSET
    fallbacks: list[str] | UnsetType = UNSET
    routing: RoutingDocument | UnsetType = UNSET
    release: ReleaseDocument | UnsetType | None = UNSET
    access: Literal["open", "restricted"] | UnsetType = UNSET
    specification: SpecificationDocument | UnsetType = UNSET


class ParameterRuleDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be said of one parameter; what is left out is not ruled."""

    name: str
    default: Any = None
    force: Any = None
    min: int | float | None = None
    max: int | float | None = None
    values: list[str | bool | int | float] | None = None
    beyond: str = "clamp"
    deny: str = ""
    tasks: list[str] = []


class CacheRuleDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether answers are kept; what is left out is at its default."""

    mode: str = "exact"
    ttl_s: int = 3600
    scope: str = "project"
    max_bytes: int = 256 * 1024
    max_temperature: float = 0.0
    threshold: float = 0.98
    embedding_model: str = "multilingual-e5-small"
    embedding_deadline_ms: int = 500


class CaptureRuleDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The most that may be kept of calls."""

    level: Literal["off", "metadata", "redacted", "full"] = "full"
    sample: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0


class PolicyDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A policy, known by its name in its organisation, or in the platform.

    It is attached to the innermost of ``organization`` and ``project`` (slugs) and ``key`` (a
    name); each needs the one before. Without any it holds for everybody.
    """

    name: str
    organization: str | None = None
    project: str | None = None
    key: str | None = None
    models: list[str] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    parameters: list[ParameterRuleDocument] | UnsetType = UNSET
    cache: CacheRuleDocument | UnsetType | None = UNSET
    capture: CaptureRuleDocument | UnsetType | None = UNSET


class Located(msgspec.Struct, Generic[D], frozen=True):
    """A document and where it stands; ``field`` is a path such as ``models[0]``."""

    document: D
    file: Path
    field: str

    def problem(self, field: str, text: str) -> "Problem":
        """Return a problem of ``field`` of this document."""
        return Problem(self.file, f"{self.field}.{field}" if field else self.field, text)


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with one field of one file."""

    file: Path
    field: str
    text: str

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.field}: {self.text}" if self.field else f"{self.file}: {self.text}"
        )


class Documents(msgspec.Struct):
    """Everything that the files declare, and every problem found on the way."""

    organizations: list[Located[OrganizationDocument]] = []
    identity_providers: list[Located[IdentityProviderDocument]] = []
    upstreams: list[Located[UpstreamDocument]] = []
    gpu_prices: list[Located[GpuPriceDocument]] = []
    models: list[Located[ModelDocument]] = []
    policies: list[Located[PolicyDocument]] = []
    releases: list[Located[ModelReleaseDocument]] = []
    access_rules: list[Located[AccessRuleDocument]] = []
    slos: list[Located[SloDocument]] = []
    model_grants: list[Located[ModelGrantDocument]] = []
    notification_channels: list[Located[ChannelDocument]] = []
    sign_in: list[Located[SignInDocument]] = []
    four_eyes: list[Located[FourEyesDocument]] = []
    problems: list[Problem] = []


SECTIONS: dict[str, type[msgspec.Struct]] = {
    "organizations": OrganizationDocument,
    "identity_providers": IdentityProviderDocument,
    "upstreams": UpstreamDocument,
    "gpu_prices": GpuPriceDocument,
    "models": ModelDocument,
    "policies": PolicyDocument,
    "releases": ModelReleaseDocument,
    "access_rules": AccessRuleDocument,
    "slos": SloDocument,
    "model_grants": ModelGrantDocument,
    "notification_channels": ChannelDocument,
}

SINGLES: dict[str, type[msgspec.Struct]] = {
    "sign_in": SignInDocument,
    "four_eyes": FourEyesDocument,
}
"""Sections that are no lists: there is one of them in a platform."""


def read_documents(paths: Iterable[Path]) -> Documents:
    """Read every file, and every ``.yaml`` or ``.yml`` file of every directory."""
    documents = Documents()
    for path in paths:
        for file in _files(path):
            _read_file(file, documents)
    _refuse_duplicates(documents)
    return documents


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
    return [path]


def _read_file(file: Path, documents: Documents) -> None:
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        documents.problems.append(Problem(file, "", error.strerror or str(error)))
        return
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        documents.problems.append(Problem(file, "", " ".join(str(error).split())))
        return
    if content is None:
        return
    if not isinstance(content, dict):
        known = ", ".join((*SECTIONS, *SINGLES))
        documents.problems.append(Problem(file, "", f"must hold some of {known}"))
        return
    sections: dict[Any, Any] = content  # pyright: ignore[reportUnknownVariableType] - YAML
    for section, items in sections.items():
        _read_section(file, str(section), items, documents)


def _read_section(file: Path, section: str, items: Any, documents: Documents) -> None:  # noqa: ANN401 - YAML
    shape = SECTIONS.get(section)
    if section in SINGLES:
        _read_item(file, section, items, SINGLES[section], getattr(documents, section), documents)
    elif shape is None:
        text = f"is not known; there are {', '.join((*SECTIONS, *SINGLES))}"
        documents.problems.append(Problem(file, section, text))
    elif not isinstance(items, list):
        documents.problems.append(Problem(file, section, "must be a list"))
    else:
        values: list[Any] = items  # pyright: ignore[reportUnknownVariableType] - YAML
        for index, item in enumerate(values):
            field = f"{section}[{index}]"
            _read_item(file, field, item, shape, getattr(documents, section), documents)


def _read_item(  # noqa: PLR0917 - where it stands, what it is, where it goes
    file: Path,
    field: str,
    item: Any,  # noqa: ANN401 - YAML
    shape: type[msgspec.Struct],
    found: list[Located[Any]],
    documents: Documents,
) -> None:
    try:
        document = msgspec.convert(item, shape)
    except msgspec.ValidationError as error:
        documents.problems.append(_located(file, field, str(error)))
    else:
        found.append(Located(document, file, field))


def _located(file: Path, field: str, message: str) -> Problem:
    """Move the path that msgspec puts at the end of its message to where ours stands."""
    text, _, path = message.partition(" - at `$")
    return Problem(file, field + path.rstrip("`"), text)


def _refuse_duplicates(documents: Documents) -> None:
    seen: dict[tuple[str, object, str], str] = {}
    named = [
        *(("organization", None, o.document.slug, o) for o in documents.organizations),
        *(("identity provider", None, i.document.name, i) for i in documents.identity_providers),
        *(("upstream", None, u.document.name, u) for u in documents.upstreams),
        *(("GPU price", g.document.gpus_of, g.document.since, g) for g in documents.gpu_prices),
        *(("model", m.document.organization, m.document.name, m) for m in documents.models),
        *(("policy", p.document.organization, p.document.name, p) for p in documents.policies),
        *(
            ("release", (r.document.organization, r.document.model), r.document.version, r)
            for r in documents.releases
        ),
        *(("access rule", None, r.document.name, r) for r in documents.access_rules),
        *(("objective", None, s.document.name, s) for s in documents.slos),
        *(("section", None, "sign_in", s) for s in documents.sign_in),
        *(("section", None, "four_eyes", s) for s in documents.four_eyes),
        *(("model grant", g.document.holder, g.document.model, g) for g in documents.model_grants),
        *(("channel", None, c.document.name, c) for c in documents.notification_channels),
    ]
    for kind, owner, name, item in named:
        first = seen.setdefault((kind, owner, name), f"{item.file}: {item.field}")
        if first != f"{item.file}: {item.field}":
            documents.problems.append(
                item.problem("", f"the {kind} {name} is declared before, at {first}")
            )
