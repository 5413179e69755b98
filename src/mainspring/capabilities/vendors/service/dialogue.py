"""What a test says to an upstream in the upstream's own protocol, and how it reads the answers."""

import re
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import msgspec

from mainspring.capabilities.catalog.api import Upstream
from mainspring.kernel.errors import MainspringError
from mainspring.wire.bedrock.signature import Signer
from mainspring.wire.dialects import UPSTREAM_DIALECTS
from mainspring.wire.events.request import ChatRequest, Message, Role, Sampling, Text
from mainspring.wire.events.stream import Failed, UsageReported

CREDENTIAL_HEADERS: Final = {"anthropic": "x-api-key", "gemini": "x-goog-api-key"}
"""Where a protocol shows the credential, if not as ``Authorization: Bearer``."""

_FURTHER_HEADERS: Final = {"anthropic": {"anthropic-version": "2023-06-01"}}
_LISTS: Final = {
    "openai": "/v1/models",
    "openai-responses": "/v1/models",
    "anthropic": "/v1/models",
    "gemini": "/v1beta/models",
    "ollama": "/api/tags",
    "bedrock": "/foundation-models",
}
_VERSION: Final = re.compile(r"/v\d+(?:beta\d*|alpha\d*)?$")
"""A base URL that ends so brings its own version; gateways read it in the same way."""
_RUNTIME_HOST: Final = "bedrock-runtime."
_PROMPT: Final = "Say OK."
_CALL_TOKENS: Final = 16
"""The least that every protocol takes for an answer."""


class Exchange(msgspec.Struct, frozen=True):
    """A request that is ready to be sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


class Answered(msgspec.Struct, frozen=True):
    """What a call's answer holds: whether it tells usage, or an error inside of it."""

    tells_usage: bool
    failure: str | None = None


class _Named(msgspec.Struct):
    id: str | None = None
    name: str | None = None


class _Summary(msgspec.Struct, rename={"model_id": "modelId"}):
    model_id: str


class _List(msgspec.Struct, rename={"summaries": "modelSummaries"}):
    data: list[_Named] | None = None
    models: list[_Named] | None = None
    summaries: list[_Summary] | None = None


_read_list: Final = msgspec.json.Decoder(_List).decode


class Dialogue:
    """Requests to one upstream; ``credential`` is in clear and goes into their headers only."""

    def __init__(self, upstream: Upstream, credential: str | None) -> None:
        """Prepare requests.

        Raises:
            ValueError: if the credential should sign and cannot.
        """
        self._upstream = upstream
        self._credential = credential
        self._signer = (
            None
            if upstream.sigv4_region is None
            else Signer((credential or "").encode(), upstream.sigv4_region)
        )

    def list_models(self, *, at: float, shown: bool = True) -> Exchange:
        """Return the request for the list of models; unless ``shown`` without the credential."""
        url = self._url(_LISTS[self._upstream.protocol])
        if self._upstream.protocol == "bedrock":
            parts = urlsplit(self._upstream.base_url)
            host = parts.netloc
            if host.startswith(_RUNTIME_HOST):  # models are listed by AWS's other address
                host = "bedrock." + host.removeprefix(_RUNTIME_HOST)
            url = urlunsplit((parts.scheme, host, parts.path + _LISTS["bedrock"], "", ""))
        return self._exchange("GET", url, b"", at=at, shown=shown)

    def call(self, model: str, task: str, *, at: float, newer: bool = False) -> Exchange:
        """Return the smallest call of ``model``.

        ``newer`` bounds the answer by ``max_completion_tokens``, which newer models of OpenAI want
        in place of ``max_tokens``.

        Raises:
            InvalidRequestError: if the protocol cannot express it.
        """
        if task == "embedding":
            body = msgspec.json.encode({"model": model, "input": _PROMPT})
            return self._exchange("POST", self._url("/v1/embeddings"), body, at=at)
        bound = msgspec.Raw(str(_CALL_TOKENS).encode())
        request = ChatRequest(
            model=model,
            messages=(Message(Role.USER, (Text(_PROMPT),)),),
            protocol="openai",
            sampling=Sampling() if newer else Sampling(max_tokens=_CALL_TOKENS),
            extras={"max_completion_tokens": bound} if newer else {},
        )
        written = UPSTREAM_DIALECTS[self._upstream.protocol].write_request(request, model)
        return self._exchange("POST", self._url(written.path), written.body, at=at)

    def read_call(self, body: bytes, task: str) -> Answered:
        """Read the answer to a call.

        Raises:
            ValueError: if it is none of this protocol.
        """
        if task == "embedding":
            told: Any = msgspec.json.decode(body)
            if not isinstance(told, dict) or not isinstance(told.get("data"), list):  # pyright: ignore[reportUnknownMemberType] - decoded JSON
                raise ValueError("there are no embeddings in it")
            return Answered(tells_usage=bool(told.get("usage")))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - likewise
        try:
            events = list(UPSTREAM_DIALECTS[self._upstream.protocol].read_answer(body))
        except MainspringError as error:
            raise ValueError(error.detail) from error
        failure = next((each.message for each in events if isinstance(each, Failed)), None)
        return Answered(any(isinstance(each, UsageReported) for each in events), failure)

    def _url(self, path: str) -> str:
        base = self._upstream.base_url
        if _VERSION.search(urlsplit(base).path):
            path = path[path.index("/", 1) :]
        return base + path

    def _exchange(
        self, method: str, url: str, body: bytes, *, at: float, shown: bool = True
    ) -> Exchange:
        headers = dict(_FURTHER_HEADERS.get(self._upstream.protocol, {}))
        if body:
            headers["content-type"] = "application/json"
        if shown and self._signer is not None:
            parts = urlsplit(url)
            headers["content-type"] = "application/json"
            lines = self._signer.lines(
                parts.path,
                body,
                method=method,
                host=parts.netloc,
                content_type="application/json",
                at=at,
            )
            for line in lines.decode().splitlines():
                name, _, value = line.partition(": ")
                headers[name] = value
        elif shown and self._credential is not None:
            name = self._upstream.credential_header or CREDENTIAL_HEADERS.get(
                self._upstream.protocol
            )
            if name is None:
                headers["authorization"] = f"Bearer {self._credential}"
            else:
                headers[name.lower()] = self._credential
        return Exchange(method, url, headers, body)


def read_models(body: bytes) -> list[str]:
    """Return the names in a list of models, of whichever protocol.

    Raises:
        ValueError: if it is not one.
    """
    told = _read_list(body)
    if told.data is None and told.models is None and told.summaries is None:
        raise ValueError("there are no models in it")
    names = [each.model_id for each in told.summaries or ()]
    for each in (*(told.data or ()), *(() if told.data else told.models or ())):
        name = each.id or each.name
        if name:
            names.append(name.removeprefix("models/"))
    return names


def read_error(body: bytes) -> str:
    """Return what an error says, wherever vendors put that; empty where it says nothing."""
    try:
        told: Any = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""
    for name in ("error", "message", "Message", "detail"):
        found: Any = told.get(name) if isinstance(told, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - decoded JSON
        if isinstance(found, dict):
            found = found.get("message")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - likewise
        if isinstance(found, str):
            return found
    return ""
