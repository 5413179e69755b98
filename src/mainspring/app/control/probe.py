"""Asks a model server whether it has a model, before calls are sent there; costs no tokens."""

import asyncio
import re
import socket
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec

from mainspring.capabilities.catalog.api import Upstream
from mainspring.infra.secrets import Sealer, UnsealError
from mainspring.infra.trust import system_trust
from mainspring.kernel.addresses import is_guarded_address
from mainspring.snapshot.resources import ModelTarget

_WITHIN_S: Final = 5.0
_MAX_BYTES: Final = 4 * 1024 * 1024
_VERSION: Final = re.compile(r"/v\d+(?:beta\d*|alpha\d*)?$")
_LISTS: Final = {
    "openai": "/v1/models",
    "openai-responses": "/v1/models",
    "anthropic": "/v1/models",
    "gemini": "/v1beta/models",
    "ollama": "/api/tags",
}
_HEADERS: Final = {"anthropic": "x-api-key", "gemini": "x-goog-api-key"}
_NO_LIST: Final = frozenset({404, 405, 501})


class _Entry(msgspec.Struct):
    id: str = ""
    name: str = ""
    model: str = ""


class _List(msgspec.Struct):
    data: list[_Entry] = []
    models: list[_Entry] = []
    has_more: bool = False
    next_page_token: str = msgspec.field(name="nextPageToken", default="")


class UpstreamProbe:
    """Reads a server's list of models, with the credential that gateways use.

    One deadline holds for all of it, redirects are not followed, and an answer is read up to a
    bound. A protocol without such a list, or a server that has none, is taken at its word.
    """

    def __init__(self, sealer: Sealer, *, link_local: bool = False) -> None:
        """With ``link_local`` look at link-local addresses and those of a cloud's services too."""
        self._sealer = sealer
        self._link_local = link_local

    async def look(self, upstream: Upstream, target: ModelTarget) -> str | None:
        """Return what is wrong; ``None`` if the server has the model, or tells of none."""
        path = _LISTS.get(upstream.protocol)
        if path is None:
            return None
        try:
            headers = self._headers(upstream)
        except UnsealError:
            return "its credential cannot be read with the keys that are held here"
        if _VERSION.search(upstream.base_url):
            path = "/models"
        try:
            if not self._link_local and await _leads_to_a_cloud(upstream.base_url):
                return "its name stands for an address that upstreams may not have"
            async with (
                asyncio.timeout(_WITHIN_S),
                httpx.AsyncClient(
                    timeout=_WITHIN_S, trust_env=False, verify=system_trust("httpcore")
                ) as client,
                client.stream("GET", upstream.base_url + path, headers=headers) as answer,
            ):
                if answer.status_code in _NO_LIST:
                    return None
                if answer.status_code != 200:
                    return f"its list of models answers {answer.status_code}"
                return _judge(await _read(answer), target.upstream_model)
        except TimeoutError:
            return f"no answer within {_WITHIN_S:g} s"
        except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
            return f"it cannot be reached ({type(error).__name__})"

    def _headers(self, upstream: Upstream) -> dict[str, str]:
        headers = {"Accept": "application/json", "User-Agent": "mainspring"}
        if upstream.protocol == "anthropic":
            headers["anthropic-version"] = "2023-06-01"
        if upstream.credential is None or upstream.sigv4_region is not None:
            return headers
        context = upstream.resource().credential_context
        secret = self._sealer.unseal(upstream.credential, context).decode("latin-1")
        name = upstream.credential_header or _HEADERS.get(upstream.protocol)
        headers[name or "Authorization"] = secret if name else f"Bearer {secret}"
        return headers


async def _read(answer: httpx.Response) -> bytes | None:
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > _MAX_BYTES:
            return None
    return bytes(body)


def _judge(body: bytes | None, wanted: str) -> str | None:
    if body is None:
        return None  # a list without an end says nothing of one model
    try:
        found = msgspec.json.decode(body, type=_List)
    except msgspec.MsgspecError:
        return "its list of models cannot be read"
    names: set[Any] = set()
    for each in (*found.data, *found.models):
        names |= {each.id, each.name, each.model, each.name.removeprefix("models/")}
    if wanted in names or f"{wanted}:latest" in names or found.has_more or found.next_page_token:
        return None
    return f"it does not list the model {wanted}"


async def _leads_to_a_cloud(base_url: str) -> bool:
    """Tell whether one of the addresses that a server's name stands for is guarded."""
    target = urlsplit(base_url)
    async with asyncio.timeout(_WITHIN_S):
        found = await asyncio.get_running_loop().getaddrinfo(
            target.hostname, target.port or 443, proto=socket.IPPROTO_TCP
        )
    return any(is_guarded_address(str(each[4][0])) for each in found)
