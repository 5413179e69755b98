"""What the head of an answer says of the model that gave it.

``Deprecation`` is RFC 9745 (a structured date), ``Sunset`` is RFC 8594 (an HTTP date), and the
relation types of ``Link`` (RFC 8288) are those that these two register.
"""

from email.utils import formatdate

from mainspring.snapshot.resources import Model


def header_safe(text: str) -> bytes:
    """Return ``text`` as it may stand in a header: visible ASCII and blanks, the rest as ``?``."""
    return "".join(each if " " <= each <= "~" else "?" for each in text).strip().encode()


def notice_of(model: Model) -> bytes:
    """Return the header lines by which answers tell that ``model`` is deprecated; often none."""
    lifecycle = model.lifecycle
    if lifecycle is None or lifecycle.deprecated_at is None:
        return b""
    lines = b"deprecation: @%d\r\n" % lifecycle.deprecated_at
    relation = b"deprecation"
    if lifecycle.sunset_at is not None:
        date = formatdate(lifecycle.sunset_at, usegmt=True)
        lines += b"sunset: %b\r\n" % date.encode()
        relation = b"deprecation sunset"
    if lifecycle.link is not None:
        # A link is checked before it is kept; here only what would break the header is taken out.
        target = header_safe(lifecycle.link).replace(b"<", b"").replace(b">", b"")
        lines += b'link: <%b>; rel="%b"\r\n' % (target, relation)
    if lifecycle.replacement is not None:
        lines += b"x-mainspring-replacement: %b\r\n" % header_safe(lifecycle.replacement)
    return lines
