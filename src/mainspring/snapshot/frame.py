"""Frames: how a snapshot travels and rests.

A frame with ``since`` ``None`` is a base: the whole state at ``version``. Any other is a delta
that takes a table from any version in ``since..version`` to ``version`` (changes are compacted: of
several changes to one resource only the last is told). The last-good file on a gateway's disk is
simply a base frame.

Versions are counted by a database, and two databases count apart: ``epoch`` names the one whose
versions these are, so that after a restored backup no delta of the one is put on the state of the
other. An empty epoch comes from a sender who knows of none; it fits every other.
"""

import hashlib
from collections.abc import Generator, Iterator
from itertools import islice
from typing import TypeVar

import msgspec

from mainspring.snapshot.resources import RESOURCE_TYPES, Resource

T = TypeVar("T")

FORMAT = 1
"""Raised only when old readers must not try; a reader refuses a format it does not know."""


class SnapshotFormatError(ValueError):
    """The bytes are not a frame that this release understands; keep the last good one."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One resource at one version; ``data`` ``None`` says that it is gone."""

    kind: str
    key: str
    version: int
    data: bytes | None


class Frame(msgspec.Struct, frozen=True):
    """A base or a delta, see the module's text."""

    version: int
    entries: list[Entry]
    since: int | None = None
    format: int = FORMAT
    epoch: str = ""


class FrameHead(msgspec.Struct, frozen=True):
    """What a frame says of itself, and how many entries it has."""

    version: int
    since: int | None
    count: int
    epoch: str = ""


class _RawFrame(msgspec.Struct, frozen=True):
    """A frame whose entries are not read yet."""

    version: int
    entries: list[msgspec.Raw]
    since: int | None = None
    format: int = FORMAT
    epoch: str = ""


_SLICE_BYTES = 1 << 20
_SLICE_ENTRIES = 1000

_encoder = msgspec.msgpack.Encoder()
_raw_decoder = msgspec.msgpack.Decoder(_RawFrame)
_entry_decoder = msgspec.msgpack.Decoder(Entry)
_resource_decoders = {
    kind: msgspec.msgpack.Decoder(shape) for kind, shape in RESOURCE_TYPES.items()
}


def encode_resource(resource: Resource) -> bytes:
    """Return the bytes of one resource, as :class:`Entry` carries them."""
    return _encoder.encode(resource)


def decode_resource(kind: str, data: bytes) -> Resource | None:
    """Return the resource, or ``None`` for a kind that this release does not know.

    Raises:
        SnapshotFormatError: if the kind is known and the bytes are not it.
    """
    decoder = _resource_decoders.get(kind)
    if decoder is None:
        return None
    try:
        return decoder.decode(data)
    except msgspec.MsgspecError as error:
        raise SnapshotFormatError(f"a resource of kind {kind} cannot be read: {error}") from error


def encode_frame(frame: Frame) -> bytes:
    """Return ``frame`` behind the SHA-256 of its bytes, so that a torn file is noticed.

    In another thread it leaves the event loop room: no step of it holds the interpreter for long.
    """
    empty = _encoder.encode(msgspec.structs.replace(frame, entries=[]))
    before, _, after = empty.partition(_NO_ENTRIES)
    pieces = [before, _NO_ENTRIES[:-1] + _array_head(len(frame.entries))]
    entries = iter(frame.entries)
    while some := list(islice(entries, _SLICE_ENTRIES)):
        pieces.append(b"".join(map(_encoder.encode, some)))
    pieces.append(after)
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return b"".join([digest.digest(), *pieces])


_NO_ENTRIES = _encoder.encode("entries") + _encoder.encode([])


def _array_head(count: int) -> bytes:
    """Return how MessagePack announces an array of ``count``."""
    if count < 16:
        return bytes([0x90 | count])
    return b"\xdc" + count.to_bytes(2) if count < 1 << 16 else b"\xdd" + count.to_bytes(4)


def decode_frame(data: bytes) -> Frame:
    """Read what :func:`encode_frame` wrote.

    Raises:
        SnapshotFormatError: if the bytes are damaged or of a format from the future.
    """
    head, entries = exhaust(reading_frame(data))
    return Frame(version=head.version, entries=list(entries), since=head.since, epoch=head.epoch)


def reading_frame(
    data: bytes | memoryview,
) -> Generator[None, None, tuple[FrameHead, Iterator[Entry]]]:
    """Read what :func:`encode_frame` wrote in steps; the entries are read as they are asked for.

    Each ``yield`` is a place to let others run: 100,000 keys take longer than a call may wait.

    Raises:
        SnapshotFormatError: if the bytes are damaged or of a format from the future; the iterator
            raises it, too.
    """
    body = memoryview(data)[32:]
    digest = hashlib.sha256()
    for start in range(0, len(body), _SLICE_BYTES):
        digest.update(body[start : start + _SLICE_BYTES])
        if start:
            yield
    if digest.digest() != data[:32]:
        raise SnapshotFormatError("the frame's checksum does not match its content")
    try:
        raw = _raw_decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise SnapshotFormatError(f"the frame cannot be read: {error}") from error
    if raw.format != FORMAT:
        raise SnapshotFormatError(f"format {raw.format} is not known here; this is {FORMAT}")
    head = FrameHead(raw.version, raw.since, len(raw.entries), raw.epoch)
    return head, _read_entries(raw.entries)


def _read_entries(raw: list[msgspec.Raw]) -> Iterator[Entry]:
    """Read one entry after the other, and let each go: freeing all at once takes long, too."""
    raw.reverse()
    while raw:
        try:
            entry = _entry_decoder.decode(raw.pop())
        except msgspec.MsgspecError as error:
            raise SnapshotFormatError(f"the frame cannot be read: {error}") from error
        yield entry


def exhaust(steps: Generator[None, None, T]) -> T:
    """Take all steps at once and return their result."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value
