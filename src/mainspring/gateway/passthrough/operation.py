"""What calls that are passed through are to the pipeline."""

from collections.abc import Callable
from typing import Final

from mainspring.gateway.protocols import Operation
from mainspring.wire.foreign_usage import read_any_usage
from mainspring.wire.passthrough import PASSTHROUGH_PREFIX
from mainspring.wire.scopes import PASSTHROUGH_TASK
from mainspring.wire.usage import Usage


class PassthroughOperation(Operation, frozen=True, kw_only=True):
    """A call whose request and answer nobody here reads."""

    name: str = PASSTHROUGH_TASK
    path: str = PASSTHROUGH_PREFIX
    task: str = PASSTHROUGH_TASK
    may_stream: bool = False
    generates: bool = False
    pipes: bool = True
    normalise: Callable[[bytes], Usage | None] | None = read_any_usage


PLAIN: Final = PassthroughOperation()
ASKING: Final = PassthroughOperation(generates=True)
"""A request in JSON: its answer may be tokens, and they are reserved."""
