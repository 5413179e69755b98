"""Rules of identity: roles, the pace of guessing, secrets and their traces."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, strategies as st

from mainspring.capabilities.audit import api as audit
from mainspring.capabilities.calls import api as calls
from mainspring.capabilities.catalog import api as catalog
from mainspring.capabilities.datasets import api as datasets
from mainspring.capabilities.fleet import api as fleet
from mainspring.capabilities.identity import api as identity
from mainspring.capabilities.identity.domain import (
    BUILT_IN_ROLES,
    CustomRole,
    Level,
    Membership,
    Role,
    Standing,
    User,
    checked_email,
    checked_password,
    covers,
    csrf_token,
    digest_of,
    hint_of,
    locked_for_s,
)
from mainspring.capabilities.identity.domain.accounts import failures_after
from mainspring.capabilities.metering import api as metering
from mainspring.capabilities.oversight import api as oversight
from mainspring.capabilities.policy import api as policy
from mainspring.capabilities.selfservice import api as selfservice
from mainspring.capabilities.tenancy import api as tenancy
from mainspring.kernel.access import EVERYTHING, Grant
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.ids import new_secret

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALL = [
    permission
    for capability in (
        tenancy,
        identity,
        catalog,
        oversight,
        policy,
        metering,
        calls,
        datasets,
        fleet,
        audit,
        selfservice,
    )
    for permission in capability.PERMISSIONS
]


def test_every_permission_has_one_name_of_one_form_and_says_what_it_is() -> None:
    names = [permission.name for permission in ALL]
    assert len(names) == len(set(names))
    for permission in ALL:
        thing, colon, verb = permission.name.partition(":")
        assert thing.isidentifier()
        assert colon
        assert verb.isidentifier()
        assert permission.description.endswith(".")


def test_every_built_in_role_gives_only_permissions_that_exist() -> None:
    known = {permission.name for permission in ALL} | {EVERYTHING}
    assert set(BUILT_IN_ROLES) == {role.value for role in Role}
    for role in BUILT_IN_ROLES.values():
        assert role.permissions <= known, role.role
        assert role.levels, role.role


def test_no_role_of_an_organisation_alone_names_what_is_the_platforms() -> None:
    of_platform = {permission.name for permission in ALL if permission.of_platform}
    for role in BUILT_IN_ROLES.values():
        if Level.PLATFORM not in role.levels:
            assert not role.permissions & of_platform, role.role


def test_a_role_holds_where_it_was_given_and_a_platform_role_everywhere() -> None:
    user = User(id="usr_1", email="a@b.c", name="A", language="en", created_at=NOW, updated_at=NOW)
    member = Membership(org_id="org_a", user_id="usr_1", role=Role.DEVELOPER, created_at=NOW)
    [grant] = Standing(memberships=(member,)).grants()
    assert (grant.org_id, grant.project_id) == ("org_a", None)
    assert grant.permissions == BUILT_IN_ROLES[Role.DEVELOPER].permissions
    assert EVERYTHING not in grant.permissions
    admin = msgspec.structs.replace(user, is_platform_admin=True, platform_roles=("finance",))
    platform, finance = Standing(platform_roles=admin.all_platform_roles).grants()
    assert (platform.permissions, platform.org_id) == (frozenset({EVERYTHING}), None)
    assert (finance.org_id, "organization:limit" in finance.permissions) == (None, True)


def test_a_role_that_was_forgotten_permits_nothing() -> None:
    member = Membership(org_id="org_a", user_id="usr_1", role="once-was", created_at=NOW)
    [grant] = Standing(memberships=(member,)).grants()
    assert grant.permissions == frozenset()


def test_an_organisations_own_role_is_not_looked_up_in_another() -> None:
    own = CustomRole(
        id="rol_1",
        org_id="org_b",
        name="keeper",
        description="",
        permissions=("key:write",),
        created_at=NOW,
        updated_at=NOW,
    )
    member = Membership(org_id="org_a", user_id="usr_1", role="keeper", created_at=NOW)
    [grant] = Standing(memberships=(member,), custom_roles=(own,)).grants()
    assert grant.permissions == frozenset()


_PLACES = st.sampled_from([("org_a", None), ("org_a", "prj_1"), ("org_b", None)])


def _granted(names: list[str], place: tuple[str | None, str | None]) -> Grant:
    return Grant(frozenset(names), "test", *place)


@given(
    held=st.lists(
        st.builds(
            _granted,
            st.lists(st.sampled_from(["a:read", "a:write", "b:read"])),
            st.sampled_from([(None, None), ("org_a", None), ("org_a", "prj_1"), ("org_b", None)]),
        ),
        max_size=4,
    ),
    wanted=st.frozensets(st.sampled_from(["a:read", "a:write", "b:read"])),
    place=_PLACES,
)
def test_nobody_gives_what_they_do_not_have(
    held: list[Grant], wanted: frozenset[str], place: tuple[str, str | None]
) -> None:
    allowed = covers(held, wanted, *place)
    there = {
        name
        for grant in held
        if grant.org_id in {None, place[0]} and grant.project_id in {None, place[1]}
        for name in grant.permissions
    }
    assert allowed == (wanted <= there)


@given(failures=st.integers(0, 200), after_s=st.floats(0, 7200))
def test_waiting_grows_with_failures_is_bounded_and_ends(failures: int, after_s: float) -> None:
    at = NOW + timedelta(seconds=after_s)
    wait = locked_for_s(failures, NOW, at, free=5)
    assert 0 <= wait <= 900
    assert wait <= locked_for_s(failures + 1, NOW, at, free=5)
    if failures < 5 or after_s >= 3600:
        assert wait == 0
    else:
        assert locked_for_s(failures, NOW, at + timedelta(seconds=wait), free=5) == 0


def test_guessing_for_a_day_gets_few_tries() -> None:
    # Whoever tries as soon as allowed, against one account.
    failures, last_at, now, tries = 0, NOW, NOW, 0
    while now < NOW + timedelta(days=1):
        wait = locked_for_s(failures, last_at, now, free=5)
        if wait:
            now += timedelta(seconds=wait)
            continue
        failures, last_at = failures_after(failures, last_at, now), now
        tries += 1
    assert tries < 120


@pytest.mark.parametrize(
    ("written", "kept"), [("Ada@Example.COM ", "ada@example.com"), ("ü@пример.рф", "ü@пример.рф")]
)
def test_an_address_is_kept_as_it_is_looked_up(written: str, kept: str) -> None:
    assert checked_email(written) == kept


@pytest.mark.parametrize("wrong", ["", "ada", "@b.c", "a@", "a b@c.d", "a@b@c", "a" * 300 + "@b.c"])
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidRequestError):
        checked_email(wrong)


@pytest.mark.parametrize("weak", ["short", "a" * 10, "ada@example.com", "x" * 257])
def test_a_password_that_is_guessed_first_is_refused(weak: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        checked_password(weak, email="ada@example.com")
    assert weak not in refused.value.detail or weak == "short"


def test_a_secret_leaves_a_digest_and_a_hint_of_few_bits() -> None:
    secret = new_secret("msk")
    assert len(digest_of(secret)) == 32
    hint = hint_of(secret)
    assert secret.startswith(hint.removesuffix("…"))
    assert len(hint.removesuffix("…")) - len("msk-") <= 3


def test_a_csrf_token_belongs_to_its_session_and_key() -> None:
    token = csrf_token("mss-one", b"k" * 32)
    assert token == csrf_token("mss-one", b"k" * 32)
    assert token != csrf_token("mss-two", b"k" * 32)
    assert token != csrf_token("mss-one", b"l" * 32)
    assert "mss-one" not in token
