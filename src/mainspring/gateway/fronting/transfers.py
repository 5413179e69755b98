"""Files on their way between clients and control, as fast as the slower side takes them.

A transfer holds a connection to control for as long as its client likes, so transfers have
connections of their own, and no project may hold them all.
"""

import asyncio
from typing import Final

from mainspring.gateway.fronting.answer import FrontedAnswer
from mainspring.gateway.http.call import StreamedCall
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.request_head import Refusal as HttpRefusal
from mainspring.gateway.http.upload import BodyStream, ClientGoneError
from mainspring.gateway.pipeline.answers import refuse_body
from mainspring.kernel.errors import RateLimitedError

CONNECTIONS: Final = 64
"""Transfers of one gateway that run at once; as many wait, shortly."""
PER_PROJECT: Final = 16
"""Transfers of one project that run or wait at once."""
TIMEOUTS: Final = Timeouts(connect_s=3.0, first_byte_s=300.0, idle_s=60.0, total_s=7200.0)
"""The slowest client that the listener bears needs hours for a large file: it gets two."""
_RETRY_S: Final = 1.0


class Transfers:
    """Counts the transfers of each project."""

    def __init__(self, per_project: int = PER_PROJECT) -> None:
        self._per_project = per_project
        self._running: dict[str, int] = {}

    def begin(self, project_id: str) -> None:
        """Count one more; :meth:`end` it.

        Raises:
            RateLimitedError: if the project has as many as it may.
        """
        running = self._running.get(project_id, 0)
        if running >= self._per_project:
            raise RateLimitedError(
                f"the project's limit of {self._per_project} concurrent file transfers is used up",
                retry_after_s=_RETRY_S,
            )
        self._running[project_id] = running + 1

    def end(self, project_id: str) -> None:
        """Count one less."""
        running = self._running.get(project_id, 0) - 1
        if running > 0:
            self._running[project_id] = running
        else:
            self._running.pop(project_id, None)


async def send_body(
    exchange: Exchange, stream: BodyStream, line: StreamedCall, answer: FrontedAnswer
) -> bool:
    """Send a body on while it arrives, until it ends or control wants no more of it.

    Control's answer ends the exchange, whenever it comes.
    """
    answer.on_over.append(stream.wake)
    try:
        while await line.ready():
            piece = await stream.read()
            if piece is None:
                continue  # woken because the call is over
            if not piece:
                line.finish(asyncio.get_running_loop().time())
                break
            line.write(piece)
    except ClientGoneError:
        answer.stop()
    except HttpRefusal as refused:
        answer.stop()
        refuse_body(exchange, refused)
    except BaseException:
        # A mistake of ours, or the end of the gateway: control must not wait for the rest.
        answer.stop()
        raise
    return True
