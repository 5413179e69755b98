"""``mainspring chat``: a model in the terminal, through the gateway."""

import sys
from collections.abc import Sequence
from typing import Any

import click
import httpx
import msgspec

from mainspring.app.cli.connection import (
    client_settings,
    gateway_access,
    gateway_client,
    reaching,
    refusal,
)
from mainspring.app.cli.output import CommandError, json_option, progress, result_json
from mainspring.app.cli.sse import StreamedAnswer
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode

_RESET = "/reset"


class _Options(msgspec.Struct, frozen=True):
    model: str
    system: str | None
    max_tokens: int | None
    temperature: float | None


@click.command("chat", help=t("chat.help"))
@click.argument("question", nargs=-1)
@click.option(
    "-m", "--model", default="smollm2-135m-instruct", show_default=True, help=t("chat.model")
)
@click.option("-s", "--system", help=t("chat.system"))
@click.option("--max-tokens", type=click.IntRange(1), help=t("chat.max_tokens"))
@click.option("--temperature", type=click.FloatRange(0, 2), help=t("chat.temperature"))
@json_option
def command(
    *,
    question: Sequence[str],
    model: str,
    system: str | None,
    max_tokens: int | None,
    temperature: float | None,
    as_json: bool,
) -> None:
    """Ask once, with a question given or piped in; otherwise hold a conversation."""
    options = _Options(model, system, max_tokens, temperature)
    asked = " ".join(question)
    interactive = not asked and sys.stdin.isatty() and not as_json
    if not asked and not interactive:
        asked = sys.stdin.read().strip()
        if not asked:
            raise CommandError(
                t("chat.empty"), exit_code=ExitCode.USAGE, next_step=t("chat.empty.next")
            )
    access = gateway_access(client_settings())
    with gateway_client(access) as client:
        if interactive:
            _converse(client, options)
            return
        answer = _ask(client, options, [_message("user", asked)], show=not as_json)
    if as_json:
        result_json(
            {
                "model": model,
                "content": answer.text,
                "finish_reason": answer.finish_reason,
                "usage": answer.usage,
            }
        )


def _converse(client: httpx.Client, options: _Options) -> None:
    """Read messages until the end of input; each is answered with all before it in mind."""
    progress(t("chat.banner", model=options.model))
    messages: list[dict[str, str]] = []
    while True:
        try:
            text = input(t("chat.prompt")).strip()
        except EOFError:
            print()
            return
        if text == _RESET:
            messages.clear()
            progress(t("chat.reset"))
        elif text:
            messages.append(_message("user", text))
            try:
                answer = _ask(client, options, messages, show=True)
            except CommandError as error:
                messages.pop()  # the model has not seen it; the conversation goes on
                error.show()
            except KeyboardInterrupt:  # enough of this answer; the model stops as well
                messages.pop()
                print()
            else:
                messages.append(_message("assistant", answer.text))


def _ask(
    client: httpx.Client, options: _Options, messages: list[dict[str, str]], *, show: bool
) -> StreamedAnswer:
    """Send the conversation and return the answer, shown as it arrives.

    Raises:
        CommandError: if the gateway refuses or the answer ends early.
    """
    instruction = [_message("system", options.system)] if options.system else []
    body: dict[str, Any] = {
        "model": options.model,
        "messages": [*instruction, *messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if options.max_tokens is not None:
        body["max_tokens"] = options.max_tokens
    if options.temperature is not None:
        body["temperature"] = options.temperature
    answer = StreamedAnswer()
    with (
        reaching(str(client.base_url)),
        client.stream("POST", "/v1/chat/completions", json=body) as response,
    ):
        if not response.is_success:
            response.read()
            raise refusal(response)
        for piece in answer.pieces(response.iter_lines()):
            if show:
                print(piece, end="", flush=True)
    if show:
        print(flush=True)
    return answer


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
