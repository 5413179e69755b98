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
    # changes that need two persons
    "changes.help": (
        "Decide what others ask for and may not do alone; say what needs two persons.",
        "审批他人提出、不得单独执行的更改；设定哪些更改需要两人。",
    ),
    "changes.list.help": ("List changes, newest first.", "列出更改，最新在前。"),
    "changes.show.help": ("Show a change and the request that it is.", "查看更改及其请求。"),
    "changes.approve.help": (
        "Agree to a change that somebody else asked for; it is made at once.",
        "批准他人提出的更改；随即执行。",
    ),
    "changes.reject.help": ("Refuse a change.", "驳回更改。"),
    "changes.withdraw.help": ("Take back a change of your own.", "撤回自己提出的更改。"),
    "changes.four_eyes.help": (
        "Show which changes need two persons, or set it.",
        "显示或设定哪些更改需要两人。",
    ),
    "changes.four_eyes.on": ("Whether anything does.", "是否启用。"),
    "changes.four_eyes.action": (
        "An operation, or operation:member; given at all, these are the whole list.",
        "操作名，或 操作名:字段；一旦给出即为完整清单，可多次给出。",
    ),
    "changes.four_eyes.hours": ("How long a change waits.", "更改的等待时长（小时）。"),
    "changes.four_eyes.now": ("Four eyes are {state}; for:", "四眼原则：{state}；适用于："),
    "changes.state": ("Only of this state.", "仅限此状态。"),
    "changes.limit": ("The most to print.", "最多输出的条数。"),
    "changes.pending.next": (
        "Somebody else approves it: mainspring changes approve {id}",
        "请由另一人批准：mainspring changes approve {id}",
    ),
    "changes.waiting": (
        "{count} changes wait for a second person: {ids}",
        "{count} 项更改等待第二人批准：{ids}",
    ),
    "changes.waiting.next": (
        "Somebody else approves them (mainspring changes approve); then apply again.",
        "请由另一人批准（mainspring changes approve），然后再次应用。",
    ),
    "on": ("on", "启用"),
    "off": ("off", "停用"),
    "column.operation": ("operation", "操作"),
    "column.path": ("path", "路径"),
    "column.author_id": ("author", "提出者"),
    "column.expires_at": ("until", "截止"),
    # emergencies
    "break-glass.help": (
        "Act at once and alone in an emergency; end and review what others did so.",
        "紧急情况下立即单独操作；终止并复核他人的紧急操作。",
    ),
    "break_glass.open.help": (
        "Act with a role of the platform for a time, past the second person. Everybody sees it.",
        "以平台角色限时操作，无需第二人。所有有权者都会看到。",
    ),
    "break_glass.list.help": ("List emergencies, newest first.", "列出紧急操作，最新在前。"),
    "break_glass.end.help": ("End an emergency before its time.", "提前终止紧急操作。"),
    "break_glass.review.help": (
        "Say afterwards whether somebody's emergency was right.",
        "事后说明他人的紧急操作是否正当。",
    ),
    "break_glass.reason": ("Why; everybody reads it.", "原因；所有有权者可见。"),
    "break_glass.minutes": ("For how long, up to 240.", "时长（分钟），上限 240。"),
    "break_glass.role": ("The role that holds meanwhile.", "期间生效的角色。"),
    "break_glass.verdict": ("Whether it was right.", "是否正当。"),
    "break_glass.until": ("As {role}, until {until}.", "角色 {role}，截止 {until}。"),
    "doctor.break_glass": (
        "{user} acts alone as {role} until {until}: {reason}",
        "{user} 正以 {role} 单独紧急操作，截止 {until}：{reason}",
    ),
    "doctor.break_glass.hint": (
        "Ask them; to end it: mainspring break-glass end {id}",
        "请联系当事人；终止：mainspring break-glass end {id}",
    ),
    "doctor.no_break_glass": ("nobody acts alone in an emergency", "无人紧急单独操作"),
    "column.user_id": ("person", "人员"),
    "column.ended_at": ("ended", "结束"),
    "column.uses": ("uses", "次数"),
    "column.verdict": ("verdict", "结论"),
}
