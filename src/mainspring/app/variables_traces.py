"""The variables that say where spans go, of whatever makes some."""

from mainspring.app.settings import Variable

TRACES = {
    "otlp_endpoint": Variable(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "Base URL of an OpenTelemetry collector (OTLP over HTTP) that gateway, control "
        "and worker send spans to.",
        "网关、控制面与工作进程发送 span 的 OpenTelemetry 采集端（OTLP/HTTP）的基础 URL。",
    ),
    "otlp_headers": Variable(
        "OTEL_EXPORTER_OTLP_HEADERS",
        "Headers for that collector: `name=value`, separated by commas, percent-encoded.",
        "发往该采集端的请求头：`name=value`，以逗号分隔，百分号编码。",
    ),
    "trace_ratio": Variable(
        "MAINSPRING_TRACE_RATIO",
        "Share (0 to 1) of requests whose spans are kept where the sender has not decided; "
        "failed ones always are.",
        "发送方未决定时，保留 span 的请求比例（0 到 1）；失败的请求总会保留。",
        "0.1",
    ),
    "trace_names": Variable(
        "MAINSPRING_TRACE_NAMES",
        "Names of span attributes: `current` (OpenTelemetry GenAI of 2026), `legacy` or `both`.",
        "span 属性的命名：`current`（2026 年 OpenTelemetry GenAI）、`legacy` 或 `both`。",
        "current",
    ),
    "traces": Variable(
        "MAINSPRING_TRACES",
        "`off` keeps no spans in the platform's own store; a collector gets them all the same.",
        "`off` 表示平台自身不保存 span；采集端仍会收到。",
        "on",
    ),
}
