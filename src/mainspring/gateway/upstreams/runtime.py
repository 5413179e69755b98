"""One upstream, ready to be called."""

import re
import time
from urllib.parse import SplitResult, urlsplit

from mainspring.gateway.http.call import StreamedCall
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.pool import Call, Origin, Pool
from mainspring.gateway.http.sink import ResponseSink
from mainspring.gateway.http.websocket_client import SocketAddress
from mainspring.gateway.protocols import UPSTREAM_PROTOCOLS, UpstreamProtocol
from mainspring.infra.trust import system_trust
from mainspring.snapshot.resources import Upstream
from mainspring.wire.bedrock.signature import Signer

_TOKEN = re.compile(r"[A-Za-z0-9-]{1,64}")
_VERSION = re.compile(r"/v\d+(?:beta\d*|alpha\d*)?$")
"""A base URL that ends so brings its own version, as ``/api/paas/v4`` does."""
_JSON_BODY = b"content-type: application/json\r\n"
_BODYLESS = frozenset({"GET", "DELETE"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class UpstreamRuntime:
    """An upstream's pool and the heads of requests to it.

    All of a head that does not change from call to call is made once per path.
    """

    __slots__ = (
        "_credential",
        "_drops_version",
        "_heads",
        "_host",
        "_prefix",
        "_signer",
        "pool",
        "protocol",
        "resource",
        "tokenizes",
    )

    def __init__(self, resource: Upstream, credential: bytes | None, pool: Pool) -> None:
        """Prepare calls to ``resource`` over ``pool``; ``credential`` is in clear.

        Raises:
            ValueError: if the base URL or the credential cannot be put on the wire.
        """
        self.resource = resource
        self.pool = pool
        target = _split(resource.base_url)
        path = target.path.rstrip("/")
        self._prefix = path.encode()
        self._drops_version = _VERSION.search(path) is not None
        self._host = _host_header(target)
        self.tokenizes = not self._drops_version
        """Worth asking for tokens: no answer has shown yet that it has no tokenizer. An address
        that ends in a version of its own leads to nothing beside the versioned API."""
        self._credential = b""
        self._signer: Signer | None = None
        protocol = UPSTREAM_PROTOCOLS.get(resource.protocol)
        if protocol is None:
            raise ValueError(f"the protocol {resource.protocol!r} is not known to this gateway")
        self.protocol = protocol
        if resource.sigv4_region is not None:
            self._signer = Signer(credential or b"", resource.sigv4_region)
        elif credential is not None:
            self._credential = _credential_header(resource, protocol) % credential
            if any(byte < 0x20 or byte == 0x7F for byte in credential):
                raise ValueError("the credential holds control characters")
        self._heads: dict[bytes, bytes] = {}

    def post(
        self,
        path: bytes,
        body: bytes,
        sink: ResponseSink,
        *,
        request_id: bytes,
        traceparent: bytes | None,
        timeouts: Timeouts | None = None,
        lines: bytes = b"",
        media_type: bytes | None = None,
    ) -> Call:
        """Send ``body`` (JSON, unless ``media_type`` is given); the answer arrives at ``sink``.

        ``timeouts`` replace the upstream's own. ``lines`` are further header lines, each with its
        line end.
        """
        head = self._heads.get(path)
        if head is None:
            head = self._heads[path] = self._make_head(path)
        if media_type is not None:
            head = head.replace(_JSON_BODY, b"content-type: %b\r\n" % media_type, 1)
        if self._signer is not None:
            lines += self._signer.lines(
                self._target(path).decode(),
                body,
                host=self._host.decode(),
                content_type="application/json" if media_type is None else media_type.decode(),
                at=time.time(),
            )
        if traceparent is None:
            head = b"%b%b\r\n%bcontent-length: %d\r\n\r\n" % (
                head,
                request_id,
                lines,
                len(body),
            )
        else:
            head = b"%b%b\r\ntraceparent: %b\r\n%bcontent-length: %d\r\n\r\n" % (
                head,
                request_id,
                traceparent,
                lines,
                len(body),
            )
        return self.pool.send(head, body, sink, timeouts)

    def stream(
        self,
        path: bytes,
        sink: ResponseSink,
        *,
        request_id: bytes,
        traceparent: bytes | None,
        media_type: bytes,
        length: int | None,
        timeouts: Timeouts | None = None,
        lines: bytes = b"",
    ) -> StreamedCall:
        """Send a request whose body follows, of ``length`` bytes if that is known."""
        head = self._heads.get(path)
        if head is None:
            head = self._heads[path] = self._make_head(path)
        head = head.replace(_JSON_BODY, b"content-type: %b\r\n" % media_type, 1)
        if traceparent is not None:
            lines += b"traceparent: %b\r\n" % traceparent
        framing = (
            b"transfer-encoding: chunked" if length is None else b"content-length: %d" % length
        )
        head = b"%b%b\r\n%b%b\r\n\r\n" % (head, request_id, lines, framing)
        return self.pool.stream(head, sink, timeouts, chunked=length is None)

    @property
    def signs(self) -> bool:
        """Tell whether requests are signed, which only those that we write ourselves can be."""
        return self._signer is not None

    def pass_on(
        self,
        method: str,
        path: bytes,
        sink: ResponseSink,
        *,
        request_id: bytes,
        lines: bytes,
        body: bytes = b"",
        length: int | None = 0,
        follows: bool = False,
    ) -> Call:
        """Send a caller's own request to ``path`` (with its query) behind the base URL.

        With ``follows`` the body follows, of ``length`` bytes if that is known, and what is
        returned is a :class:`StreamedCall`.
        """
        head = (
            b"%b %b%b HTTP/1.1\r\nhost: %b\r\n%b"
            b"accept-encoding: identity\r\nuser-agent: mainspring\r\nx-request-id: %b\r\n%b"
        ) % (
            method.encode(),
            self._prefix,
            path,
            self._host,
            self._credential,
            request_id,
            lines,
        )
        if follows:
            framing = (
                b"transfer-encoding: chunked" if length is None else b"content-length: %d" % length
            )
            return self.pool.stream(b"%b%b\r\n\r\n" % (head, framing), sink, chunked=length is None)
        if body or method not in _BODYLESS:
            head += b"content-length: %d\r\n" % len(body)
        return self.pool.send(head + b"\r\n", body, sink)

    @property
    def credential(self) -> tuple[str, str] | None:
        """Return the header that shows the credential."""
        if not self._credential:
            return None
        name, _, value = self._credential[:-2].decode("latin-1").partition(": ")
        return name, value

    def socket(self, resource: str) -> SocketAddress:
        """Return where ``resource``, a path of the protocol with its query, takes WebSockets."""
        target = _split(self.resource.base_url)
        return SocketAddress(
            target.hostname or "",
            target.port or _DEFAULT_PORTS[target.scheme],
            self._target(resource.encode()).decode(),
            system_trust() if target.scheme == "https" else None,
            guarded=self.pool.guarded,
        )

    def _target(self, path: bytes) -> bytes:
        if self._drops_version:
            path = path[path.index(b"/", 1) :]
        return self._prefix + path

    def _make_head(self, path: bytes) -> bytes:
        return (
            b"POST %b HTTP/1.1\r\nhost: %b\r\n%b"
            b"%baccept: application/json, text/event-stream\r\n"
            b"accept-encoding: identity\r\nuser-agent: mainspring\r\nx-request-id: "
        ) % (self._target(path), self._host, self._credential, _JSON_BODY)


def open_pool(resource: Upstream, sweeper: Sweeper, *, guarded: bool = False) -> Pool:
    """Return a new pool for the server of ``resource``; it connects when first used.

    Raises:
        ValueError: if the base URL is not one of an HTTP server.
    """
    target = _split(resource.base_url)
    timeouts = resource.timeouts
    origin = Origin(
        target.scheme, target.hostname or "", target.port or _DEFAULT_PORTS[target.scheme]
    )
    return Pool(
        origin,
        timeouts=Timeouts(
            connect_s=timeouts.connect_s,
            first_byte_s=timeouts.first_byte_s,
            idle_s=timeouts.idle_s,
            total_s=timeouts.total_s,
        ),
        max_connections=resource.max_connections,
        max_waiting=resource.max_waiting,
        ssl=system_trust() if target.scheme == "https" else None,
        sweeper=sweeper,
        guarded=guarded,
    )


def same_pool(old: Upstream, new: Upstream) -> bool:
    """Tell whether the pool of ``old`` serves ``new`` as well."""
    return (old.base_url, old.timeouts, old.max_connections, old.max_waiting) == (
        new.base_url,
        new.timeouts,
        new.max_connections,
        new.max_waiting,
    )


def _credential_header(resource: Upstream, protocol: UpstreamProtocol) -> bytes:
    """Return the template of the header that shows the credential."""
    name = resource.credential_header
    if name is None:
        return protocol.credential_header
    if _TOKEN.fullmatch(name) is None:
        raise ValueError(f"not the name of a header: {name!r}")
    return name.lower().encode() + b": %b\r\n"


def _split(base_url: str) -> SplitResult:
    target = urlsplit(base_url)
    if target.scheme not in _DEFAULT_PORTS or not target.hostname or not base_url.isascii():
        raise ValueError(f"not the base URL of an HTTP server: {base_url!r}")
    return target


def _host_header(target: SplitResult) -> bytes:
    host = target.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if target.port is not None and target.port != _DEFAULT_PORTS[target.scheme]:
        host = f"{host}:{target.port}"
    return host.encode()
