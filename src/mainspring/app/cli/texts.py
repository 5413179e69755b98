"""Every text of the command line, in English and Chinese. A key without both fails a test."""

from mainspring.app.cli.identity_texts import IDENTITY_TEXTS
from mainspring.app.cli.language import language
from mainspring.app.cli.release_texts import RELEASE_TEXTS
from mainspring.app.cli.texts_access import ACCESS
from mainspring.app.cli.texts_alerts import ALERTS
from mainspring.app.cli.texts_capacity import CAPACITY
from mainspring.app.cli.texts_costs import COSTS
from mainspring.app.cli.texts_datasets import DATASETS
from mainspring.app.cli.texts_governance import GOVERNANCE
from mainspring.app.cli.texts_machines import MACHINES
from mainspring.app.cli.texts_operations import OPERATIONS
from mainspring.app.cli.texts_secrets import SECRETS
from mainspring.app.cli.texts_tenants import TENANTS
from mainspring.app.cli.texts_upstreams import UPSTREAMS

TEXTS: dict[str, tuple[str, str]] = {
    **IDENTITY_TEXTS,
    **OPERATIONS,
    **UPSTREAMS,
    **ACCESS,
    **ALERTS,
    **SECRETS,
    **COSTS,
    **CAPACITY,
    **DATASETS,
    **GOVERNANCE,
    **MACHINES,
    **TENANTS,
    # the group
    "group.help": (
        "Mainspring: a self-hosted LLM platform. `mainspring up` starts all of it on this machine.",
        "Mainspring：自托管的大模型平台。`mainspring up` 在本机启动全部组件。",
    ),
    "option.json": ("Print the result as JSON.", "以 JSON 输出结果。"),
    # what each command does, in a line
    "up.help": (
        "Start the platform and keep it running until Ctrl-C.",
        "启动平台并保持运行，按 Ctrl-C 结束。",
    ),
    "down.help": (
        "Stop the platform and wait until nothing of it runs.",
        "停止平台，并等待全部进程结束。",
    ),
    "status.help": ("Show the running parts and their health.", "显示运行中的部件及其健康状况。"),
    "settings.help": (
        "Show the settings in force here and where they come from.",
        "显示此处生效的设置及其来源。",
    ),
    "settings.set": ("Only what the environment sets.", "仅显示环境变量所设的项。"),
    "settings.from.environment": ("set", "已设置"),
    "settings.from.default": ("default", "默认值"),
    "settings.from.unset": ("not set", "未设置"),
    "logs.help": ("Show the log of all parts.", "显示所有部件的日志。"),
    "doctor.help": (
        "Check this machine and the platform, and say how to mend what is wrong.",
        "检查本机与平台，并给出修复方法。",
    ),
    "version.help": ("Show the version.", "显示版本。"),
    "open.help": ("Open the console in the browser.", "在浏览器中打开控制台。"),
    "chat.help": (
        "Chat with a model: one question, or a conversation when started without one.",
        "与模型对话：给出问题即单次问答，不给则进入会话。",
    ),
    "embed.help": ("Turn texts into vectors.", "把文本转换为向量。"),
    "keys.help": ("List, create and revoke API keys.", "列出、创建与吊销 API 密钥。"),
    "models.help": (
        "List and show models; restrict who may call them.",
        "列出与查看模型；限制谁可以调用。",
    ),
    "users.help": ("List, create, disable and enable accounts.", "列出、创建、停用与启用账户。"),
    "members.help": (
        "List, invite and remove members; change their roles.",
        "列出、邀请与移除成员；更改角色。",
    ),
    "groups.help": ("Manage groups of members and their roles.", "管理成员的用户组及其角色。"),
    "roles.help": (
        "List and create roles; explain who may do what.",
        "列出与创建角色；解释谁能做什么。",
    ),
    "calls.help": (
        "List and show what projects keep of their calls; make one again.",
        "列出与查看项目所保存的调用；重放其中一次。",
    ),
    "calls.list.help": ("List calls, newest first.", "列出调用，最新的在前。"),
    "calls.show.help": (
        "Show one call with its contents, by its id or that of its request.",
        "按调用 id 或请求 id 查看一次调用及其内容。",
    ),
    "calls.since": ("How far back: 30m, 12h or 7d.", "回溯多久：30m、12h 或 7d。"),
    "calls.since.wrong": (
        "{text!r} is not like 30m, 12h or 7d",
        "{text!r} 不是 30m、12h 或 7d 的形式",
    ),
    "calls.project": ("Only of this project (slug or id).", "仅限此项目（短名或 id）。"),
    "calls.model": ("Only of this model.", "仅限此模型。"),
    "calls.text": ("Only with these words in it.", "仅限内容含有这些词的调用。"),
    "calls.session": ("Only of this session.", "仅限此会话。"),
    "calls.user": (
        "Only of this user, by the caller's own name.",
        "仅限此用户（调用方自己的名称）。",
    ),
    "calls.failed": ("Only those that failed.", "仅限失败的调用。"),
    "calls.limit": ("At most so many.", "最多条数。"),
    "traces.help": ("Show where the time of a request went.", "查看请求的时间花在何处。"),
    "traces.show.help": (
        "Show the spans of a trace as a tree.",
        "以树形显示一条链路的 span。",
    ),
    "column.at": ("at", "时间"),
    "column.model": ("model", "模型"),
    "column.duration": ("ms", "毫秒"),
    "column.outcome": ("outcome", "结果"),
    "column.input": ("asked", "提问"),
    "column.output": ("answered", "回答"),
    "audit.help": ("Search, verify and export the audit trail.", "检索、校验与导出审计日志。"),
    "apply.help": (
        "Bring organizations, projects, upstreams, models and keys to what files say.",
        "按文件声明的内容配置组织、项目、上游、模型与密钥。",
    ),
    "completion.help": (
        "Print the completion script of a shell.",
        "输出 shell 的自动补全脚本。",
    ),
    "serve.help": (
        "Run one role in this process (used by `up`, containers and service managers).",
        "在当前进程中运行单个角色（供 `up`、容器与服务管理器使用）。",
    ),
    # finding the platform
    "not_running": (
        "no platform runs on {home}",
        "{home} 上没有运行中的平台",
    ),
    "not_running.next": ("Start it: mainspring up", "请先启动：mainspring up"),
    "no_token": ("there is no token for the control plane", "没有访问控制面的令牌"),
    "no_token.next": (
        "Set MAINSPRING_TOKEN, or run the command as the user who started the platform.",
        "设置 MAINSPRING_TOKEN，或以启动平台的用户运行。",
    ),
    "permission.next": (
        "Run the command as the user whom the data directory belongs to.",
        "请以数据目录所属的用户运行。",
    ),
    "no_key": ("there is no API key", "没有 API 密钥"),
    "no_key.next": (
        "Set MAINSPRING_API_KEY; `mainspring keys create` makes one.",
        "设置 MAINSPRING_API_KEY；`mainspring keys create` 可创建密钥。",
    ),
    "unreachable": ("{url} cannot be reached: {reason}", "无法访问 {url}：{reason}"),
    "unreachable.next": (
        "Check that it runs (mainspring status) and that the address is right.",
        "请确认其正在运行（mainspring status）且地址正确。",
    ),
    "strange_answer": (
        "{url} answered in a way that is not ours ({status})",
        "{url} 的应答无法识别（{status}）",
    ),
    "strange_answer.next": (
        "Check that the address is that of a Mainspring of this version.",
        "请确认该地址属于同版本的 Mainspring。",
    ),
    "next_step": ("Next: {text}", "下一步：{text}"),
    "error": ("Error: {text}", "错误：{text}"),
    # up and down
    "up.detach": (
        "Return once everything is ready; it runs on in the background.",
        "就绪后返回，平台在后台继续运行。",
    ),
    "up.quiet": ("Do not show the parts' log lines.", "不显示各部件的日志。"),
    "up.starting": ("Starting on {home} …", "正在启动，数据目录 {home} …"),
    "up.moved": (
        "{wanted} is taken, using {chosen} ({part})",
        "端口 {wanted} 已被占用，改用 {chosen}（{part}）",
    ),
    "up.ready": (
        "Mainspring is ready after {seconds:.1f} s",
        "Mainspring 已就绪，用时 {seconds:.1f} 秒",
    ),
    "up.running": ("Mainspring already runs (pid {pid})", "Mainspring 已在运行（pid {pid}）"),
    "up.busy": (
        "another `mainspring up` is starting or stopping on {home}",
        "{home} 上有另一个 `mainspring up` 正在启动或停止",
    ),
    "up.busy.next": (
        "Wait a moment and look again: mainspring status",
        "稍候再看：mainspring status",
    ),
    "up.gateway": ("Gateway", "网关"),
    "up.console": ("Console", "控制台"),
    "up.setup": ("Set up", "初始化"),
    "up.setup.once": ("{url}   (works once)", "{url}   （仅可使用一次）"),
    "up.key": ("API key", "API 密钥"),
    "up.data": ("Data", "数据目录"),
    "up.try": ("Try it:", "试一试："),
    "up.hello": ("Say hello in one sentence.", "Say hello in one sentence."),
    "up.stop": ("Ctrl-C stops everything.", "按 Ctrl-C 停止全部组件。"),
    "up.stop.detached": ("`mainspring down` stops everything.", "`mainspring down` 停止全部组件。"),
    "up.failed": ("the platform did not start: {why}", "平台未能启动：{why}"),
    "up.failed.next": (
        "Mend what the lines above say; `mainspring doctor` checks this machine.",
        "请按上述日志修复；`mainspring doctor` 可检查本机。",
    ),
    "up.extras": (
        "this installation cannot run the whole platform: {missing} is not installed",
        "当前安装无法运行完整平台：缺少 {missing}",
    ),
    "up.extras.next": (
        "Install it: pip install 'mainspring[all]'",
        "请安装：pip install 'mainspring[all]'",
    ),
    "down.stopping": ("Stopping (pid {pid}) …", "正在停止（pid {pid}）…"),
    "down.done": ("Nothing runs any more.", "全部进程已结束。"),
    "down.nothing": ("Nothing was running.", "没有运行中的进程。"),
    "down.left": ("some processes did not end: {pids}", "部分进程未能结束：{pids}"),
    "down.left.next": ("End them by hand: kill -9 {pids}", "请手动结束：kill -9 {pids}"),
    # status and logs
    "status.part": ("part", "部件"),
    "status.state": ("state", "状态"),
    "status.pid": ("pid", "pid"),
    "status.restarts": ("restarts", "重启"),
    "status.since": ("since", "启动时间"),
    "status.url": ("url", "地址"),
    "status.unwell": ("not everything is well: {parts}", "部分部件异常：{parts}"),
    "status.unwell.next": (
        "See why: mainspring logs --source {part}",
        "查看原因：mainspring logs --source {part}",
    ),
    "logs.follow": ("Go on showing new lines.", "持续显示新的日志。"),
    "logs.source": (
        "Only this part's lines; can be given several times.",
        "只显示该部件的日志，可重复给出。",
    ),
    "logs.request": (
        "Only what tells of this request, from all files, access logs too.",
        "仅显示与该请求有关的日志（含访问日志与历史文件）。",
    ),
    "logs.trace": (
        "Only what tells of this trace, from all files, access logs too.",
        "仅显示与该链路有关的日志（含访问日志与历史文件）。",
    ),
    "logs.level": ("Least level to show.", "最低日志级别。"),
    "logs.text": ("Words that the message has.", "消息中包含的文字。"),
    "logs.follow.search": (
        "--follow goes on with --source only; leave out what is searched for",
        "--follow 只能与 --source 一起使用；请去掉其他查找条件",
    ),
    "logs.lines": ("How many of the last lines to show.", "显示最后多少行。"),
    "logs.none": ("there is no log yet at {path}", "{path} 尚无日志"),
    "logs.none.next": ("Start the platform: mainspring up", "请先启动平台：mainspring up"),
    # open
    "open.opened": ("Opened {url}", "已打开 {url}"),
    "open.print": ("Print the address, open nothing.", "只输出地址，不打开浏览器。"),
    "open.no_browser": (
        "No browser could be opened; open this yourself: {url}",
        "无法打开浏览器，请手动打开：{url}",
    ),
    # chat and embed
    "chat.model": ("Model to ask.", "所用模型。"),
    "chat.system": ("Instruction that precedes the conversation.", "会话前的系统指令。"),
    "chat.max_tokens": ("Most tokens of an answer.", "回答的 token 上限。"),
    "chat.temperature": ("How freely to choose words, 0 to 2.", "采样温度，0 至 2。"),
    "chat.banner": (
        "{model}: type a message; /reset forgets the conversation, Ctrl-D ends it.",
        "{model}：输入消息；/reset 清空会话，Ctrl-D 结束。",
    ),
    "chat.prompt": ("you> ", "你> "),
    "chat.reset": ("Forgotten.", "会话已清空。"),
    "chat.empty": ("there is no question", "没有问题"),
    "chat.empty.next": (
        "Give it as an argument or on standard input.",
        "请以参数或标准输入给出问题。",
    ),
    "chat.broken": ("the answer ended early", "回答提前中断"),
    "embed.query": (
        "The texts are search queries (default: passages to be found).",
        "文本是检索问题（默认为待检索的段落）。",
    ),
    "embed.dims": (
        "{count} vectors of {dimensions} dimensions, {tokens} tokens",
        "{count} 个 {dimensions} 维向量，{tokens} 个 token",
    ),
    # keys and models
    "keys.list.help": ("List the keys of a project.", "列出项目的密钥。"),
    "keys.create.scope": (
        "What the key may be used for, several times; model:call by default.",
        "密钥的用途，可多次给出；默认 model:call。",
    ),
    "keys.create.help": (
        "Create a key and print its secret, which is shown only now.",
        "创建密钥并输出其明文（仅显示一次）。",
    ),
    "keys.rotate.help": (
        "Make a key like an old one; for a while both work.",
        "依照旧密钥创建新密钥；一段时间内两者均可用。",
    ),
    "keys.rotate.overlap": (
        "Hours until the old key ends.",
        "旧密钥失效前的小时数。",
    ),
    "keys.rotated": (
        "{name} ({id}) ends in {hours} hours; this takes its place:",
        "{name}（{id}）将在 {hours} 小时后失效，由以下密钥取代：",
    ),
    "column.used": ("last used", "最近使用"),
    "keys.revoke.help": ("Revoke a key by its id or name.", "按 id 或名称吊销密钥。"),
    "keys.project": ("Project, by id or name.", "项目的 id 或名称。"),
    "keys.name": ("Name of the key.", "密钥名称。"),
    "keys.created": (
        "Created {name} ({id}). The secret is shown only now:",
        "已创建 {name}（{id}）。明文仅显示这一次：",
    ),
    "keys.revoked": ("Revoked {name} ({id}).", "已吊销 {name}（{id}）。"),
    "keys.state.active": ("active", "有效"),
    "keys.state.revoked": ("revoked", "已吊销"),
    "keys.none": (
        "there is no key {name} in the project {project}",
        "项目 {project} 中没有密钥 {name}",
    ),
    "keys.none.next": (
        "See what there is: mainspring keys list",
        "查看已有密钥：mainspring keys list",
    ),
    "column.title": ("what", "名称"),
    "column.protocol": ("protocol", "协议"),
    "column.base_url": ("address", "地址"),
    "column.auth": ("credential", "凭据方式"),
    "column.until": ("until", "到期"),
    "column.waits": ("waits for", "等待"),
    "column.position": ("position", "次序"),
    "column.models": ("models", "模型"),
    "column.steps": ("steps", "步骤"),
    "models.list.help": ("List the models.", "列出模型。"),
    "models.show.help": ("Show one model by its id or name.", "按 id 或名称查看模型。"),
    "models.none": ("there is no model {name}", "没有模型 {name}"),
    "models.none.next": (
        "See what there is: mainspring models list",
        "查看已有模型：mainspring models list",
    ),
    "project.none": ("there is no project {name}", "没有项目 {name}"),
    "project.none.next": ("There are: {known}", "已有项目：{known}"),
    "column.name": ("name", "名称"),
    "column.id": ("id", "id"),
    "column.prefix": ("key", "密钥"),
    "column.state": ("state", "状态"),
    "column.created": ("created", "创建时间"),
    "column.tasks": ("tasks", "任务"),
    "column.targets": ("targets", "目标"),
    "column.field": ("field", "字段"),
    "column.value": ("value", "值"),
    # apply
    "apply.file": (
        "YAML file, or directory of such files; can be given several times.",
        "YAML 文件或其目录，可重复给出。",
    ),
    "apply.dry_run": ("Print the plan and change nothing.", "只输出计划，不作更改。"),
    "apply.credentials": (
        "Send the credentials of upstreams that have one already, too.",
        "已有凭据的上游也重新发送凭据。",
    ),
    "apply.secret": (
        "The secret of {name}, shown only now:",
        "{name} 的明文，仅显示这一次：",
    ),
    "apply.create": ("create", "创建"),
    "apply.update": ("update", "更新"),
    "apply.unchanged": ("unchanged", "不变"),
    "apply.done": (
        "{created} created, {updated} updated, {unchanged} unchanged, {removed} removed",
        "创建 {created} 项，更新 {updated} 项，不变 {unchanged} 项，删除 {removed} 项",
    ),
    "apply.planned": ("dry run: nothing was changed", "试运行：未作更改"),
    "apply.invalid": ("{count} problems; nothing was changed", "{count} 处问题；未作更改"),
    "apply.invalid.next": (
        "Correct the fields that are named and apply again.",
        "请修正所列字段后重试。",
    ),
    # completion, serve
    "completion.shell": ("bash, zsh or fish", "bash、zsh 或 fish"),
    "serve.runtime.help": ("Run an embedded model's server.", "运行内嵌模型服务。"),
    "setting.next": (
        "Correct the variable; docs/…/reference/settings lists all of them.",
        "请修正该变量；全部变量见参考文档「设置」。",
    ),
    # doctor
    "doctor.well": ("Everything is well.", "一切正常。"),
    "doctor.unwell": ("{count} problems found", "发现 {count} 个问题"),
    "doctor.unwell.next": (
        "Follow the hints above, then run doctor again.",
        "请按上述提示处理后再次运行 doctor。",
    ),
    "doctor.python": ("Python {version}", "Python {version}"),
    "doctor.python.hint": ("Use Python 3.11 or newer.", "请使用 Python 3.11 或更高版本。"),
    "doctor.packages": ("all packages and the console are installed", "组件与控制台均已安装"),
    "doctor.package": ("{name} is not installed: no {purpose}", "未安装 {name}：缺少{purpose}"),
    "doctor.package.hint": (
        "From a checkout: make setup. Otherwise: pip install 'mainspring[all]'",
        "源码目录中运行 make setup；否则运行 pip install 'mainspring[all]'",
    ),
    "doctor.for.database": ("embedded database", "内嵌数据库"),
    "doctor.for.control": ("control plane", "控制面"),
    "doctor.for.llm": ("embedded chat model", "内嵌对话模型"),
    "doctor.for.embed": ("embedded embedding model", "内嵌向量模型"),
    "doctor.console": ("the console was not built", "控制台尚未构建"),
    "doctor.console.hint": ("From a checkout: make console", "源码目录中运行 make console"),
    "doctor.settings": ("all settings can be read", "全部设置均可读取"),
    "doctor.disk": ("{gib:.1f} GiB free for {path}", "{path} 可用空间 {gib:.1f} GiB"),
    "doctor.disk.hint": (
        "Free some space, or move the data directory (MAINSPRING_HOME).",
        "请释放磁盘空间，或更换数据目录（MAINSPRING_HOME）。",
    ),
    "doctor.memory": ("{gib:.1f} GiB of memory free", "可用内存 {gib:.1f} GiB"),
    "doctor.memory.skipped": ("memory was not looked at", "未检查内存"),
    "doctor.memory.hint": (
        "Everything together takes about 1 GiB; MAINSPRING_EMBEDDED_MODELS=false takes half of it.",
        "全部组件约需 1 GiB；设置 MAINSPRING_EMBEDDED_MODELS=false 可减半。",
    ),
    "doctor.files": ("secrets under {path} are private", "{path} 下的机密文件权限正确"),
    "doctor.files.none": ("{path} does not exist yet", "{path} 尚不存在"),
    "doctor.files.open": (
        "{path} is open to other users (mode {mode})",
        "{path} 可被其他用户访问（权限 {mode}）",
    ),
    "doctor.clock": ("the clock says {now}", "系统时间 {now}"),
    "doctor.clock.hint": (
        "Set the clock (NTP): keys expire and records are dated by it.",
        "请校准时间（NTP）：密钥过期与记录时间都依赖它。",
    ),
    "doctor.ports": ("in use by us: {ports}", "平台正在使用：{ports}"),
    "doctor.port": ("port {port} is free for the {name}", "端口 {port} 空闲（{name}）"),
    "doctor.port.taken": (
        "port {port} is taken; the {name} will use the next free one",
        "端口 {port} 已被占用，{name} 将使用下一个空闲端口",
    ),
    "doctor.port.hint": (
        "To have it there, stop whatever uses it, or set another port.",
        "如需使用该端口，请停止占用它的程序，或改设其他端口。",
    ),
    "doctor.host": (
        "{host} is no address of this machine: {reason}",
        "{host} 不是本机地址：{reason}",
    ),
    "doctor.no_driver": ("the database's driver is not installed", "未安装数据库驱动"),
    "doctor.database": ("the database answers", "数据库可访问"),
    "doctor.database.away": (
        "the database cannot be reached: {reason}",
        "无法访问数据库：{reason}",
    ),
    "doctor.database.hint": (
        "Check DATABASE_URL and that the server runs; unset it to use the embedded one.",
        "请检查 DATABASE_URL 与服务器；取消设置即可使用内嵌数据库。",
    ),
    "doctor.schema": (
        "the database's schema is this release's ({revision})",
        "数据库结构与此版本一致（{revision}）",
    ),
    "doctor.schema.empty": (
        "the database is empty; the first start makes the schema",
        "数据库为空，首次启动时会建立结构",
    ),
    "doctor.schema.behind": (
        "the database's schema is at {revision}, this release's at {head}",
        "数据库结构为 {revision}，此版本为 {head}",
    ),
    "doctor.schema.behind.hint": (
        "The next start migrates it. Make a backup before: mainspring backup create DIRECTORY",
        "下次启动时会迁移。请先备份：mainspring backup create DIRECTORY",
    ),
    "doctor.schema.ahead": (
        "the database belongs to a newer release: {reason}",
        "数据库属于更新的版本：{reason}",
    ),
    "doctor.schema.ahead.hint": (
        "Install the release that migrated it, or restore a backup of this one.",
        "请安装迁移它的版本，或恢复此版本的备份。",
    ),
    "doctor.host.hint": (
        "Set MAINSPRING_{name}_HOST to an address of this machine, such as 127.0.0.1 or 0.0.0.0.",
        "请将 MAINSPRING_{name}_HOST 设为本机的地址，例如 127.0.0.1 或 0.0.0.0。",
    ),
    "doctor.database.clock": (
        "the database's clock differs by {seconds:.0f} s",
        "数据库时钟相差 {seconds:.0f} 秒",
    ),
    "doctor.part": (
        "{name} is {state} ({restarts} restarts)",
        "{name}：{state}（重启 {restarts} 次）",
    ),
    "doctor.models.no_key": (
        "models were not asked: {path}: {reason}",
        "未询问模型：{path}：{reason}",
    ),
    "doctor.model": ("{model} answered in {seconds:.1f} s", "{model} 在 {seconds:.1f} 秒内应答"),
    "doctor.model.silent": ("{model} does not answer: {reason}", "{model} 无应答：{reason}"),
    "doctor.model.hint": (
        "See why: mainspring logs --source gateway --source llm --source embed",
        "查看原因：mainspring logs --source gateway --source llm --source embed",
    ),
    # people
    "organization.none": ("there is no organisation {name}", "没有组织 {name}"),
    "organization.none.next": ("Known ones: {known}", "已有：{known}"),
    "user.none": ("there is no account {name}", "没有账户 {name}"),
    "user.none.next": ("See them: mainspring users list", "查看账户：mainspring users list"),
    "member.none": ("{name} does not belong to the organisation", "{name} 不属于该组织"),
    "member.none.next": (
        "Invite them: mainspring members invite",
        "发出邀请：mainspring members invite",
    ),
    "people.organization": ("Organisation, by id, slug or name.", "组织的 id、短名或名称。"),
    "people.project": (
        "Only in this project, by id, slug or name.",
        "仅限该项目（id、短名或名称）。",
    ),
    "people.role": ("Role; see: mainspring roles list", "角色；查看：mainspring roles list"),
    "people.done": ("Done.", "完成。"),
    "users.list.help": ("List the accounts of the platform.", "列出平台的账户。"),
    "users.create.help": (
        "Create an account; the password is asked for, or read from standard input.",
        "创建账户；密码会提示输入，或从标准输入读取。",
    ),
    "users.create.name": (
        "Name of the person; the address without it.",
        "人员姓名；省略时取邮箱。",
    ),
    "users.create.role": (
        "Role in the platform; may be given several times.",
        "平台角色；可多次给出。",
    ),
    "users.create.stdin": ("Read the password from standard input.", "从标准输入读取密码。"),
    "users.password": ("Password", "密码"),
    "users.created": ("Created {email} ({id}).", "已创建 {email}（{id}）。"),
    "users.disable.help": (
        "Disable an account and end everything that it holds.",
        "停用账户，并终止其持有的一切。",
    ),
    "users.enable.help": (
        "Enable an account again; what it held stays ended.",
        "重新启用账户；其原有凭据不会恢复。",
    ),
    "users.revoke.help": (
        "End a person's sessions, tokens and keys; the account stays open.",
        "终止某人的会话、令牌与密钥；账户仍可用。",
    ),
    "users.state.active": ("active", "有效"),
    "users.state.disabled": ("disabled", "已停用"),
    "users.ended": (
        "Ended: {sessions} sessions, {tokens} tokens, {keys} keys, {invitations} invitations.",
        "已终止：会话 {sessions}，令牌 {tokens}，密钥 {keys}，邀请 {invitations}。",
    ),
    "members.list.help": (
        "List the members of an organisation or of a project.",
        "列出组织或项目的成员。",
    ),
    "members.invite.help": (
        "Invite somebody; the link goes to standard output: pass it on.",
        "邀请某人；链接输出到标准输出，请转交。",
    ),
    "members.invite.project_role": ("Their role in that project.", "其在该项目中的角色。"),
    "members.invite.days": ("How many days the link works.", "链接有效天数。"),
    "members.invited": (
        "This link works once, until {until}:",
        "此链接仅可使用一次，有效期至 {until}：",
    ),
    "members.accept.help": (
        "Make an account by an invitation's link.",
        "凭邀请链接创建账户。",
    ),
    "members.accept.name": ("Your name.", "您的姓名。"),
    "members.accept.strange": ("that is no invitation's link", "这不是邀请链接"),
    "members.accept.strange.next": (
        "Give the whole link in quotes, as it was printed.",
        "请用引号给出完整链接。",
    ),
    "members.accepted": (
        "Welcome, {email}. Sign in at {url}.",
        "欢迎，{email}。请在 {url} 登录。",
    ),
    "members.set.help": (
        "Give somebody a role in an organisation or a project.",
        "授予某人在组织或项目中的角色。",
    ),
    "members.remove.help": (
        "Take somebody out of an organisation or a project.",
        "将某人移出组织或项目。",
    ),
    "groups.list.help": ("List the groups of an organisation.", "列出组织的用户组。"),
    "groups.create.help": ("Create a group.", "创建用户组。"),
    "groups.create.role": (
        "Role, or role@project; may be given several times.",
        "角色，或“角色@项目”；可多次给出。",
    ),
    "groups.add.help": ("Put a member into a group.", "将成员加入用户组。"),
    "groups.remove.help": ("Take a member out of a group.", "将成员移出用户组。"),
    "groups.delete.help": ("Remove a group.", "删除用户组。"),
    "groups.none": ("there is no group {name}", "没有用户组 {name}"),
    "groups.none.next": ("See them: mainspring groups list", "查看：mainspring groups list"),
    "roles.list.help": ("List the roles that an organisation can give.", "列出组织可授予的角色。"),
    "roles.create.help": ("Create a role of the organisation's own.", "创建组织的自定义角色。"),
    "roles.create.permission": ("Permission; may be given several times.", "权限；可多次给出。"),
    "roles.create.description": ("What the role is for.", "角色的用途。"),
    "roles.delete.help": ("Remove a role that nobody has.", "删除无人持有的角色。"),
    "roles.explain.help": (
        "Tell whether a person may do something, and why.",
        "说明某人能否做某事及其原因。",
    ),
    "roles.explain.yes": ("yes: {permission}", "可以：{permission}"),
    "roles.explain.no": ("no: {permission}", "不可以：{permission}"),
    "roles.explain.disabled": ("the account is disabled", "账户已停用"),
    "column.email": ("e-mail", "邮箱"),
    "column.role": ("role", "角色"),
    "column.roles": ("roles", "角色"),
    "column.since": ("since", "起始"),
    "column.through": ("through", "途径"),
    "column.covers": ("holds here", "在此有效"),
    "column.permits": ("permits it", "允许"),
    "column.permissions": ("permissions", "权限"),
    # the audit trail
    "audit.list.help": ("Search the audit trail, newest first.", "检索审计日志，最新在前。"),
    "audit.organization": (
        "Only this organisation's, by id, slug or name; “platform” is the platform's own.",
        "仅限该组织（id、短名或名称）；platform 表示平台自身。",
    ),
    "audit.actor": ("Only what this actor did, by id.", "仅限该操作者（id）。"),
    "audit.action": ("Only this action, such as key.revoke.", "仅限该操作，例如 key.revoke。"),
    "audit.object": ("Only what was done to this object, by id.", "仅限该对象（id）。"),
    "audit.request": ("Only what this request did, by id.", "仅限该请求（id）。"),
    "audit.since": ("From this time on (RFC 3339).", "起始时间（RFC 3339）。"),
    "audit.until": ("Up to this time (RFC 3339).", "截止时间（RFC 3339）。"),
    "audit.limit": ("The most events to print.", "最多输出的事件数。"),
    "audit.verify.help": (
        "Check that nobody changed, removed or cut anything.",
        "检查是否有篡改、删除或截断。",
    ),
    "audit.verify.anchor": (
        "What you noted of an earlier check (chain:number:hash); may be given several times.",
        "先前校验时记下的锚点（链:序号:哈希），可多次给出。",
    ),
    "audit.intact": (
        "Intact: {events} events in {chains} chains.",
        "完好：{chains} 条链，共 {events} 个事件。",
    ),
    "audit.broken": ("the audit trail was changed: {count} faults", "审计日志被改动：{count} 处"),
    "audit.broken.next": (
        "Keep the database as it is, and compare with an export or a backup.",
        "请保留数据库现状，并与导出文件或备份比对。",
    ),
    "audit.anchor": ("To find a cut end later, note: {anchor}", "为日后发现截断，请记下：{anchor}"),
    "audit.export.help": (
        "Write every event of the range to standard output.",
        "把范围内的全部事件写到标准输出。",
    ),
    "audit.export.format": ("jsonl or csv.", "jsonl 或 csv。"),
    "column.actor": ("actor", "操作者"),
    "column.action": ("action", "操作"),
    "column.object": ("object", "对象"),
    **RELEASE_TEXTS,
}


def t(key: str, **values: object) -> str:
    """Return the text of ``key`` in the present language, with ``values`` put in."""
    english, chinese = TEXTS[key]
    text = chinese if language() == "zh" else english
    return text.format(**values) if values else text
