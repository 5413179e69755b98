"""Ties that end a child when its parent ends, however the parent ends (``kill -9`` included).

Two ties, because neither is enough alone. On Linux the kernel signals the child at its parent's
death (:func:`child_setup`), which also works for programs that are not ours, such as PostgreSQL.
Everywhere, the child holds the reading end of a pipe whose writing end only the parent has
(:class:`Lifeline`, :func:`watch_lifeline`): when the parent is gone the pipe reports its end, and a
child that does not stop within its grace is ended for good.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
LIFELINE_CUT_EXIT = 70
"""Exit status of a process that outlived its parent by more than its grace."""


def child_setup(death_signal: signal.Signals) -> Callable[[], None]:
    """Return a ``preexec_fn`` that has the kernel send ``death_signal`` when the parent dies.

    Call it in the parent, before the fork: everything that needs memory or a lock is done here, so
    that the returned function makes two system calls and nothing else. Outside Linux it does
    nothing. The tie is to the parent *thread*; start children from a thread that lives as long as
    the process.
    """
    if sys.platform != "linux":
        return _nothing
    libc = ctypes.CDLL(None, use_errno=True)
    prctl = libc.prctl
    parent = os.getpid()
    number = int(death_signal)

    def setup() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and here: nobody will signal us
            os.kill(os.getpid(), number)

    return setup


def _nothing() -> None:
    return


class Lifeline:
    """The parent's side of the pipe. Children get :attr:`child_fd` by ``pass_fds``."""

    def __init__(self) -> None:
        self.child_fd, self._parent_fd = os.pipe()  # neither end is inherited unless passed on

    def cut(self) -> None:
        """Tell every child that holds the other end to stop. Calling it again does nothing."""
        if self._parent_fd >= 0:
            os.close(self._parent_fd)
            os.close(self.child_fd)
            self._parent_fd = self.child_fd = -1


def watch_lifeline(fd: int, *, grace_s: float) -> None:
    """Stop this process by SIGTERM once the pipe at ``fd`` ends, and for good after ``grace_s``.

    Returns at once; the watching happens in a daemon thread, so that a blocked event loop cannot
    prevent it.
    """

    def watch() -> None:
        try:
            while os.read(fd, 1):
                pass
        except OSError:  # a descriptor that is not ours to read is as good as a cut line
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace_s)
        os._exit(LIFELINE_CUT_EXIT)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
