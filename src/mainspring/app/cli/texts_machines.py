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
    "svc.owner": (
        "Who answers for it from now on: a member's e-mail address or id.",
        "今后的负责人：成员的邮箱或 id。",
    ),
    "svc.owner_left": ("Only those whose owner has left.", "仅列出负责人已离开的账户。"),
    "column.owner_id": ("owner", "负责人"),
    "column.owner_left_at": ("owner left", "负责人离开"),
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
    "doctor.backups": (
        "The newest backup, {what}, is {hours:.0f} hours old and whole; its key is here.",
        "最新备份 {what} 已有 {hours:.0f} 小时，完整无损，其密钥在此。",
    ),
    "doctor.backups.none": ("No backups are made by the clock.", "没有定时备份。"),
    "doctor.backups.none.hint": (
        "Set MAINSPRING_BACKUP_DIRECTORY, or run: mainspring backup create DIRECTORY --keep 7",
        "设置 MAINSPRING_BACKUP_DIRECTORY，或运行：mainspring backup create 目录 --keep 7",
    ),
    "doctor.backups.empty": ("There is no backup in {what} yet.", "{what} 中还没有备份。"),
    "doctor.backups.closed": (
        "The directory of backups cannot be read: {what}",
        "无法读取备份目录：{what}",
    ),
    "doctor.backups.old": (
        "The newest backup is older than its schedule: {what}",
        "最新备份早于计划：{what}",
    ),
    "doctor.backups.damaged": ("The newest backup is damaged: {what}", "最新备份已损坏：{what}"),
    "doctor.backups.big": (
        "The newest backup is too large to be read through here: {what}",
        "最新备份过大，此处不读取校验：{what}",
    ),
    "doctor.backups.verify": (
        "Run from time to time: mainspring backup verify {what}",
        "请定期运行：mainspring backup verify {what}",
    ),
    "doctor.backups.hint": (
        "Make one now: mainspring backup create DIRECTORY; see the worker's log for the last run.",
        "立即创建：mainspring backup create 目录；上次运行情况见 worker 日志。",
    ),
    "doctor.backups.keys": (
        "The newest backup could not be restored here: {what}",
        "无法在此还原最新备份：{what}",
    ),
    "doctor.backups.keys.hint": (
        "Bring back the master keys that it was made with, or make a new backup with those of now.",
        "取回创建它时的主密钥，或用现有主密钥重新备份。",
    ),
}
