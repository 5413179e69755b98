"""Which routes control answers, and the way there."""

import re
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, Final

from mainspring.gateway.control_link.client import ControlClient
from mainspring.gateway.fronting.answer import FrontedAnswer
from mainspring.gateway.fronting.transfers import (
    TIMEOUTS as TRANSFER_TIMEOUTS,
    Transfers,
    send_body,
)
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.pipeline.answers import refuse
from mainspring.gateway.pipeline.dispatch import Answer
from mainspring.gateway.pipeline.identity import CALL_MODELS, Authenticator
from mainspring.kernel.errors import MainspringError, RouteNotFoundError
from mainspring.kernel.ids import new_id
from mainspring.wire.delegation import DelegatedIdentity, mint_delegated_token
from mainspring.wire.fronted import FRONTED_PREFIX, IDENTITY_HEADER, IDENTITY_S

_PATH: Final = re.compile(r"/v1/[a-z]+(?:/[A-Za-z0-9_-]{1,100}(?:/[a-z_]{1,20})?)?")
"""Nothing else is passed on: no dots, no escapes, nothing that a path could be twisted by."""
_TIMEOUTS: Final = Timeouts(connect_s=3.0, first_byte_s=300.0, idle_s=60.0, total_s=1800.0)

FRONTED: Final[Mapping[str, tuple[str, ...]]] = {
    "/v1/batches": ("GET", "POST"),
    "/v1/batches/": ("GET", "POST"),
    "/v1/files": ("GET", "POST"),
    "/v1/files/": ("GET", "DELETE"),
}
"""Methods by path; one that ends with a slash stands for all below it."""
UPLOADED: Final = frozenset({"/v1/files"})
"""Paths whose bodies are sent on while they arrive."""
_CONTENT: Final = "/content"
"""What a path ends with whose answer may be a large file."""


class FrontedRoutes:
    """Passes calls on to control, in the name of their callers."""

    def __init__(
        self,
        authenticator: Authenticator,
        client: ControlClient,
        files: ControlClient,
        secret: bytes,
    ) -> None:
        """Mint identities by ``secret``, which gateways and control share.

        ``files`` has the connections of those calls that take as long as their clients do.
        """
        self._authenticator = authenticator
        self._client = client
        self._files = files
        self._secret = secret
        self._transfers = Transfers()

    @property
    def exact(self) -> dict[str, dict[str, Answer]]:
        """Return what answers at exact paths."""
        return self._table(lambda path: not path.endswith("/"))

    @property
    def prefixes(self) -> dict[str, dict[str, Answer]]:
        """Return what answers below a path."""
        return self._table(lambda path: path.endswith("/"))

    def pass_on(self, exchange: Exchange) -> Coroutine[Any, Any, bool] | None:
        """Have control answer ``exchange``."""
        request_id = new_id("req")
        stream = exchange.upload
        transfers = stream is not None or exchange.path.endswith(_CONTENT)
        try:
            principal = self._authenticator.authenticate(exchange.headers)
            principal.require_scope(CALL_MODELS)
            if _PATH.fullmatch(exchange.path) is None:
                raise RouteNotFoundError(f"there is no route {exchange.path[:200]!r}")
            if transfers:
                self._transfers.begin(principal.project_id)
        except MainspringError as error:
            refuse(exchange, error, request_id)
            return None
        identity = DelegatedIdentity(
            org_id=principal.org_id,
            project_id=principal.project_id,
            actor_id=principal.actor_id,
            key_id=principal.key_id,
            expires_at=int(time.time()) + IDENTITY_S,
        )
        headers = {IDENTITY_HEADER.encode(): mint_delegated_token(identity, self._secret).encode()}
        media_type = exchange.headers.get(b"content-type")
        if media_type is not None:
            headers[b"content-type"] = media_type
        parent = exchange.headers.get(b"traceparent")
        if parent is not None:
            headers[b"traceparent"] = parent
        path = f"{FRONTED_PREFIX}{exchange.path}".encode()
        if exchange.query:
            path += b"?" + exchange.query
        answer = FrontedAnswer(exchange, request_id)
        method = "GET" if exchange.method == "HEAD" else exchange.method
        client, timeouts = self._client, _TIMEOUTS
        if transfers:
            client, timeouts = self._files, TRANSFER_TIMEOUTS
            answer.on_over.append(partial(self._transfers.end, principal.project_id))
        if stream is None:
            answer.call = client.pass_on(method, path, headers, exchange.body, answer, timeouts)
            return None
        announced = exchange.headers.get(b"content-length")
        length = None if announced is None else int(announced)
        answer.call = line = client.stream_on(method, path, headers, length, answer, timeouts)
        return send_body(exchange, stream, line, answer)

    def _table(self, wanted: Callable[[str], bool]) -> dict[str, dict[str, Answer]]:
        return {
            path: dict.fromkeys(methods, self.pass_on)
            for path, methods in FRONTED.items()
            if wanted(path)
        }
