"""The texts of the commands that govern: policies, changes that need two, in both languages."""

GOVERNANCE: dict[str, tuple[str, str]] = {
    "policy.help": (
        "See what holds for calls and where it comes from; try policies on recorded calls.",
        "查看对调用生效的规定及其来源；用已记录的调用试算策略。",
    ),
    "policy.list.help": ("List policies.", "列出策略。"),
    "policy.effective.help": (
        "Tell what holds for an organisation, a project or a key, and whose word each value is.",
        "显示对组织、项目或密钥生效的全部取值及其来源。",
    ),
    "policy.dry_run.help": (
        "Replay recorded calls against what files for `mainspring apply` declare of policies.",
        "用 `mainspring apply` 文件中声明的策略重放已记录的调用。",
    ),
    "policy.organization": ("An organisation, by id, slug or name.", "组织（id、短名或名称）。"),
    "policy.project": ("A project, by id, slug or name.", "项目（id、短名或名称）。"),
    "policy.key": ("A key of the project, by id.", "项目的密钥（id）。"),
    "policy.model": ("A model, by its own name.", "模型的名称。"),
    "policy.task": ("The endpoint's task, such as chat or embedding.", "端点的任务，例如 chat。"),
    "policy.file": (
        "A file or directory for `mainspring apply`; may be given several times.",
        "`mainspring apply` 的文件或目录，可多次给出。",
    ),
    "policy.remove": (
        "A policy that would be gone, by id or name; may be given several times.",
        "假设将被删除的策略（id 或名称），可多次给出。",
    ),
    "policy.since": (
        "Calls from this time on (RFC 3339; default: the last 24 hours).",
        "起始时间（RFC 3339；默认最近 24 小时）。",
    ),
    "policy.max_calls": (
        "The newest calls of the range that are judged, up to 10000.",
        "最多试算范围内最新的若干调用，上限 10000。",
    ),
    "policy.read": (
        "{read} calls read; would change: {changed}",
        "已读 {read} 次调用；变化：{changed}",
    ),
    "policy.stopped": (
        "Not the whole range was read: {reason}",
        "未读完整个范围：{reason}",
    ),
    "policy.open": (
        "{count} calls cannot be judged in full: {reason}",
        "{count} 次调用无法完整判断：{reason}",
    ),
    "policy.none": ("there is no policy {name}", "没有策略 {name}"),
    "policy.none.next": (
        "List them: mainspring policy list",
        "列出策略：mainspring policy list",
    ),
    "column.parameters": ("parameters", "参数"),
    "column.enabled": ("enabled", "启用"),
    "column.source": ("source", "来源"),
    "column.change": ("change", "变化"),
    "column.detail": ("detail", "说明"),
    "column.request": ("request", "请求"),
}
