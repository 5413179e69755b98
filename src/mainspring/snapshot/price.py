"""What calls cost: the shape of a price. The arithmetic is in :mod:`mainspring.snapshot.prices`.

Part of several resources; the rules of compatibility at the head of
:mod:`mainspring.snapshot.resources` hold here too.
"""

import msgspec


class UnitPrices(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What else than tokens costs, in nanos: each call, image, second of sound and search.

    ``characters`` are spoken ones, and a million of them.
    """

    call: int = 0
    image: int = 0
    characters: int = 0
    second: int = 0
    search: int = 0


class Price(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a million tokens of each kind cost, in nanos of ``currency``.

    Tokens read from or written into a cache cost as ``input``, reasoning as ``output``, sound as
    what it stands beside, where they have no price of their own.
    A call of a batch costs ``batch_percent`` of what it would cost by itself. ``units`` are priced
    beside tokens: whatever has no price of its own costs nothing.
    """

    currency: str = "USD"
    input: int = 0
    output: int = 0
    cached_input: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None
    audio_input: int | None = None
    cached_audio: int | None = None
    audio_output: int | None = None
    batch_percent: int = 100
    units: UnitPrices | None = None
