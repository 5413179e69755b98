"""The texts of the commands about costs, in both languages."""

COSTS: dict[str, tuple[str, str]] = {
    "costs.help": (
        "Sum up what calls used and cost, by whatever tells them apart.",
        "按任意维度汇总调用的用量与费用。",
    ),
    "costs.by": (
        "Split the sums by this; up to four, each repeats the option.",
        "按此维度拆分；最多四个，每个重复一次该选项。",
    ),
    "costs.interval": ("Split the sums by time, in UTC.", "按时间拆分（UTC）。"),
    "costs.csv": ("Print a table for spreadsheets.", "输出供电子表格使用的 CSV。"),
    "costs.focus": (
        "Print the columns of FOCUS 1.2, which FinOps tools read.",
        "按 FOCUS 1.2 的列输出，供 FinOps 工具读取。",
    ),
    "costs.one_form": (
        "--csv, --focus and --json are different forms: choose one",
        "--csv、--focus 与 --json 只能选择其一",
    ),
    "costs.focus_alone": (
        "--focus has groups of its own: leave out --by, --interval and --model",
        "--focus 有固定的分组：请去掉 --by、--interval 与 --model",
    ),
    "costs.forecast": (
        "Tell instead what this month will have cost, and which days were unlike others.",
        "改为预测本月费用，并指出异常的日子。",
    ),
    "costs.forecast_alone": (
        "--forecast goes by days and currencies: leave out --by, --interval, --csv and --focus",
        "--forecast 按日与币种计算：请去掉 --by、--interval、--csv 与 --focus",
    ),
    "costs.unlike.more": (
        "{day} cost {cost}: far more than the {expected} expected",
        "{day} 费用 {cost}：远高于预期的 {expected}",
    ),
    "costs.unlike.less": (
        "{day} cost {cost}: far less than the {expected} expected",
        "{day} 费用 {cost}：远低于预期的 {expected}",
    ),
    "column.currency": ("currency", "币种"),
    "column.so_far": ("so far", "截至目前"),
    "column.expected": ("expected", "预计"),
    "column.low": ("at least", "下限"),
    "column.high": ("at most", "上限"),
    "costs.all": ("all", "合计"),
    "chargeback.help": (
        "Write what a month (2026-10; the last one if unset) cost, for whoever pays for it.",
        "输出某月（2026-10；默认上个月）的费用分摊，供付费方使用。",
    ),
    "chargeback.format": (
        "Form of the report; by the ending of --output if unset, else csv.",
        "报告的形式；默认依据 --output 的扩展名，否则为 csv。",
    ),
    "chargeback.output": ("File to write.", "要写入的文件。"),
    "chargeback.file": (
        "only csv is printed: give --output for xlsx, pdf and --json",
        "只有 csv 可直接输出：xlsx、pdf 与 --json 请给出 --output",
    ),
    "reconciliation.help": (
        "Show what gateways counted by their own metrics beside what the ledger has of it.",
        "对照各网关自身指标的计数与账本中的记录。",
    ),
    "reconciliation.state": (
        "Only hours that stand so: waiting, matched, drifted.",
        "仅显示该状态的小时：waiting、matched、drifted。",
    ),
    "reconciliation.gateway": ("Only those of this gateway.", "仅显示该网关。"),
    "column.gateway": ("gateway", "网关"),
    "column.counted": ("counted", "网关计数"),
    "column.booked": ("booked", "账本记录"),
    "column.counted_tokens": ("counted tokens", "网关计数 Token"),
    "column.booked_tokens": ("booked tokens", "账本 Token"),
    "column.organization": ("organization", "组织"),
    "column.project": ("project", "项目"),
    "column.key": ("key", "密钥"),
    "column.upstream": ("upstream", "上游"),
    "column.upstream_model": ("upstream model", "上游模型"),
    "column.region": ("region", "地域"),
    "column.operation": ("operation", "操作类型"),
    "column.track": ("track", "发布轨道"),
    "column.requests": ("requests", "请求数"),
    "column.tokens": ("tokens", "Token 数"),
    "column.unpriced": ("unpriced", "未定价"),
    "column.cost": ("cost", "费用"),
}
