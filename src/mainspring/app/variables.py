"""The table of every environment variable: which part reads it, its meaning, its default.

The documentation's table is compared with this one in a test; a variable that is not here does not
exist.
"""

from typing import Any

import msgspec

from mainspring.app.environment import DEFAULT_HOME, HOME
from mainspring.app.gateway_variables import (
    GATEWAY_HOST,
    GATEWAY_PORT,
    GATEWAY_PROCESSES,
    UPSTREAM_LINK_LOCAL,
)
from mainspring.app.identity_variables import IDENTITY_VARIABLES
from mainspring.app.ledger_variables import LEDGER_VARIABLES
from mainspring.app.secret_variables import MASTER_KEYS
from mainspring.app.settings import (
    BackupSettings,
    ClientSettings,
    ControlSettings,
    Part,
    ProcessSettings,
    SupervisorSettings,
    Variable,
    WorkerSettings,
)
from mainspring.app.storage_variables import BLOBS, SCHEDULED_BACKUPS
from mainspring.app.variables_metrics import SUPERVISOR_METRICS, WORKER_METRICS
from mainspring.app.variables_networks import NETWORKS, NOTIFICATION_NETWORKS
from mainspring.app.variables_traces import TRACES
from mainspring.gateway.settings import GatewaySettings
from mainspring.infra.runtimes.settings import EmbeddingSettings, LlamaSettings

_home = Variable(HOME, "Data directory.", "数据目录。", DEFAULT_HOME)
_control_host = Variable(
    "MAINSPRING_CONTROL_HOST",
    "Address the control plane (console and API) listens on.",
    "控制面（控制台与 API）监听地址。",
    "127.0.0.1",
)
_control_port = Variable(
    "MAINSPRING_CONTROL_PORT",
    "Port of the control plane; 0 takes any free one. `mainspring up` moves to the next free port.",
    "控制面端口；0 表示任意空闲端口。被占用时 `mainspring up` 改用下一个空闲端口。",
    "8090",
)
_llm_port = Variable(
    "MAINSPRING_LLM_PORT",
    "Port of the embedded chat model's server; 0 takes any free one.",
    "内嵌对话模型服务的端口；0 表示任意空闲端口。",
    "8100",
)
_embed_port = Variable(
    "MAINSPRING_EMBED_PORT",
    "Port of the embedded embedding model's server; 0 takes any free one.",
    "内嵌向量模型服务的端口；0 表示任意空闲端口。",
    "8101",
)
_control_url = Variable(
    "MAINSPRING_CONTROL_URL",
    "Base URL at which gateway and worker reach the control plane.",
    "网关与工作进程访问控制面的基础 URL。",
    "http://127.0.0.1:8090",
)
_gateway_url = Variable(
    "MAINSPRING_GATEWAY_URL",
    "Base URL at which clients reach the gateway.",
    "客户端访问网关的基础 URL。",
    "http://127.0.0.1:8080",
)
_internal_token = Variable(
    "MAINSPRING_INTERNAL_TOKEN_FILE",
    "File with the token by which the platform's own processes know each other.",
    "平台内部进程互相认证所用令牌的文件。",
    "{home}/secrets/internal.token",
)
_master_key = Variable(
    "MAINSPRING_MASTER_KEY_FILE",
    "File with the keys that seal stored secrets.",
    "用于加密所存机密的主密钥文件。",
    "{home}/secrets/master.key",
)
_database_url = Variable(
    "DATABASE_URL",
    "PostgreSQL to use (`postgresql://…`); unset, `mainspring up` starts an embedded one.",
    "所用的 PostgreSQL（`postgresql://…`）；不设置时 `mainspring up` 启动内嵌数据库。",
)
_instance_id = Variable(
    "MAINSPRING_INSTANCE_ID",
    "Identity of this process among its kind; survives a restart (in Kubernetes: the pod's name).",
    "本进程在同类中的标识，重启后须不变（在 Kubernetes 中为 Pod 名）。",
)

