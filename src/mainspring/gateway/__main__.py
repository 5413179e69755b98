"""A gateway alone: it serves a snapshot file and knows no control plane.

For benchmarks and for looking at one thing at a time; the platform itself starts gateways by
``mainspring serve gateway``.
"""

import argparse
import logging
import sys
from pathlib import Path

import uvloop

from mainspring.gateway.main import run
from mainspring.gateway.settings import GatewaySettings


def main() -> None:
    """Serve until SIGTERM; writes ``ready <port>`` once it accepts requests."""
    parser = argparse.ArgumentParser(prog="python -m mainspring.gateway", description=__doc__)
    parser.add_argument("--snapshot", type=Path, required=True, help="snapshot file to serve")
    parser.add_argument("--spool", type=Path, required=True, help="directory for usage records")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8080, help="port; 0 takes a free one")
    parser.add_argument("--master-key", type=Path, help="file with the keys of sealed credentials")
    parser.add_argument("--limits-file", type=Path, help="file for daily and monthly limits")
    parser.add_argument("--limits", choices=("on", "off"), default="on", help="count limits")
    parser.add_argument("--redis-url", help="where several gateways count limits together")
    parser.add_argument("--gateway-id", default="gateway-1", help="name in records")
    parser.add_argument(
        "--reuse-port", action="store_true", help="share the port with other gateways"
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    settings = GatewaySettings(
        spool_dir=arguments.spool,
        snapshot_file=arguments.snapshot,
        host=arguments.host,
        port=arguments.port,
        master_key_file=arguments.master_key,
        gateway_id=arguments.gateway_id,
        reuse_port=arguments.reuse_port,
        limits_file=arguments.limits_file,
        limits=arguments.limits,
        redis_url=arguments.redis_url,
    )

    def tell(port: int) -> None:
        sys.stdout.write(f"ready {port}\n")
        sys.stdout.flush()

    uvloop.run(run(settings, ready=tell))


if __name__ == "__main__":
    main()
