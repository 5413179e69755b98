"""How the ledger counts a call that a batch made."""

from mainspring.gateway.meter.recorder import usage_record_id
from mainspring.kernel.ids import new_id
from mainspring.kernel.money import Money
from mainspring.snapshot.prices import in_batch
from mainspring.snapshot.resources import Price


def as_batch_item(
    request_id: str, outcome: str, cost: Money | None, price: Price | None
) -> tuple[str, Money | None]:
    """Return the id and the cost of the record of a batch's call that would cost ``cost`` alone.

    An item is made again under the same request id until it is answered, so that id must be free
    for its answer: what failed is recorded beside it and costs nothing.
    """
    if outcome == "ok":
        return usage_record_id(request_id), in_batch(cost, price)
    return usage_record_id(new_id("req")), in_batch(cost, price, answered=False)
