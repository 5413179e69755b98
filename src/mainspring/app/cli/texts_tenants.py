"""Texts of the commands about organisations, projects and objectives."""

TENANTS: dict[str, tuple[str, str]] = {
    "organizations.help": ("Manage organisations: the tenants.", "管理组织（租户）。"),
    "organizations.list.help": ("List organisations.", "列出组织。"),
    "organizations.create.help": ("Create an organisation.", "创建组织。"),
    "organizations.update.help": (
        "Change an organisation's name or limits.",
        "更改组织的名称或限额。",
    ),
    "organizations.suspend.help": (
        "Refuse all of its calls at every gateway, until it is resumed.",
        "在所有网关拒绝其全部调用，直至恢复。",
    ),
    "organizations.resume.help": ("Serve a suspended organisation again.", "恢复已停用的组织。"),
    "organizations.delete.help": (
        "Remove an organisation that has no projects any more.",
        "删除已没有项目的组织。",
    ),
    "projects.help": (
        "Manage projects; each has keys and limits of its own.",
        "管理项目；每个项目有各自的密钥与限额。",
    ),
    "projects.list.help": ("List projects.", "列出项目。"),
    "projects.organization": (
        "Only those of this organisation (id, slug or name).",
        "仅列出该组织（id、标识或名称）的项目。",
    ),
    "projects.create.help": ("Create a project.", "创建项目。"),
    "projects.update.help": ("Change a project's name or limits.", "更改项目的名称或限额。"),
    "projects.suspend.help": (
        "Refuse all of its calls at every gateway, until it is resumed.",
        "在所有网关拒绝其全部调用，直至恢复。",
    ),
    "projects.resume.help": ("Serve a suspended project again.", "恢复已停用的项目。"),
    "tenants.slug": (
        "Name in files and addresses; made from the name if left out.",
        "用于文件与地址的标识；省略时由名称生成。",
    ),
    "tenants.name": ("A new name.", "新名称。"),
    "tenants.limit": (
        "A limit, such as requests_per_minute=600; `name=` lifts it. May be repeated.",
        "限额，例如 requests_per_minute=600；`name=` 取消该限额。可重复。",
    ),
    "tenants.user_limit": (
        "The same for each person and service account within.",
        "同上，对其中每个用户与服务账户分别生效。",
    ),
    "tenants.limit.unknown": (
        "{name!r} is no limit; there are {known}",
        "{name!r} 不是限额；可用的有 {known}",
    ),
    "tenants.limit.number": (
        "{text!r} is no number for {name}",
        "{text!r} 不能作为 {name} 的数值",
    ),
    "tenants.nothing": (
        "nothing is to be changed: name --name, --limit or --user-limit",
        "没有要更改的内容：请指定 --name、--limit 或 --user-limit",
    ),
    "tenants.open": ("open", "正常"),
    "tenants.suspended": ("suspended", "已停用"),
    "column.slug": ("slug", "标识"),
    "column.limits": ("limits", "限额"),
    "slos.help": (
        "Manage service level objectives.",
        "管理服务等级目标（SLO）。",
    ),
    "slos.list.help": (
        "List objectives with what is left of their budgets.",
        "列出目标及其剩余预算。",
    ),
    "slos.create.help": ("Create an objective.", "创建目标。"),
    "slos.delete.help": (
        "Remove an objective with what was counted for it.",
        "删除目标及其统计数据。",
    ),
    "slos.rules.help": (
        "Print recording rules and alerts for Prometheus.",
        "输出 Prometheus 的记录规则与告警规则。",
    ),
    "slos.indicator": ("indicator", "指标"),
    "slos.indicator.help": ("What makes a call a bad one.", "何种调用计为不合格。"),
    "slos.target": ("target", "目标"),
    "slos.target.help": (
        "Share of the calls that must be good, such as 0.999.",
        "合格调用所占比例，例如 0.999。",
    ),
    "slos.threshold": (
        "Milliseconds beyond which a call is a bad one, for latency and time to first token.",
        "超过多少毫秒计为不合格（用于延迟与首字时间）。",
    ),
    "slos.model": ("Only calls of this model.", "仅统计该模型的调用。"),
    "slos.operation": ("Only calls of this kind, such as chat.", "仅统计该类调用，例如 chat。"),
    "slos.window": ("Days over which the budget holds.", "预算所覆盖的天数。"),
    "slos.left": ("budget left", "剩余预算"),
    "slos.burning": ("alerts", "告警"),
    "slos.none": ("there is no objective {name}", "没有名为 {name} 的目标"),
    "slos.none.next": ("See them: mainspring slos list", "查看全部：mainspring slos list"),
}
