"""Where a model is in its life, as far as callers are told.

Part of the model resource; the rules of compatibility at the head of
:mod:`mainspring.snapshot.resources` hold here too.
"""

import msgspec


class Lifecycle(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """That a model is on its way out, or gone.

    Times are Unix seconds: since when (or from when) its use is advised against, and when it will
    stop to answer. ``replacement`` names the model to call in its place, ``link`` is where people
    read about it. An ``offline`` model refuses every call.
    """

    deprecated_at: int | None = None
    sunset_at: int | None = None
    replacement: str | None = None
    link: str | None = None
    offline: bool = False


class HeaderRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A header by which a call belongs to the canary: ``name`` in lower case.

    Without ``values`` whatever it says will do; they compare without regard to case.
    """

    name: str
    values: tuple[str, ...] = ()

    def matches(self, value: str | None) -> bool:
        """Tell whether a request that says ``value`` (``None``: nothing) is meant."""
        if value is None:
            return False
        return not self.values or value.strip().lower() in self.values
