"""What is sealed of channels, as a place."""

from mainspring.capabilities.alerts.store.tables import notification_channels
from mainspring.infra.db import Database
from mainspring.infra.db.sealed import SealedColumn


def sealed_channels(database: Database) -> SealedColumn:
    """Return the addresses, signing secrets and passwords of notification channels."""
    return SealedColumn(
        database,
        "notification channels",
        notification_channels,
        notification_channels.c.secret,
        context=lambda row: f"notification-channel/{row['id']}/{row['host']}",
    )
