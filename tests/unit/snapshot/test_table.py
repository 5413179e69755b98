import hashlib

import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from mainspring.snapshot.frame import (
    Entry,
    Frame,
    FrameHead,
    SnapshotFormatError,
    decode_frame,
    encode_frame,
    encode_resource,
    exhaust,
    reading_frame,
)
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


def many(count: int, mark: str = "") -> list[Resource]:
    return [key(f"k{number}", f"secret {number}{mark}") for number in range(count)]


def test_a_large_frame_is_taken_in_steps_and_shows_only_when_it_is_whole() -> None:
    table = SnapshotTable()
    table.apply(put(1, key("old", "old secret"), model("m1", "chat")))
    organizations = table.organizations
    for base, frame in (
        (True, put(2, *many(5000), Organization(id="o", name="o"))),
        (False, put(3, *many(5000, " anew"), since=2)),
    ):
        before = table.version
        heard: list[tuple[str, str]] = []
        data = encode_frame(frame)
        head, entries = exhaust(reading_frame(data))
        steps = 0
        for _ in table.applying(head, entries, heard.extend):
            steps += 1
            assert table.version == (frame.version if heard else before)
            known = table.find_key("secret 4999" if base else "secret 4999 anew")
            assert (known is not None) == bool(heard)
            assert (table.find_key("old secret") is not None) == (base and not heard)
        assert steps > 10
        assert ("api_key", "k4999") in heard
        assert (("api_key", "old") in heard) == base
    assert table.organizations is organizations
    assert set(organizations) == {"o"}
    assert len(table) == 5001
    assert table.find_key("secret 1") is None


def test_a_small_delta_takes_one_step() -> None:
    table = SnapshotTable()
    table.apply(put(1, *many(1000)))
    frame = put(2, key("k1", "new"), since=1)
    assert list(table.applying(FrameHead(2, 1, 1), iter(frame.entries), lambda _: None)) == []
    assert table.find_key("new") is not None


def test_a_large_frame_that_cannot_be_read_changes_nothing() -> None:
    table = SnapshotTable()
    table.apply(put(1, key("old", "old secret")))
    good = put(2, *many(3000))
    broken = Frame(version=2, entries=[*good.entries, Entry("api_key", "x", 2, b"\xc1")])
    with pytest.raises(SnapshotFormatError):
        table.apply(broken)
    assert (table.version, len(table)) == (1, 1)
    assert table.find_key("old secret") is not None
    table.apply(good)
    assert len(table) == 3000


@given(st.integers(min_value=0, max_value=70_000), st.integers(0, 2**40))
@settings(max_examples=15, deadline=None)
def test_a_frame_is_the_bytes_that_one_encoder_would_write(count: int, version: int) -> None:
    frame = Frame(version=version, entries=[Entry("api_key", "k", version, b"x")] * count)
    body = msgspec.msgpack.encode(frame)
    assert encode_frame(frame) == hashlib.sha256(body).digest() + body
    assert decode_frame(encode_frame(frame)) == frame
