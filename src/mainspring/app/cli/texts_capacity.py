"""The texts of the commands about load and capacity, in both languages."""

CAPACITY: dict[str, tuple[str, str]] = {
    "loadtest.help": (
        "Put load on a model and report how it was borne.",
        "对模型施加负载，并报告其承受情况。",
    ),
    "loadtest.model": (
        "Model to ask; in a trace, instead of the recorded ones.",
        "要调用的模型；用于轨迹时替换其中记录的模型。",
    ),
    "loadtest.url": (
        "Base URL of an OpenAI-compatible server; without it the running platform's gateway.",
        "OpenAI 兼容服务的基础 URL；省略时为正在运行的平台网关。",
    ),
    "loadtest.key_env": (
        "Variable of the environment that holds the key for --url.",
        "保存 --url 所用密钥的环境变量名。",
    ),
    "loadtest.rate.help": (
        "Open loop: so many requests a second, by chance, whatever becomes of them; 1 if unset.",
        "开环：每秒如此多请求，随机到达，不等待应答；默认为 1。",
    ),
    "loadtest.clients.help": (
        "Closed loop: so many clients, each of which waits for its answer.",
        "闭环：如此多客户端，各自等待应答后再发下一个请求。",
    ),
    "loadtest.trace": (
        "Send what this file recorded, when it was recorded: lines of {at, body}.",
        "按记录的时间重放此文件中的请求：每行为 {at, body}。",
    ),
    "loadtest.steps": (
        "Raise the rate, from --rate on, until it is too much, and say where that is.",
        "从 --rate 起逐步提高速率直至饱和，并报告饱和点。",
    ),
    "loadtest.prompts": (
        "File with a prompt, or a JSON object (prompt or messages), on each line.",
        "每行一个提示词或 JSON 对象（prompt 或 messages）的文件。",
    ),
    "loadtest.max_tokens": (
        "Longest answer, in tokens; 64 if unset, in a trace as recorded.",
        "应答的最大 token 数；默认为 64，轨迹则按记录。",
    ),
    "loadtest.stream": (
        "Ask for streams, or for whole answers; streams if unset, in a trace as recorded.",
        "要求流式或整体应答；默认为流式，轨迹则按记录。",
    ),
    "loadtest.unique": (
        "Number every prompt, so that no server can use what it keeps of earlier ones.",
        "为每个提示词编号，使服务无法利用先前请求的缓存。",
    ),
    "loadtest.cached": (
        "Take answers from the gateway's cache too; by default it is told not to give them.",
        "允许网关缓存应答；默认要求其不使用缓存。",
    ),
    "loadtest.duration": (
        "Seconds of sending; 30 if unset, 10 for each of the steps, in a trace as recorded.",
        "发送的秒数；默认为 30，分级时每级为 10，轨迹则按记录。",
    ),
    "loadtest.requests": ("The most requests to send in all.", "最多发送的请求总数。"),
    "loadtest.in_flight": (
        "The most requests under way at once; what comes due beyond it is not sent, and counted.",
        "同时进行的最多请求数；超出者不发送，但会计数。",
    ),
    "loadtest.timeout": (
        "Seconds after which a request has failed.",
        "请求超过此秒数即视为失败。",
    ),
    "loadtest.speed": (
        "How many times as fast as recorded a trace is sent.",
        "以记录速度的多少倍重放轨迹。",
    ),
    "loadtest.most": ("Highest rate of the steps.", "分级时的最高速率。"),
    "loadtest.growth": (
        "How many times the rate of the step before each step has.",
        "每级速率是上一级的多少倍。",
    ),
    "loadtest.refine": (
        "Steps between the last good rate and the first that was too much.",
        "在最后一个良好速率与首个过高速率之间再试的级数。",
    ),
    "loadtest.max_failures": (
        "More failures than this, in per cent of requests, are too many.",
        "失败超过请求的此百分比即为过多。",
    ),
    "loadtest.max_latency": (
        "Longest time to the whole answer, for 95 of 100, that is still good.",
        "100 个应答中 95 个的完整耗时的可接受上限（毫秒）。",
    ),
    "loadtest.max_ttft": (
        "Longest time to the first token, for 95 of 100, that is still good.",
        "100 个应答中 95 个的首 token 耗时的可接受上限（毫秒）。",
    ),
    "loadtest.check": (
        "Exit with 5 where it was too much (without --steps), for pipelines.",
        "若负载过高则以状态 5 退出（不含 --steps），供流水线使用。",
    ),
    "loadtest.seed": (
        "The same number gives the same moments of sending.",
        "相同的数得到相同的发送时刻。",
    ),
    "loadtest.no_warm_up": (
        "Do not send one request first to see whether there are answers at all.",
        "不预先发送一个请求以确认能否得到应答。",
    ),
    "loadtest.save": (
        "Write the report as JSON to this file, for `mainspring capacity`.",
        "把报告以 JSON 写入此文件，供 `mainspring capacity` 使用。",
    ),
    "loadtest.html": (
        "Write the report as a page with charts to this file.",
        "把报告写成带图表的页面文件。",
    ),
    "loadtest.one_mode": (
        "--rate or --steps, --clients and --trace are different loads: choose one",
        "--rate 或 --steps、--clients 与 --trace 只能选择其一",
    ),
    "loadtest.one_source": (
        "--trace has its own requests: leave out --prompts",
        "--trace 自带请求：请去掉 --prompts",
    ),
    "loadtest.key_without_url": ("--key-env is for --url", "--key-env 需与 --url 一起使用"),
    "loadtest.no_model": ("which model? give -m", "请用 -m 指定模型"),
    "loadtest.no_key": ("{name} is not set", "未设置 {name}"),
    "loadtest.begins": ("Load on {model} at {url}", "对 {url} 上的 {model} 施加负载"),
    "loadtest.progress": (
        "sent {sent}  done {done}  failed {failed}  under way {under_way}  p95 {p95} ms",
        "已发送 {sent}  完成 {done}  失败 {failed}  进行中 {under_way}  p95 {p95} 毫秒",
    ),
    "loadtest.written": ("Wrote {path}", "已写入 {path}"),
    "loadtest.refused": (
        "the first request was not answered: {reason}",
        "首个请求未得到应答：{reason}",
    ),
    "loadtest.refused.next": (
        "Check the URL, the model and the key; nothing else was sent.",
        "请检查 URL、模型与密钥；未再发送任何请求。",
    ),
    "loadtest.passed": ("it was too much: {reason}", "负载过高：{reason}"),
    "loadtest.load.rate": ("{rate}/s", "{rate}/秒"),
    "loadtest.load.clients": ("{count} clients", "{count} 个客户端"),
    "loadtest.ttft": ("TTFT", "首 token"),
    "loadtest.gap": ("gap", "间隔"),
    "loadtest.latency": ("ms", "毫秒"),
    "loadtest.reason.failures": ("too many requests failed", "失败的请求过多"),
    "loadtest.reason.pile_up": (
        "answers came more slowly than requests",
        "应答的速度低于请求的速度",
    ),
    "loadtest.reason.latency": ("whole answers took too long", "完整应答耗时过长"),
    "loadtest.reason.ttft": ("first tokens took too long", "首 token 耗时过长"),
    "loadtest.conclusion.found": (
        "Saturated between {good} and {bad} requests/s ({reason}); it keeps up {sustained}/s.",
        "饱和点在每秒 {good} 与 {bad} 个请求之间（{reason}）；可持续每秒 {sustained} 个应答。",
    ),
    "loadtest.conclusion.at_once": (
        "{rate} requests a second were already too much ({reason}): start lower, with --rate.",
        "每秒 {rate} 个请求已经过高（{reason}）：请用 --rate 从更低处开始。",
    ),
    "loadtest.conclusion.open": (
        "Up to {rate} requests a second, nothing was too much.",
        "直至每秒 {rate} 个请求均未饱和。",
    ),
    "loadtest.conclusion.none": ("No step could be run.", "未能运行任何一级。"),
    "loadtest.note.generator": (
        "Note: the load generator itself was busy or late; put it on a machine of its own.",
        "注意：负载发生器本身繁忙或滞后；请在单独的机器上运行。",
    ),
    "loadtest.note.not_sent": (
        "Note: some requests were not sent, as too many were under way (--max-in-flight).",
        "注意：部分请求因同时进行的过多而未发送（--max-in-flight）。",
    ),
    "loadtest.note.without_usage": (
        "Note: some answers did not tell their tokens; the rates of tokens leave them out.",
        "注意：部分应答未给出 token 数；token 速率不含它们。",
    ),
    "loadtest.note.short_steps": (
        "Note: steps are short beside the time of an answer; give a longer --duration.",
        "注意：相对应答耗时，每级过短；请加大 --duration。",
    ),
    "loadtest.note.not_saturated": (
        "Note: no rate was too much before --max-rate or --requests was reached.",
        "注意：在达到 --max-rate 或 --requests 之前未出现饱和。",
    ),
    "loadtest.note.bounded": (
        "Note: it ended because all of --requests were sent.",
        "注意：因已发送 --requests 的全部请求而结束。",
    ),
    "loadtest.mode.open": ("open loop", "开环"),
    "loadtest.mode.closed": ("closed loop", "闭环"),
    "loadtest.mode.trace": ("recorded trace", "重放轨迹"),
    "loadtest.mode.steps": ("rising steps", "逐级升高"),
    "loadtest.page.title": ("Load test of {model}", "{model} 的负载测试"),
    "loadtest.page.url": ("Server", "服务"),
    "loadtest.page.model": ("Model", "模型"),
    "loadtest.page.mode": ("Load", "负载方式"),
    "loadtest.page.started": ("Started", "开始时间"),
    "loadtest.page.stages": ("Figures", "数据"),
    "loadtest.page.errors": ("Failures", "失败"),
    "loadtest.page.by_rate": ("By rate", "按速率"),
    "loadtest.page.spread": ("How times are spread", "耗时分布"),
    "loadtest.page.time": ("Over time (last stage)", "随时间变化（最后一级）"),
    "loadtest.page.offered": ("requests per second", "每秒请求数"),
    "loadtest.page.answered": ("answers per second", "每秒应答数"),
    "loadtest.page.per_second": ("per second", "每秒"),
    "loadtest.page.throughput": ("Throughput", "吞吐量"),
    "loadtest.page.latency": ("Time to the whole answer", "完整应答耗时"),
    "loadtest.page.percent": ("per cent of answers", "应答百分比"),
    "loadtest.page.seconds": ("seconds from the start", "自开始起的秒数"),
    "loadtest.page.clients": ("{count} clients", "{count} 个客户端"),
    "loadtest.page.rate": ("{rate}/s", "{rate}/秒"),
    "column.load": ("load", "负载"),
    "column.done": ("done", "完成"),
    "column.failed": ("failed", "失败"),
    "column.per_second": ("done/s", "完成/秒"),
    "column.tokens_per_second": ("tokens/s", "token/秒"),
    "column.code": ("code", "代码"),
    "column.count": ("count", "次数"),
    "capacity.help": (
        "Estimate headroom, and the replicas that a rate needs, from a load test or the ledger.",
        "根据负载测试或账本估算余量，以及某一速率所需的副本数。",
    ),
    "capacity.report": (
        "What `mainspring loadtest --save` wrote.",
        "`mainspring loadtest --save` 写出的文件。",
    ),
    "capacity.ledger": (
        "Also take what the ledger counted; alone, its busiest hour is the measure.",
        "同时采用账本的计数；单独使用时以最忙的一小时为准。",
    ),
    "capacity.since": (
        "How much of the ledger: 12h, 7d; at most 31d.",
        "账本的时间范围：12h、7d；最多 31d。",
    ),
    "capacity.model": (
        "Count calls of this model; that of the report if unset.",
        "只计此模型的调用；默认为报告中的模型。",
    ),
    "capacity.replicas": (
        "So many replicas answered when it was measured.",
        "测量时应答的副本数。",
    ),
    "capacity.target": ("Requests a second that are to be carried.", "需要承载的每秒请求数。"),
    "capacity.reserve": (
        "Per cent of each replica that are to stay free.",
        "每个副本应保留的余量百分比。",
    ),
    "capacity.spare": (
        "Replicas more than needed, so that some may fail.",
        "为应对故障而多备的副本数。",
    ),
    "capacity.peak_factor": (
        "How many times the mean of the busiest hour the busiest moment is.",
        "最忙时刻是最忙一小时均值的多少倍。",
    ),
    "capacity.nothing": (
        "nothing to reckon with: give --report, --ledger or both",
        "缺少估算依据：请给出 --report、--ledger 或两者",
    ),
    "capacity.unknown": (
        "what there is holds no successful call to reckon with",
        "现有数据中没有可供估算的成功调用",
    ),
    "capacity.unknown.next": (
        "Run mainspring loadtest --steps --save FILE first.",
        "请先运行 mainspring loadtest --steps --save FILE。",
    ),
    "capacity.strange": ("{path} is no report of a load test", "{path} 不是负载测试报告"),
    "capacity.strange.next": (
        "Give the file that mainspring loadtest --save wrote.",
        "请给出 mainspring loadtest --save 写出的文件。",
    ),
    "capacity.rate": ("{rate}/s", "{rate}/秒"),
    "capacity.per_replica.name": ("one replica carries", "单个副本可承载"),
    "capacity.usable.name": (
        "{count} replicas carry, reserve kept",
        "{count} 个副本可承载（保留余量后）",
    ),
    "capacity.mean.name": ("mean of the ledger", "账本均值"),
    "capacity.busiest_hour.name": ("busiest hour of the ledger", "账本最忙的一小时"),
    "capacity.tokens.name": ("tokens of a request, in + out", "每个请求的 token（输入 + 输出）"),
    "capacity.peak.name": ("busiest moment, estimated", "最忙时刻（估计）"),
    "capacity.headroom.name": ("headroom then", "届时余量"),
    "capacity.replicas_for_peak.name": ("replicas for that", "为此所需副本数"),
    "capacity.replicas_for_target.name": ("replicas for the target", "目标所需副本数"),
    "capacity.assumptions": ("This takes for granted:", "此估算的前提："),
    "capacity.assumption.linear": (
        "Twice the replicas carry twice as much: what they share (a network, disks) is no limit.",
        "副本数加倍则承载量加倍：共享部分（网关、磁盘、网络）不构成瓶颈。",
    ),
    "capacity.assumption.same": (
        "Replicas, settings and kinds of requests stay as they were when it was measured.",
        "副本、设置与请求类型与测量时保持一致。",
    ),
    "capacity.assumption.lower_bound": (
        "The load test found no limit, so more may be possible: run it with --steps.",
        "负载测试未达到极限，实际可能更高：请用 --steps 运行。",
    ),
    "capacity.assumption.limited": (
        "Most failures were refusals by limits (429): those were measured, not the servers.",
        "多数失败是限额拒绝（429）：测得的是限额而非服务能力。",
    ),
    "capacity.assumption.weight": (
        "Real requests have {weight} times the tokens of those of the test, and cost as much more.",
        "真实请求的 token 是测试请求的 {weight} 倍，代价按同样比例增加。",
    ),
    "capacity.assumption.no_weight": (
        "Real requests have no more tokens than those of the test.",
        "真实请求的 token 不多于测试请求。",
    ),
    "capacity.assumption.busiest_hour": (
        "What was carried in the busiest hour is all that can be: a careful guess, no limit.",
        "以最忙一小时所承载的量为上限：这是保守估计，并非实测极限。",
    ),
    "capacity.assumption.peak": (
        "The busiest moment is {factor} times the mean of its hour; the ledger is summed by hours.",
        "最忙时刻是该小时均值的 {factor} 倍；账本按小时汇总。",
    ),
    "capacity.kept": (
        "{reserve} of each replica stay free, and {spare} may fail.",
        "每个副本保留 {reserve} 余量，并允许 {spare} 个副本故障。",
    ),
}
