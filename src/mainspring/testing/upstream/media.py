"""Scripted answers beyond chat: moderation, reranking, images, sound, counting of tokens.

What is sold by tokens counts words, as everywhere in a scripted upstream.
"""

import base64
import hashlib
from typing import Any, Final, cast

import msgspec

from mainspring.testing.upstream.answer import Answer, Piece, Tokens, count_words, json_answer
from mainspring.testing.upstream.reply import Reply

SOUND: Final = b"ID3\x04" + bytes(range(256)) * 64
"""What every scripted text sounds like: 16 kB that are no text."""
_SOUND_PIECE: Final = 4096


class _Question(msgspec.Struct):
    model: str = "scripted"
    input: object = None
    query: str = ""
    documents: list[object] = []
    top_n: int | None = None
    prompt: object = None
    n: int | None = None
    messages: list[dict[str, Any]] = []
    system: object = None
    content: str | None = None


_decoder = msgspec.json.Decoder(_Question)


def media_answer(path: str, body: bytes, reply: Reply) -> Answer | None:
    """Return the answer of one of these endpoints; ``None`` for any other path.

    Raises:
        msgspec.MsgspecError: if the body cannot be read.
    """
    for ending, make in _ENDPOINTS.items():
        if path.endswith(ending):
            return make(_decoder.decode(body), reply)
    return None


def tokenizer_answer(path: str, body: bytes, reply: Reply) -> Answer | None:
    """Return what llama.cpp or vLLM says of a prompt's tokens; ``None`` for any other question."""
    if reply.tokenizer == "none" or not path.endswith(("/apply-template", "/tokenize")):
        return None
    question = _decoder.decode(body)
    prompt = " ".join(str(message.get("content")) for message in question.messages)
    if reply.tokenizer == "vllm":
        count = count_words(question.messages)
        found = {"count": count, "max_model_len": 4096, "tokens": list(range(count))}
        return None if path.endswith("/apply-template") else json_answer(found)
    if path.endswith("/apply-template"):
        return json_answer({"prompt": f"<start> {prompt} <end>"})
    return json_answer({"tokens": list(range(count_words(question.content)))})


def uploaded_sound(body: bytes, reply: Reply) -> Answer:
    """Return a transcript that names the size and digest of the whole form that arrived."""
    text = reply.content or f"{len(body)} {hashlib.sha256(body).hexdigest()}"
    answer: dict[str, Any] = {"text": text}
    if reply.usage != "never":
        answer["usage"] = {"type": "duration", "seconds": 12}
    return json_answer(answer)


def edited_images(reply: Reply) -> Answer:
    """Return one image and the tokens that it took."""
    return _image_list(1, reply, prompt=5)


def _moderate(question: _Question, reply: Reply) -> Answer:
    del reply
    given = question.input
    inputs = cast("list[object]", given) if isinstance(given, list) else [given]
    results = [
        {
            "flagged": "attack" in str(each),
            "categories": {"violence": "attack" in str(each)},
            "category_scores": {"violence": 0.9 if "attack" in str(each) else 0.1},
            "category_applied_input_types": {"violence": ["text"]},
        }
        for each in inputs
    ]
    return json_answer({"id": "modr-1", "model": question.model, "results": results})


def _rerank(question: _Question, reply: Reply) -> Answer:
    """Order by shared words, most first."""
    wanted = set(question.query.split())
    texts = [
        str(cast("dict[str, object]", each).get("text") if isinstance(each, dict) else each)
        for each in question.documents
    ]
    scored = sorted(
        (
            (len(wanted & set(text.split())) / max(len(wanted), 1), -at)
            for at, text in enumerate(texts)
        ),
        reverse=True,
    )
    results = [{"index": -at, "relevance_score": score} for score, at in scored][: question.top_n]
    prompt = reply.prompt_tokens
    if prompt is None:
        prompt = count_words(question.query) + count_words(texts)
    answer: dict[str, Any] = {"model": question.model, "results": results}
    if reply.usage == "never":
        return json_answer(answer)
    answer["usage"] = {"total_tokens": prompt}
    return json_answer(answer, told=Tokens(prompt))


def _image(question: _Question, reply: Reply) -> Answer:
    return _image_list(question.n or 1, reply, prompt=count_words(question.prompt))


def _image_list(count: int, reply: Reply, *, prompt: int) -> Answer:
    picture = base64.b64encode(hashlib.sha256(b"picture").digest() * 1024).decode()
    answer: dict[str, Any] = {"created": 1_767_225_600, "data": [{"b64_json": picture}] * count}
    if reply.usage != "always":
        return json_answer(answer)
    answer["usage"] = {
        "input_tokens": prompt,
        "output_tokens": 100 * count,
        "total_tokens": prompt + 100 * count,
        "input_tokens_details": {"text_tokens": prompt, "image_tokens": 0},
    }
    return json_answer(answer, told=Tokens(prompt, completion=100 * count))


def _speak(question: _Question, reply: Reply) -> Answer:
    """Return sound in pieces, without an announced length, as servers stream it."""
    del question, reply
    pieces = [
        Piece(SOUND[start : start + _SOUND_PIECE]) for start in range(0, len(SOUND), _SOUND_PIECE)
    ]
    return Answer(200, "audio/mpeg", pieces, stream=True)


def _count(question: _Question, reply: Reply) -> Answer:
    told = reply.prompt_tokens
    if told is None:
        told = count_words(question.messages) + count_words(question.system)
    return json_answer({"input_tokens": told})


_ENDPOINTS: Final = {
    "/moderations": _moderate,
    "/rerank": _rerank,
    "/images/generations": _image,
    "/audio/speech": _speak,
    "/messages/count_tokens": _count,
}
