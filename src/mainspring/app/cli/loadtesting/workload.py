"""What a load test sends, and when: prompts from a file or built in, or a recorded trace."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import msgspec

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_LINES = 1_000_000

BUILT_IN = (
    "Explain in three sentences why the sky is blue.",
    "Write a polite reply to a customer whose parcel is two days late.",
    "List five questions to ask before renting a flat.",
    "Summarise the advantages and drawbacks of working from home.",
    "Give me a recipe for a soup of carrots and ginger, with amounts for four.",
    "What is the difference between a list and a tuple in Python? Show a short example.",
    "Turn these notes into a paragraph: meeting moved, Thursday 10:00, room 4, bring figures.",
    "Propose a name for a small bakery, and a slogan of at most eight words.",
    "用三句话解释为什么要定期备份数据。",
    "请把“会议改到周四上午十点”写成一封简短的通知邮件。",
    "列出新员工入职第一周应完成的五件事。",
    "用通俗的语言说明什么是向量数据库。",
)
"""Ordinary questions of ordinary length, for tests that bring none of their own."""


class WorkloadError(ValueError):
    """A file of prompts or a trace cannot be used; the text says where and why."""


class Piece(msgspec.Struct, frozen=True):
    """One request of a trace."""

    at_s: float
    """From the first of the trace."""
    body: dict[str, Any]


class Shaping(msgspec.Struct, frozen=True, kw_only=True):
    """What is laid over every body."""

    model: str | None
    max_tokens: int | None
    stream: bool | None
    """``None`` leaves it as the body has it, which matters for traces only."""
    unique: bool


class Bodies:
    """The bodies to send, round and round, each encoded as it goes out."""

    def __init__(self, bodies: Sequence[dict[str, Any]], shaping: Shaping) -> None:
        self._bodies = [shaped(each, shaping) for each in bodies]
        self._encoded = [msgspec.json.encode(each) for each in self._bodies]
        self._unique = shaping.unique
        self._sent = 0

    def __len__(self) -> int:
        return len(self._bodies)

    @property
    def model(self) -> str:
        """Return the model of the first of them."""
        return str(self._bodies[0].get("model", ""))

    def first(self) -> bytes:
        """Return the first body, without counting it."""
        return self._encoded[0]

    def next(self) -> bytes:
        """Return the next body."""
        index = self._sent % len(self._bodies)
        self._sent += 1
        if not self._unique:
            return self._encoded[index]
        return msgspec.json.encode(_numbered(self._bodies[index], self._sent))


def shaped(body: dict[str, Any], shaping: Shaping) -> dict[str, Any]:
    """Return ``body`` with what ``shaping`` lays over it."""
    made = dict(body)
    if shaping.model is not None:
        made["model"] = shaping.model
    if shaping.max_tokens is not None:
        made.pop("max_completion_tokens", None)
        made["max_tokens"] = shaping.max_tokens
    if shaping.stream is not None:
        made["stream"] = shaping.stream
        if not shaping.stream:
            made.pop("stream_options", None)
    if made.get("stream"):
        made["stream_options"] = {"include_usage": True}
    return made


def read_prompts(path: Path) -> list[dict[str, Any]]:
    """Return the bodies of a file of prompts.

    Each line is a prompt, or a JSON object: a whole body (``messages``) or a ``prompt``.

    Raises:
        WorkloadError: if there is none, or a line cannot be understood.
        OSError: if the file cannot be read.
    """
    bodies = [_prompt(line, where) for where, line in _lines(path)]
    if not bodies:
        raise WorkloadError(f"{path}: there is no prompt in it")
    return bodies


def built_in_prompts() -> list[dict[str, Any]]:
    """Return the bodies of :data:`BUILT_IN`."""
    return [_asked(text) for text in BUILT_IN]


def read_trace(path: Path) -> list[Piece]:
    """Return a trace in the order of its times.

    Each line is an object with ``at`` (seconds from anywhere, or RFC 3339) and ``body``.

    Raises:
        WorkloadError: if there is none, or a line cannot be understood.
        OSError: if the file cannot be read.
    """
    found: list[tuple[float, dict[str, Any]]] = []
    for where, line in _lines(path):
        try:
            piece = msgspec.json.decode(line, type=_TraceLine)
            at_s = piece.at if isinstance(piece.at, int | float) else _seconds(piece.at)
        except (msgspec.MsgspecError, ValueError) as error:
            raise WorkloadError(f"{where}: {error}") from error
        found.append((float(at_s), _checked(piece.body, where)))
    if not found:
        raise WorkloadError(f"{path}: there is no request in it")
    found.sort(key=lambda each: each[0])
    first = found[0][0]
    return [Piece(at_s - first, body) for at_s, body in found]


def poisson(rate: float, duration_s: float, seed: int) -> Iterator[float]:
    """Yield the moments, in seconds from the start, at which strangers come by chance.

    The same ``seed`` gives the same moments.
    """
    chance = random.Random(seed)
    at_s = chance.expovariate(rate)
    while at_s < duration_s:
        yield at_s
        at_s += chance.expovariate(rate)


class _TraceLine(msgspec.Struct):
    at: float | str
    body: dict[str, Any]


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield where each line stands that says something, and what it says."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise WorkloadError(f"{path}: it is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB")
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if number > MAX_LINES:
                    raise WorkloadError(f"{path}: it has more than {MAX_LINES} lines")
                if text := line.strip():
                    yield f"{path}:{number}", text
    except UnicodeDecodeError as error:
        raise WorkloadError(f"{path}: it is not UTF-8 text") from error


def _prompt(line: str, where: str) -> dict[str, Any]:
    if not line.startswith("{"):
        return _asked(line)
    try:
        value = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise WorkloadError(f"{where}: {error}") from error
    prompt = value.get("prompt")
    if isinstance(prompt, str) and "messages" not in value:
        return {
            **{name: each for name, each in value.items() if name != "prompt"},
            **_asked(prompt),
        }
    return _checked(value, where)


def _checked(body: dict[str, Any], where: str) -> dict[str, Any]:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise WorkloadError(f"{where}: a body needs messages")
    return body


def _asked(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def _numbered(body: dict[str, Any], number: int) -> dict[str, Any]:
    """Return ``body`` with a number before its first text, so that nothing kept of others fits."""
    messages = cast("list[Any]", body["messages"])
    if not isinstance(messages[0], dict):
        return body
    said = cast("dict[str, Any]", messages[0])
    content: Any = said.get("content")
    mark = f"[{number}] "
    if isinstance(content, str):
        content = mark + content
    elif isinstance(content, list):
        content = [{"type": "text", "text": mark}, *cast("list[Any]", content)]
    else:
        return body
    return {**body, "messages": [{**said, "content": content}, *messages[1:]]}


def _seconds(moment: str) -> float:
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return at.timestamp()
