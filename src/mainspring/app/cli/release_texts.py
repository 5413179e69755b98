"""The texts of ``mainspring releases`` and ``registry``, in English and Chinese."""

from typing import Final

RELEASE_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "releases.help": (
        "Bring versions of models into service, and take them out.",
        "将模型版本投入服务或撤出服务。",
    ),
    "releases.list.help": ("List releases, of one model or of all.", "列出一个或全部模型的版本。"),
    "releases.show.help": (
        "Show a release: its id, or model@version.",
        "查看一个版本：其 id，或 模型@版本。",
    ),
    "releases.register.help": ("Register a version of a model.", "注册模型的一个版本。"),
    "releases.target": (
        "Where it is served: upstream/name-there; may be given several times.",
        "服务位置：上游/上游内名称，可多次给出。",
    ),
    "releases.licence": ("Its licence.", "许可证。"),
    "releases.steps": (
        "A step of its canary, in percent; may be given several times.",
        "金丝雀的一个阶段（百分比），可多次给出。",
    ),
    "releases.reason": ("Why; it stands in the history.", "原因；会记入历史。"),
    "releases.verify.help": (
        "Look whether a release is fit to be deployed.",
        "检查一个版本是否可以部署。",
    ),
    "releases.waive": (
        "A check whose failure is accepted; needs a reason.",
        "接受失败的检查项；须给出原因。",
    ),
    "releases.unverified": ("the release did not pass", "该版本未通过检查"),
    "releases.unverified.next": (
        "Mend what is marked, or accept it: --waive CHECK --reason WHY",
        "请修复标出的问题，或接受它：--waive 检查项 --reason 原因",
    ),
    "releases.deploy.help": (
        "Make a release the candidate: calls that ask for it get it.",
        "将版本设为候选：仅指定它的调用会得到它。",
    ),
    "releases.canary.help": (
        "Give the candidate the first share of calls.",
        "给候选版本第一份流量。",
    ),
    "releases.advance.help": (
        "Go on to the next step of the canary's plan.",
        "进入金丝雀计划的下一阶段。",
    ),
    "releases.advance.step": ("Which step, from 0.", "第几个阶段，从 0 起。"),
    "releases.promote.help": ("Let a release serve the model.", "让该版本服务模型。"),
    "releases.rollback.help": (
        "Go back: from the canary, or to the release before.",
        "回滚：撤回金丝雀，或恢复上一个版本。",
    ),
    "releases.deprecate.help": (
        "Tell callers with every answer that the model goes.",
        "在每个响应中告知调用方该模型即将退役。",
    ),
    "releases.sunset": (
        "When it will stop to answer (RFC 3339).",
        "何时停止响应（RFC 3339）。",
    ),
    "releases.replacement": ("The model to call in its place.", "替代模型。"),
    "releases.link": ("Where people read about it.", "说明页面地址。"),
    "releases.offline.help": ("Take a release out of service.", "将版本下线。"),
    "releases.force": (
        "Stop it although it takes calls undeprecated.",
        "即使仍在服务且未弃用，也强制停止。",
    ),
    "releases.history.help": (
        "Show every step of a model's releases.",
        "显示模型各版本的每一步。",
    ),
    "releases.limit": ("How many steps.", "显示多少步。"),
    "releases.none": ("there is no release {name}", "没有版本 {name}"),
    "releases.none.next": ("See them: mainspring releases list", "查看：mainspring releases list"),
    "releases.no_target": (
        "{target} is no target of the form upstream/name-there",
        "{target} 不是 上游/上游内名称 形式的目标",
    ),
    "releases.no_target.next": ("There are the upstreams {known}.", "已有的上游：{known}。"),
    "releases.done": ("The release {version} is {state}.", "版本 {version} 现为 {state}。"),
    "registry.help": (
        "Find models by what they are, and set them side by side.",
        "按属性查找模型，并排比较。",
    ),
    "registry.search.help": (
        "Search names, descriptions and notes; filter by tags.",
        "搜索名称、描述与说明，并按标签筛选。",
    ),
    "registry.capability": (
        "What it can, such as tools; may be given several times.",
        "能力，如 tools，可多次给出。",
    ),
    "registry.language": (
        "A language, such as zh; may be given several times.",
        "语言，如 zh，可多次给出。",
    ),
    "registry.tag": ("A tag; may be given several times.", "标签，可多次给出。"),
    "registry.min_context": ("The least context length, in tokens.", "最小上下文长度（词元）。"),
    "registry.show.help": ("Show a model's card and versions.", "显示模型的卡片与版本。"),
    "registry.compare.help": ("Set models side by side.", "并排比较模型。"),
    "weights.help": (
        "Hash the files of a model's weights, and compare them with what its card says.",
        "计算模型权重文件的哈希，并与模型卡片比对。",
    ),
    "weights.hash.help": (
        "Print the SHA-256 of every file below a directory, as sha256sum does.",
        "输出目录下每个文件的 SHA-256，格式与 sha256sum 相同。",
    ),
    "weights.record.help": (
        "Write the files and their hashes into the card of a model, or of MODEL@VERSION.",
        "把文件及其哈希写入模型（或 模型@版本）的卡片。",
    ),
    "weights.check.help": (
        "Compare a directory with the card of a model, or of MODEL@VERSION.",
        "将目录与模型（或 模型@版本）的卡片比对。",
    ),
    "weights.only": (
        "Look at these files alone, such as '*.safetensors'; may be given several times.",
        "只看这些文件，如 '*.safetensors'，可多次给出。",
    ),
    "weights.repository": ("Where they were taken from.", "文件取自的仓库。"),
    "weights.revision": (
        "The commit or the tag of the repository.",
        "仓库的提交或标签。",
    ),
    "weights.allow_more": (
        "Files that the card does not name are no difference.",
        "卡片未列出的文件不算差异。",
    ),
    "weights.hashed": ("{count} files, {bytes} bytes", "{count} 个文件，{bytes} 字节"),
    "weights.recorded": (
        "{count} files, {bytes} bytes, in the card of {model}",
        "{count} 个文件（{bytes} 字节）已写入 {model} 的卡片",
    ),
    "weights.same": (
        "All {count} files ({bytes} bytes) are as the card says.",
        "全部 {count} 个文件（{bytes} 字节）与卡片一致。",
    ),
    "weights.none": ("the card of {model} names no files", "{model} 的卡片未列出文件"),
    "weights.none.next": (
        "name a version (MODEL@VERSION), or write them by `mainspring weights record`",
        "请指明版本（模型@版本），或用 `mainspring weights record` 写入",
    ),
    "weights.empty": ("there are no such files in {path}", "{path} 中没有符合的文件"),
    "weights.too_many": (
        "{count} files; a card names {most} at most",
        "共 {count} 个文件；卡片最多列出 {most} 个",
    ),
    "weights.too_many.next": (
        "choose those that matter, such as --only '*.safetensors'",
        "请选择重要的文件，例如 --only '*.safetensors'",
    ),
    "weights.whose_revision": (
        "say by --repository which repository this is a revision of",
        "请用 --repository 说明这是哪个仓库的修订",
    ),
    "weights.no_file": ("{path} is no file", "{path} 不是文件"),
    "weights.elsewhere": (
        "the card names {path}, which leads out of the directory",
        "卡片列出的 {path} 指向目录之外",
    ),
    "weights.changed": ("{path} changed while it was read", "读取 {path} 时它发生了变化"),
    "weights.changed.next": (
        "wait until it is whole, then try again",
        "请待其写完后重试",
    ),
    "weights.unreadable": ("{path} cannot be read: {reason}", "无法读取 {path}：{reason}"),
    "weights.found.missing": ("not there", "缺失"),
    "weights.found.unknown": ("not in the card", "卡片未列出"),
    "weights.found.size": ("of another size", "大小不同"),
    "weights.found.content": ("of other content", "内容不同"),
    "column.file": ("file", "文件"),
    "column.found": ("found", "结果"),
    "column.licence": ("licence", "许可证"),
    "column.context_length": ("context", "上下文"),
    "column.capabilities": ("can", "能力"),
    "column.languages": ("languages", "语言"),
    "column.version": ("version", "版本"),
    "column.state": ("state", "状态"),
    "column.share": ("share", "份额"),
    "column.model": ("model", "模型"),
    "column.after": ("then", "之后"),
    "column.reason": ("reason", "原因"),
    "column.at": ("at", "时间"),
}
