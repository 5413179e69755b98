"""What the shipped Grafana dashboards show: panels as data, in both languages."""

from typing import Literal

import msgspec

from mainspring.wire.texts import Language

Unit = Literal["reqps", "s", "percentunit", "short", "bytes", "Bps", "celsius", "watt", "none"]
Kind = Literal["timeseries", "stat"]
Text = dict[Language, str]


class Query(msgspec.Struct, frozen=True):
    """A PromQL expression and how its series are called."""

    expr: str
    legend: str


class Panel(msgspec.Struct, frozen=True):
    """One panel; ``width`` is of 24 columns."""

    title: Text
    unit: Unit
    queries: tuple[Query, ...]
    kind: Kind = "timeseries"
    width: int = 8


class Choice(msgspec.Struct, frozen=True):
    """A variable that the reader chooses: all values of a label."""

    name: str
    title: Text
    metric: str
    label: str


class Dashboard(msgspec.Struct, frozen=True):
    """One page of Grafana."""

    uid: str
    title: Text
    panels: tuple[Panel, ...]
    choices: tuple[Choice, ...] = ()


def _text(en: str, zh: str) -> Text:
    return {"en": en, "zh": zh}


def _one(expr: str, legend: str = "") -> tuple[Query, ...]:
    return (Query(expr, legend),)


def _quantiles(metric: str, chosen: str) -> tuple[Query, ...]:
    return tuple(
        Query(
            f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket{chosen}"
            "[$__rate_interval])))",
            name,
        )
        for name, share in (("p50", "0.5"), ("p95", "0.95"), ("p99", "0.99"))
    )


def _stat(title: Text, unit: Unit, expr: str) -> Panel:
    return Panel(title, unit, _one(expr), "stat", 4)


_RATE = "[$__rate_interval]"
_DURATION = "gen_ai_server_request_duration_seconds"
_TTFT = "gen_ai_server_time_to_first_token_seconds"
_MODEL = '{model=~"$model"}'
_TENANT = '{organization=~"$organization"}'
_HOST = '{instance=~"$instance"}'
_NAMES = (
    " * on (organization) group_left (name) max by (organization, name) (mainspring_tenant_info)"
)

