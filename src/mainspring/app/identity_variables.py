"""Variables of the control plane about identity: who may ask how fast."""

from mainspring.app.settings import Variable

IDENTITY_VARIABLES: dict[str, Variable] = {
    "requests_per_minute": Variable(
        "MAINSPRING_CONTROL_REQUESTS_PER_MINUTE",
        "Requests to the control API that each principal may make within a minute; an address"
        " ten times as many. 0: any number.",
        "每个主体每分钟可向控制 API 发出的请求数；每个地址为其十倍。0 表示不限。",
        "1200",
    ),
    "sign_ins_per_minute": Variable(
        "MAINSPRING_CONTROL_SIGN_INS_PER_MINUTE",
        "Attempts to sign in, accept an invitation or get a token that each address may make"
        " within a minute. 0: any number.",
        "每个地址每分钟可尝试登录、接受邀请或获取令牌的次数。0 表示不限。",
        "60",
    ),
    "redis_url": Variable(
        "MAINSPRING_CONTROL_REDIS_URL",
        "Redis or Valkey in which several control planes count requests together.",
        "多个控制面共同计数请求所用的 Redis 或 Valkey。",
    ),
}
