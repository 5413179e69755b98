"""Costs in the columns of FOCUS, the FinOps Open Cost and Usage Specification 1.2.

The columns, which of them may be empty, and the values that are allowed for categories are those of
https://focus.finops.org/focus-specification/v1-2/. What FOCUS calls a billing account is an
organisation here, a sub-account a project, a resource an API key, a SKU a model.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from mainspring.capabilities.metering.domain.costs import COUNTS, CostReport, Dimension

FOCUS_DIMENSIONS: Final[tuple[Dimension, ...]] = ("organization", "project", "key", "model")
FOCUS_COLUMNS: Final = (
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingAccountType",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SkuId",
    "SubAccountId",
    "SubAccountName",
    "SubAccountType",
)
MOMENTS: Final = frozenset(
    {"BillingPeriodEnd", "BillingPeriodStart", "ChargePeriodEnd", "ChargePeriodStart"}
)
AMOUNTS: Final = frozenset(
    {"BilledCost", "ContractedCost", "EffectiveCost", "ListCost", "x_GpuCost"}
)
NUMBERS: Final = frozenset({"ConsumedQuantity", "PricingQuantity"})
COUNTED: Final = {name: f"x_{name.title().replace('_', '')}" for name in COUNTS}
"""What was counted, under names for columns of one's own."""

_OURS: Final = "Mainspring"


def amount(nanos: int) -> Decimal:
    """Return billionths of a currency as an amount of it, exactly."""
    return Decimal(nanos).scaleb(-9)


def focus_lines(report: CostReport) -> Iterable[Mapping[str, object]]:
    """Yield a line for each group's day and currency; costs are what was metered, undiscounted.

    Beside the columns of FOCUS a line has what was counted, in the first line of a group, and what
    of its cost are shares of GPU hours.
    """
    for row in report.items:
        day = row.start
        if day is None:
            continue
        month = day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        model = row.group["model"]
        tokens: int | None = row.tokens
        counts = {COUNTED[name]: getattr(row, name) for name in COUNTS}
        for currency, nanos in row.costs.items():
            cost = amount(nanos)
            yield {
                "BilledCost": cost,
                "BillingAccountId": row.group["org_id"],
                "BillingAccountName": row.names.get("org_id"),
                "BillingAccountType": "Organization",
                "BillingCurrency": currency,
                "BillingPeriodEnd": _time((month + timedelta(days=32)).replace(day=1)),
                "BillingPeriodStart": _time(month),
                "ChargeCategory": "Usage",
                "ChargeDescription": f"{row.requests} calls of {model}",
                "ChargeFrequency": "Usage-Based",
                "ChargePeriodEnd": _time(day + timedelta(days=1)),
                "ChargePeriodStart": _time(day),
                "ConsumedQuantity": tokens,
                "ConsumedUnit": "Tokens",
                "ContractedCost": cost,
                "EffectiveCost": cost,
                "InvoiceIssuerName": _OURS,
                "ListCost": cost,
                "PricingCategory": "Standard",
                "PricingQuantity": tokens,
                "PricingUnit": "Tokens",
                "ProviderName": _OURS,
                "PublisherName": _OURS,
                "ResourceId": row.group["key_id"],
                "ResourceName": row.names.get("key_id"),
                "ResourceType": None if row.group["key_id"] is None else "API Key",
                "ServiceCategory": "AI and Machine Learning",
                "ServiceName": "Model Gateway",
                "ServiceSubcategory": "Generative AI",
                "SkuId": model,
                "SubAccountId": row.group["project_id"],
                "SubAccountName": row.names.get("project_id"),
                "SubAccountType": "Project",
                "x_GpuCost": amount(row.gpu.get(currency, 0)),
                **counts,
            }
            tokens = 0
            counts = dict.fromkeys(counts, 0)


def moment(text: object) -> datetime:
    """Return the time that a line's column holds."""
    return datetime.fromisoformat(str(text))


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
