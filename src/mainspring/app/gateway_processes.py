"""What each of several gateway processes on one port is told; they share nothing else.

The first keeps the names that a single gateway would have, so that going from one process to
several, and back, loses nothing: spool, snapshot, identity.
"""

from collections.abc import Sequence

import msgspec

from mainspring.app.variables import GATEWAY
from mainspring.gateway.meter.leftovers import numbered
from mainspring.gateway.settings import GatewaySettings

_LAME_DUCK_S = 1.0
"""While one of several stops, its clients have somewhere else to go: let them learn of it."""


def process_id(settings: GatewaySettings, number: int) -> str:
    """Return the name of process ``number`` (from 1) in records and health."""
    return settings.gateway_id if number == 1 else f"{settings.gateway_id}.{number}"


def process_environment(
    settings: GatewaySettings, number: int, admin_ports: Sequence[int]
) -> dict[str, str]:
    """Return the variables in which process ``number`` differs from ``settings``.

    ``admin_ports`` are those of all processes, in their order.
    """
    several = len(admin_ports) > 1
    own = msgspec.structs.replace(
        settings,
        gateway_id=process_id(settings, number),
        spool_dir=numbered(settings.spool_dir, number),
        snapshot_file=numbered(settings.snapshot_file, number),
        limits_file=settings.limits_file and numbered(settings.limits_file, number),
        unix_socket=settings.unix_socket and numbered(settings.unix_socket, number),
        admin_port=admin_ports[number - 1],
        process_count=len(admin_ports),
        process_number=number,
        sibling_ports=",".join(map(str, admin_ports)) if several else "",
        lame_duck_s=settings.lame_duck_s or (_LAME_DUCK_S if several else 0.0),
    )
    before = GATEWAY.write(settings)
    return {name: text for name, text in GATEWAY.write(own).items() if text != before[name]}
