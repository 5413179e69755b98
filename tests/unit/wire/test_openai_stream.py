import itertools
import json

import pytest
from hypothesis import given, settings, strategies as st

from mainspring.wire.openai.stream import MAX_HELD_BYTES, UsageScanner, usage_from_tail

USAGE = '{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}'
ROLE = b'data: {"choices":[{"delta":{"role":"assistant"}}]}'
USAGE_EVENT = b'data: {"id":"c","choices":[],"usage":%s}' % USAGE.encode()
DONE = b"data: [DONE]"


def run(chunks: list[bytes], *, strip: bool = True) -> tuple[bytes, UsageScanner]:
    scanner = UsageScanner(strip=strip)
    seen = b"".join([scanner.feed(chunk) for chunk in chunks])
    return seen + scanner.close(), scanner


def cut(data: bytes, at: list[int]) -> list[bytes]:
    marks = sorted({min(mark, len(data)) for mark in at} | {0, len(data)})
    return [data[a:b] for a, b in itertools.pairwise(marks)]


CONTENT = st.text(max_size=12) | st.sampled_from(
    ['"usage":{', "usage", "data: [DONE]", "\n\n", "[DONE]", "\r\n\r\ndata: {}", "\\"]
)
CHUNK = st.one_of(
    CONTENT.map(lambda text: json.dumps({"choices": [{"delta": {"content": text}}]})),
    CONTENT.map(lambda text: json.dumps({"choices": [{"text": text}], "usage": None})),
    CONTENT.map(
        lambda text: json.dumps({"choices": [{"text": text}], "usage": {"prompt_tokens": 1}})
    ),
    st.just('{"choices":[],"prompt_filter_results":[]}'),
    st.just('{"choices":[{"text":"x"}],"usage":null}'),
    st.just("not json"),
).map(lambda text: b"data: " + text.encode())
COMMENT = st.just(b": ping")


@settings(max_examples=300)
@given(
    events=st.lists(CHUNK | COMMENT, max_size=6),
    end=st.sampled_from([b"\n\n", b"\r\n\r\n"]),
    where=st.integers(0, 6),
    present=st.booleans(),
    complete=st.booleans(),
    spaced=st.booleans(),
    data=st.data(),
)
def test_the_client_sees_the_upstreams_bytes_without_the_usage_event(
    *,
    events: list[bytes],
    end: bytes,
    where: int,
    present: bool,
    complete: bool,
    spaced: bool,
    data: st.DataObject,
) -> None:
    usage = USAGE_EVENT.replace(b'"usage":', b'"usage" : ') if spaced else USAGE_EVENT
    before, after = events[:where], events[where:]
    wanted = b"".join(event + end for event in [*before, *after, DONE])
    middle = [usage] if present else []
    stream = b"".join(event + end for event in [*before, *middle, *after, DONE])
    if not complete:
        stream, wanted = stream.removesuffix(end), wanted.removesuffix(end)
    chunks = cut(stream, data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))

    seen, scanner = run(chunks)
    assert seen == wanted
    assert scanner.done

    untouched, watcher = run(chunks, strip=False)
    assert untouched == stream
    assert watcher.usage_frame == scanner.usage_frame
    last_with_choices = any(b'"usage": {' in event for event in after)
    if present and not last_with_choices:
        assert scanner.usage_frame == USAGE.encode()


@given(st.lists(st.integers(0, 400), max_size=10))
def test_every_byte_cut_of_an_ordinary_stream_finds_the_figures(at: list[int]) -> None:
    stream = b"\n\n".join([ROLE, ROLE, USAGE_EVENT, DONE, b""])
    seen, scanner = run(cut(stream, at))
    assert seen == b"\n\n".join([ROLE, ROLE, DONE, b""])
    assert scanner.usage_frame == USAGE.encode()


def test_whole_events_pass_as_the_same_object() -> None:
    scanner = UsageScanner(strip=True)
    chunk = ROLE + b"\n\n"
    assert scanner.feed(chunk) is chunk


@given(events=st.lists(CHUNK | COMMENT, min_size=1, max_size=12), data=st.data())
def test_chunks_that_pass_as_they_are_are_those_that_feeding_would_not_change(
    events: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(event + b"\n\n" for event in [*events, DONE])
    ends = [m + 2 for m in range(len(stream)) if stream.startswith(b"\n\n", m)]
    at = data.draw(st.lists(st.sampled_from(ends) | st.integers(0, len(stream))))
    fast, slow = UsageScanner(strip=True), UsageScanner(strip=True)
    for piece in cut(stream, at):
        if not piece:
            continue
        seen = slow.feed(piece)
        chunk = b"%x\r\n%b\r\n" % (len(piece), piece)
        assert (piece if fast.passes(chunk) else fast.feed(piece)) == seen
        assert (fast.events, fast.usage_frame) == (slow.events, slow.usage_frame)
        assert fast.done == slow.done


@pytest.mark.parametrize("strip", [True, False])
def test_part_of_an_event_waits_for_its_end(*, strip: bool) -> None:
    scanner = UsageScanner(strip=strip)
    assert scanner.feed(ROLE + b"\n\n" + ROLE[:10]) == ROLE + b"\n\n"
    assert not scanner.in_event
    assert scanner.feed(ROLE[10:] + b"\n\n") == ROLE + b"\n\n"


def test_an_event_too_large_for_usage_flows_on() -> None:
    big = b'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n' % (b"x" * (3 * MAX_HELD_BYTES))
    stream = big + USAGE_EVENT + b"\n\n" + DONE + b"\n\n"
    chunks = [stream[i : i + 1000] for i in range(0, len(stream), 1000)]
    scanner = UsageScanner(strip=True)
    seen = b""
    for chunk in chunks:
        seen += scanner.feed(chunk)
    early = len(seen)
    seen += scanner.close()
    assert seen == big + DONE + b"\n\n"
    assert scanner.usage_frame == USAGE.encode()
    assert early > MAX_HELD_BYTES


def test_done_is_only_the_line_and_never_the_word() -> None:
    scanner = UsageScanner(strip=True)
    scanner.feed(b'data: {"choices":[{"delta":{"content":"[DONE]"}}]}\n\n')
    assert not scanner.done
    scanner.feed(b"data: [DONE]\n\n")
    assert scanner.done


@pytest.mark.parametrize(
    ("tail", "frame"),
    [
        (b'..."usage": {"a":1,"b":{"c":2}}}', b'{"a":1,"b":{"c":2}}'),
        (b'"usage":{"a":1},"x":1,"usage":{"a":2}}', b'{"a":2}'),
        (b'"usage":null}', None),
        (b'"usage":{"a":1', None),
        (b"", None),
    ],
)
def test_usage_is_found_in_the_tail_of_a_large_answer(tail: bytes, frame: bytes | None) -> None:
    assert usage_from_tail(tail) == frame
