"""The resources of a snapshot. Each is immutable, named by (kind, key), and stands alone.

Compatibility: these shapes are read by gateways older and newer than the control that wrote them.
Fields are only ever added, always with a default; a field is never renamed or given a new meaning;
an unknown field is ignored; a kind is never reused. ``tests/golden/snapshot`` holds every shape
that was ever released.
"""

from typing import ClassVar, Final

import msgspec

from mainspring.snapshot.data_policy import DataPolicy
from mainspring.snapshot.lifecycle import Lifecycle
from mainspring.snapshot.passthrough import Passthrough
from mainspring.snapshot.policy_rules import CacheRule, CaptureRule, ParameterRule
from mainspring.snapshot.price import Price
from mainspring.snapshot.route_policy import Release, Routing

OPEN: Final = "open"
"""The access of a model that whoever sees it may call; any other needs a grant."""


class Sealed(msgspec.Struct, frozen=True):
    """A secret encrypted by the platform's key (AES-256-GCM); it never appears in clear here."""

    key_id: str
    nonce: bytes
    ciphertext: bytes


class Limits(msgspec.Struct, frozen=True, omit_defaults=True):
    """Bounds on one subject; ``None`` leaves that dimension unbounded.

    Days and months are calendar ones in UTC. Budgets are nanos of ``currency``. ``unpriced`` says
    what a budget does with a call whose price is not known in that currency: ``deny`` refuses it,
    ``allow`` lets it pass, uncounted and marked so in its record.
    """

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    max_concurrency: int | None = None
    requests_per_second: int | None = None
    requests_per_day: int | None = None
    requests_per_month: int | None = None
    tokens_per_day: int | None = None
    tokens_per_month: int | None = None
    budget_per_day: int | None = None
    budget_per_month: int | None = None
    currency: str = "USD"
    unpriced: str = "deny"


