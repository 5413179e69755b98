"""G1: a form read in pieces is the form read whole, wherever the pieces were cut."""

import pytest
from hypothesis import given, strategies as st

from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.openai.form_reader import FormReader
from mainspring.wire.openai.forms import read_form, rewrite_form

names = st.sampled_from([b"model", b"stream", b"file", b"prompt", b"language"])
values = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [b"", b"ear", b"true", b"\r\n--b", b"\r\n--bo", b"\r\n", b"--b--", b"x" * 1500]
    ),
)
parts = st.lists(st.tuples(names, values), max_size=5)
ends = st.sampled_from([b"--\r\n", b"--", b"", b"\r\n", b"-", b"--epilogue"])


def body_of(fields: list[tuple[bytes, bytes]], end: bytes) -> bytes:
    """Return a form, or what is nearly one."""
    text = b"".join(
        b'--b\r\ncontent-disposition: form-data; name="%b"\r\n\r\n%b\r\n' % pair for pair in fields
    )
    return text + b"--b" + end


def read_in_pieces(body: bytes, cuts: list[int]) -> FormReader:
    """Return the reader that has read ``body``, cut there."""
    reader = FormReader()
    start = 0
    for cut in [*sorted(min(each, len(body)) for each in cuts), len(body)]:
        reader.feed(body[start:cut])
        start = max(start, cut)
    reader.close()
    return reader


@given(fields=parts, end=ends, cuts=st.lists(st.integers(0, 400), max_size=12))
def test_pieces_and_whole_agree(
    fields: list[tuple[bytes, bytes]], end: bytes, cuts: list[int]
) -> None:
    body = body_of(fields, end)
    try:
        whole = read_form(body)
    except InvalidRequestError:
        whole = None
    try:
        reader = read_in_pieces(body, cuts)
        envelope = reader.envelope
    except InvalidRequestError:
        reader = envelope = None
    assert envelope == whole
    if reader is not None and whole is not None:
        assert reader.model_span is not None
        start, stop = reader.model_span
        assert body[:start] + b"other" + body[stop:] == rewrite_form(body, "other")


def test_what_is_too_long_or_there_twice_is_told() -> None:
    fields = [
        (b"prompt", b"x" * 2000),
        (b"model", b"ear"),
        (b"language", b"a"),
        (b"language", b"b"),
    ]
    reader = read_in_pieces(body_of(fields, b"--"), [])
    assert reader.unreadable == {b"prompt", b"language"}
    assert reader.fields == {b"model": b"ear", b"language": b"a"}


def test_a_model_is_known_as_soon_as_its_field_has_passed() -> None:
    reader = FormReader()
    reader.feed(b'--b\r\ncontent-disposition: form-data; name="model"\r\n\r\near\r\n--b')
    assert reader.envelope is not None
    assert reader.envelope.model == "ear"
    assert not reader.complete


@pytest.mark.parametrize("start", [b"no form", b"--\r\n", b"-" * 300, b"\r\n--b\r\n"])
def test_what_is_no_form_is_refused(start: bytes) -> None:
    with pytest.raises(InvalidRequestError):
        read_in_pieces(start, [])


def test_a_form_of_very_many_parts_is_refused() -> None:
    body = body_of([(b"language", b"x")] * 300, b"--")
    with pytest.raises(InvalidRequestError):
        FormReader().feed(body)
