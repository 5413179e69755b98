"""Every bound of the HTTP layer, in one place: sizes in bytes, times in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What one listener accepts from its clients, and how long it waits for them."""

    max_url_bytes: int = 8 * 1024
    """A longer request target is answered 414."""
    max_header_bytes: int = 32 * 1024
    """Request line, names and values of one head together; beyond it 431."""
    max_headers: int = 100
    """Header lines of one head; beyond it 431."""
    max_body_bytes: int = 32 * 1024 * 1024
    """A larger body is answered 413, before it is read where its length was announced."""
    max_buffered_bytes: int = 1024 * 1024 * 1024
    """Bodies that are still incomplete, over all connections; beyond it 503."""
    upload_paths: frozenset[str] = frozenset()
    """Paths whose bodies, if they do not come at once, are handed over as they arrive."""
    upload_prefix: str | None = None
    """Bodies to all paths below it are handed over as well, whatever the method."""
    gathering_headers: frozenset[bytes] = frozenset()
    """A request with one of these headers has its body gathered all the same."""
    max_upload_bytes: int = 512 * 1024 * 1024
    """A larger body to one of these is answered 413."""
    upload_window_bytes: int = 256 * 1024
    """How much of such a body may wait before reading from its client is paused."""
    max_connections: int = 16_384
    """Further connections are answered 503 and closed."""
    max_pipelined: int = 32
    """Requests parsed ahead on one connection; the last of them is answered with a close."""
    max_held_bytes: int = 64 * 1024
    """Input kept while a request is in progress, before reading from the client is paused."""
    write_buffer_bytes: int = 64 * 1024
    """Unsent output of one connection at which the answer's source is paused."""

    header_timeout_s: float = 10.0
    """From a head's first byte to its last; also the TLS handshake."""
    body_timeout_s: float = 30.0
    """Time to send a body, extended by ``received / body_min_bytes_per_s``."""
    body_min_bytes_per_s: int = 8 * 1024
    """The slowest sustained upload that is tolerated."""
    keep_alive_s: float = 75.0
    """Idle time after which a connection without a request is closed."""
    write_stall_s: float = 30.0
    """A client that takes nothing of its waiting answer for this long is dropped."""
    linger_s: float = 2.0
    """After refusing a request in mid-send: how long its rest is read and thrown away, so that the
    refusal reaches the client instead of a reset."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long an upstream call may take in each of its phases."""

    connect_s: float = 5.0
    """TCP and TLS connect, and the wait for a free connection."""
    first_byte_s: float = 120.0
    """From sending the request to the complete response head."""
    idle_s: float = 60.0
    """Between two pieces of the body, while the client keeps up."""
    total_s: float = 600.0
    """The whole call, waiting included."""
    keep_alive_s: float = 4.0
    """How long an idle connection is kept. Shorter than the 5 s of the common Python and Node
    servers, so that we, not they, end it; an upstream's ``Keep-Alive: timeout`` shortens it."""


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """What one WebSocket may cost, and how long its silence is borne."""

    max_message_bytes: int = 16 * 1024 * 1024
    """A larger message closes the connection (1009)."""
    max_buffered_bytes: int = 512 * 1024 * 1024
    """Messages that are still incomplete, over all WebSockets; beyond it 1013."""
    max_pings_behind: int = 256
    """Pings answered to a peer that takes nothing of what it is sent; beyond it 1008."""
    ping_s: float = 20.0
    """Silence after which a peer is asked for a sign of life."""
    pong_s: float = 20.0
    """How long it may take to give one."""
    idle_s: float = 300.0
    """Time without a message, either way, and without work under way, after which it is closed."""
    close_s: float = 5.0
    """How long the peer's half of the closing handshake is waited for."""
    handshake_bytes: int = 64 * 1024
    """Largest answer to an offer of ours that is read."""
