"""Heads that were read before: what makes two of them the same, and how many are kept."""

from hypothesis import given, strategies as st

from mainspring.gateway.http.known_heads import MAX_HEAD_BYTES, KnownHeads

LINE = st.from_regex(rb"[A-Za-z-]{1,12}: [ -~]{0,20}", fullmatch=True)


def message(first: bytes, before: list[bytes], after: list[bytes], body: bytes) -> bytes:
    """Write a message with its length between other headers."""
    lines = [first, *before, b"Content-Length: %d" % len(body), *after]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@given(st.lists(LINE, max_size=4), st.lists(LINE, max_size=4), st.binary(), st.binary())
def test_a_head_is_known_whatever_the_length_of_its_body(
    before: list[bytes], after: list[bytes], one: bytes, other: bytes
) -> None:
    heads = KnownHeads[str](8)
    key = heads.look(message(b"POST / HTTP/1.1", before, after, one))
    assert isinstance(key, bytes)
    heads.remember(key, "read")
    again = heads.look(message(b"POST / HTTP/1.1", before, after, other))
    if any(line.lower().startswith(b"content-length:") for line in before + after):
        return  # such a message is nothing that a parser accepts, so it is never remembered
    assert again == ("read", b"%d" % len(other), other)


@given(st.lists(LINE, max_size=4), st.lists(LINE, max_size=4))
def test_heads_that_differ_in_anything_else_are_told_apart(
    lines: list[bytes], others: list[bytes]
) -> None:
    heads = KnownHeads[str](8)
    key = heads.look(message(b"POST / HTTP/1.1", lines, [], b"x"))
    assert isinstance(key, bytes)
    heads.remember(key, "read")
    for first in (b"POST / HTTP/1.0", b"PUT / HTTP/1.1", b"POST /a HTTP/1.1"):
        assert not isinstance(heads.look(message(first, lines, [], b"x")), tuple)
    seen = heads.look(message(b"POST / HTTP/1.1", others, [], b"x"))
    assert isinstance(seen, tuple) == (lines == others)


def test_only_a_whole_message_is_taken() -> None:
    heads = KnownHeads[str](8)
    whole = message(b"POST / HTTP/1.1", [b"host: a"], [], b"12345")
    key = heads.look(whole)
    assert isinstance(key, bytes)
    heads.remember(key, "read")
    assert heads.look(whole) == ("read", b"5", b"12345")
    for part in (whole[:-1], whole + b"x", whole + whole, whole[:20], b""):
        assert heads.look(part) is None


def test_lengths_that_servers_read_differently_are_left_to_the_parser() -> None:
    heads = KnownHeads[str](8)
    for length in (b"+5", b"05", b"5 ", b"5,5", b"0x5", b"-5", b"", b" 5", b"9" * 16):
        head = b"POST / HTTP/1.1\r\ncontent-length: %b\r\n\r\n12345" % length
        assert heads.look(head) is None, length


def test_large_heads_are_not_kept_and_few_of_the_others() -> None:
    heads = KnownHeads[int](8)
    assert (
        heads.look(message(b"POST / HTTP/1.1", [b"a: " + b"x" * MAX_HEAD_BYTES], [], b"")) is None
    )
    for number in range(100):
        key = heads.look(message(b"POST /%d HTTP/1.1" % number, [], [], b""))
        assert isinstance(key, bytes)
        heads.remember(key, number)
        assert len(heads) <= 8
