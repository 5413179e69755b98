"""The variables of where things are kept: blobs, and backups that a worker makes by the clock."""

from mainspring.app.settings import Variable

SCHEDULED_BACKUPS = {
    "backup_directory": Variable(
        "MAINSPRING_BACKUP_DIRECTORY",
        "Directory in which the worker makes backups by itself; unset: it makes none.",
        "工作进程自动存放备份的目录；不设置则不自动备份。",
    ),
    "backup_schedule": Variable(
        "MAINSPRING_BACKUP_SCHEDULE",
        "When backups are made: cron with five fields, UTC.",
        "自动备份的时间：五段式 cron（UTC）。",
        "20 2 * * *",
    ),
    "backup_keep": Variable(
        "MAINSPRING_BACKUP_KEEP",
        "How many of the worker's backups stay; older ones are removed after a new one.",
        "保留的自动备份份数；新备份完成后删除更早的。",
        "7",
    ),
}

BLOBS = {
    "blob_url": Variable(
        "MAINSPRING_BLOB_URL",
        "Where files lie: a directory that control and workers share, or `s3://bucket/prefix`.",
        "文件的存放位置：控制面与工作进程共享的目录，或 `s3://bucket/prefix`。",
        "{home}/blobs",
    ),
    "blob_endpoint": Variable(
        "MAINSPRING_BLOB_ENDPOINT",
        "Base URL of the S3 server, where it is not AWS.",
        "S3 服务的基础 URL（不是 AWS 时）。",
    ),
    "blob_region": Variable(
        "MAINSPRING_BLOB_REGION",
        "Region of the bucket; unset means us-east-1.",
        "存储桶所在区域；未设置表示 us-east-1。",
    ),
    "blob_access_key": Variable(
        "MAINSPRING_BLOB_ACCESS_KEY",
        "Access key of the bucket; unset uses the role or the environment, as AWS's tools do.",
        "存储桶的 access key；未设置时与 AWS 工具一样使用角色或环境变量。",
    ),
    "blob_secret_key_file": Variable(
        "MAINSPRING_BLOB_SECRET_KEY_FILE",
        "File with the secret key that belongs to the access key.",
        "与 access key 对应的 secret key 所在文件。",
    ),
}
