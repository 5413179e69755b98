"""The texts of ``mainspring access``, in English and Chinese."""

ACCESS: dict[str, tuple[str, str]] = {
    "access.help": (
        "Ask for models, decide what others ask for, see what was granted.",
        "申请模型、审批他人的申请、查看已授予的访问。",
    ),
    "access.request.help": ("Ask for a model.", "申请使用一个模型。"),
    "access.list.help": ("List requests, newest first.", "列出申请，最新的在前。"),
    "access.show.help": ("Show a request, its steps and comments.", "查看申请及其审批步骤与评论。"),
    "access.approve.help": ("Agree to the present step.", "同意当前步骤。"),
    "access.deny.help": ("Refuse the request.", "拒绝该申请。"),
    "access.comment.help": ("Write under a request.", "在申请下发表评论。"),
    "access.take.help": (
        "Take the key of what was granted; only its secret goes to standard output.",
        "领取已授予访问的密钥；仅密钥本身输出到标准输出。",
    ),
    "access.renew.help": ("Ask for a grant to last longer.", "申请延长已授予的访问。"),
    "access.withdraw.help": (
        "Take back a request, or give back what was granted.",
        "撤回申请，或交还已授予的访问。",
    ),
    "access.revoke.help": (
        "End what was granted, its key included.",
        "终止已授予的访问及其密钥。",
    ),
    "access.rules.help": (
        "List the rules that say who has to agree.",
        "列出决定由谁审批的规则。",
    ),
    "access.purpose": ("What it is for.", "用途。"),
    "access.days": ("For how many days (default: without end).", "天数（默认不限期）。"),
    "access.data_class": ("Of the data that will be sent.", "将要发送的数据的分级。"),
    "access.tokens": ("Tokens that a month is expected to take.", "预计每月令牌数。"),
    "access.rate": ("What the key is to be bounded by.", "密钥的每分钟请求上限。"),
    "access.view": (
        "All that you may see, your own, or what waits for your decision.",
        "可见的全部、自己的，或等待自己审批的。",
    ),
    "access.state": ("Only of this state.", "仅限此状态。"),
    "access.comment": ("What you have to say.", "说明。"),
    "access.reason": ("Why it ends.", "终止原因。"),
    "access.yes": ("agrees", "同意"),
    "access.no": ("does not agree", "不同意"),
    "access.now": ("It is {state}; waits for: {waits}", "状态：{state}；等待：{waits}"),
    "access.grant.help": (
        "Open a restricted model to a project, or to an organisation.",
        "向一个项目或组织开放受限模型。",
    ),
    "access.grant.organization": (
        "The organisation: its slug, name or id.",
        "组织：标识、名称或 id。",
    ),
    "access.grant.project": ("The project: its slug, name or id.", "项目：标识、名称或 id。"),
    "access.grant.model": ("Only grants of this model.", "仅限此模型的授权。"),
    "access.grant.one": (
        "name a project (-p) or an organisation (-o)",
        "请指定项目（-p）或组织（-o）之一",
    ),
    "access.grants.help": (
        "List to whom restricted models are open.",
        "列出受限模型向谁开放。",
    ),
    "access.ungrant.help": (
        "Take a grant back; gateways refuse the next call.",
        "收回授权；网关随即拒绝后续调用。",
    ),
    "access.granted": ("{model} is open to them, until: {until}", "{model} 已开放，截止：{until}"),
    "access.ungranted": ("Taken back: {id}", "已收回：{id}"),
    "models.restrict.help": (
        "Show a model to those alone who were granted it.",
        "仅向获得授权者显示模型。",
    ),
    "models.unrestrict.help": (
        "Let everybody who sees a model call it; its grants stay.",
        "允许所有可见者调用模型；已有授权保留。",
    ),
    "models.access.now": ("{name} is {access} now", "{name} 现为 {access}"),
    "column.access": ("access", "访问"),
    "column.org_id": ("organization", "组织"),
    "column.project_id": ("project", "项目"),
    "access.taken": ("Key for {model} ({id}):", "{model} 的密钥（{id}）："),
}
