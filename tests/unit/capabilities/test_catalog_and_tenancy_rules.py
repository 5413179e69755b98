"""Names, slugs and addresses."""

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, strategies as st

from mainspring.capabilities.catalog.domain import Model, checked_base_url, checked_model
from mainspring.capabilities.fleet.domain import LOST, LOST_AFTER, current, part_of
from mainspring.capabilities.tenancy.domain import (
    SLUG_PATTERN,
    checked_name,
    checked_slug,
    slug_from,
)
from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot.resources import ModelTarget
from mainspring.wire.records import Heartbeat

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.text(max_size=200))
def test_a_slug_can_be_made_from_every_name(name: str) -> None:
    slug = slug_from(name)
    assert re.fullmatch(SLUG_PATTERN, slug)
    assert checked_slug(slug) == slug


@pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "a b", "a" * 64, "研究"])
def test_what_is_no_slug_is_refused(slug: str) -> None:
    with pytest.raises(InvalidRequestError):
        checked_slug(slug)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\x00b", "a\nb"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequestError):
        checked_name(name)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        (" https://host/openai/ ", "https://host/openai"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_kept_without_its_last_slash(written: str, kept: str) -> None:
    assert checked_base_url(written) == kept


def model(**changes: object) -> Model:
    whole = Model(
        id="mdl_1",
        name="qwen3-32b",
        targets=(ModelTarget("ups_1", "m"),),
        created_at=NOW,
        updated_at=NOW,
    )
    return msgspec.structs.replace(whole, **changes)


@pytest.mark.parametrize("name", ["gpt-4o", "kb/handbook", "org/model:tag", "a@b", "text_v1.5"])
def test_model_names_are_what_vendors_use(name: str) -> None:
    assert checked_model(model(name=name)).name == name


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "has space"},
        {"name": "line\nbreak"},
        {"name": "x" * 201},
        {"tasks": ()},
        {"tasks": ("fly",)},
        {"targets": ()},
        {"targets": (ModelTarget("ups_1", "m", weight=0),)},
        {"targets": (ModelTarget("ups_1", "m"),) * 33},
    ],
)
def test_a_model_that_could_not_be_called_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError):
        checked_model(model(**changes))


def test_a_part_that_is_silent_is_lost_unless_it_said_goodbye() -> None:
    beat = Heartbeat(
        instance_id="ins_1",
        role="gateway",
        name="gateway",
        state="ready",
        version="0.1.0",
        started_at_ms=2**62,
    )
    part = part_of(beat, NOW)
    assert part.started_at == NOW  # a start in the far future is no time
    assert part.seen_from(NOW + LOST_AFTER - timedelta(seconds=1)) == part
    assert part.seen_from(NOW + LOST_AFTER).state == LOST
    reborn = part_of(msgspec.structs.replace(beat, instance_id="ins_2"), NOW + LOST_AFTER)
    assert current([part, reborn], NOW + LOST_AFTER) == [reborn]
    assert current([part], NOW + LOST_AFTER) == [part.seen_from(NOW + LOST_AFTER)]
    stopped = part_of(msgspec.structs.replace(beat, state="stopped"), NOW)
    assert stopped.seen_from(NOW + LOST_AFTER * 10).state == "stopped"
