from hypothesis import given, strategies as st

from mainspring.kernel.money import Money
from mainspring.snapshot.prices import cost_of, highest_cost
from mainspring.snapshot.resources import Price
from mainspring.wire.usage import Usage

MILLION = 1_000_000
amounts = st.integers(0, 10**12)
counts = st.integers(0, 10**6)
prices = st.builds(
    Price,
    input=amounts,
    output=amounts,
    cached_input=st.none() | amounts,
    cache_write=st.none() | amounts,
    reasoning=st.none() | amounts,
)
usages = st.builds(
    Usage, input=counts, cached_input=counts, output=counts, reasoning=counts, cache_write=counts
)


def test_every_kind_of_token_has_its_own_price() -> None:
    price = Price(currency="CNY", input=1, cached_input=2, cache_write=3, output=4, reasoning=5)
    usage = Usage(
        input=10 * MILLION,
        cached_input=100 * MILLION,
        cache_write=1000 * MILLION,
        output=10_000 * MILLION,
        reasoning=100_000 * MILLION,
    )
    assert cost_of(price, usage) == Money("CNY", 543_210)


def test_kinds_without_a_price_cost_as_what_they_are_part_of() -> None:
    price = Price(input=2 * MILLION, output=3 * MILLION)
    assert cost_of(price, Usage(cached_input=1, cache_write=1, reasoning=1)).nanos == 7


def test_a_cost_is_rounded_up_once() -> None:
    assert cost_of(Price(input=1, output=1), Usage(input=1, output=1)).nanos == 1
    assert cost_of(Price(input=1), Usage()).nanos == 0


@given(prices, usages)
def test_no_usage_within_the_estimate_costs_more_than_was_reserved(
    price: Price, usage: Usage
) -> None:
    prompt = usage.input + usage.cached_input + usage.cache_write
    reserved = highest_cost(price, prompt, usage.output + usage.reasoning)
    assert cost_of(price, usage).nanos <= reserved.nanos


@given(prices, usages, usages)
def test_splitting_a_usage_never_makes_it_cheaper(price: Price, one: Usage, two: Usage) -> None:
    both = Usage(
        input=one.input + two.input,
        cached_input=one.cached_input + two.cached_input,
        output=one.output + two.output,
        reasoning=one.reasoning + two.reasoning,
        cache_write=one.cache_write + two.cache_write,
    )
    apart = cost_of(price, one) + cost_of(price, two)
    assert 0 <= apart.nanos - cost_of(price, both).nanos <= 1
