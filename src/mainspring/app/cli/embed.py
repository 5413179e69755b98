"""``mainspring embed``: texts into vectors, through the gateway."""

import sys
from collections.abc import Sequence
from typing import Any

import click
import msgspec

from mainspring.app.cli.connection import (
    client_settings,
    gateway_access,
    gateway_client,
    reaching,
    refusal,
)
from mainspring.app.cli.output import CommandError, json_option, progress, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0


class _Item(msgspec.Struct):
    embedding: list[float]


class _Answer(msgspec.Struct):
    data: list[_Item]
    usage: _Usage = msgspec.field(default_factory=_Usage)


@click.command("embed", help=t("embed.help"))
@click.argument("texts", nargs=-1)
@click.option(
    "-m", "--model", default="multilingual-e5-small", show_default=True, help=t("chat.model")
)
@click.option("--query", "is_query", is_flag=True, help=t("embed.query"))
@json_option
def command(*, texts: Sequence[str], model: str, is_query: bool, as_json: bool) -> None:
    """Print one vector a line; without arguments every line of the input is a text."""
    given = list(texts) or [line.strip() for line in sys.stdin if line.strip()]
    if not given:
        raise CommandError(
            t("chat.empty"), exit_code=ExitCode.USAGE, next_step=t("chat.empty.next")
        )
    body: dict[str, Any] = {"model": model, "input": given, "encoding_format": "float"}
    if is_query:
        body["input_type"] = "query"
    access = gateway_access(client_settings())
    with gateway_client(access) as client, reaching(access.url):
        response = client.post("/v1/embeddings", json=body)
    if not response.is_success:
        raise refusal(response)
    answer = msgspec.json.decode(response.content, type=_Answer)
    vectors = [item.embedding for item in answer.data]
    if as_json:
        usage = {"prompt_tokens": answer.usage.prompt_tokens}
        result_json({"model": model, "embeddings": vectors, "usage": usage})
        return
    for vector in vectors:
        result(" ".join(f"{number:.6f}" for number in vector))
    dimensions, tokens = len(vectors[0]), answer.usage.prompt_tokens
    progress(t("embed.dims", count=len(vectors), dimensions=dimensions, tokens=tokens))
