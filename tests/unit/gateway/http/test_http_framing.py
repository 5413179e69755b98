"""What goes on the wire."""

import re
from email.utils import parsedate_to_datetime
from time import time

import pytest
from hypothesis import given, strategies as st

from mainspring.gateway.http.framing import StatusLines, end_to_end, header_block


def test_a_status_line_has_the_date_of_this_second() -> None:
    lines = StatusLines()
    for status, reason in ((200, b"OK"), (429, b"Too Many Requests"), (299, b"Unknown")):
        found = re.fullmatch(rb"HTTP/1.1 (\d+) ([\w ]+)\r\ndate: ([^\r]+)\r\n", lines.of(status))
        assert found is not None
        assert (int(found[1]), found[2]) == (status, reason)
        assert abs(parsedate_to_datetime(found[3].decode()).timestamp() - time()) <= 2


def test_a_new_second_has_a_new_date(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = StatusLines()
    now = 1_000_000_000.0
    monkeypatch.setattr("mainspring.gateway.http.framing.time", lambda: now)
    first = lines.of(200)
    now += 1
    assert b"01:46:40 GMT" in first
    assert b"01:46:41 GMT" in lines.of(200)


@pytest.mark.parametrize("status", [0, 100, 101, 199, 1000, -200])
def test_only_final_statuses_have_lines(status: int) -> None:
    with pytest.raises(ValueError, match="final"):
        StatusLines().of(status)


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=5), st.binary(max_size=5))))
def test_a_header_block_never_holds_more_lines_than_headers(
    headers: list[tuple[bytes, bytes]],
) -> None:
    clean = not any(b"\r" in part or b"\n" in part for pair in headers for part in pair)
    if clean:
        assert header_block(headers).count(b"\r\n") == len(headers)
    else:
        with pytest.raises(ValueError, match="line break"):
            header_block(headers)


def test_connection_headers_are_not_relayed() -> None:
    relayed = [(b"content-type", b"a"), (b"set-cookie", b"b"), (b"set-cookie", b"c")]
    ours = [
        (name, b"x")
        for name in (
            b"connection",
            b"keep-alive",
            b"transfer-encoding",
            b"upgrade",
            b"te",
            b"trailer",
            b"proxy-authenticate",
            b"content-length",
            b"date",
            b"server",
        )
    ]
    assert end_to_end(ours[:4] + relayed + ours[4:]) == relayed
