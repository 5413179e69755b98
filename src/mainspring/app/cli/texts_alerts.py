"""The texts of ``mainspring alerts``, in English and Chinese."""

ALERTS: dict[str, tuple[str, str]] = {
    "alerts.help": (
        "See what is wrong now, silence it, and test who is told of it.",
        "查看当前告警、设置静默、测试通知渠道。",
    ),
    "alerts.organization": (
        "An organisation's, by its slug; left out, the platform's own.",
        "组织（slug）的；省略则为平台自身的。",
    ),
    "alerts.list.help": ("List alerts that fire, newest first.", "列出告警中的告警，最新的在前。"),
    "alerts.list.all": ("Those that are over as well.", "也列出已恢复的。"),
    "alerts.silence.help": (
        "Silence alerts whose MATCHERS hold: label=value or label!=value, * for any text.",
        "在一段时间内不通知某些告警：MATCHERS 形如 label=value 或 label!=value，* 代表任意文本。",
    ),
    "alerts.silence.for": ("How long: 30m, 12h, 7d.", "时长：30m、12h、7d。"),
    "alerts.silence.reason": ("Why.", "原因。"),
    "alerts.silenced": ("silenced until {until}", "静默至 {until}"),
    "alerts.silences.help": ("List the silences that hold.", "列出生效中的静默。"),
    "alerts.unsilence.help": ("End a silence now.", "立即结束一个静默。"),
    "alerts.channels.help": ("List notification channels.", "列出通知渠道。"),
    "alerts.test.help": (
        "Send a test message by a channel, and say what came of it.",
        "通过渠道发送测试消息，并显示结果。",
    ),
    "alerts.test.good": ("The message was taken.", "消息已被接收。"),
    "alerts.test.next": (
        "Correct the channel's address or secret, then test again.",
        "更正渠道的地址或密钥后再测试。",
    ),
    "alerts.deliveries.help": (
        "List a channel's newest messages and what came of them.",
        "列出渠道最近的消息及其结果。",
    ),
    "alerts.none": ("there is no channel {name}", "没有通知渠道 {name}"),
    "alerts.none.next": (
        "See them: mainspring alerts channels",
        "查看：mainspring alerts channels",
    ),
    "alerts.matcher.wrong": (
        "{text} is neither label=value nor label!=value",
        "{text} 不是 label=value 或 label!=value",
    ),
    "column.severity": ("severity", "严重级别"),
    "column.summary": ("summary", "摘要"),
    "column.matchers": ("matchers", "匹配条件"),
    "column.who": ("by", "创建者"),
    "column.kind": ("kind", "类型"),
    "column.host": ("leads to", "指向"),
    "column.attempts": ("attempts", "尝试次数"),
    "column.problem": ("problem", "问题"),
}
