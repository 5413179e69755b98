"""Run by Alembic: applies revisions on the connection that ``infra.db.migrate`` hands over."""

from alembic import context
from sqlalchemy import Connection

from mainspring.infra.db.metadata import metadata

connection = context.config.attributes.get("connection")
if not isinstance(connection, Connection):
    raise TypeError("migrations run by mainspring.infra.db.migrate, not by the alembic command")

context.configure(
    connection=connection,
    target_metadata=metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
