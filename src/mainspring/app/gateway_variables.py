"""Variables about gateways that other parts read too; ``mainspring.app.variables`` has all."""

from mainspring.app.settings import Variable

UPSTREAM_LINK_LOCAL = Variable(
    "MAINSPRING_UPSTREAM_LINK_LOCAL",
    "`allow` lets upstreams have link-local addresses and those of a cloud's own services, where"
    " machines get their credentials; `refuse` also holds for what names turn out to stand for.",
    "`allow` 允许上游使用链路本地地址和云平台自身服务的地址（机器凭据由此发放）；`refuse` 也适用于"
    "域名解析得到的地址。",
    "refuse",
)
GATEWAY_HOST = Variable(
    "MAINSPRING_GATEWAY_HOST", "Address the gateway listens on.", "网关监听地址。", "127.0.0.1"
)
GATEWAY_PORT = Variable(
    "MAINSPRING_GATEWAY_PORT",
    "Port of the gateway; 0 takes any free one. `mainspring up` moves to the next free port.",
    "网关端口；0 表示任意空闲端口。被占用时 `mainspring up` 改用下一个空闲端口。",
    "8080",
)
GATEWAY_PROCESSES = Variable(
    "MAINSPRING_GATEWAY_PROCESSES",
    "Gateway processes that share the port, about one for each core that they may use.",
    "共用同一端口的网关进程数，约等于可供其使用的核心数。",
    "1",
)
