import hashlib

import pytest
from hypothesis import given, strategies as st

from mainspring.snapshot.frame import Entry, Frame, SnapshotFormatError, encode_resource
from mainspring.snapshot.resources import ApiKey, Model, Organization, Resource
from mainspring.snapshot.table import SnapshotTable, VersionGapError


def key(name: str, secret: str) -> ApiKey:
    return ApiKey(
        id=name,
        digest=hashlib.sha256(secret.encode()).digest(),
        org_id="o",
        project_id="p",
        actor_id="a",
        name=name,
    )


def model(id_: str, name: str, org: str | None = None) -> Model:
    return Model(id=id_, name=name, targets=(), org_id=org)


def put(version: int, *resources: Resource, since: int | None = None) -> Frame:
    entries = [Entry(each.kind, each.key, version, encode_resource(each)) for each in resources]
    return Frame(version=version, entries=entries, since=since)


def gone(version: int, *resources: Resource, since: int) -> Frame:
    entries = [Entry(each.kind, each.key, version, None) for each in resources]
    return Frame(version=version, entries=entries, since=since)


def test_a_key_is_found_by_its_whole_secret_until_it_is_gone() -> None:
    table = SnapshotTable()
    first = key("k1", "secret")
    table.apply(put(1, first))
    assert table.find_key("secret") == first
    assert table.find_key("secre") is None
    assert table.find_key_by_id("k1") == first
    table.apply(gone(2, first, since=1))
    assert table.find_key("secret") is None


def test_a_rotated_key_forgets_its_old_secret() -> None:
    table = SnapshotTable()
    table.apply(put(1, key("k1", "old")))
    table.apply(put(2, key("k1", "new"), since=1))
    assert table.find_key("old") is None
    assert table.find_key("new") is not None


def test_an_organisations_model_hides_the_shared_one_of_its_name_for_it_alone() -> None:
    table = SnapshotTable()
    shared, own = model("m1", "chat"), model("m2", "chat", "acme")
    table.apply(put(1, shared, own))
    assert table.find_model("chat", "acme") == own
    assert table.find_model("chat", "other") == shared
    assert table.visible_models("acme") == [own]
    assert table.visible_models("other") == [shared]


def test_a_model_may_take_the_name_of_one_that_goes_in_the_same_frame() -> None:
    table = SnapshotTable()
    old, new = model("m1", "chat"), model("m2", "chat")
    table.apply(put(1, old))
    for entries in (
        [Entry("model", "m1", 2, None), Entry("model", "m2", 2, encode_resource(new))],
        [Entry("model", "m2", 2, encode_resource(new)), Entry("model", "m1", 2, None)],
    ):
        table = SnapshotTable()
        table.apply(put(1, old))
        table.apply(Frame(version=2, entries=entries, since=1))
        assert table.find_model("chat", "any") == new


def test_a_base_replaces_everything() -> None:
    table = SnapshotTable()
    table.apply(put(9, key("k1", "a"), model("m1", "chat")))
    changed = table.apply(put(3, model("m2", "embed")))
    assert sorted(changed) == [("api_key", "k1"), ("model", "m1"), ("model", "m2")]
    assert (table.version, len(table)) == (3, 1)
    assert table.find_key("a") is None


def test_a_delta_that_starts_later_changes_nothing() -> None:
    table = SnapshotTable()
    table.apply(put(1, model("m1", "chat")))
    with pytest.raises(VersionGapError):
        table.apply(put(5, model("m2", "embed"), since=4))
    assert (table.version, len(table)) == (1, 1)


def test_one_unreadable_entry_leaves_the_whole_table_as_it_was() -> None:
    table = SnapshotTable()
    table.apply(put(1, model("m1", "chat")))
    frame = Frame(
        version=2,
        since=1,
        entries=[Entry("model", "m1", 2, None), Entry("model", "m2", 2, b"\xc1")],
    )
    with pytest.raises(SnapshotFormatError):
        table.apply(frame)
    assert (table.version, table.find_model("chat", "o")) == (1, model("m1", "chat"))


def test_the_frozen_state_is_that_of_its_moment() -> None:
    table = SnapshotTable()
    organization = Organization(id="o", name="n")
    table.apply(put(1, organization))
    make = table.frozen()
    table.apply(gone(2, organization, since=1))
    assert make() == put(1, organization)


NAMES = st.sampled_from(["k1", "k2", "k3"])
STEPS = st.lists(st.tuples(NAMES, st.sampled_from(["s1", "s2", "s3", "s4"]) | st.none()))


@given(STEPS)
def test_deltas_one_by_one_and_the_base_of_their_sum_are_the_same(
    steps: list[tuple[str, str | None]],
) -> None:
    followed = SnapshotTable()
    state: dict[str, ApiKey] = {}
    for version, (name, secret) in enumerate(steps, 1):
        if secret is not None and secret in {each.name for each in state.values()}:
            continue
        if secret is None:
            state.pop(name, None)
            followed.apply(gone(version, key(name, "x"), since=version - 1 and followed.version))
        else:
            made = ApiKey(
                id=name, digest=hashlib.sha256(secret.encode()).digest(), org_id="o",
                project_id="p", actor_id="a", name=secret,
            )  # fmt: skip
            state[name] = made
            followed.apply(put(version, made, since=version - 1 and followed.version))
    whole = SnapshotTable()
    whole.apply(put(len(steps) or 1, *state.values()))
    for secret in ("s1", "s2", "s3", "s4"):
        assert followed.find_key(secret) == whole.find_key(secret)
    assert len(followed) == len(whole)
