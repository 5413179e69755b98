"""A vendor on a scripted upstream: its list of models and its answers, for who knows its key."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from mainspring.testing.upstream.received import ReceivedRequest
from mainspring.testing.upstream.reply import Reply
from mainspring.wire.bedrock.signature import Signer

_USAGE: Final[Mapping[str, Any]] = {
    "openai": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
    "openai-responses": {"input_tokens": 3, "output_tokens": 1, "total_tokens": 4},
    "anthropic": {"input_tokens": 3, "output_tokens": 1},
    "gemini": {"promptTokenCount": 3, "candidatesTokenCount": 1, "totalTokenCount": 4},
    "bedrock": {"inputTokens": 3, "outputTokens": 1, "totalTokens": 4},
}


class ScriptedVendor:
    """What a vendor of one protocol answers; give it to a scripted upstream as its ``script``.

    ::

        vendor = ScriptedVendor("anthropic", key="sk-ant-test", models=("claude",))
        async with ScriptedUpstream(script=vendor) as upstream: ...

    ``key`` ``None`` asks for none; with ``sigv4_region`` it is ``id:secret`` and requests must be
    signed. ``open_list`` lets strangers read the list of models, as llama.cpp does. A wrong key is
    repeated in the refusal, as some vendors do. ``bound`` is what the answer's length is bounded
    by; the other spelling is refused, as newer models of OpenAI do.
    """

    def __init__(
        self,
        protocol: str = "openai",
        *,
        key: str | None = None,
        header: str | None = None,
        sigv4_region: str | None = None,
        models: tuple[str, ...] = ("scripted",),
        open_list: bool = False,
        bound: str = "max_tokens",
    ) -> None:
        self.protocol = protocol
        self.models = models
        self._key = key
        self._header = header or {"anthropic": "x-api-key", "gemini": "x-goog-api-key"}.get(
            protocol, "authorization"
        )
        self._region = sigv4_region
        self._open_list = open_list
        self._bound = bound

    def __call__(self, request: ReceivedRequest) -> Reply:
        """Answer one request."""
        path = unquote(request.path.partition("?")[0])
        listing = request.method == "GET"
        if not (listing and self._open_list) and not self._knows(request):
            return self._refusal(request)
        if listing:
            known = ("/v1/models", "/v1beta/models", "/api/tags", "/foundation-models")
            return _json(self._list()) if path.endswith(known) else _json({}, 404)
        if path.endswith("/embeddings"):
            data = [{"object": "embedding", "index": 0, "embedding": [0.5]}]
            return _json({"object": "list", "data": data, "usage": _USAGE["openai"]})
        if not any(model in path or model in request.body.decode() for model in self.models):
            return _json({"error": {"message": "there is no such model"}}, 404)
        spelling = "max_tokens" if self._bound == "max_completion_tokens" else None
        if spelling and spelling.encode() in request.body:
            text = f"Unsupported parameter: '{spelling}'. Use '{self._bound}' instead."
            return _json({"error": {"message": text}}, 400)
        return _json(self._answer())

    def _knows(self, request: ReceivedRequest) -> bool:
        if self._key is None:
            return True
        if self._region is not None:
            return self._signed(request)
        shown = request.headers.get(self._header, "")
        return shown == (f"Bearer {self._key}" if self._header == "authorization" else self._key)

    def _signed(self, request: ReceivedRequest) -> bool:
        stamp = request.headers.get("x-amz-date", "")
        if not re.fullmatch(r"\d{8}T\d{6}Z", stamp):
            return False
        lines = Signer((self._key or "").encode(), self._region or "").lines(
            request.path,
            request.body,
            host=request.headers["host"],
            content_type=request.headers.get("content-type", ""),
            at=datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp(),
            method=request.method,
        )
        return f"authorization: {request.headers.get('authorization')}" in lines.decode()

    def _refusal(self, request: ReceivedRequest) -> Reply:
        shown = request.headers.get(self._header, "").removeprefix("Bearer ")
        text = f"Incorrect API key provided: {shown[:8]}***{shown[-4:]} ({shown})."
        if self.protocol == "gemini":
            details = [{"reason": "API_KEY_INVALID"}]
            return _json({"error": {"code": 400, "message": text, "details": details}}, 400)
        if self.protocol == "bedrock":
            return _json({"message": text}, 403)
        return _json({"error": {"message": text, "type": "authentication_error"}}, 401)

    def _list(self) -> dict[str, Any]:
        if self.protocol == "gemini":
            return {"models": [{"name": f"models/{name}"} for name in self.models]}
        if self.protocol == "ollama":
            return {"models": [{"name": name, "model": name} for name in self.models]}
        if self.protocol == "bedrock":
            return {"modelSummaries": [{"modelId": name} for name in self.models]}
        entries = [{"id": name, "object": "model"} for name in self.models]
        return {"object": "list", "data": entries}

    def _answer(self) -> dict[str, Any]:
        model, usage = self.models[0], _USAGE.get(self.protocol)
        text: dict[str, Any] = {"type": "text", "text": "OK"}
        if self.protocol == "anthropic":
            head = {"id": "msg_1", "type": "message", "role": "assistant", "model": model}
            return {**head, "content": [text], "stop_reason": "end_turn", "usage": usage}
        if self.protocol == "gemini":
            content = {"role": "model", "parts": [{"text": "OK"}]}
            candidate = {"index": 0, "content": content, "finishReason": "STOP"}
            return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model}
        if self.protocol == "bedrock":
            message = {"role": "assistant", "content": [{"text": "OK"}]}
            return {"output": {"message": message}, "stopReason": "end_turn", "usage": usage}
        if self.protocol == "ollama":
            message = {"role": "assistant", "content": "OK"}
            counts = {"prompt_eval_count": 3, "eval_count": 1}
            return {"model": model, "message": message, "done": True, **counts}
        if self.protocol == "openai-responses":
            none: list[str] = []
            part = {"type": "output_text", "text": "OK", "annotations": none}
            item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed"}
            output = [{**item, "content": [part]}]
            head = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed"}
            return {**head, "model": model, "output": output, "usage": usage}
        choice = {"index": 0, "message": {"role": "assistant", "content": "OK"}}
        head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model}
        return {**head, "choices": [{**choice, "finish_reason": "stop"}], "usage": usage}


def _json(value: object, status: int = 200) -> Reply:
    return Reply(status=status, body=msgspec.json.encode(value))