PROCESS = Part(
    "process",
    ProcessSettings,
    {
        "log_format": Variable(
            "MAINSPRING_LOG_FORMAT",
            "`console` for people, `json` for one JSON object a line.",
            "`console` 供人阅读；`json` 每行一个 JSON 对象。",
            "console",
        ),
        "log_level": Variable(
            "MAINSPRING_LOG_LEVEL",
            "Least level that is logged: `debug`, `info`, `warning` or `error`.",
            "最低日志级别：`debug`、`info`、`warning` 或 `error`。",
            "info",
        ),
        "lifeline_fd": Variable(
            "MAINSPRING_LIFELINE_FD",
            "Set by the supervisor: descriptor of the pipe that ends when the supervisor does.",
            "由监督进程设置：监督进程结束时随之关闭的管道描述符。",
        ),
        "ready_fd": Variable(
            "MAINSPRING_READY_FD",
            "Set by the supervisor: descriptor into which a process writes once it serves.",
            "由监督进程设置：进程开始服务后写入的描述符。",
        ),
        "stop_grace_s": Variable(
            "MAINSPRING_STOP_GRACE_S",
            "Seconds a process has to stop once it was asked to.",
            "收到停止请求后，进程用于停止的秒数。",
            "30",
        ),
    },
)

GATEWAY = Part(
    "gateway",
    GatewaySettings,
    {
        "host": GATEWAY_HOST,
        "port": GATEWAY_PORT,
        "control_url": _control_url,
        "internal_token_file": _internal_token,
        "master_key_file": _master_key,
        **MASTER_KEYS,
        "gateway_id": Variable(
            "MAINSPRING_GATEWAY_ID",
            "Name of this gateway in records and health; must survive a restart.",
            "本网关在记录与健康信息中的名称，重启后须不变。",
            "gateway-1",
        ),
        "spool_dir": Variable(
            "MAINSPRING_SPOOL_DIR",
            "Directory of records that the control plane has not acknowledged yet.",
            "控制面尚未确认的记录所在目录。",
            "{home}/gateway/spool",
        ),
        "snapshot_file": Variable(
            "MAINSPRING_SNAPSHOT_FILE",
            "File with the last good configuration, from which the gateway starts without control.",
            "最近一次有效配置的文件；控制面不可用时网关据此启动。",
            "{home}/gateway/snapshot.bin",
        ),
        "drain_s": Variable(
            "MAINSPRING_GATEWAY_DRAIN_S",
            "Seconds that requests in work have to end when the gateway stops.",
            "网关停止时，在途请求用于结束的秒数。",
            "20",
        ),
        "reuse_port": Variable(
            "MAINSPRING_GATEWAY_REUSE_PORT",
            "`true` lets several gateway processes share one port.",
            "`true` 允许多个网关进程共用一个端口。",
            "false",
        ),
        "upstream_link_local": UPSTREAM_LINK_LOCAL,
        "max_body_bytes": Variable(
            "MAINSPRING_GATEWAY_MAX_BODY_BYTES",
            "Largest request body, in bytes.",
            "请求体上限（字节）。",
            "33554432",
        ),
        "max_upload_bytes": Variable(
            "MAINSPRING_GATEWAY_MAX_UPLOAD_BYTES",
            "Largest form with files, in bytes; it is sent on while it arrives.",
            "带文件的表单上限（字节）；表单边接收边转交。",
            "536870912",
        ),
        "max_message_bytes": Variable(
            "MAINSPRING_GATEWAY_MAX_MESSAGE_BYTES",
            "Largest message over a WebSocket, in bytes.",
            "WebSocket 单条消息上限（字节）。",
            "16777216",
        ),
        "realtime_session_s": Variable(
            "MAINSPRING_GATEWAY_REALTIME_SESSION_S",
            "Seconds that a realtime session may last.",
            "一个 realtime 会话可持续的秒数。",
            "3600",
        ),
        "max_client_connections": Variable(
            "MAINSPRING_GATEWAY_MAX_CLIENT_CONNECTIONS",
            "Client connections that may be open at once.",
            "同时打开的客户端连接数上限。",
            "16384",
        ),
        "spool_total_bytes": Variable(
            "MAINSPRING_SPOOL_TOTAL_BYTES",
            "Bytes of records that may wait on disk for the control plane.",
            "磁盘上等待控制面确认的记录字节数上限。",
            "536870912",
        ),
        "response_spool_bytes": Variable(
            "MAINSPRING_RESPONSE_SPOOL_BYTES",
            "Bytes of stored responses that may wait for the control plane; beyond them answers are"
            " given without being stored.",
            "可等待控制面接收的已存储响应的字节数；超出后照常应答，但不再存储。",
            str(256 * 1024 * 1024),
        ),
        "recent_responses_bytes": Variable(
            "MAINSPRING_RECENT_RESPONSES_BYTES",
            "Bytes of stored responses that a gateway remembers, to go on with at once.",
            "网关在内存中记住的已存储响应的字节数，以便立即续接对话。",
            str(64 * 1024 * 1024),
        ),
        "default_output_tokens": Variable(
            "MAINSPRING_GATEWAY_DEFAULT_OUTPUT_TOKENS",
            "Tokens reserved against limits for a request that names no maximum.",
            "请求未指定上限时，为限额预留的 token 数。",
            "256",
        ),
        "cache_bytes": Variable(
            "MAINSPRING_CACHE_BYTES",
            "Bytes of answers that one gateway keeps for policies with a cache; with Redis, Redis"
            " keeps them.",
            "单个网关为启用缓存的策略保留的应答字节数；使用 Redis 时由 Redis 保留。",
            str(128 * 1024 * 1024),
        ),
        "idempotency_ttl_s": Variable(
            "MAINSPRING_IDEMPOTENCY_TTL_S",
            "Seconds for which a call with an idempotency key is remembered.",
            "带幂等键的调用被记住的秒数。",
            "86400",
        ),
        "idempotency_bytes": Variable(
            "MAINSPRING_IDEMPOTENCY_BYTES",
            "Bytes of answers that one gateway keeps for retries; with Redis, Redis keeps them.",
            "单个网关为重试保留的应答字节数；使用 Redis 时由 Redis 保留。",
            str(64 * 1024 * 1024),
        ),
        "limits_file": Variable(
            "MAINSPRING_LIMITS_FILE",
            "File with what was used of daily and monthly limits; empties only by the calendar.",
            "记录每日与每月限额用量的文件；只随日历清零。",
            "{home}/gateway/limits.bin",
        ),
        "limits": Variable(
            "MAINSPRING_LIMITS",
            "`off` leaves limits and budgets to something else.",
            "`off` 表示限额与预算由其他系统负责。",
            "on",
        ),
        "redis_url": Variable(
            "MAINSPRING_REDIS_URL",
            "Redis or Valkey in which several gateways count limits together (`redis://…`).",
            "多个网关共同计数限额所用的 Redis 或 Valkey（`redis://…`）。",
        ),
        "limits_degraded": Variable(
            "MAINSPRING_LIMITS_DEGRADED",
            "While Redis cannot be asked: `local` (each counts its share), `open` or `closed`.",
            "Redis 不可用时：`local`（各网关按份额自行计数）、`open`（放行）或 `closed`（拒绝）。",
            "local",
        ),
        "gateway_count": Variable(
            "MAINSPRING_GATEWAY_COUNT",
            "How many gateways run, on how many machines; more than one needs "
            "`MAINSPRING_REDIS_URL`. Processes that share a port count as one.",
            "运行的网关数量（跨机器）；多于一个时必须设置 `MAINSPRING_REDIS_URL`。"
            "共用端口的进程合计为一个。",
            "1",
        ),
        "ship_interval_s": Variable(
            "MAINSPRING_SHIP_INTERVAL_S",
            "Seconds that usage records wait for company before the gateway sends them to control.",
            "用量记录在网关中等待合批后再发往控制面的最长秒数。",
            "0.5",
        ),
        "access_log": Variable(
            "MAINSPRING_ACCESS_LOG",
            "Where the gateway writes one JSON line per request: a file, `stdout` or `stderr`; "
            "`off` or unset, it writes none (unset, `mainspring up` takes a file beside its log).",
            "网关逐请求写入 JSON 行的位置：文件、`stdout` 或 `stderr`；`off` 或不设置则不写。"
            "未另行指定时，`mainspring up` 使其写入日志目录。",
        ),
        **TRACES,
        "metrics_to_all": Variable(
            "MAINSPRING_GATEWAY_METRICS_TO_ALL",
            "`true` shows `/metrics` to every client, not only to this machine.",
            "`true` 向所有客户端开放 `/metrics`，而不仅限本机。",
            "false",
        ),
        "cors_origins": Variable(
            "MAINSPRING_GATEWAY_CORS_ORIGINS",
            "Origins, separated by commas, whose pages may call the API from a browser; `*`: all.",
            "允许其页面从浏览器调用 API 的来源，以逗号分隔；`*` 表示全部。",
        ),
        "unix_socket": Variable(
            "MAINSPRING_GATEWAY_UNIX_SOCKET",
            "Path of a Unix socket that the gateway listens on as well, in plain HTTP.",
            "网关同时监听的 Unix 套接字路径，使用明文 HTTP。",
        ),
        "unix_socket_mode": Variable(
            "MAINSPRING_GATEWAY_UNIX_SOCKET_MODE",
            "Permissions of the Unix socket, octal.",
            "Unix 套接字的权限（八进制）。",
            "600",
        ),
        "tls_cert_file": Variable(
            "MAINSPRING_GATEWAY_TLS_CERT_FILE",
            "Certificate chain (PEM) by which the gateway's port speaks TLS; read again on change.",
            "证书链文件（PEM），设置后网关端口使用 TLS；文件变化时自动重新读取。",
        ),
        "tls_key_file": Variable(
            "MAINSPRING_GATEWAY_TLS_KEY_FILE",
            "Key of the certificate (PEM); unset: it is in the certificate's file.",
            "证书的私钥（PEM）；不设置时取证书文件中的私钥。",
        ),
        "tls_client_ca_file": Variable(
            "MAINSPRING_GATEWAY_TLS_CLIENT_CA_FILE",
            "Authorities (PEM) whose certificates clients must show (mutual TLS).",
            "客户端证书的签发机构（PEM）；设置后启用双向 TLS。",
        ),
        "tls_client_auth": Variable(
            "MAINSPRING_GATEWAY_TLS_CLIENT_AUTH",
            "`required`: a client without a certificate is refused; `optional`: it is let in.",
            "`required`：拒绝没有证书的客户端；`optional`：允许其接入。",
            "required",
        ),
        "tls_min_version": Variable(
            "MAINSPRING_GATEWAY_TLS_MIN_VERSION",
            "Least version of TLS, `1.2` or `1.3`.",
            "最低 TLS 版本，`1.2` 或 `1.3`。",
            "1.2",
        ),
        "proxy_protocol_from": Variable(
            "MAINSPRING_GATEWAY_PROXY_PROTOCOL_FROM",
            "Load balancers that send a PROXY header (version 1 or 2): addresses and networks "
            "separated by commas, `unix` for the Unix socket.",
            "发送 PROXY 头（版本 1 或 2）的负载均衡器：以逗号分隔的地址与网段，"
            "`unix` 表示 Unix 套接字。",
        ),
        "trusted_proxies": Variable(
            "MAINSPRING_GATEWAY_TRUSTED_PROXIES",
            "Proxies whose `X-Forwarded-For` is believed: addresses and networks separated by "
            "commas, `unix` for the Unix socket.",
            "其 `X-Forwarded-For` 可信的代理：以逗号分隔的地址与网段，`unix` 表示 Unix 套接字。",
        ),
        "admin_host": Variable(
            "MAINSPRING_GATEWAY_ADMIN_HOST",
            "Address of the listener of health and metrics alone.",
            "仅提供健康检查与指标的监听地址。",
            "127.0.0.1",
        ),
        "admin_port": Variable(
            "MAINSPRING_GATEWAY_ADMIN_PORT",
            "Port, in plain HTTP, of health and metrics alone; shows metrics to whoever reaches "
            "it. Unset: none; 0 takes any free one.",
            "仅提供健康检查与指标的端口（明文 HTTP），向所有能访问者展示指标。"
            "不设置则无；0 表示任意空闲端口。",
        ),
        "process_count": GATEWAY_PROCESSES,
        "process_number": Variable(
            "MAINSPRING_GATEWAY_PROCESS",
            "Set by the parent process: which of the processes that share a port this one is.",
            "由父进程设置：本进程在共用端口的各进程中的序号。",
        ),
        "sibling_ports": Variable(
            "MAINSPRING_GATEWAY_SIBLING_PORTS",
            "Set by the parent process: where each of the processes shows its own metrics.",
            "由父进程设置：各进程提供自身指标的端口。",
        ),
        "lame_duck_s": Variable(
            "MAINSPRING_GATEWAY_LAME_DUCK_S",
            "Seconds that a stopping gateway still takes connections while `/readyz` says no.",
            "网关停止时，`/readyz` 已报告未就绪但仍接受连接的秒数。",
            "0",
        ),
    },
)

