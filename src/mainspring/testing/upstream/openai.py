"""The OpenAI answers of a scripted upstream: bodies and events with exact usage."""

import base64
import hashlib
import struct
from typing import Any, Final, cast

import msgspec

from mainspring.testing.upstream.answer import Answer, Piece, Tokens, count_words, json_answer
from mainspring.testing.upstream.media import (
    edited_images,
    media_answer,
    tokenizer_answer,
    uploaded_sound,
)
from mainspring.testing.upstream.reply import Reply

CREATED: Final = 1_767_225_600
"""``created`` of every answer, so that whole objects can be compared."""

EMBEDDING_DIMENSIONS: Final = 8

_encode = msgspec.json.Encoder().encode


class Question(msgspec.Struct):
    """What a scripted upstream reads of a request."""

    model: str = "scripted"
    stream: bool | None = None
    stream_options: dict[str, Any] | None = None
    messages: list[dict[str, Any]] = []
    prompt: Any = None
    input: Any = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    encoding_format: str = "float"


_question_decoder = msgspec.json.Decoder(Question)


def answer(path: str, body: bytes, reply: Reply, models: tuple[str, ...], number: int) -> Answer:
    """Return what ``reply`` says to a request; ``number`` makes its id."""
    if reply.body is not None:
        return Answer(reply.status, reply.media_type, [Piece(reply.body)])
    if reply.status != 200:
        return _error(reply.status, f"scripted status {reply.status}")
    if path.endswith("/models"):
        return json_answer(_model_list(models))
    if path.endswith(("/audio/transcriptions", "/audio/translations")):
        return uploaded_sound(body, reply)
    if path.endswith(("/images/edits", "/images/variations")):
        return edited_images(reply)
    try:
        other = media_answer(path, body, reply) or tokenizer_answer(path, body, reply)
        if other is not None:
            return other
        question = _question_decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return _error(400, f"the body cannot be read: {error}")
    if path.endswith("/chat/completions"):
        return _completion(question, reply, number, chat=True)
    if path.endswith("/completions"):
        return _completion(question, reply, number, chat=False)
    if path.endswith("/embeddings"):
        return _embeddings(question, reply)
    return _error(404, f"no such path: {path}")


def embed(text: str) -> list[float]:
    """Return a unit-free vector that depends on the text alone."""
    digest = hashlib.sha256(text.encode()).digest()
    return [byte / 128 - 1 for byte in digest[:EMBEDDING_DIMENSIONS]]


def _error(status: int, message: str) -> Answer:
    kind = "rate_limit_error" if status == 429 else "server_error" if status >= 500 else "invalid"
    return json_answer(
        {"error": {"message": message, "type": kind, "param": None, "code": None}}, status
    )


def _model_list(models: tuple[str, ...]) -> dict[str, Any]:
    entries = [
        {"id": name, "object": "model", "created": CREATED, "owned_by": "scripted"}
        for name in models
    ]
    return {"object": "list", "data": entries}


def _usage_object(tokens: Tokens) -> dict[str, Any]:
    return {
        "prompt_tokens": tokens.prompt,
        "completion_tokens": tokens.completion,
        "total_tokens": tokens.prompt + tokens.completion,
        "prompt_tokens_details": {"cached_tokens": tokens.cached},
        "completion_tokens_details": {"reasoning_tokens": tokens.reasoning},
    }


def _words(question: Question, reply: Reply) -> tuple[list[str], str]:
    """Return the answer's words, each with its trailing space, and the finish reason."""
    if reply.content is None:
        texts = [f"word{index}" for index in range(reply.tokens)]
    else:
        texts = reply.content.split()
    limit = question.max_completion_tokens or question.max_tokens
    reason = "stop"
    if limit is not None and limit < len(texts):
        texts, reason = texts[:limit], "length"
    return [f"{text} " for text in texts[:-1]] + texts[-1:], reason


def _completion(question: Question, reply: Reply, number: int, *, chat: bool) -> Answer:
    words, reason = _words(question, reply)
    prompt = reply.prompt_tokens
    if prompt is None:
        prompt = count_words(question.messages if chat else question.prompt)
    tokens = Tokens(
        prompt, reply.cached_tokens, len(words) + reply.reasoning_tokens, reply.reasoning_tokens
    )
    head: dict[str, Any] = {
        "id": f"{'chatcmpl' if chat else 'cmpl'}-{number}",
        "object": "chat.completion" if chat else "text_completion",
        "created": CREATED,
        "model": question.model,
    }
    if question.stream:
        return _stream(head, words, reason, tokens, _tells_usage(question, reply), chat=chat)
    choice: dict[str, Any] = {"index": 0, "logprobs": None, "finish_reason": reason}
    if chat:
        choice["message"] = {"role": "assistant", "content": "".join(words), "refusal": None}
    else:
        choice["text"] = "".join(words)
    head["choices"] = [choice]
    if reply.usage == "never":
        return json_answer(head, tokens=len(words))
    head["usage"] = _usage_object(tokens)
    return json_answer(head, told=tokens, tokens=len(words))


def _tells_usage(question: Question, reply: Reply) -> bool:
    asked = bool((question.stream_options or {}).get("include_usage"))
    return reply.usage == "always" or (reply.usage == "asked" and asked)


def _event(head: dict[str, Any], **fields: object) -> bytes:
    return b"data: " + _encode(head | fields) + b"\n\n"


def _stream(
    head: dict[str, Any],
    words: list[str],
    reason: str,
    tokens: Tokens,
    tells_usage: bool,
    *,
    chat: bool,
) -> Answer:
    if chat:
        head["object"] = "chat.completion.chunk"

    def choice(text: str | None, finish: str | None, role: str | None = None) -> list[Any]:
        if not chat:
            return [{"index": 0, "text": text or "", "logprobs": None, "finish_reason": finish}]
        delta = {"role": role, "content": ""} if role else {"content": text} if text else {}
        return [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]

    pieces: list[Piece] = []
    if chat:
        pieces.append(Piece(_event(head, choices=choice(None, None, "assistant"))))
    pieces += [Piece(_event(head, choices=choice(word, None)), 1) for word in words]
    pieces.append(Piece(_event(head, choices=choice(None, reason))))
    if tells_usage:
        pieces.append(Piece(_event(head, choices=[], usage=_usage_object(tokens))))
    pieces.append(Piece(b"data: [DONE]\n\n"))
    told = tokens if tells_usage else None
    return Answer(200, "text/event-stream; charset=utf-8", pieces, told, stream=True)


def _embeddings(question: Question, reply: Reply) -> Answer:
    given = question.input
    inputs = cast("list[object]", given) if isinstance(given, list) else [given]
    if inputs and all(isinstance(item, int) for item in inputs):
        inputs = [inputs]  # one text, given as token ids
    data: list[dict[str, Any]] = []
    for index, item in enumerate(inputs):
        vector: Any = embed(item if isinstance(item, str) else str(item))
        if question.encoding_format == "base64":
            packed = struct.pack(f"<{len(vector)}f", *vector)
            vector = base64.b64encode(packed).decode()
        data.append({"object": "embedding", "index": index, "embedding": vector})
    prompt = reply.prompt_tokens
    if prompt is None:
        prompt = count_words(inputs)
    told = None if reply.usage == "never" else Tokens(prompt)
    body: dict[str, Any] = {"object": "list", "data": data, "model": question.model}
    if told is not None:
        body["usage"] = {"prompt_tokens": prompt, "total_tokens": prompt}
    return json_answer(body, told=told)
