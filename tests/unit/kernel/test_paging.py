"""Cursors and partial updates."""

import contextlib

import msgspec
import pytest
from hypothesis import given, strategies as st
from msgspec import UNSET, UnsetType

from mainspring.kernel.changes import apply_changes
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.paging import decode_cursor, encode_cursor, page_of


@given(st.tuples(st.integers(0, 2**53), st.text(max_size=50)))
def test_a_cursor_gives_back_its_key(key: tuple[int, str]) -> None:
    cursor = encode_cursor(key)
    assert decode_cursor(cursor, tuple[int, str]) == key
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&?# ")


@given(st.text(max_size=30))
def test_a_cursor_that_is_none_is_refused_as_the_callers_mistake(text: str) -> None:
    with contextlib.suppress(InvalidRequestError):
        number, name = decode_cursor(text, tuple[int, str]) or (0, "")
        assert (type(number), type(name)) == (int, str)


def test_no_cursor_is_the_beginning() -> None:
    assert decode_cursor(None, str) is None


@given(count=st.integers(0, 30), limit=st.integers(1, 10))
def test_pages_cover_everything_once(count: int, limit: int) -> None:
    rows = list(range(count))
    seen: list[int] = []
    after: int | None = None
    while True:
        rest = [row for row in rows if after is None or row > after]
        page = page_of(rest[: limit + 1], limit, lambda row: row)
        seen += page.items
        if page.next_cursor is None:
            break
        after = decode_cursor(page.next_cursor, int)
    assert seen == rows


class _Thing(msgspec.Struct, frozen=True):
    name: str
    size: int | None = None


class _Changes(msgspec.Struct, frozen=True):
    name: str | UnsetType = UNSET
    size: int | UnsetType | None = UNSET


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (_Changes(), _Thing("a", 1)),
        (_Changes(name="b"), _Thing("b", 1)),
        (_Changes(size=None), _Thing("a", None)),
    ],
)
def test_what_is_unset_stays_and_null_clears(changes: _Changes, expected: _Thing) -> None:
    assert apply_changes(_Thing("a", 1), changes) == expected
