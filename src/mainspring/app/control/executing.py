"""How a request that was approved says in whose name it goes."""

from typing import Final

EXECUTES: Final = "mainspring.executes"
"""A key of the ASGI scope that holds the author's scope. Only this process can set it: nothing
that a client sends becomes a key of that scope."""
