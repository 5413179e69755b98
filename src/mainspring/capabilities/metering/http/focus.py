"""Costs in the columns of FOCUS, the FinOps Open Cost and Usage Specification 1.2.

The columns, which of them may be empty, and the values that are allowed for categories are those of
https://focus.finops.org/focus-specification/v1-2/. What FOCUS calls a billing account is an
organisation here, a sub-account a project, a resource an API key, a SKU a model.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from mainspring.capabilities.metering.api import CostReport, Dimension
from mainspring.capabilities.metering.http.tables import amount

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
_OURS: Final = "Mainspring"


def focus_lines(report: CostReport) -> Iterable[Mapping[str, object]]:
    """Yield a line for each group's day and currency; costs are what was metered, undiscounted."""
    for row in report.items:
        day = row.start
        if day is None:
            continue
        month = day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        model = row.group["model"]
        tokens: int | None = row.tokens
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
            }
            tokens = 0


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
