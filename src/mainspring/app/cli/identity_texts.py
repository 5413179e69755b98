"""Texts of the commands about identity providers, in English and Chinese."""

IDENTITY_TEXTS: dict[str, tuple[str, str]] = {
    "providers.help": (
        "Manage identity providers, by which people sign in.",
        "管理用于登录的身份提供商。",
    ),
    "providers.organization": (
        "Of this organisation; left out, of the platform.",
        "所属组织；省略则为平台。",
    ),
    "providers.list.help": ("List identity providers.", "列出身份提供商。"),
    "providers.create.help": (
        "Create an identity provider; prints the address to register there.",
        "创建身份提供商；输出需在其处登记的回调地址。",
    ),
    "providers.create.issuer": ("The provider's issuer URL.", "提供商的签发方 URL。"),
    "providers.create.client_id": ("Our client id there.", "在提供商处登记的客户端 ID。"),
    "providers.create.secret": (
        "Read the client secret from a line of standard input.",
        "从标准输入读取一行作为客户端密钥。",
    ),
    "providers.create.domain": (
        "An e-mail domain of the people who may come from there; repeatable.",
        "允许登录者的邮箱域名；可重复。",
    ),
    "providers.create.rule": (
        "GROUP=ROLE, or ROLE for everybody; repeatable.",
        "用户组=角色，或仅写角色表示所有人；可重复。",
    ),
    "providers.created": (
        "The identity provider {name} is made. Register this redirect address there:",
        "已创建身份提供商 {name}。请在其处登记此回调地址：",
    ),
    "providers.check.help": (
        "Ask a provider whether signing in there would work.",
        "检查能否通过该提供商登录。",
    ),
    "providers.check.good": ("The provider answers as it should.", "提供商应答正常。"),
    "providers.check.next": (
        "Compare the issuer with its discovery document; see MAINSPRING_OIDC_NETWORK.",
        "请核对签发方与提供商的发现文档，并核对其地址与 MAINSPRING_OIDC_NETWORK。",
    ),
    "providers.enable.help": ("Switch a provider on.", "启用身份提供商。"),
    "providers.disable.help": (
        "Switch a provider off and end the sessions that it opened.",
        "停用身份提供商，并结束由其开启的会话。",
    ),
    "providers.delete.help": (
        "Remove a provider and the roles that followed from it.",
        "删除身份提供商及由其派生的角色。",
    ),
    "providers.passwords.help": (
        "Show whether people sign in by password, or switch that for the whole platform.",
        "显示是否可用密码登录，或为整个平台开启、关闭密码登录。",
    ),
    "providers.none": ("there is no identity provider {name}", "没有身份提供商 {name}"),
    "providers.none.next": (
        "See them: mainspring providers list",
        "查看：mainspring providers list",
    ),
    "providers.on": ("on", "启用"),
    "providers.off": ("off", "停用"),
    "keys.scope": ("What it may be used for; repeatable.", "可用于什么；可重复。"),
    "keys.model": ("A model that it may call; repeatable.", "可调用的模型；可重复。"),
    "keys.expires": ("When it ends (UTC), such as 2027-01-31.", "到期时间（UTC），如 2027-01-31。"),
    "keys.update.help": (
        "Change a key's scopes, models or expiry.",
        "更改密钥的权限范围、模型或到期时间。",
    ),
    "keys.update.all_models": ("Let it call all models.", "允许调用全部模型。"),
    "keys.update.never_expires": ("Let it never expire.", "永不过期。"),
    "column.issuer": ("issuer", "签发方"),
}