CONTROL = Part(
    "control",
    ControlSettings,
    {
        "home": _home,
        "host": _control_host,
        "port": _control_port,
        "database_url": _database_url,
        "internal_token_file": _internal_token,
        "master_key_file": _master_key,
        **MASTER_KEYS,
        "session_key_file": Variable(
            "MAINSPRING_SESSION_KEY_FILE",
            "File with the key that signs browser sessions.",
            "用于签名浏览器会话的密钥文件。",
            "{home}/secrets/session.key",
        ),
        "setup_link_file": Variable(
            "MAINSPRING_SETUP_LINK_FILE",
            "File that holds the one-time set-up link until it was used.",
            "保存一次性初始化链接的文件，使用后删除。",
            "{home}/setup-link",
        ),
        "admin_token_file": Variable(
            "MAINSPRING_ADMIN_TOKEN_FILE",
            "File with the token by which the local command line speaks to the control plane.",
            "本机命令行访问控制面所用令牌的文件。",
            "{home}/admin-token",
        ),
        "first_key_file": Variable(
            "MAINSPRING_FIRST_KEY_FILE",
            "File to which the generated API key is written.",
            "自动生成的 API 密钥所写入的文件。",
            "{home}/first-key",
        ),
        "gateway_url": _gateway_url,
        "public_url": Variable(
            "MAINSPRING_PUBLIC_URL",
            "Base URL at which browsers reach the console, for links.",
            "浏览器访问控制台的基础 URL，用于生成链接。",
        ),
        **TRACES,
        **IDENTITY_VARIABLES,
        "calls_kept_days": Variable(
            "MAINSPRING_CALLS_KEPT_DAYS",
            "Days for which records of calls, and their scores, are kept.",
            "调用记录及其评分的保存天数。",
            "30",
        ),
        "traces_kept_days": Variable(
            "MAINSPRING_TRACES_KEPT_DAYS",
            "Days for which spans are kept.",
            "span 的保存天数。",
            "7",
        ),
        "usage_kept_days": Variable(
            "MAINSPRING_USAGE_KEPT_DAYS",
            "Days for which the ledger keeps calls; 0 keeps them without end.",
            "账本保存调用的天数；0 表示不删除。",
            "0",
        ),
        "audit_kept_months": Variable(
            "MAINSPRING_AUDIT_KEPT_MONTHS",
            "Whole months for which the audit trail is kept; 0 keeps it without end.",
            "审计日志保存的整月数；0 表示不删除。",
            "0",
        ),
        "embedded_llm_url": Variable(
            "MAINSPRING_EMBEDDED_LLM_URL",
            "Set by the supervisor: base URL of the embedded chat model's server.",
            "由监督进程设置：内嵌对话模型服务的基础 URL。",
        ),
        "embedded_embed_url": Variable(
            "MAINSPRING_EMBEDDED_EMBED_URL",
            "Set by the supervisor: base URL of the embedded embedding model's server.",
            "由监督进程设置：内嵌向量模型服务的基础 URL。",
        ),
        **BLOBS,
        "max_file_bytes": Variable(
            "MAINSPRING_MAX_FILE_BYTES",
            "Bytes that one uploaded file may have; the gateway's largest form bounds it as well.",
            "单个上传文件的最大字节数；同时受网关表单上限约束。",
            str(512 * 1024 * 1024),
        ),
        "project_file_bytes": Variable(
            "MAINSPRING_PROJECT_FILE_BYTES",
            "Bytes that all files of one project may have together.",
            "单个项目全部文件合计的最大字节数。",
            str(100 * 1024 * 1024 * 1024),
        ),
        "upstream_link_local": UPSTREAM_LINK_LOCAL,
        **NETWORKS,
    },
)

