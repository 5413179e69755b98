"""The variables of what a worker does with the ledger."""

from mainspring.app.settings import Variable

LEDGER_VARIABLES = {
    "ledger_tolerance": Variable(
        "MAINSPRING_LEDGER_TOLERANCE",
        "Share of an hour's calls, or tokens, by which the ledger may differ from what a gateway "
        "counted itself before an alert is raised.",
        "某小时内账本的调用数或 Token 数与网关自身计数允许相差的比例，超出即告警。",
        "0.001",
    ),
}
