"""A control plane that a gateway can lean on in tests, and that goes away when told to.

:class:`ScriptedControl` lives in a test's event loop. ``python -m mainspring.testing.control`` is a
process of its own that serves a snapshot file and acknowledges records without keeping them, for
load.
"""

from mainspring.testing.control.scripted import ScriptedControl

__all__ = ["ScriptedControl"]