OVERVIEW = Dashboard(
    "mainspring-overview",
    _text("Mainspring: overview", "Mainspring：总览"),
    (
        _stat(
            _text("Requests per second", "每秒请求数"),
            "reqps",
            f"sum(rate(mainspring_gateway_requests_total{_RATE}))",
        ),
        _stat(
            _text("Success", "成功率"),
            "percentunit",
            f'1 - (sum(rate(mainspring_gateway_requests_total{{status="5xx"}}{_RATE}))'
            f" or vector(0)) / sum(rate(mainspring_gateway_requests_total{_RATE}))",
        ),
        _stat(
            _text("Tokens per second", "每秒 token 数"),
            "short",
            f"sum(rate(gen_ai_client_token_usage_total{_RATE}))",
        ),
        _stat(
            _text("In progress", "处理中"),
            "short",
            "sum(mainspring_gateway_requests_in_flight)",
        ),
        _stat(
            _text("Open circuits", "熔断数"),
            "short",
            "count(mainspring_gateway_target_circuit == 2) or vector(0)",
        ),
        _stat(
            _text("Targets down", "无应答的抓取目标"),
            "short",
            'count(up{job="mainspring"} == 0) or vector(0)',
        ),
        Panel(
            _text("Requests by status", "请求数（按状态）"),
            "reqps",
            _one(f"sum by (status) (rate(mainspring_gateway_requests_total{_RATE}))", "{{status}}"),
        ),
        Panel(
            _text("Duration", "耗时"),
            "s",
            _quantiles(_DURATION, ""),
        ),
        Panel(
            _text("Time to first token", "首个 token 的时间"),
            "s",
            _quantiles(_TTFT, ""),
        ),
        Panel(
            _text("Refusals by reason", "拒绝数（按原因）"),
            "reqps",
            _one(
                f"sum by (code) (rate(mainspring_gateway_refusals_total{_RATE})) or vector(0)",
                "{{code}}",
            ),
        ),
        Panel(
            _text("Cache", "缓存"),
            "reqps",
            _one(
                f"sum by (result) (rate(mainspring_gateway_cache_calls_total{_RATE}))",
                "{{result}}",
            ),
        ),
        Panel(
            _text("Retries, fallbacks, hedges", "重试、备用与对冲"),
            "reqps",
            (
                Query(
                    f"sum(rate(mainspring_gateway_retries_total{_RATE})) or vector(0)", "retries"
                ),
                Query(
                    f"sum(rate(mainspring_gateway_fallbacks_total{_RATE})) or vector(0)",
                    "fallbacks",
                ),
                Query(f"sum(rate(mainspring_gateway_hedges_total{_RATE}))", "hedges"),
                Query(f"sum(rate(mainspring_gateway_degraded_total{_RATE}))", "degraded"),
            ),
        ),
        Panel(
            _text("Records waiting for control", "等待控制面的记录"),
            "bytes",
            _one("sum by (instance) (mainspring_gateway_spool_bytes)", "{{instance}}"),
        ),
        Panel(
            _text("Age of the oldest record", "最早记录的等待时间"),
            "s",
            _one("max by (instance) (mainspring_gateway_spool_oldest_seconds)", "{{instance}}"),
        ),
        Panel(
            _text("Snapshot version", "快照版本"),
            "none",
            (
                Query("max(mainspring_control_snapshot_version)", "control"),
                Query("mainspring_gateway_snapshot_version", "{{instance}}"),
            ),
        ),
        Panel(
            _text("Control plane: requests", "控制面：请求数"),
            "reqps",
            _one(f"sum by (status) (rate(mainspring_control_requests_total{_RATE}))", "{{status}}"),
        ),
        Panel(
            _text("Control plane: duration", "控制面：耗时"),
            "s",
            _quantiles("mainspring_control_request_duration_seconds", ""),
        ),
        Panel(
            _text("Jobs", "持久任务"),
            "short",
            (
                Query("sum(mainspring_jobs_running)", "running"),
                Query("max by (queue) (mainspring_jobs_waiting)", "waiting: {{queue}}"),
            ),
        ),
        Panel(
            _text("Client connections", "客户端连接"),
            "short",
            (
                Query("sum(mainspring_gateway_client_connections)", "connections"),
                Query("sum(mainspring_gateway_websockets)", "WebSockets"),
            ),
        ),
        Panel(
            _text("Parts by state", "部件（按状态）"),
            "short",
            _one("max by (role, state) (mainspring_fleet_parts)", "{{role}}: {{state}}"),
        ),
        Panel(
            _text("Releases", "版本"),
            "short",
            _one("count by (version, role) (mainspring_build_info)", "{{role}} {{version}}"),
        ),
    ),
)

