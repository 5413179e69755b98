"""Recording rules and alerts for Prometheus, with what a person does about each alert."""

from typing import Literal

import msgspec

from mainspring.wire.texts import Language

Severity = Literal["critical", "warning", "info"]
"""``critical`` wakes somebody, ``warning`` is for today, ``info`` for the week."""


class Recording(msgspec.Struct, frozen=True):
    """A series that Prometheus computes ahead, as dashboards ask for it again and again."""

    name: str
    expr: str


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert: ``expr`` compared with ``threshold`` by ``op``, true for ``lasting``.

    ``summary`` is one line, in which ``{{ $labels.… }}`` and ``{{ $value }}`` are Prometheus' own;
    ``runbook`` is what to look at and what to do.
    """

    name: str
    expr: str
    op: Literal[">", "<", "==", "!="]
    threshold: float
    lasting: str
    severity: Severity
    summary: dict[Language, str]
    runbook: dict[Language, str]

    @property
    def condition(self) -> str:
        """Return the whole expression."""
        return f"({self.expr}) {self.op} {self.threshold:g}"


_BY_MODEL = "sum by (model)"
_FAILED = 'mainspring_gateway_requests_total{status="5xx"}'


def _quantile(quantile: str, metric: str, *by: str) -> str:
    labels = ", ".join(("le", *by))
    return f"histogram_quantile({quantile}, sum by ({labels}) (rate({metric}_bucket[5m])))"


_DURATION = "gen_ai_server_request_duration_seconds"
_TTFT = "gen_ai_server_time_to_first_token_seconds"

RECORDINGS: tuple[Recording, ...] = (
    Recording(
        "mainspring:requests:rate5m",
        "sum by (operation, model, status) (rate(mainspring_gateway_requests_total[5m]))",
    ),
    Recording(
        "mainspring:errors:ratio5m",
        f"{_BY_MODEL} (rate({_FAILED}[5m]) or mainspring_gateway_requests_total * 0)"
        f" / {_BY_MODEL} (rate(mainspring_gateway_requests_total[5m]))",
    ),
    *(
        Recording(f"mainspring:duration_seconds:p{number}_5m", _quantile(share, _DURATION, "model"))
        for number, share in ((50, "0.5"), (95, "0.95"), (99, "0.99"))
    ),
    *(
        Recording(f"mainspring:ttft_seconds:p{number}_5m", _quantile(share, _TTFT, "model"))
        for number, share in ((50, "0.5"), (95, "0.95"))
    ),
    Recording(
        "mainspring:tokens:rate5m",
        "sum by (model, direction) (rate(gen_ai_client_token_usage_total[5m]))",
    ),
    Recording(
        "mainspring:refusals:rate5m",
        "sum by (code) (rate(mainspring_gateway_refusals_total[5m]))",
    ),
    Recording(
        "mainspring:tenant_requests:rate5m",
        "sum by (organization, result) (rate(mainspring_tenant_requests_total[5m]))",
    ),
)

ALERTS: tuple[Alert, ...] = (
    Alert(
        name="MainspringTargetDown",
        expr='up{job="mainspring"}',
        op="==",
        threshold=0,
        lasting="2m",
        severity="critical",
        summary={
            "en": "{{ $labels.component }} at {{ $labels.instance }} does not answer Prometheus",
            "zh": "{{ $labels.instance }} 上的 {{ $labels.component }} 未应答 Prometheus",
        },
        runbook={
            "en": "The process is gone, hangs, or its address changed. Look at `mainspring status` "
            "and `mainspring logs` on that machine; the supervisor starts a part anew by itself. "
            "A part that keeps ending is told of by MainspringPartRestarting.",
            "zh": "进程已退出、挂起，或地址已变化。在该机器上查看 `mainspring status` 与 "
            "`mainspring logs`；监管进程会自行重启部件。反复退出的部件见 "
            "MainspringPartRestarting。",
        },
    ),
    Alert(
        name="MainspringNoGateway",
        expr='sum(up{job="mainspring", component="gateway"}) or vector(0)',
        op="==",
        threshold=0,
        lasting="1m",
        severity="critical",
        summary={"en": "No gateway answers", "zh": "没有网关应答"},
        runbook={
            "en": "Clients get no answers at all. Start a gateway: it serves from its last good "
            "snapshot without the control plane. If it does not come up, its log names the "
            "setting or file at fault.",
            "zh": "客户端得不到任何应答。请启动网关：没有控制面时它也能凭最近的有效快照服务。"
            "若无法启动，其日志会指出有问题的设置或文件。",
        },
    ),
    Alert(
        name="MainspringErrorsHigh",
        expr="mainspring:errors:ratio5m",
        op=">",
        threshold=0.05,
        lasting="5m",
        severity="critical",
        summary={
            "en": "{{ $value | humanizePercentage }} of the calls of {{ $labels.model }} fail",
            "zh": "{{ $labels.model }} 的调用有 {{ $value | humanizePercentage }} 失败",
        },
        runbook={
            "en": "Look at the records of failed calls (`GET /api/v1/usage/records`): their "
            "outcome names the error. Where one upstream is at fault, its circuit opens and "
            "fallbacks take over if the model has some; otherwise set its targets aside or add a "
            "fallback.",
            "zh": "查看失败调用的记录（`GET /api/v1/usage/records`），其 outcome 指出错误。"
            "若为某个上游的问题，其熔断会断开，有备用模型时自动接管；否则请停用该目标或添加备用。",
        },
    ),
    Alert(
        name="MainspringFirstTokenSlow",
        expr="mainspring:ttft_seconds:p95_5m",
        op=">",
        threshold=10,
        lasting="10m",
        severity="warning",
        summary={
            "en": "{{ $labels.model }} takes {{ $value | humanizeDuration }} to its first token "
            "(p95)",
            "zh": "{{ $labels.model }} 的首个 token 需 {{ $value | humanizeDuration }}（p95）",
        },
        runbook={
            "en": "Compare with `mainspring_gateway_target_latency_seconds`: a slow target shows "
            "there. Long queues show in `mainspring_gateway_upstream_waiting` and in the "
            "runtime's own metrics; then add replicas or lower the concurrency that keys may use.",
            "zh": "对照 `mainspring_gateway_target_latency_seconds` 找出缓慢的目标。排队可见于 "
            "`mainspring_gateway_upstream_waiting` 与运行时自身的指标；此时请增加副本或降低密钥的"
            "并发限额。",
        },
    ),
    Alert(
        name="MainspringCircuitOpen",
        expr="max by (upstream, model) (mainspring_gateway_target_circuit)",
        op="==",
        threshold=2,
        lasting="2m",
        severity="warning",
        summary={
            "en": "{{ $labels.model }} at {{ $labels.upstream }} is not called: open circuit",
            "zh": "{{ $labels.upstream }} 的 {{ $labels.model }} 已熔断，暂不调用",
        },
        runbook={
            "en": "The target failed again and again. Test the connection "
            "(`mainspring upstreams test`), look at the vendor's status page and at the key. "
            "The gateway probes by itself and closes the circuit when an answer is good.",
            "zh": "该目标反复失败。请测试连接（`mainspring upstreams test`），"
            "查看供应商状态页与密钥。"
            "网关会自行探测，应答恢复后闭合熔断。",
        },
    ),
    Alert(
        name="MainspringCallsWaiting",
        expr="max by (upstream) (mainspring_gateway_upstream_waiting)",
        op=">",
        threshold=10,
        lasting="5m",
        severity="warning",
        summary={
            "en": "{{ $value }} calls wait for a connection to {{ $labels.upstream }}",
            "zh": "{{ $value }} 个调用正在等待到 {{ $labels.upstream }} 的连接",
        },
        runbook={
            "en": "The upstream takes fewer calls at once than are made. Raise its "
            "`max_connections` if it can take more, add an upstream, or limit the concurrency of "
            "those who call.",
            "zh": "上游可同时处理的调用少于发起的调用。若其能承受，请提高 `max_connections`；"
            "或增加上游，或限制调用方的并发。",
        },
    ),
    Alert(
        name="MainspringLimitsDegraded",
        expr="max by (instance) (mainspring_gateway_limits_degraded)",
        op="==",
        threshold=1,
        lasting="2m",
        severity="warning",
        summary={
            "en": "{{ $labels.instance }} decides limits without Redis",
            "zh": "{{ $labels.instance }} 在没有 Redis 的情况下判定限额",
        },
        runbook={
            "en": "Redis is away or too slow. Each gateway applies its share of every limit, or "
            "refuses, as `MAINSPRING_LIMITS_DEGRADED` says. Bring Redis back; nothing has to "
            "be reset.",
            "zh": "Redis 不可用或过慢。各网关按 `MAINSPRING_LIMITS_DEGRADED` 以其份额判定或拒绝。"
            "请恢复 Redis，无需重置任何内容。",
        },
    ),
    Alert(
        name="MainspringSpoolOld",
        expr="max by (instance) (mainspring_gateway_spool_oldest_seconds)",
        op=">",
        threshold=300,
        lasting="1m",
        severity="warning",
        summary={
            "en": "Records of {{ $labels.instance }} have waited {{ $value | humanizeDuration }} "
            "for control",
            "zh": "{{ $labels.instance }} 的记录已等待控制面 {{ $value | humanizeDuration }}",
        },
        runbook={
            "en": "The ledger lags; nothing is lost. Look whether control and its database are "
            "well (`/readyz`), and whether the gateway reaches control's address. Delivery goes "
            "on by itself.",
            "zh": "账本滞后，但没有丢失。请查看控制面及其数据库是否正常（`/readyz`），"
            "以及网关能否访问控制面地址。恢复后自动继续投递。",
        },
    ),
    Alert(
        name="MainspringSpoolFull",
        expr="max by (instance) (mainspring_gateway_spool_full)",
        op="==",
        threshold=1,
        lasting="0m",
        severity="critical",
        summary={
            "en": "{{ $labels.instance }} refuses calls: its spool is full",
            "zh": "{{ $labels.instance }} 拒绝调用：缓存队列已满",
        },
        runbook={
            "en": "Control was away for so long that no record finds a place. Bring control back, "
            "or give the disk room and raise `MAINSPRING_SPOOL_TOTAL_BYTES`. Do not delete the "
            "spool: it holds usage that is in no ledger yet.",
            "zh": "控制面离线过久，记录已无处存放。请恢复控制面，或腾出磁盘并提高 "
            "`MAINSPRING_SPOOL_TOTAL_BYTES`。不要删除队列：其中是尚未入账的用量。",
        },
    ),
    Alert(
        name="MainspringRecordsLost",
        expr="sum by (instance) (increase(mainspring_gateway_spool_lost_total[1h]))",
        op=">",
        threshold=0,
        lasting="0m",
        severity="critical",
        summary={
            "en": "{{ $labels.instance }} lost records of calls",
            "zh": "{{ $labels.instance }} 丢失了调用记录",
        },
        runbook={
            "en": "Calls that were running when the disk had no room found no place in memory "
            "either. Make room on the disk now. The counter tells how many; their usage is in the "
            "access log if that is kept elsewhere.",
            "zh": "磁盘无空间时仍在进行的调用在内存中也没有位置。请立即腾出磁盘。"
            "计数器给出数量；若访问日志另有保存，其中有这些用量。",
        },
    ),
    Alert(
        name="MainspringControlAway",
        expr="min by (instance) (mainspring_gateway_control_connected)",
        op="==",
        threshold=0,
        lasting="5m",
        severity="warning",
        summary={
            "en": "{{ $labels.instance }} serves an old snapshot: it has no control plane",
            "zh": "{{ $labels.instance }} 与控制面断开，使用旧快照服务",
        },
        runbook={
            "en": "Calls go on; changes of keys, models and limits do not arrive. Look at control "
            "first, then at the way to it (`MAINSPRING_CONTROL_URL`, the internal token).",
            "zh": "调用不受影响，但密钥、模型与限额的更改不会到达。请先查看控制面，再查看通路"
            "（`MAINSPRING_CONTROL_URL`、内部令牌）。",
        },
    ),
    Alert(
        name="MainspringSnapshotBehind",
        expr="max(mainspring_control_snapshot_version) - min(mainspring_gateway_snapshot_version)",
        op=">",
        threshold=0,
        lasting="5m",
        severity="warning",
        summary={
            "en": "A gateway is {{ $value }} versions behind",
            "zh": "有网关落后 {{ $value }} 个快照版本",
        },
        runbook={
            "en": "A gateway that is connected and behind refuses the newer snapshot: its log says "
            "why. Most often it is older than control; bring it to the same release.",
            "zh": "已连接但落后的网关拒绝了较新的快照，其日志说明原因。通常是版本低于控制面，"
            "请升级到同一版本。",
        },
    ),
    Alert(
        name="MainspringDatabaseDown",
        expr="min by (instance) (mainspring_control_database_up)",
        op="==",
        threshold=0,
        lasting="1m",
        severity="critical",
        summary={
            "en": "Control at {{ $labels.instance }} has no database",
            "zh": "{{ $labels.instance }} 上的控制面无法访问数据库",
        },
        runbook={
            "en": "Console, API and ledger stand still; gateways go on. `mainspring doctor` tells "
            "whether the server is unreachable, full, or out of connections.",
            "zh": "控制台、API 与账本停滞，网关继续服务。`mainspring doctor` 可判断数据库是不可达、"
            "磁盘已满还是连接耗尽。",
        },
    ),
    Alert(
        name="MainspringPartDown",
        expr="min by (name) (mainspring_part_up)",
        op="==",
        threshold=0,
        lasting="5m",
        severity="critical",
        summary={
            "en": "The part {{ $labels.name }} does not serve",
            "zh": "部件 {{ $labels.name }} 无法服务",
        },
        runbook={
            "en": "`mainspring status` names its last exit, `mainspring logs` its last words. A "
            "part that ended by a wrong setting is not tried again until the platform restarts.",
            "zh": "`mainspring status` 给出其最近一次退出，`mainspring logs` 给出最后的日志。"
            "因设置错误而退出的部件在平台重启前不会再试。",
        },
    ),
    Alert(
        name="MainspringPartRestarting",
        expr="sum by (name) (increase(mainspring_part_restarts_total[15m]))",
        op=">",
        threshold=3,
        lasting="0m",
        severity="warning",
        summary={
            "en": "The part {{ $labels.name }} was started again {{ $value | humanize }} times in "
            "15 minutes",
            "zh": "部件 {{ $labels.name }} 在 15 分钟内重启了 {{ $value | humanize }} 次",
        },
        runbook={
            "en": "Look at `mainspring logs` for how it ends. Killed by the system: memory; see "
            "`mainspring_part_memory_bytes`. A runtime that ends while loading: its model file or "
            "its settings.",
            "zh": "在 `mainspring logs` 中查看其退出方式。被系统终止：内存不足，见 "
            "`mainspring_part_memory_bytes`。运行时在加载时退出：模型文件或其设置有误。",
        },
    ),
    Alert(
        name="MainspringRuntimeStuck",
        expr="max by (instance) (min_over_time(mainspring_runtime_requests_waiting[5m]))"
        " * on (instance) (sum by (instance) (rate(mainspring_runtime_tokens_total[5m]))"
        " == bool 0)",
        op=">",
        threshold=0,
        lasting="5m",
        severity="critical",
        summary={
            "en": "The runtime at {{ $labels.instance }} has work and computes nothing",
            "zh": "{{ $labels.instance }} 的运行时有任务却没有计算",
        },
        runbook={
            "en": "The engine hangs while its HTTP side answers. End the process: the supervisor "
            "starts it anew. If it comes back, keep the log of the runtime for a report.",
            "zh": "引擎挂起，而 HTTP 仍有应答。请结束该进程，监管进程会重新启动它。"
            "若反复出现，请保留运行时日志以便报告。",
        },
    ),
    Alert(
        name="MainspringJobsWaiting",
        expr="max by (queue) (mainspring_jobs_waiting)",
        op=">",
        threshold=100,
        lasting="15m",
        severity="warning",
        summary={
            "en": "{{ $value }} runs wait in the queue {{ $labels.queue }}",
            "zh": "队列 {{ $labels.queue }} 中有 {{ $value }} 个任务在等待",
        },
        runbook={
            "en": "Is there a worker (`mainspring status`)? Then add another: each takes its own "
            "share of a queue.",
            "zh": "是否有工作进程（`mainspring status`）？若有，请再增加：每个承担队列的一部分。",
        },
    ),
    Alert(
        name="MainspringJobsFailing",
        expr='sum by (name) (increase(mainspring_jobs_finished_total{result="failed"}[1h]))',
        op=">",
        threshold=5,
        lasting="0m",
        severity="warning",
        summary={
            "en": "The job {{ $labels.name }} failed {{ $value | humanize }} times in an hour",
            "zh": "任务 {{ $labels.name }} 一小时内失败 {{ $value | humanize }} 次",
        },
        runbook={
            "en": "The worker's log names each failure. Runs are not lost: what failed can be "
            "started again.",
            "zh": "工作进程的日志列出每次失败。任务不会丢失，失败的可以重新启动。",
        },
    ),
    Alert(
        name="MainspringUnpricedCalls",
        expr="sum by (organization) (increase(mainspring_tenant_unpriced_requests_total[1h]))",
        op=">",
        threshold=0,
        lasting="15m",
        severity="info",
        summary={
            "en": "Calls of {{ $labels.organization }} have no price",
            "zh": "{{ $labels.organization }} 的调用没有价格",
        },
        runbook={
            "en": "`GET /api/v1/usage/summary` shows which models count as unpriced. Give their "
            "targets a price; calls from then on are charged.",
            "zh": "`GET /api/v1/usage/summary` 显示哪些模型没有价格。为其目标设置价格后，"
            "此后的调用将计费。",
        },
    ),
    Alert(
        name="MainspringLedgerDrift",
        expr="max by (direction) (mainspring_ledger_drifted_hours)",
        op=">",
        threshold=0,
        lasting="0m",
        severity="critical",
        summary={
            "en": "The ledger does not have what gateways counted in {{ $value }} hours "
            "({{ $labels.direction }})",
            "zh": "有 {{ $value }} 个小时账本与网关计数不符（{{ $labels.direction }}）",
        },
        runbook={
            "en": "`mainspring reconciliation --state drifted --since 2d` names the gateway, the "
            "hour and, with `--json`, the model. `missing`: look for records that were put aside "
            "(`rejected.records` in the gateway's spool, `unreadable_records` in the database), "
            "for a spool that was removed with its machine, and for "
            "`mainspring_gateway_spool_lost_total`. `surplus`: two gateways have the same "
            "`MAINSPRING_GATEWAY_ID`, or records were written by something that is no gateway. "
            "The hour is compared again for two days: what arrives late ends the alert.",
            "zh": "`mainspring reconciliation --state drifted --since 2d` 列出网关与小时，"
            "加 `--json` 可见模型。`missing`（缺少）：检查被搁置的记录（网关缓存队列中的 "
            "`rejected.records`、数据库中的 `unreadable_records`）、随机器一同删除的缓存队列，以及 "
            "`mainspring_gateway_spool_lost_total`。`surplus`（多出）：两个网关使用了相同的 "
            "`MAINSPRING_GATEWAY_ID`，或记录并非由网关写入。两天内会反复核对该小时："
            "迟到的记录到达后告警自动恢复。",
        },
    ),
    Alert(
        name="MainspringDiskFilling",
        expr='min by (instance) (mainspring_host_disk_bytes{state="free"}'
        ' / ignoring (state) mainspring_host_disk_bytes{state="total"})',
        op="<",
        threshold=0.1,
        lasting="15m",
        severity="warning",
        summary={
            "en": "{{ $value | humanizePercentage }} of the data directory's disk is free",
            "zh": "数据目录所在磁盘仅剩 {{ $value | humanizePercentage }}",
        },
        runbook={
            "en": "Shorten `MAINSPRING_CALLS_KEPT_DAYS` and `MAINSPRING_TRACES_KEPT_DAYS`, move "
            "backups elsewhere, or grow the disk. A full disk stops the database first, then "
            "the spool.",
            "zh": "缩短 `MAINSPRING_CALLS_KEPT_DAYS` 与 `MAINSPRING_TRACES_KEPT_DAYS`，"
            "将备份移至别处，或扩容。磁盘写满时先停的是数据库，其次是缓存队列。",
        },
    ),
    Alert(
        name="MainspringMemoryLow",
        expr='min by (instance) (mainspring_host_memory_bytes{state="available"}'
        ' / ignoring (state) mainspring_host_memory_bytes{state="total"})',
        op="<",
        threshold=0.05,
        lasting="10m",
        severity="warning",
        summary={
            "en": "{{ $value | humanizePercentage }} of the memory of {{ $labels.instance }} is "
            "available",
            "zh": "{{ $labels.instance }} 仅有 {{ $value | humanizePercentage }} 内存可用",
        },
        runbook={
            "en": "`mainspring_part_memory_bytes` names the part that grew. Model runtimes take "
            "what their context and slots ask for: lower those, or move the runtime.",
            "zh": "`mainspring_part_memory_bytes` 指出增长的部件。模型运行时的内存取决于上下文与"
            "并发槽：请调低，或迁移运行时。",
        },
    ),
    Alert(
        name="MainspringGpuHot",
        expr="max by (instance, gpu) (mainspring_gpu_temperature_celsius)",
        op=">",
        threshold=85,
        lasting="5m",
        severity="warning",
        summary={
            "en": "GPU {{ $labels.gpu }} of {{ $labels.instance }} has {{ $value }} °C",
            "zh": "{{ $labels.instance }} 的 GPU {{ $labels.gpu }} 温度为 {{ $value }} °C",
        },
        runbook={
            "en": "The GPU slows down or stops soon. Look at the fans and the room's air; lower "
            "the power limit until that is mended.",
            "zh": "GPU 即将降频或停止。请检查风扇与机房空调；修复前先降低功耗上限。",
        },
    ),
    Alert(
        name="MainspringWatchDropping",
        expr="sum by (instance, kind) (rate(mainspring_gateway_watch_dropped_total[5m]))",
        op=">",
        threshold=0,
        lasting="10m",
        severity="info",
        summary={
            "en": "{{ $labels.instance }} drops {{ $labels.kind }}",
            "zh": "{{ $labels.instance }} 正在丢弃 {{ $labels.kind }}",
        },
        runbook={
            "en": "What is told of calls (logs, spans, contents) comes faster than its receiver "
            "takes it; calls and the ledger are not touched. Look at the collector, or sample "
            "fewer traces.",
            "zh": "关于调用的日志、跨度与内容多于接收方所能承受；调用与账本不受影响。"
            "请查看采集端，或降低采样率。",
        },
    ),
)
