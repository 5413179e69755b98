"""Texts of the commands that keep a platform as it should be, in English and Chinese."""

OPERATIONS: dict[str, tuple[str, str]] = {
    "apply.remove": ("remove", "删除"),
    "apply.record": (
        "Note in this file what was applied, so that --prune may remove it later.",
        "在此文件中记下已应用的对象，供日后 --prune 删除。",
    ),
    "apply.prune": (
        "Remove what an earlier run with the same --record applied and no file declares any more.",
        "删除此前以同一 --record 应用、而文件中已不再声明的对象。",
    ),
    "apply.prune.record": (
        "--prune needs --record: only what was applied is removed",
        "--prune 需要 --record：只删除曾经应用过的对象",
    ),
    "apply.prune.record.next": (
        "Give the file that earlier runs wrote: --record applied.json",
        "请给出此前写下的文件：--record applied.json",
    ),
    "apply.record.strange": (
        "{path} is no record of what was applied: {reason}",
        "{path} 不是应用记录：{reason}",
    ),
    "diff.help": (
        "Show what applying files would change, field by field.",
        "逐字段显示应用文件将带来的更改。",
    ),
    "diff.record": (
        "Also show what --prune with this record would remove.",
        "同时显示以此记录执行 --prune 将删除的对象。",
    ),
    "diff.same": ("the platform is as the files say", "平台与文件一致"),
    "export.help": (
        "Write the configuration as files for `mainspring apply`; secrets are only named.",
        "把配置导出为 `mainspring apply` 的文件；机密只给出名称。",
    ),
    "export.items": (
        "Write the items of data sets as well; they may hold people's words.",
        "同时写出数据集的条目；其中可能含有用户的原话。",
    ),
    "export.items.where": (
        "items go to files: name a directory by --output",
        "条目写入文件：请用 --output 指定目录",
    ),
    "export.output": (
        "Empty directory to write into; without it everything is printed.",
        "写入的空目录；不给则输出到标准输出。",
    ),
    "export.schema": (
        "Print the JSON Schema of the files instead, for editors and reviews.",
        "改为输出文件的 JSON Schema，供编辑器与评审使用。",
    ),
    "export.full": ("{path} is not empty", "{path} 不是空目录"),
    "export.full.next": (
        "Give a new directory; nothing is written over.",
        "请给出新目录；不会覆盖已有文件。",
    ),
    "export.done": ("{count} files in {path}", "{path} 中共 {count} 个文件"),
    "backup.help": (
        "Back up the platform to one file while it runs: mainspring backup FILE.",
        "在平台运行时把它备份为一个文件：mainspring backup FILE。",
    ),
    "backup.create.help": (
        "Make a backup. FILE may be a directory: the backup is then named by the time.",
        "创建备份。FILE 可以是目录，此时按时间命名。",
    ),
    "backup.keep": (
        "In a directory: remove all but so many of the backups there, afterwards.",
        "目录中：完成后只保留这么多份备份。",
    ),
    "backup.keys": (
        "Also write the master keys to this file, locked by a passphrase. Keep it elsewhere.",
        "同时把主密钥写入此文件，并用口令加锁。请另行保存。",
    ),
    "backup.passphrase_stdin": (
        "Read the passphrase from standard input.",
        "从标准输入读取口令。",
    ),
    "backup.no_blobs": (
        "Leave out uploaded files (where their bucket has a backup of its own).",
        "不包含已上传的文件（当存储桶另有备份时）。",
    ),
    "backup.passphrase": ("Passphrase of the key file", "密钥文件的口令"),
    "backup.keep.directory": (
        "--keep needs a directory, not a file",
        "--keep 需要目录而不是文件",
    ),
    "backup.keep.directory.next": (
        "Give the directory that holds the backups.",
        "请给出存放备份的目录。",
    ),
    "backup.done": (
        "{path}: {rows} rows of {tables} tables, {blobs} files, {megabytes:.1f} MB.",
        "{path}：{tables} 张表共 {rows} 行，{blobs} 个文件，{megabytes:.1f} MB。",
    ),
    "backup.keys.done": ("Master keys: {path}", "主密钥：{path}"),
    "backup.keys.missing": (
        "The master keys are not in it: keep {path} apart, or add --keys.",
        "其中不含主密钥：请另行保存 {path}，或使用 --keys。",
    ),
    "backup.removed": ("Removed {path}.", "已删除 {path}。"),
    "backup.verify.help": (
        "Read all of a backup and compare it with its manifest.",
        "完整读取备份并与其清单比对。",
    ),
    "backup.verify.done": (
        "{path} is whole: made {at} by release {release}, {rows} rows, {blobs} files.",
        "{path} 完好：由版本 {release} 于 {at} 创建，{rows} 行，{blobs} 个文件。",
    ),
    "restore.help": (
        "Restore a backup into an empty data directory or database.",
        "把备份恢复到空的数据目录或数据库。",
    ),
    "restore.keys": (
        "File of master keys that `mainspring backup --keys` wrote.",
        "由 `mainspring backup --keys` 写出的主密钥文件。",
    ),
    "restore.without_keys": (
        "Restore although the master keys are missing; enter every secret again afterwards.",
        "即使缺少主密钥也恢复；之后需重新录入所有机密。",
    ),
    "restore.running": (
        "a platform runs on {home}",
        "{home} 上正有平台运行",
    ),
    "restore.running.next": (
        "Stop it (mainspring down), or restore into another MAINSPRING_HOME.",
        "请先停止（mainspring down），或恢复到另一个 MAINSPRING_HOME。",
    ),
    "restore.keys.missing.next": (
        "Give them by --keys, put master.key back, or pass --without-keys.",
        "请用 --keys 提供、放回 master.key，或使用 --without-keys。",
    ),
    "restore.done": (
        "Restored {rows} rows of {tables} tables and {blobs} files, made {at}.",
        "已恢复 {at} 创建的备份：{tables} 张表共 {rows} 行，{blobs} 个文件。",
    ),
    "restore.next": (
        "Start the platform: mainspring up",
        "启动平台：mainspring up",
    ),
    "support-bundle.help": (
        "Write one file for whoever helps: versions, settings, health, errors, and no secret.",
        "为协助者写出一个文件：版本、设置、健康状况与错误，不含任何机密。",
    ),
    "support.collecting": ("Looking at everything…", "正在收集……"),
    "support.exists": ("{path} exists already", "{path} 已存在"),
    "support.exists.next": ("Give another name.", "请换一个名称。"),
    "support.done": (
        "In it: {files}. Secrets were taken out; look through it before you pass it on.",
        "其中包含：{files}。机密已去除；转交前请自行查看。",
    ),
}
