"""How clients come in, from a gateway's settings."""

from mainspring.gateway.http.networks import Networks
from mainspring.gateway.http.server import Entrance
from mainspring.gateway.http.tls import TlsFiles, TlsKeeper
from mainspring.gateway.settings import GatewaySettings, GatewaySettingsError


class EntranceError(GatewaySettingsError):
    """The settings of the listener do not fit each other; the text says which and why."""


def make_tls(settings: GatewaySettings) -> TlsKeeper | None:
    """Return what holds the TLS context, ``None`` where no certificate is set.

    Raises:
        EntranceError: if settings are there that mean nothing without a certificate.
        TlsError: if the files cannot be used.
    """
    if settings.tls_cert_file is None:
        if settings.tls_key_file or settings.tls_client_ca_file:
            # Serving in plain text what was meant to be TLS would be the worst reading of this.
            raise EntranceError(
                "a TLS key or client authorities are set without a certificate: set"
                " MAINSPRING_GATEWAY_TLS_CERT_FILE"
            )
        return None
    return TlsKeeper(
        TlsFiles(
            chain=settings.tls_cert_file,
            key=settings.tls_key_file,
            client_ca=settings.tls_client_ca_file,
            client_auth=settings.tls_client_auth,
            min_version=settings.tls_min_version,
        )
    )


def make_entrance(settings: GatewaySettings, tls: TlsKeeper | None) -> Entrance:
    """Return the way in.

    Raises:
        EntranceError: if a network, or the mode of the Unix socket, is none.
    """
    try:
        return Entrance(
            tls=None if tls is None else tls.context,
            unix_path=settings.unix_socket,
            unix_mode=_mode(settings.unix_socket_mode),
            proxy_header_from=Networks.parse(settings.proxy_protocol_from),
            forwarded_by=Networks.parse(settings.trusted_proxies),
            reuse_port=settings.reuse_port or settings.process_count > 1,
        )
    except ValueError as error:
        raise EntranceError(f"the listener's settings cannot be used: {error}") from error


def _mode(text: str) -> int:
    mode = int(text, 8)
    if not 0 < mode <= 0o777:
        raise ValueError(f"{text} is no mode of a file")
    return mode
