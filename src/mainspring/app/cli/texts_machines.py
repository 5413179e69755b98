"""Texts of the commands about service accounts, issuers and directories."""

MACHINES: dict[str, tuple[str, str]] = {
    "service-accounts.help": (
        "Manage service accounts: programs that get tokens from the platform.",
        "管理服务账户：向平台申请令牌的程序。",
    ),
    "issuers.help": (
        "Manage token issuers, whose tokens the gateway believes.",
        "管理令牌签发方：网关信任其令牌。",
    ),
    "directories.help": (
        "Manage the tokens by which directories write here (SCIM).",
        "管理目录写入平台所用的令牌（SCIM）。",
    ),
    "svc.list.help": ("List service accounts.", "列出服务账户。"),
    "svc.create.help": (
        "Create a service account; only its secret goes to standard output.",
        "创建服务账户；仅其密钥输出到标准输出。",
    ),
    "svc.update.help": (
        "Change the projects, scopes, models or expiry of a service account.",
        "更改服务账户的项目、权限范围、模型或到期时间。",
    ),
    "svc.suspend.help": ("End its tokens, until it is resumed.", "终止其令牌，直至恢复。"),
    "svc.resume.help": ("Let it get tokens again.", "允许其重新获取令牌。"),
    "svc.secrets.help": ("List its secrets, never in clear.", "列出其密钥（不含明文）。"),
    "svc.add_secret.help": (
        "Give it another secret; only that goes to standard output.",
        "再发放一个密钥；仅该密钥输出到标准输出。",
    ),
    "svc.revoke_secret.help": (
        "End a secret, and every token that was got by it.",
        "终止一个密钥及凭其取得的所有令牌。",
    ),
    "svc.delete.help": (
        "Remove a service account; all of its tokens end.",
        "删除服务账户；其所有令牌随之失效。",
    ),
    "svc.project": (
        "A project where it acts, the first by default; repeatable.",
        "其所在的项目，第一个为默认；可重复。",
    ),
    "svc.end_others": (
        "Let its other secrets end after so many hours.",
        "使其他密钥在若干小时后失效。",
    ),
    "svc.suspended": ("suspended", "已暂停"),
    "svc.created": (
        "The service account {name} is made; its client id is {id}. Its secret, shown this once:",
        "已创建服务账户 {name}，客户端 ID 为 {id}。其密钥仅显示这一次：",
    ),
    "svc.secret": ("The secret {id}, shown this once:", "密钥 {id}，仅显示这一次："),
    "issuers.list.help": ("List token issuers.", "列出令牌签发方。"),
    "issuers.show.help": ("Show a token issuer.", "查看令牌签发方。"),
    "issuers.create.help": ("Believe the tokens of an issuer.", "信任一个签发方的令牌。"),
    "issuers.create.issuer": ("What tokens name as iss.", "令牌中的 iss。"),
    "issuers.create.audience": ("What tokens must name in aud.", "令牌的 aud 中须包含的值。"),
    "issuers.create.grant": (
        "GROUP=PROJECT, or PROJECT for every bearer; repeatable.",
        "用户组=项目，或仅写项目表示所有持有者；可重复。",
    ),
    "issuers.create.groups_claim": ("The claim that names groups.", "列出用户组的声明。"),
    "issuers.create.keys_file": (
        "A JWK set with its public keys, where they are not to be fetched.",
        "含其公钥的 JWK 集文件，用于无法自动获取时。",
    ),
    "issuers.delete.help": ("Believe an issuer no more.", "不再信任一个签发方。"),
    "directories.list.help": ("List directories' tokens.", "列出目录令牌。"),
    "directories.create.help": (
        "Make a token for a directory; only that goes to standard output.",
        "为目录创建令牌；仅该令牌输出到标准输出。",
    ),
    "directories.created": (
        "The token {name} ({id}) opens /scim/v2 for this organisation. Shown this once:",
        "令牌 {name}（{id}）可访问本组织的 /scim/v2。仅显示这一次：",
    ),
    "directories.revoke.help": ("End a directory's token.", "终止目录令牌。"),
    "named.none": ("there is no {name}", "没有 {name}"),
    "named.none.next": ("There are: {known}", "现有：{known}"),
    "column.projects": ("projects", "项目"),
    "column.audience": ("audience", "受众"),
    "column.key_ids": ("keys", "密钥"),
    "column.problem": ("problem", "问题"),
}
