"""How far calls to addresses that people typed in may go."""

from typing import Literal

Network = Literal["public", "private", "loopback"]
"""Public addresses only, private networks too, or (for development) this machine as well, where
plain HTTP is allowed."""
