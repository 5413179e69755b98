"""Reading a streamed chat answer."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from mainspring.app.cli.output import CommandError
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode

_DONE = "[DONE]"


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta = msgspec.field(default_factory=_Delta)
    finish_reason: str | None = None


class _Error(msgspec.Struct):
    message: str


class _Event(msgspec.Struct):
    choices: list[_Choice] = []
    usage: dict[str, Any] | None = None
    error: _Error | None = None


class StreamedAnswer:
    """What a stream told; complete once :meth:`pieces` is exhausted."""

    def __init__(self) -> None:
        self.text = ""
        self.finish_reason: str | None = None
        self.usage: dict[str, Any] | None = None

    def pieces(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the text of the answer as it arrives in ``lines`` of server-sent events.

        Raises:
            CommandError: if the stream tells of an error or ends before its end was told.
        """
        for line in lines:
            if not line.startswith("data:"):
                continue
            data = line[5:].strip()
            if data == _DONE:
                return
            event = msgspec.json.decode(data, type=_Event)
            if event.error is not None:
                raise CommandError(event.error.message, exit_code=ExitCode.REFUSED)
            self.usage = event.usage or self.usage
            for choice in event.choices:
                self.finish_reason = choice.finish_reason or self.finish_reason
                if choice.delta.content:
                    self.text += choice.delta.content
                    yield choice.delta.content
        raise CommandError(t("chat.broken"), exit_code=ExitCode.UNREACHABLE)
