"""AWS Signature Version 4, as far as requests to Bedrock need it.

Source: "Create a signed AWS API request" in the IAM User Guide. Signed are the method, the path,
the host, the type and the whole body, and the moment: a signature is good for five minutes.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_REGION: Final = re.compile(r"[a-z0-9-]{1,64}")
_PART: Final = re.compile(r"[\x21-\x7e]+")


class Signer:
    """Signs requests with one pair of keys, for one region.

    The key that signs is derived anew each day. It belongs to one thread.
    """

    __slots__ = ("_day", "_key", "_key_id", "_region", "_secret", "_service", "_token")

    def __init__(self, credential: bytes, region: str, service: str = "bedrock") -> None:
        """Take ``credential``: access key id, secret access key and, if any, session token.

        The three are separated by colons, which none of them contains.

        Raises:
            ValueError: if ``credential`` or ``region`` is not what it should be; what was given is
                not told.
        """
        parts = credential.decode("ascii", "replace").split(":")
        if len(parts) not in (2, 3) or not all(_PART.fullmatch(part) for part in parts):
            raise ValueError(
                "a credential that signs is 'access key id:secret access key', with ':session"
                " token' behind it where there is one"
            )
        if _REGION.fullmatch(region) is None:
            raise ValueError(f"not the name of a region: {region!r}")
        self._key_id = parts[0]
        self._secret = parts[1]
        self._token = parts[2] if len(parts) == 3 else None
        self._region = region
        self._service = service
        self._day = ""
        self._key = b""

    def lines(
        self,
        path: str,
        body: bytes,
        *,
        host: str,
        content_type: str,
        at: float,
        method: str = "POST",
    ) -> bytes:
        """Return the header lines that sign a request, each with its line end.

        ``path`` is percent-encoded as it is sent, without a query; ``host`` and ``content_type``
        are sent as they are here; ``at`` is Unix seconds.
        """
        moment = datetime.fromtimestamp(at, UTC)
        stamp = f"{moment:%Y%m%dT%H%M%SZ}"
        day = stamp[:8]
        headers = {"content-type": content_type, "host": host, "x-amz-date": stamp}
        if self._token is not None:
            headers["x-amz-security-token"] = self._token
        names = ";".join(headers)
        lines = "".join(f"{name}:{' '.join(value.split())}\n" for name, value in headers.items())
        # Everywhere but in S3 the path is encoded once more than it is sent.
        request = (
            f"{method}\n{quote(path, safe='/-_.~')}\n\n{lines}\n{names}\n"
            f"{hashlib.sha256(body).hexdigest()}"
        )
        scope = f"{day}/{self._region}/{self._service}/aws4_request"
        text = f"{_ALGORITHM}\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = _mac(self._signing_key(day), text).hex()
        token = "" if self._token is None else f"x-amz-security-token: {self._token}\r\n"
        return (
            f"x-amz-date: {stamp}\r\n{token}authorization: {_ALGORITHM} "
            f"Credential={self._key_id}/{scope}, SignedHeaders={names}, Signature={signature}\r\n"
        ).encode()

    def _signing_key(self, day: str) -> bytes:
        if day != self._day:
            key = f"AWS4{self._secret}".encode()
            for part in (day, self._region, self._service, "aws4_request"):
                key = _mac(key, part)
            self._key = key
            self._day = day
        return self._key


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
