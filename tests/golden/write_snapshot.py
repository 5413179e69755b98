"""Write a golden snapshot as this release writes it: ``python -m tests.golden.write_snapshot V``.

Run it once per release that changed a shape, and commit what it writes.
"""

import sys
from pathlib import Path

import msgspec

from mainspring.snapshot.data_policy import DataPolicy
from mainspring.snapshot.frame import Entry, Frame, encode_frame, encode_resource
from mainspring.snapshot.lifecycle import HeaderRule, Lifecycle
from mainspring.snapshot.passthrough import Passthrough, PassthroughRoute
from mainspring.snapshot.policy_rules import CacheRule, CaptureRule, ParameterRule
from mainspring.snapshot.price import UnitPrices
from mainspring.snapshot.resources import (
    ApiKey,
    BlockedPerson,
    Capture,
    Group,
    Limits,
    Model,
    ModelGrant,
    ModelTarget,
    Organization,
    PlatformIssuer,
    Policy,
    Price,
    Project,
    Resource,
    Sealed,
    ServiceAccount,
    Timeouts,
    TokenGrant,
    TokenIssuer,
    Upstream,
)
from mainspring.snapshot.route_policy import Breaker, Release, Retry, Routing, Sticky

DIRECTORY = Path(__file__).parent / "snapshot"

