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
    "cost_export_url": Variable(
        "MAINSPRING_COST_EXPORT_URL",
        "Where the worker writes costs as Parquet, a file for each day: a directory, or "
        "`s3://bucket/prefix` with the endpoint and keys of the blobs. Unset: nowhere.",
        "工作进程按日写入 Parquet 费用文件的位置：目录，或 `s3://bucket/prefix`"
        "（使用文件存储的 endpoint 与密钥）。不设置则不写。",
    ),
    "cost_export_schedule": Variable(
        "MAINSPRING_COST_EXPORT_SCHEDULE",
        "When costs are written there: cron with five fields, UTC.",
        "写入费用文件的时间：五段式 cron（UTC）。",
        "40 3 * * *",
    ),
}
