"""What a call costs: decided from a price and token counts alone, in whole nanos.

Every token stands in exactly one bucket (see ``wire.usage``), so a cost is a sum of products. It is
rounded up to the nano once, over the whole call.
"""

from mainspring.kernel.money import Money
from mainspring.snapshot.resources import Price
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
    return Money(price.currency, -(-total // _PER))


def highest_cost(price: Price, input_tokens: int, output_tokens: int) -> Money:
    """Return the most that so many tokens can cost, whichever kinds they turn out to be."""
    prompt = max(price.input, price.cached_input or 0, price.cache_write or 0)
    answer = max(price.output, price.reasoning or 0)
    return Money(price.currency, -(-(input_tokens * prompt + output_tokens * answer) // _PER))