FULL: tuple[Resource, ...] = (
    Organization(id="org_1", name="Acme", limits=Limits(1, 2, 3)),
    Organization(id="org_2", name="Gone", suspended=True),
    Project(id="prj_1", org_id="org_1", name="Shop", limits=Limits(tokens_per_minute=5)),
    Project(id="prj_2", org_id="org_1", name="Old", suspended=True),
    Project(
        id="prj_9", org_id="org_1", name="Kept", stores_responses="on_request", response_days=7
    ),
    ApiKey(
        id="key_1",
        digest=bytes(range(32)),
        org_id="org_1",
        project_id="prj_1",
        actor_id="svc_1",
        name="first",
        scopes=("model:call", "models:read"),
        models=("small",),
        expires_at=1_900_000_000,
        limits=Limits(requests_per_minute=9),
    ),
    Upstream(
        id="ups_1",
        name="local",
        base_url="http://127.0.0.1:8000",
        credential=Sealed("k1", b"n" * 12, b"c" * 20),
        credential_header="api-key",
        timeouts=Timeouts(1.0, 2.0, 3.0, 4.0),
        max_connections=5,
        max_waiting=6,
        enforces_tool_choice=False,
        sigv4_region="eu-central-1",
    ),
    Upstream(
        id="ups_2",
        name="open",
        base_url="http://127.0.0.1:8001",
        passthrough=Passthrough(
            routes=(
                PassthroughRoute(
                    "/v1/jobs/*",
                    ("GET", "DELETE"),
                    Price(
                        input=1,
                        units=UnitPrices(call=2, image=3, characters=4, second=5, search=6),
                    ),
                ),
            ),
            org_ids=("org_1",),
            request_headers=("x-feature",),
            answer_headers=("x-cost",),
            max_body_bytes=7,
        ),
        region="eu-central-1",
        hosting="self_hosted",
    ),
    Organization(id="org_9", name="Careful", data_policy=DataPolicy(("eu-*",), ("self_hosted",))),
    Project(id="prj_10", org_id="org_9", name="Inner", data_policy=DataPolicy(("eu-1",), None)),
    Group(id="grp_1", org_id="org_9", members=("usr_1", "usr_2")),
    Model(
        id="mdl_20",
        name="for some",
        targets=(ModelTarget("ups_1", "a", subjects=("grp_1",)),),
    ),
    Model(
        id="mdl_1",
        name="small",
        targets=(ModelTarget("ups_1", "small-q4", weight=7, priority=8),),
        tasks=("chat", "completion"),
        org_id="org_1",
        owned_by="acme",
        created_at=1_700_000_000,
        context_length=2048,
    ),
    Model(id="mdl_2", name="shared", targets=()),
    Model(
        id="mdl_9",
        name="routed",
        targets=(
            ModelTarget(
                "ups_1", "a", region="eu", tags=("gpu",), track="canary", cost=1.5, tasks=("chat",)
            ),
        ),
        aliases=("nickname",),
        fallbacks=("small", "shared"),
        routing=Routing(
            strategy="sticky",
            sticky=Sticky(by="header", header="x-room", prefix_bytes=64),
            retry=Retry(2, (500,), False, False, 30.0, 100),
            breaker=Breaker(1.0, 2, 0.3, 4.0, 5, 0.6, 7.0),
            hedge_after_ms=250,
            degraded_text="later",
            client_hints=True,
        ),
        release=Release(5, ("key_1",), True, True, 10, (HeaderRule("x-beta", ("yes",)),)),
    ),
    Model(
        id="mdl_10",
        name="leaving",
        targets=(),
        lifecycle=Lifecycle(
            deprecated_at=1, sunset_at=2, replacement="small", link="https://x", offline=True
        ),
    ),
    Organization(
        id="org_3",
        name="Frugal",
        limits=Limits(
            requests_per_second=1,
            requests_per_day=2,
            requests_per_month=3,
            tokens_per_day=4,
            tokens_per_month=5,
            budget_per_day=6,
            budget_per_month=7,
            currency="CNY",
            unpriced="allow",
        ),
        user_limits=Limits(requests_per_day=8),
    ),
    Project(id="prj_3", org_id="org_3", name="Lab", user_limits=Limits(tokens_per_day=9)),
    Project(id="prj_4", org_id="org_3", name="Watched", capture=Capture("redacted", 0.25)),
    Model(
        id="mdl_3",
        name="priced",
        targets=(),
        limits=Limits(max_concurrency=10),
        key_limits=Limits(requests_per_minute=11),
        price=Price(
            currency="CNY",
            input=12,
            output=13,
            cached_input=14,
            cache_write=15,
            reasoning=16,
            batch_percent=50,
            audio_input=17,
            cached_audio=18,
            audio_output=19,
        ),
    ),
    Policy(
        id="pol_1",
        name="frugal",
        org_id="org_1",
        project_id="prj_1",
        key_id="key_1",
        models=("small", "sha*"),
        enabled=False,
        parameters=(
            ParameterRule(
                name="temperature",
                default=0.5,
                min=0,
                max=1.5,
                beyond="refuse",
                tasks=("chat",),
            ),
            ParameterRule(name="seed", force=7),
            ParameterRule(name="tools", values=("search", "read_*")),
            ParameterRule(name="n", deny="drop"),
        ),
        cache=CacheRule(
            mode="semantic",
            ttl_s=60,
            scope="key",
            max_bytes=1024,
            max_temperature=0.5,
            threshold=0.9,
            embedding_model="e5",
            embedding_deadline_ms=100,
        ),
        capture=CaptureRule(level="metadata", sample=0.5),
    ),
    Policy(id="pol_2", name="nothing"),
    TokenIssuer(
        id="iss_1",
        org_id="org_1",
        name="corporate",
        issuer="https://login.example",
        audience="mainspring",
        keys=b'{"keys":[{"kid":"one","kty":"RSA"}]}',
        algorithms=("ES256",),
        user_claim="email",
        groups_claim="realm.roles",
        project_claim="project",
        scope_claim="scope",
        required={"tid": "one"},
        grants=(TokenGrant("prj_1", "staff", ("chat:write",), ("small",)), TokenGrant("prj_2")),
        leeway_s=5,
    ),
    ServiceAccount(
        id="svc_1",
        org_id="org_1",
        name="nightly",
        project_ids=("prj_1",),
        scopes=("chat:write",),
        models=("small",),
        secret_ids=("sec_1",),
        limits=Limits(requests_per_minute=3),
    ),
    PlatformIssuer(
        issuer="https://control.example",
        audience="mainspring",
        keys=b'{"keys":[{"kid":"two","kty":"EC"}]}',
    ),
    BlockedPerson(id="usr_1", bearers=(b"\x01" * 32, b"\x02" * 32), issued_before=1_800_000_000),
    BlockedPerson(id="usr_2/org_1"),
    Model(id="mdl_30", name="for few", targets=(), access="restricted"),
    ModelGrant(
        id="mgr_1",
        model_id="mdl_30",
        org_id="org_1",
        project_id="prj_1",
        expires_at=1_900_000_000,
    ),
    ModelGrant(id="mgr_2", model_id="mdl_30", org_id="org_9"),
    ApiKey(
        id="key_30",
        digest=bytes(range(1, 33)),
        org_id="org_1",
        project_id="prj_2",
        actor_id="usr_1",
        name="granted",
        granted=("mdl_30",),
    ),
)
"""Every resource with every field set, and some with none."""


def write(name: str) -> None:
    """Write the pair of files ``name``."""
    entries = [Entry(each.kind, each.key, 3, encode_resource(each)) for each in FULL]
    (DIRECTORY / f"{name}.bin").write_bytes(encode_frame(Frame(version=3, entries=entries)))
    expected = [{"kind": each.kind, "value": each} for each in FULL]
    text = msgspec.json.format(msgspec.json.encode(expected), indent=2)
    (DIRECTORY / f"{name}.json").write_bytes(text + b"\n")


if __name__ == "__main__":
    write(sys.argv[1])