WORKER = Part(
    "worker",
    WorkerSettings,
    {
        "home": _home,
        "database_url": _database_url,
        "control_url": _control_url,
        "internal_token_file": _internal_token,
        "gateway_url": _gateway_url,
        "instance_id": _instance_id,
        "master_key_file": _master_key,
        **LEDGER_VARIABLES,
        **WORKER_METRICS,
        **TRACES,
        **NOTIFICATION_NETWORKS,
        **MASTER_KEYS,
        **SCHEDULED_BACKUPS,
        **BLOBS,
    },
)

BACKUP = Part(
    "backup",
    BackupSettings,
    {
        "home": _home,
        "database_url": _database_url,
        "master_key_file": _master_key,
        **MASTER_KEYS,
        **BLOBS,
    },
)

LLAMA = Part(
    "llama",
    LlamaSettings,
    {
        "port": _llm_port,
        "model_file": Variable(
            "MAINSPRING_LLM_MODEL_FILE",
            "GGUF file to serve instead of the embedded chat model's.",
            "用以替代内嵌对话模型的 GGUF 文件。",
        ),
        "model_name": Variable(
            "MAINSPRING_LLM_MODEL_NAME",
            "Name under which the runtime serves its model.",
            "运行时对外提供的模型名。",
            "smollm2-135m-instruct",
        ),
        "slots": Variable(
            "MAINSPRING_LLM_SLOTS",
            "Conversations the embedded chat model works on at once.",
            "内嵌对话模型同时处理的会话数。",
            "4",
        ),
        "context_length": Variable(
            "MAINSPRING_LLM_CONTEXT_LENGTH",
            "Tokens of prompt and answer together in one conversation.",
            "单个会话中提示与回答的 token 总数上限。",
            "2048",
        ),
        "threads": Variable(
            "MAINSPRING_LLM_THREADS",
            "Threads that compute; more than one pays only on idle cores.",
            "计算线程数；仅当有空闲核心时大于一才有收益。",
            "1",
        ),
    },
)

