"""Access is decided in one place, and its answer is the only key to tenants' rows."""

import pytest
from hypothesis import given, strategies as st

from mainspring.kernel.access import EVERYTHING, Grant, Permission
from mainspring.kernel.authorize import authorize, authorize_somewhere, reach
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
)
from mainspring.kernel.scope import PLATFORM_ORG, Actor, ActorKind, Scope

READ = Permission("thing:read", "See things.")
WRITE = Permission("thing:write", "Change things.")
ACTOR = Actor(ActorKind.USER, "usr_1")


def scope(*grants: Grant) -> Scope:
    return Scope(org_id=PLATFORM_ORG, actor=ACTOR, grants=grants)


def grant(*names: str, org_id: str | None = "org_a", project_id: str | None = None) -> Grant:
    return Grant(frozenset(names), "test", org_id=org_id, project_id=project_id)


def test_the_answer_is_narrowed_to_where_the_call_may_act() -> None:
    asked = scope(grant("thing:read"))
    narrowed = authorize(asked, READ, org_id="org_a", project_id="prj_1")
    assert narrowed == Scope(org_id="org_a", actor=ACTOR, project_id="prj_1", grants=asked.grants)
    assert narrowed.crosses_tenants is False


def test_whoever_has_nothing_there_learns_nothing() -> None:
    with pytest.raises(NotFoundError):
        authorize(scope(grant("thing:read")), READ, org_id="org_b")


def test_whoever_has_something_there_learns_what_is_missing() -> None:
    with pytest.raises(PermissionDeniedError, match="thing:write"):
        authorize(scope(grant("thing:read")), WRITE, org_id="org_a")


def test_the_platforms_own_things_need_a_grant_that_names_no_organisation() -> None:
    with pytest.raises(PermissionDeniedError):
        authorize(scope(grant(EVERYTHING)), READ, org_id=PLATFORM_ORG)
    everywhere = authorize(scope(grant(EVERYTHING, org_id=None)), READ, org_id=PLATFORM_ORG)
    assert everywhere.crosses_tenants is True


def test_a_grant_in_one_project_says_nothing_of_another() -> None:
    asked = scope(grant("thing:read", project_id="prj_1"))
    assert authorize(asked, READ, org_id="org_a", project_id="prj_1").project_id == "prj_1"
    for elsewhere in ("prj_2", None):
        with pytest.raises(NotFoundError):
            authorize(asked, READ, org_id="org_a", project_id=elsewhere)


def test_reach_names_organisations_or_all_of_them() -> None:
    both = scope(grant("thing:read"), grant("thing:read", "thing:write", org_id="org_b"))
    assert reach(both, READ) == {"org_a", "org_b"}
    assert reach(both, WRITE) == {"org_b"}
    assert reach(scope(grant(EVERYTHING, org_id=None)), READ) is None
    assert reach(Scope.platform("test"), READ) is None


def test_a_list_without_an_organisation_is_of_the_only_one() -> None:
    assert authorize_somewhere(scope(grant("thing:read")), READ, org_id=None).org_id == "org_a"
    several = scope(grant("thing:read"), grant("thing:read", org_id="org_b"))
    with pytest.raises(InvalidRequestError, match="several organisations"):
        authorize_somewhere(several, READ, org_id=None)
    with pytest.raises(PermissionDeniedError):
        authorize_somewhere(scope(), READ, org_id=None)


_orgs = st.sampled_from(["org_a", "org_b", PLATFORM_ORG])
_grants = st.lists(
    st.builds(
        Grant,
        permissions=st.frozensets(st.sampled_from(["thing:read", "thing:write", EVERYTHING])),
        source=st.just("test"),
        org_id=st.one_of(st.none(), st.sampled_from(["org_a", "org_b"])),
        project_id=st.one_of(st.none(), st.just("prj_1")),
    ),
    max_size=4,
)


@given(grants=_grants, org_id=_orgs, project_id=st.one_of(st.none(), st.just("prj_1")))
def test_nothing_is_allowed_that_no_single_grant_allows(
    grants: list[Grant], org_id: str, project_id: str | None
) -> None:
    try:
        narrowed = authorize(scope(*grants), READ, org_id=org_id, project_id=project_id)
    except (NotFoundError, PermissionDeniedError):
        return
    assert narrowed.org_id == org_id
    assert any(
        each.org_id in {None, org_id}
        and each.project_id in {None, project_id}
        and {"thing:read", EVERYTHING} & each.permissions
        for each in grants
    )
