"""The register of executors: who is alive, by the database's clock."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, func

from mainspring.infra.db.metadata import metadata

job_executors = Table(
    "job_executors",
    metadata,
    Column("executor_id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
