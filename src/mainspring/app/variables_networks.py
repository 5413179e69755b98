"""The variables that say how far calls to addresses that people typed in may go."""

from mainspring.app.settings import Variable

NOTIFICATION_NETWORKS = {
    "notification_network": Variable(
        "MAINSPRING_NOTIFICATION_NETWORK",
        "Where organisations' notification channels may be: `public`, `private` or `loopback`, as"
        " for identity providers.",
        "组织的通知渠道可以位于何处：`public`、`private` 或 `loopback`，含义与身份提供方相同。",
        "public",
    ),
    "platform_notification_network": Variable(
        "MAINSPRING_PLATFORM_NOTIFICATION_NETWORK",
        "Where the platform's own notification channels may be, as above; other than with `public`,"
        " plain HTTP is allowed too.",
        "平台自身的通知渠道可以位于何处，含义同上；除 `public` 外也允许明文 HTTP。",
        "private",
    ),
}

NETWORKS = {
    "oidc_network": Variable(
        "MAINSPRING_OIDC_NETWORK",
        "Where identity providers may be: `public` (HTTPS to public addresses), `private`"
        " (private networks too), or `loopback` (for development: this machine too, where"
        " plain HTTP is allowed).",
        "身份提供方可以位于何处：`public`（仅公网 HTTPS 地址）、`private`（也允许私有网络）、"
        "`loopback`（开发用：也允许本机，且可用明文 HTTP）。",
        "public",
    ),
    "upstream_network": Variable(
        "MAINSPRING_UPSTREAM_NETWORK",
        "Where tests of upstreams may go: `public`, `private` or `loopback`, as above.",
        "上游连接测试可以访问何处：`public`、`private` 或 `loopback`，含义同上。",
        "loopback",
    ),
    **NOTIFICATION_NETWORKS,
}
