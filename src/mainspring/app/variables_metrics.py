"""The variables that say where metrics of the worker and the supervisor are served."""

from mainspring.app.settings import Variable

_worker_metrics_port = Variable(
    "MAINSPRING_WORKER_METRICS_PORT",
    "Port of the worker's metrics and health; 0 takes any free one. Unset, a worker that runs by "
    "itself serves none, and one under `mainspring up` takes any free port.",
    "工作进程的指标与健康检查端口；0 表示任意空闲端口。不设置时，单独运行的工作进程不提供，"
    "由 `mainspring up` 管理的取任意空闲端口。",
)

WORKER_METRICS = {
    "metrics_host": Variable(
        "MAINSPRING_WORKER_METRICS_HOST",
        "Address that the worker's metrics and health are served on.",
        "工作进程的指标与健康检查的监听地址。",
        "127.0.0.1",
    ),
    "metrics_port": _worker_metrics_port,
    "host_metrics": Variable(
        "MAINSPRING_WORKER_HOST_METRICS",
        "`false` leaves the machine's own figures (processors, memory, disk, GPUs) out of the "
        "worker's metrics. `mainspring up` shows them in the supervisor's.",
        "`false` 表示工作进程的指标中不含本机数据（处理器、内存、磁盘、GPU）。"
        "使用 `mainspring up` 时由监管进程提供。",
        "true",
    ),
}

SUPERVISOR_METRICS = {
    "metrics_port": Variable(
        "MAINSPRING_SUPERVISOR_METRICS_PORT",
        "Port of the supervisor's metrics on the loopback address; 0 takes any free one. Its "
        "`/targets` tells Prometheus where the metrics of all parts are.",
        "监管进程的指标端口（回环地址）；0 表示任意空闲端口。"
        "其 `/targets` 告诉 Prometheus 所有部件的指标地址。",
        "8091",
    ),
    "worker_metrics_port": _worker_metrics_port,
}
