"""The texts of ``mainspring upstreams``, in English and Chinese."""

UPSTREAMS: dict[str, tuple[str, str]] = {
    "upstreams.help": (
        "List, create, test and remove upstreams; see the presets of vendors.",
        "列出、创建、测试与删除上游；查看厂商预设。",
    ),
    "upstreams.list.help": ("List the upstreams.", "列出上游。"),
    "upstreams.presets.help": (
        "List the presets of vendors and servers, or show one.",
        "列出厂商与服务的预设，或查看其中一个。",
    ),
    "upstreams.create.help": (
        "Create an upstream from a preset, or from an address.",
        "按预设或地址创建上游。",
    ),
    "upstreams.test.help": (
        "Test an upstream by its name, or an address before it is kept, step by step.",
        "按名称测试上游，或在保存前测试地址，逐步进行。",
    ),
    "upstreams.delete.help": (
        "Remove an upstream to which no model leads.",
        "删除没有模型指向的上游。",
    ),
    "upstreams.preset": (
        "A preset; see `mainspring upstreams presets`.",
        "预设；见 `mainspring upstreams presets`。",
    ),
    "upstreams.endpoint": (
        "Which of the preset's addresses (default: the usual one).",
        "使用预设的哪个地址（默认为常用的那个）。",
    ),
    "upstreams.value": (
        "name=value for the preset's address; may be given several times.",
        "预设地址中的变量，形如 name=value，可多次给出。",
    ),
    "upstreams.base_url": (
        "The address, up to the protocol's own path.",
        "地址，截至协议自身路径之前。",
    ),
    "upstreams.protocol": (
        "openai (default), openai-responses, anthropic, gemini, ollama or bedrock.",
        "openai（默认）、openai-responses、anthropic、gemini、ollama 或 bedrock。",
    ),
    "upstreams.credential_env": (
        "The variable of the environment that holds the credential.",
        "保存凭据的环境变量名。",
    ),
    "upstreams.credential_env.none": ("the variable {name} is not set", "变量 {name} 未设置"),
    "upstreams.credential_env.none.next": (
        "Set it, or use --credential-stdin.",
        "请设置该变量，或使用 --credential-stdin。",
    ),
    "upstreams.credential_stdin": (
        "Read the credential from standard input.",
        "从标准输入读取凭据。",
    ),
    "upstreams.preset.none": ("there is no preset {name}", "没有预设 {name}"),
    "upstreams.preset.none.next": (
        "See what there is: mainspring upstreams presets",
        "查看全部：mainspring upstreams presets",
    ),
    "upstreams.none": ("there is no upstream {name}", "没有上游 {name}"),
    "upstreams.none.next": (
        "See what there is: mainspring upstreams list",
        "查看全部：mainspring upstreams list",
    ),
    "upstreams.created": ("Upstream {name} created ({id}).", "已创建上游 {name}（{id}）。"),
    "upstreams.test.call": (
        "Make the smallest call of this model, as the upstream calls it.",
        "对该模型（上游中的名称）发起一次最小调用。",
    ),
    "upstreams.test.task": ("What the model does.", "模型的用途。"),
    "upstreams.test.ok": ("All well, in {ms} ms.", "一切正常，用时 {ms} 毫秒。"),
    "upstreams.test.failed": ("A step failed, in {ms} ms.", "有步骤失败，用时 {ms} 毫秒。"),
    "upstreams.step.address": ("address", "地址"),
    "upstreams.step.dns": ("DNS", "域名解析"),
    "upstreams.step.connect": ("connection", "连接"),
    "upstreams.step.tls": ("TLS", "TLS"),
    "upstreams.step.auth": ("credential", "凭据"),
    "upstreams.step.models": ("list of models", "模型列表"),
    "upstreams.step.call": ("call", "调用"),
}