EMBED = Part(
    "embed",
    EmbeddingSettings,
    {
        "port": _embed_port,
        "max_tokens": Variable(
            "MAINSPRING_EMBED_MAX_TOKENS",
            "Most tokens of one embedding request.",
            "单次向量请求的 token 上限。",
            "65536",
        ),
        "max_waiting": Variable(
            "MAINSPRING_EMBED_MAX_WAITING",
            "Embedding requests that may wait; beyond it the answer is 503.",
            "可排队的向量请求数；超出时返回 503。",
            "64",
        ),
    },
)

SUPERVISOR = Part(
    "supervisor",
    SupervisorSettings,
    {
        "home": _home,
        "gateway_host": GATEWAY_HOST,
        "gateway_port": GATEWAY_PORT,
        "gateway_processes": GATEWAY_PROCESSES,
        "control_host": _control_host,
        "control_port": _control_port,
        "llm_port": _llm_port,
        "embed_port": _embed_port,
        **SUPERVISOR_METRICS,
        "database_url": _database_url,
        "embedded_models": Variable(
            "MAINSPRING_EMBEDDED_MODELS",
            "`false` starts no embedded models.",
            "`false` 表示不启动内嵌模型。",
            "true",
        ),
        "start_timeout_s": Variable(
            "MAINSPRING_START_TIMEOUT_S",
            "Seconds until `mainspring up` gives up waiting for a part to become ready.",
            "`mainspring up` 等待各部件就绪的最长秒数。",
            "180",
        ),
    },
)

