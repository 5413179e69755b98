"""Frames: how a snapshot travels and rests.

A frame with ``since`` ``None`` is a base: the whole state at ``version``. Any other is a delta
that takes a table from any version in ``since..version`` to ``version`` (changes are compacted: of
several changes to one resource only the last is told). The last-good file on a gateway's disk is
simply a base frame.
"""

import hashlib

import msgspec

from mainspring.snapshot.resources import RESOURCE_TYPES, Resource

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


_encoder = msgspec.msgpack.Encoder()
_frame_decoder = msgspec.msgpack.Decoder(Frame)
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
    """Return ``frame`` behind the SHA-256 of its bytes, so that a torn file is noticed."""
    body = _encoder.encode(frame)
    return hashlib.sha256(body).digest() + body


def decode_frame(data: bytes) -> Frame:
    """Read what :func:`encode_frame` wrote.

    Raises:
        SnapshotFormatError: if the bytes are damaged or of a format from the future.
    """
    digest, body = data[:32], data[32:]
    if hashlib.sha256(body).digest() != digest:
        raise SnapshotFormatError("the frame's checksum does not match its content")
    try:
        frame = _frame_decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise SnapshotFormatError(f"the frame cannot be read: {error}") from error
    if frame.format != FORMAT:
        raise SnapshotFormatError(f"format {frame.format} is not known here; this is {FORMAT}")
    return frame
