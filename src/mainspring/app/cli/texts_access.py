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
    "access.taken": ("Key for {model} ({id}):", "{model} 的密钥（{id}）："),
}