MODEL = Dashboard(
    "mainspring-model",
    _text("Mainspring: models", "Mainspring：模型"),
    (
        Panel(
            _text("Requests by model", "请求数（按模型）"),
            "reqps",
            _one(
                f"sum by (model) (rate(mainspring_gateway_requests_total{_MODEL}{_RATE}))",
                "{{model}}",
            ),
        ),
        Panel(
            _text("Success by model", "成功率（按模型）"),
            "percentunit",
            _one('1 - mainspring:errors:ratio5m{model=~"$model"}', "{{model}}"),
        ),
        Panel(
            _text("Tokens per second", "每秒 token 数"),
            "short",
            _one(
                f"sum by (model, direction) (rate(gen_ai_client_token_usage_total{_MODEL}{_RATE}))",
                "{{model}} {{direction}}",
            ),
        ),
        Panel(_text("Duration", "耗时"), "s", _quantiles(_DURATION, _MODEL)),
        Panel(_text("Time to first token", "首个 token 的时间"), "s", _quantiles(_TTFT, _MODEL)),
        Panel(
            _text("Duration, p95 by model", "耗时 p95（按模型）"),
            "s",
            _one('mainspring:duration_seconds:p95_5m{model=~"$model"}', "{{model}}"),
        ),
        Panel(
            _text("Circuit (0 closed, 1 half open, 2 open)", "熔断（0 闭合，1 半开，2 断开）"),
            "none",
            _one(
                "max by (upstream, model) (mainspring_gateway_target_circuit)",
                "{{upstream}} {{model}}",
            ),
        ),
        Panel(
            _text("Targets: calls in progress", "目标：处理中的调用"),
            "short",
            _one(
                "sum by (upstream, model) (mainspring_gateway_target_in_flight)",
                "{{upstream}} {{model}}",
            ),
        ),
        Panel(
            _text("Targets: latency", "目标：延迟"),
            "s",
            _one(
                "avg by (upstream, model) (mainspring_gateway_target_latency_seconds)",
                "{{upstream}} {{model}}",
            ),
        ),
        Panel(
            _text("Upstreams: waiting calls", "上游：等待连接的调用"),
            "short",
            _one("sum by (upstream) (mainspring_gateway_upstream_waiting)", "{{upstream}}"),
        ),
        Panel(
            _text("Upstreams: connections", "上游：连接数"),
            "short",
            _one("sum by (upstream) (mainspring_gateway_upstream_connections)", "{{upstream}}"),
        ),
        Panel(
            _text("Runtimes: load time", "运行时：加载时间"),
            "s",
            _one('max by (name) (mainspring_part_start_seconds{role="runtime"})', "{{name}}"),
        ),
        Panel(
            _text("Embedded runtimes: work", "内嵌运行时：任务"),
            "short",
            (
                Query("sum by (instance) (mainspring_runtime_requests_waiting)", "{{instance}}"),
                Query(
                    "sum by (instance) (llamacpp:requests_processing)",
                    "{{instance}}",
                ),
            ),
        ),
    ),
    (Choice("model", _text("Model", "模型"), "mainspring_gateway_requests_total", "model"),),
)

TENANT = Dashboard(
    "mainspring-tenant",
    _text("Mainspring: tenants", "Mainspring：租户"),
    (
        Panel(
            _text("Calls by organisation", "调用数（按组织）"),
            "reqps",
            _one(
                "sum by (organization) "
                f"(rate(mainspring_tenant_requests_total{_TENANT}{_RATE})){_NAMES}",
                "{{name}}",
            ),
        ),
        Panel(
            _text("Failed calls", "失败的调用"),
            "reqps",
            _one(
                "sum by (organization) (rate(mainspring_tenant_requests_total"
                f'{{organization=~"$organization", result="error"}}{_RATE})){_NAMES}',
                "{{name}}",
            ),
        ),
        Panel(
            _text("Duration, p95", "耗时 p95"),
            "s",
            _one(
                "histogram_quantile(0.95, sum by (le, organization) "
                f"(rate(mainspring_tenant_request_duration_seconds_bucket{_TENANT}{_RATE})))"
                f"{_NAMES}",
                "{{name}}",
            ),
        ),
        Panel(
            _text("Tokens per second", "每秒 token 数"),
            "short",
            _one(
                "sum by (organization, direction) "
                f"(rate(mainspring_tenant_tokens_total{_TENANT}{_RATE})){_NAMES}",
                "{{name}} {{direction}}",
            ),
            width=12,
        ),
        Panel(
            _text("Cost in the last 24 hours", "最近 24 小时费用"),
            "short",
            _one(
                "sum by (organization, currency) "
                f"(increase(mainspring_tenant_cost_total{_TENANT}[24h])){_NAMES} or vector(0)",
                "{{name}} {{currency}}",
            ),
            width=12,
        ),
        Panel(
            _text("Calls without a price", "没有价格的调用"),
            "short",
            _one(
                "sum by (organization) "
                f"(increase(mainspring_tenant_unpriced_requests_total{_TENANT}[1h])){_NAMES}",
                "{{name}}",
            ),
        ),
    ),
    (
        Choice(
            "organization", _text("Organisation", "组织"), "mainspring_tenant_info", "organization"
        ),
    ),
)