CLIENT = Part(
    "client",
    ClientSettings,
    {
        "home": _home,
        "url": Variable(
            "MAINSPRING_URL",
            "Control plane that the command line talks to; unset: the one of the data directory.",
            "命令行访问的控制面；不设置时取数据目录中的实例。",
        ),
        "token": Variable(
            "MAINSPRING_TOKEN",
            "Token for the control plane; unset: the admin token of the data directory.",
            "访问控制面的令牌；不设置时取数据目录中的管理令牌。",
        ),
        "gateway_url": Variable(
            "MAINSPRING_API_URL",
            "Gateway that `mainspring chat` and `embed` talk to; unset: the one of the data "
            "directory.",
            "`mainspring chat` 与 `embed` 访问的网关；不设置时取数据目录中的实例。",
        ),
        "api_key": Variable(
            "MAINSPRING_API_KEY",
            "API key for `mainspring chat` and `embed`; unset: the generated first key.",
            "`mainspring chat` 与 `embed` 使用的 API 密钥；不设置时取自动生成的首个密钥。",
        ),
        "language": Variable(
            "MAINSPRING_LANG",
            "Language of the command line's texts, `en` or `zh`; unset: by `LANG`.",
            "命令行文字的语言，`en` 或 `zh`；不设置时依据 `LANG`。",
        ),
    },
)

PARTS: tuple[Part[Any], ...] = (
    SUPERVISOR,
    PROCESS,
    GATEWAY,
    CONTROL,
    WORKER,
    BACKUP,
    LLAMA,
    EMBED,
    CLIENT,
)


class DocumentedVariable(msgspec.Struct, frozen=True):
    """A variable and the names of the parts that read it."""

    variable: Variable
    parts: tuple[str, ...]


def documented_variables() -> list[DocumentedVariable]:
    """Return every variable once, by name.

    Raises:
        RuntimeError: if two parts give one name two meanings.
    """
    found: dict[str, DocumentedVariable] = {}
    for part in PARTS:
        for variable in part.variables.values():
            known = found.get(variable.name)
            if known is None:
                found[variable.name] = DocumentedVariable(variable, (part.name,))
            elif known.variable == variable:
                found[variable.name] = DocumentedVariable(variable, (*known.parts, part.name))
            else:
                raise RuntimeError(f"{variable.name} has two meanings")
    return [found[name] for name in sorted(found)]
