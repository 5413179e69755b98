"""A file's routing, the API's and the snapshot's are one shape: what is left out means the same."""

import msgspec
import pytest

from mainspring.app.cli.applying.documents import (
    CacheRuleDocument,
    ParameterRuleDocument,
    ReleaseDocument,
    RoutingDocument,
    TargetDocument,
)
from mainspring.app.cli.applying.plan import same_to_control
from mainspring.capabilities.catalog.http import TargetBody
from mainspring.infra.web import ReleaseBody, RoutingBody, Shape
from mainspring.infra.web.policies import CacheRuleBody, ParameterRuleBody
from mainspring.snapshot.policy_rules import CacheRule, ParameterRule
from mainspring.snapshot.resources import ModelTarget
from mainspring.snapshot.route_policy import Release, Routing


def written_out(value: msgspec.Struct) -> dict[str, object]:
    """Return ``value`` as JSON would have it, defaults included."""
    fields: dict[str, object] = msgspec.structs.asdict(value)
    for name, each in fields.items():
        if isinstance(each, msgspec.Struct):
            fields[name] = written_out(each)
        elif isinstance(each, tuple):
            fields[name] = msgspec.convert(each, list[object])
    return fields


@pytest.mark.parametrize(
    ("document", "body", "resource"),
    [
        (RoutingDocument(), RoutingBody(), Routing()),
        (ReleaseDocument(), ReleaseBody(), Release()),
        (CacheRuleDocument(), CacheRuleBody(), CacheRule()),
        (
            ParameterRuleDocument("n"),
            ParameterRuleBody.model_validate({"name": "n"}),
            ParameterRule(name="n"),
        ),
    ],
    ids=["routing", "release", "cache", "parameter"],
)
def test_defaults_are_the_same_everywhere(
    document: msgspec.Struct, body: Shape, resource: msgspec.Struct
) -> None:
    told = body.model_dump(mode="json")
    assert written_out(document) == told
    assert written_out(resource) == told
    assert same_to_control(told, msgspec.to_builtins(document))


def test_a_target_in_a_file_is_a_target_of_the_api() -> None:
    document = written_out(TargetDocument(upstream="u", upstream_model="m"))
    del document["upstream"]
    body = TargetBody.model_validate({"upstream_id": "u", "upstream_model": "m"})
    told = body.model_dump(mode="json")
    assert {"upstream_id": "u", **document} == told
    assert written_out(ModelTarget("u", "m")) == told