class Capture(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a project's calls beside their bill.

    ``level`` is ``off``, ``metadata`` (everything but contents), ``redacted`` (contents without
    what tells who somebody is) or ``full``; another one means ``off``. Of the calls, the share
    ``sample`` (0 to 1) is kept.
    """

    level: str = "off"
    sample: float = 1.0


class Resource(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of everything a snapshot holds; ``kind`` names the shape on the wire."""

    kind: ClassVar[str]

    @property
    def key(self) -> str:
        """Return what names this resource among its kind."""
        raise NotImplementedError


class Organization(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """A tenant. Suspended tenants are refused at the gateway.

    ``user_limits`` bound each of its users (a call's actor), over all projects. ``data_policy``
    says where its calls may be served.
    """

    kind: ClassVar[str] = "organization"
    id: str
    name: str
    suspended: bool = False
    limits: Limits | None = None
    user_limits: Limits | None = None
    data_policy: DataPolicy | None = None

    @property
    def key(self) -> str:
        """Return the organisation's id."""
        return self.id


class Project(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """A project of an organisation; usage and limits are counted here.

    ``user_limits`` bound each of its users within this project. ``stores_responses`` says which
    answers of ``/v1/responses`` are kept: ``always`` (unless the request says no), ``on_request``
    (only if it says yes) or ``never``; ``response_days`` for how long. ``capture`` ``None`` is
    ``off``. ``data_policy`` narrows what the organisation's leaves.
    """

    kind: ClassVar[str] = "project"
    id: str
    org_id: str
    name: str
    suspended: bool = False
    limits: Limits | None = None
    user_limits: Limits | None = None
    stores_responses: str = "always"
    response_days: int = 30
    capture: Capture | None = None
    data_policy: DataPolicy | None = None

    @property
    def key(self) -> str:
        """Return the project's id."""
        return self.id


class ApiKey(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """An API key, held only as the SHA-256 of its full secret (43 characters of entropy).

    ``models`` lists the model names it may use (``None``: all that its project sees);
    ``expires_at`` is Unix seconds. ``granted`` are ids of models that this key may call although
    they are restricted, whatever its project was granted.
    """

    kind: ClassVar[str] = "api_key"
    id: str
    digest: bytes
    org_id: str
    project_id: str
    actor_id: str
    name: str
    scopes: tuple[str, ...] = ("model:call",)
    models: tuple[str, ...] | None = None
    expires_at: int | None = None
    limits: Limits | None = None
    granted: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the key's id (never its secret)."""
        return self.id


class Timeouts(msgspec.Struct, frozen=True):
    """Deadlines toward an upstream, in seconds; each phase has its own."""

    connect_s: float = 3.0
    first_byte_s: float = 120.0
    idle_s: float = 60.0
    total_s: float = 900.0


class Upstream(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """A server that speaks a model protocol.

    ``base_url`` has no trailing slash and ends before the protocol's own path (for the OpenAI
    protocol: before ``/v1``), or with a version of its own, which then replaces the protocol's.
    ``protocol`` is ``openai`` for every OpenAI-compatible server. ``credential_header`` names the
    header that carries the bare credential, where it is not the protocol's usual one. Where the
    server takes ``tool_choice`` for a wish (``enforces_tool_choice`` false), a call that a caller
    requires is had by JSON Schema. With ``sigv4_region`` requests are signed for that region by AWS
    Signature Version 4, and the credential is ``access key id:secret access key``, with ``:session
    token`` where there is one. ``passthrough`` lists what of it callers may reach as it is.
    ``region`` is where it stands, ``hosting`` who runs it (see ``data_policy``); ``None`` is not
    known.
    """

    kind: ClassVar[str] = "upstream"
    id: str
    name: str
    base_url: str
    protocol: str = "openai"
    credential: Sealed | None = None
    credential_header: str | None = None
    timeouts: Timeouts = Timeouts()
    max_connections: int = 256
    max_waiting: int = 1024
    enforces_tool_choice: bool = True
    sigv4_region: str | None = None
    passthrough: Passthrough | None = None
    region: str | None = None
    hosting: str | None = None

    @property
    def key(self) -> str:
        """Return the upstream's id."""
        return self.id

    @property
    def credential_context(self) -> str:
        """Return the context that ``credential`` is sealed for: this upstream and no other."""
        return f"upstream/{self.id}"


class ModelTarget(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way to serve a model: which upstream, and what the model is called there.

    Lower ``priority`` is tried first; among equals the model's strategy chooses, and ``weight``
    gives shares. ``track`` is ``stable``, ``canary`` or ``shadow`` (see ``Release``). ``cost`` is a
    hint that only has to compare with those of the other targets. ``tasks`` narrows what this
    target serves (empty: all that the model does), ``subjects`` whom (empty: everybody; else ids
    as in ``Release.canary_subjects``). For data policies the upstream's ``region`` holds where
    the target has none.
    """

    upstream_id: str
    upstream_model: str
    weight: int = 100
    priority: int = 0
    region: str | None = None
    tags: tuple[str, ...] = ()
    track: str = "stable"
    cost: float | None = None
    tasks: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


class Model(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """A model as callers name it. ``org_id`` ``None`` means: visible to every organisation.

    ``tasks`` are the endpoints it answers: ``chat``, ``completion``, ``embedding``,
    ``moderation``, ``rerank``, ``image``, ``speech``, ``transcription``, ``realtime``.
    ``created_at`` is Unix seconds, as ``GET /v1/models`` reports it. ``limits`` bound all calls of
    the model together, ``key_limits`` those of each key. ``price`` ``None`` is unknown, not free.
    ``aliases`` are further names, which a model's own name always goes before. ``fallbacks`` name
    other models, asked in order when every target of this one has failed. ``lifecycle`` tells of a
    model that is deprecated or offline. ``access`` other than ``open`` shows it to those alone who
    were granted it (see :class:`ModelGrant`).
    """

    kind: ClassVar[str] = "model"
    id: str
    name: str
    targets: tuple[ModelTarget, ...]
    tasks: tuple[str, ...] = ("chat",)
    org_id: str | None = None
    owned_by: str = "mainspring"
    created_at: int = 0
    context_length: int | None = None
    limits: Limits | None = None
    key_limits: Limits | None = None
    price: Price | None = None
    aliases: tuple[str, ...] = ()
    fallbacks: tuple[str, ...] = ()
    routing: Routing = Routing()
    release: Release | None = None
    lifecycle: Lifecycle | None = None
    access: str = OPEN

    @property
    def key(self) -> str:
        """Return the model's id."""
        return self.id


class ModelGrant(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """That a restricted model is open to a project, or to a whole organisation.

    ``expires_at`` is Unix seconds; ``None``: until it is taken back.
    """

    kind: ClassVar[str] = "model_grant"
    id: str
    model_id: str
    org_id: str
    project_id: str | None = None
    expires_at: int | None = None

    @property
    def key(self) -> str:
        """Return the grant's id."""
        return self.id

    @property
    def owner(self) -> str:
        """Return the id of whom it is for."""
        return self.project_id or self.org_id


class Policy(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """Rules for the calls of whoever it is attached to.

    The innermost of ``org_id``, ``project_id`` and ``key_id`` that is set says to whom; none:
    everybody. ``models`` narrows it to models by name, a trailing ``*`` standing for any rest
    (empty: all). Of several that hold for a call each can only narrow what the others leave.
    """

    kind: ClassVar[str] = "policy"
    id: str
    name: str
    org_id: str | None = None
    project_id: str | None = None
    key_id: str | None = None
    models: tuple[str, ...] = ()
    enabled: bool = True
    parameters: tuple[ParameterRule, ...] = ()
    cache: CacheRule | None = None
    capture: CaptureRule | None = None

    @property
    def key(self) -> str:
        """Return the policy's id."""
        return self.id

    @property
    def owner(self) -> str | None:
        """Return the id of whom it is attached to; ``None``: everybody."""
        return self.key_id or self.project_id or self.org_id


class Group(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """A group of an organisation's people; ``members`` are their ids."""

    kind: ClassVar[str] = "group"
    id: str
    org_id: str
    members: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the group's id."""
        return self.id


class TokenGrant(msgspec.Struct, frozen=True, omit_defaults=True):
    """What bearers of an issuer's tokens may do in one project.

    ``group`` ``None`` means every bearer, anything else those whose token names that group.
    ``scopes`` and ``models`` are as an API key's.
    """

    project_id: str
    group: str | None = None
    scopes: tuple[str, ...] = ("model:call", "models:read")
    models: tuple[str, ...] | None = None


class TokenIssuer(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """Whose JSON Web Tokens an organisation believes, and what they mean here.

    ``issuer`` and ``audience`` are what a token must say; ``keys`` is a JWK set (RFC 7517, JSON) of
    public keys, as control last got it. The claims' names may be paths with dots. Without
    ``scope_claim`` a token's bearer has all the scopes of its grants, with it only those that the
    token names as well; ``project_claim`` names the project where a call does not. ``required`` are
    further claims and the value that each must have.
    """

    kind: ClassVar[str] = "token_issuer"
    id: str
    org_id: str
    name: str
    issuer: str
    audience: str
    keys: bytes = b'{"keys":[]}'
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256", "EdDSA")
    user_claim: str = "sub"
    groups_claim: str = "groups"
    project_claim: str | None = None
    scope_claim: str | None = None
    required: dict[str, str] = {}
    grants: tuple[TokenGrant, ...] = ()
    leeway_s: int = 30

    @property
    def key(self) -> str:
        """Return the issuer's id."""
        return self.id


class ServiceAccount(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """A machine of an organisation, which gets its tokens from the platform itself.

    The first of ``project_ids`` is where it acts unless a call says otherwise. ``secret_ids`` are
    its secrets that have not been revoked: a token ends with the secret that it was got by.
    """

    kind: ClassVar[str] = "service_account"
    id: str
    org_id: str
    name: str
    project_ids: tuple[str, ...]
    scopes: tuple[str, ...] = ("model:call", "models:read")
    models: tuple[str, ...] | None = None
    secret_ids: tuple[str, ...] = ()
    limits: Limits | None = None

    @property
    def key(self) -> str:
        """Return the account's id, which is its OAuth client id too."""
        return self.id


class PlatformIssuer(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """What the platform's own tokens say and are verified by; there is one.

    ``keys`` is a JWK set of public keys: the one that signs, those before it whose tokens may
    still be in use, and the next one.
    """

    kind: ClassVar[str] = "platform_issuer"
    issuer: str
    audience: str
    keys: bytes = b'{"keys":[]}'

    @property
    def key(self) -> str:
        """Return the name of the only one."""
        return "platform"


class BlockedPerson(Resource, frozen=True, omit_defaults=True, kw_only=True):
    """Somebody whose tokens are refused, whoever issued them.

    ``bearers`` are digests (see :func:`mainspring.snapshot.bearers.bearer_digest`) of what tokens
    call the person. Tokens made before ``issued_before`` (Unix seconds) are refused; ``None``: all.
    """

    kind: ClassVar[str] = "blocked_person"
    id: str
    bearers: tuple[bytes, ...] = ()
    issued_before: int | None = None

    @property
    def key(self) -> str:
        """Return the person's id, and where they are blocked if that is not everywhere."""
        return self.id


RESOURCE_TYPES: dict[str, type[Resource]] = {
    shape.kind: shape
    for shape in (
        Organization,
        Project,
        ApiKey,
        Upstream,
        Model,
        Policy,
        TokenIssuer,
        ServiceAccount,
        PlatformIssuer,
        Group,
        BlockedPerson,
        ModelGrant,
    )
}
"""Every kind this release understands."""
