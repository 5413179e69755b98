"""JSON values that are kept as bytes.

msgspec has no ``Raw | None``: a field that may be missing is a ``Raw`` whose default is ``null``.
"""

import msgspec

ABSENT = msgspec.Raw(b"null")
"""The default of an optional raw field."""


def present(raw: msgspec.Raw) -> msgspec.Raw | None:
    """Return ``raw``, or ``None`` where the field was missing or ``null``."""
    return None if bytes(raw) == b"null" else raw
