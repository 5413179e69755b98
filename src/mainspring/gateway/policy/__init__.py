"""Policies at the gateway: finding those that hold for a call, and holding requests to them.

What they come to is decided in ``snapshot``; here it is applied to bodies of every client dialect.
A gateway without policies does nothing of this.
"""

from mainspring.gateway.policy.gate import PolicyGate
from mainspring.snapshot.govern import Governed

__all__ = ["Governed", "PolicyGate"]
