"""The master keys that open upstreams' credentials, followed while the gateway runs."""

from collections.abc import Callable

from mainspring.gateway.settings import GatewaySettings
from mainspring.infra.secrets import KeyFollower, KeySource, Sealer, open_keys


class HeldKeys:
    """The keys of one gateway, and where they come from. Fails closed: none, no start."""

    def __init__(self, source: KeySource) -> None:
        """Read the keys. Blocks, before the gateway serves.

        Raises:
            KeyFileError: if they cannot be had.
        """
        self._source = source
        self.sealer = Sealer.of(source)

    def follower(self, *, changed: Callable[[], None]) -> KeyFollower:
        """Return what keeps the keys up to date; ``changed`` hears of every change."""
        return KeyFollower(self._source, self.sealer, changed=changed)


def make_keys(settings: GatewaySettings) -> HeldKeys | None:
    """Return the keys that the settings name; ``None`` where there are to be none.

    Raises:
        KeyFileError: if they cannot be had.
    """
    if settings.key_source == "file" and settings.master_key_file is None:
        return None
    return HeldKeys(open_keys(settings, settings.master_key_file))