HARDWARE = Dashboard(
    "mainspring-hardware",
    _text("Mainspring: hardware and processes", "Mainspring：硬件与进程"),
    (
        Panel(
            _text("Processors busy", "处理器占用"),
            "percentunit",
            _one(
                "1 - sum by (instance) (rate(mainspring_host_cpu_seconds_total"
                f'{{instance=~"$instance", mode="idle"}}{_RATE}))'
                f" / max by (instance) (mainspring_host_cpus{_HOST})",
                "{{instance}}",
            ),
        ),
        Panel(
            _text("Memory in use", "内存占用"),
            "bytes",
            _one(
                'sum by (instance) (mainspring_host_memory_bytes{instance=~"$instance", '
                'state="total"}) - sum by (instance) (mainspring_host_memory_bytes'
                '{instance=~"$instance", state="available"})',
                "{{instance}}",
            ),
        ),
        Panel(
            _text("Disk of the data directory, free", "数据目录磁盘剩余"),
            "bytes",
            _one('mainspring_host_disk_bytes{instance=~"$instance", state="free"}', "{{instance}}"),
        ),
        Panel(
            _text("Network", "网络"),
            "Bps",
            _one(
                "sum by (instance, direction) "
                f"(rate(mainspring_host_network_bytes_total{_HOST}{_RATE}))",
                "{{instance}} {{direction}}",
            ),
        ),
        Panel(
            _text("Load", "负载"),
            "short",
            _one(f"mainspring_host_load1{_HOST}", "{{instance}}"),
        ),
        Panel(
            _text("GPUs", "GPU 数"),
            "short",
            _one(f"mainspring_gpus{_HOST}", "{{instance}}"),
        ),
        Panel(
            _text("GPU: utilisation", "GPU：利用率"),
            "percentunit",
            _one(f"mainspring_gpu_utilization_ratio{_HOST} or vector(0)", "{{gpu}} {{name}}"),
        ),
        Panel(
            _text("GPU: memory in use", "GPU：显存占用"),
            "bytes",
            _one(
                'mainspring_gpu_memory_bytes{instance=~"$instance", state="used"} or vector(0)',
                "{{gpu}} {{name}}",
            ),
        ),
        Panel(
            _text("GPU: temperature", "GPU：温度"),
            "celsius",
            _one(f"mainspring_gpu_temperature_celsius{_HOST} or vector(0)", "{{gpu}} {{name}}"),
        ),
        Panel(
            _text("GPU: power", "GPU：功耗"),
            "watt",
            _one(f"mainspring_gpu_power_watts{_HOST} or vector(0)", "{{gpu}} {{name}}"),
        ),
        Panel(
            _text("Parts: processors", "部件：处理器"),
            "short",
            _one(
                f"sum by (name) (rate(mainspring_part_cpu_seconds_total{_HOST}{_RATE}))",
                "{{name}}",
            ),
        ),
        Panel(
            _text("Parts: memory", "部件：内存"),
            "bytes",
            _one(f"sum by (name) (mainspring_part_memory_bytes{_HOST})", "{{name}}"),
        ),
        Panel(
            _text("Parts: restarts in an hour", "部件：一小时内重启"),
            "short",
            _one(
                f"sum by (name) (increase(mainspring_part_restarts_total{_HOST}[1h]))", "{{name}}"
            ),
        ),
        Panel(
            _text("Parts that serve", "正常服务的部件"),
            "short",
            _one(f"min by (name) (mainspring_part_up{_HOST})", "{{name}}"),
        ),
        Panel(
            _text("Processes: CPU", "进程：CPU"),
            "short",
            _one(
                "sum by (component, instance) "
                f'(rate(process_cpu_seconds_total{{job="mainspring"}}{_RATE}))',
                "{{component}} {{instance}}",
            ),
        ),
        Panel(
            _text("Processes: memory", "进程：内存"),
            "bytes",
            _one(
                'sum by (component, instance) (process_resident_memory_bytes{job="mainspring"})',
                "{{component}} {{instance}}",
            ),
        ),
        Panel(
            _text("Processes: open files", "进程：打开的文件"),
            "short",
            _one(
                'sum by (component, instance) (process_open_fds{job="mainspring"})',
                "{{component}} {{instance}}",
            ),
        ),
    ),
    (Choice("instance", _text("Machine", "机器"), "mainspring_host_cpus", "instance"),),
)

DASHBOARDS = (OVERVIEW, MODEL, TENANT, HARDWARE)
