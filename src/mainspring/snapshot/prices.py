"""What a call costs: decided from a price and what was used alone, in whole nanos.

Every token stands in exactly one bucket (see ``wire.usage``), so a cost is a sum of products. It is
rounded up to the nano once, over the whole call.
"""

from mainspring.kernel.money import Money
from mainspring.snapshot.price import Price, UnitPrices
from mainspring.wire.usage import Usage

_PER = 1_000_000
"""Prices are for this many tokens."""


def cost_of(price: Price, usage: Usage) -> Money:
    """Return what ``usage`` costs."""
    prompt = price.input
    answer = price.output
    cached = price.cached_input
    written = price.cache_write
    thought = price.reasoning
    total = (
        usage.input * prompt
        + usage.cached_input * (prompt if cached is None else cached)
        + usage.cache_write * (prompt if written is None else written)
        + usage.output * answer
        + usage.reasoning * (answer if thought is None else thought)
    )
    if usage.audio_input or usage.audio_output or usage.cached_audio:
        heard, spoken, kept = price.audio_input, price.audio_output, price.cached_audio
        heard = prompt if heard is None else heard
        total += (
            usage.audio_input * heard
            + usage.cached_audio * (heard if kept is None else kept)
            + usage.audio_output * (answer if spoken is None else spoken)
        )
    if price.units is not None:
        total += _of_units(price.units, usage)
    return Money(price.currency, -(-total // _PER))


def in_batch(cost: Money | None, price: Price | None, *, answered: bool = True) -> Money | None:
    """Return what a call costs as part of a batch that would cost ``cost`` by itself.

    One that was not ``answered`` costs nothing: it is made again.
    """
    if cost is None or price is None:
        return None
    percent = price.batch_percent if answered else 0
    return Money(cost.currency, -(-cost.nanos * percent // 100))


def highest_cost(
    price: Price, input_tokens: int, output_tokens: int, asked: Usage | None = None
) -> Money:
    """Return the most that so many tokens can cost, whichever kinds they turn out to be.

    ``asked`` are the units that a request wants, as far as it tells; a reranker searches at least
    once.
    """
    prompt = max(price.input, price.cached_input or 0, price.cache_write or 0)
    answer = max(price.output, price.reasoning or 0)
    if price.audio_input is not None or price.audio_output is not None:
        prompt = max(prompt, price.audio_input or 0, price.cached_audio or 0)
        answer = max(answer, price.audio_output or 0)
    total = input_tokens * prompt + output_tokens * answer
    if price.units is not None:
        asked = asked or Usage()
        total += _of_units(price.units, asked)
        if not asked.searches:
            total += _PER * price.units.search
    return Money(price.currency, -(-total // _PER))


def _of_units(prices: UnitPrices, usage: Usage) -> int:
    """Return what everything but tokens costs, in millionths of a nano."""
    return (
        _PER * (prices.call + usage.images * prices.image + usage.searches * prices.search)
        + usage.characters * prices.characters
        + round(usage.seconds * _PER) * prices.second
    )
