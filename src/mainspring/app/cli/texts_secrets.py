"""The texts of ``mainspring secrets``, in English and Chinese."""

SECRETS: dict[str, tuple[str, str]] = {
    "secrets.help": (
        "See the master keys, and change them while everything runs.",
        "查看主密钥，并在不停机的情况下更换。",
    ),
    "secrets.status.help": (
        "Show which master keys there are, who lacks one, and what each seals.",
        "显示有哪些主密钥、谁尚未持有，以及各自加密了多少机密。",
    ),
    "secrets.rotate.help": (
        "Make a new master key and seal all secrets anew by it; run again, it goes on.",
        "生成新的主密钥并用它重新加密所有机密；中断后再次运行即可继续。",
    ),
    "secrets.rotate.wait": (
        "Seconds to wait for every running part to hold the new key.",
        "等待各运行部分持有新密钥的秒数。",
    ),
    "secrets.rotate.given": (
        "Make no new key; seal by the first of those that there are.",
        "不生成新密钥；用现有的第一把重新加密。",
    ),
    "secrets.retire.help": (
        "Take away a master key that seals nothing any more.",
        "移除已不再加密任何机密的主密钥。",
    ),
    "secrets.waiting": ("Waiting for parts to hold {key_id}…", "等待各部分持有 {key_id}……"),
    "secrets.resealed": ("Sealed {count} secrets anew…", "已重新加密 {count} 个机密……"),
    "secrets.rotated": (
        "{count} secrets are sealed anew by {key_id}.",
        "{count} 个机密已由 {key_id} 重新加密。",
    ),
    "secrets.retired": ("{key_id} is gone.", "{key_id} 已移除。"),
    "secrets.next": (
        "Take the old key away by: mainspring secrets retire {key_id}",
        "移除旧密钥：mainspring secrets retire {key_id}",
    ),
    "secrets.late": (
        "Not every part holds the new key yet.",
        "仍有部分未持有新密钥。",
    ),
    "secrets.late.next": (
        "See `mainspring secrets status`; then run the command again.",
        "请查看 `mainspring secrets status`，然后再次运行。",
    ),
    "secrets.unreadable": (
        "{count} secrets cannot be read by any key that is held.",
        "有 {count} 个机密无法用所持有的任何密钥读取。",
    ),
    "secrets.unreadable.next": (
        "Put the key that sealed them back, or enter them again.",
        "请恢复加密它们的密钥，或重新录入这些机密。",
    ),
    "secrets.key": ("ID of the key.", "密钥 ID。"),
    "doctor.keys": (
        "master keys are held and open everything ({source})",
        "主密钥可用（{source}）",
    ),
    "doctor.keys.away": ("the master keys were not looked at: {what}", "未检查主密钥：{what}"),
    "doctor.keys.away.hint": (
        "See `mainspring status` and the log of control.",
        "请查看 `mainspring status` 与控制面的日志。",
    ),
    "doctor.keys.unreadable": (
        "{what} secrets cannot be read by any key that is held",
        "有 {what} 个机密无法用所持有的任何密钥读取",
    ),
    "doctor.keys.missing": (
        "these parts do not hold every master key: {what}",
        "以下部分未持有全部主密钥：{what}",
    ),
    "doctor.keys.missing.hint": (
        "Give them the same keys, or access to the same vault.",
        "请提供相同的密钥，或允许访问同一 vault。",
    ),
    "doctor.keys.waiting": (
        "{what} secrets are sealed by an old master key",
        "有 {what} 个机密仍由旧主密钥加密",
    ),
    "doctor.keys.waiting.hint": (
        "Run: mainspring secrets rotate",
        "请运行 mainspring secrets rotate",
    ),
    "column.seals": ("seals", "用于加密"),
    "column.secrets": ("secrets", "机密数"),
    "column.missing_at": ("missing at", "尚未持有"),
}
