"""The words of a chargeback report, in both languages."""

from typing import Final

from mainspring.wire.texts import Language

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "title": ("Chargeback", "费用分摊"),
    "month": ("Month", "月份"),
    "period": ("Period (UTC)", "期间（UTC）"),
    "made_at": ("Made at (UTC)", "生成时间（UTC）"),
    "so_far": (
        "The month is not over: these are the charges so far.",
        "本月尚未结束：以下为截至目前的费用。",
    ),
    "unpriced_note": (
        "{count} calls had no known price and are in no amount.",
        "{count} 次调用没有已知价格，未计入任何金额。",
    ),
    "nothing": ("There were no calls.", "没有调用。"),
    "projects": ("Projects", "项目"),
    "lines": ("Keys and models", "密钥与模型"),
    "organization": ("Organisation", "组织"),
    "project": ("Project", "项目"),
    "key": ("Key", "密钥"),
    "model": ("Model", "模型"),
    "requests": ("Calls", "调用数"),
    "tokens": ("Tokens", "Token 数"),
    "unpriced": ("Unpriced", "未定价"),
    "currency": ("Currency", "币种"),
    "cost": ("Cost", "费用"),
    "total": ("Total", "合计"),
    "page": ("Page {number}", "第 {number} 页"),
}


def text(name: str, lang: Language, **values: object) -> str:
    """Return the text ``name``, with ``values`` put in."""
    found = TEXTS[name][0 if lang == "en" else 1]
    return found.format(**values) if values else found
