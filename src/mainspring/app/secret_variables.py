"""Variables of where the master keys are kept; every part that holds them reads the same ones."""

from mainspring.app.settings import Variable

MASTER_KEYS: dict[str, Variable] = {
    "key_source": Variable(
        "MAINSPRING_MASTER_KEY_SOURCE",
        "Where the master keys are kept: `file`, `environment`, `vault-kv` (a secret of OpenBao or"
        " Vault) or `vault-transit` (in the file, each wrapped by a transit key).",
        "主密钥的存放处：`file`、`environment`、`vault-kv`（OpenBao 或 Vault 中的机密）或"
        " `vault-transit`（仍在文件中，各由 transit 密钥加密）。",
        "file",
    ),
    "master_keys": Variable(
        "MAINSPRING_MASTER_KEYS",
        "The master keys themselves for `environment`: url-safe base64 of 32 bytes each, separated"
        " by commas; the first seals.",
        "`environment` 时的主密钥本身：每把为 32 字节的 URL 安全 base64，以逗号分隔；第一把"
        "用于加密。",
    ),
    "vault_url": Variable(
        "MAINSPRING_VAULT_URL",
        "Base URL of OpenBao or Vault.",
        "OpenBao 或 Vault 的基础 URL。",
    ),
    "vault_token_file": Variable(
        "MAINSPRING_VAULT_TOKEN_FILE",
        "File with the token for it, read anew for every call; an agent may renew it.",
        "其令牌所在文件，每次调用时重新读取；可由 agent 更新。",
    ),
    "vault_mount": Variable(
        "MAINSPRING_VAULT_MOUNT",
        "Where its engine is mounted; unset means `secret` or `transit`.",
        "其引擎的挂载路径；不设置表示 `secret` 或 `transit`。",
    ),
    "vault_path": Variable(
        "MAINSPRING_VAULT_PATH",
        "Path of the secret in the key-value store (version 2), or name of the transit key.",
        "键值存储（第 2 版）中机密的路径，或 transit 密钥的名称。",
        "mainspring",
    ),
    "vault_namespace": Variable(
        "MAINSPRING_VAULT_NAMESPACE",
        "Namespace of it, where there are namespaces.",
        "其命名空间（若启用）。",
    ),
    "vault_ca_file": Variable(
        "MAINSPRING_VAULT_CA_FILE",
        "Authority (PEM) of its certificate, where that is not a public one.",
        "其证书的签发机构（PEM），非公共机构时设置。",
    ),
}
