"""How our errors look on the control plane: problem details (RFC 9457)."""

from typing import Any

from mainspring.kernel.errors import MainspringError

MEDIA_TYPE = "application/problem+json"


def problem(
    error: MainspringError, *, instance: str, request_id: str | None = None
) -> dict[str, Any]:
    """Return the problem object of ``error``; ``instance`` is the path that was asked."""
    return {
        "type": f"urn:mainspring:error:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": instance,
        "code": error.code,
        "next_step": error.next_step,
        "request_id": request_id,
        **({"change_id": error.params["change_id"]} if "change_id" in error.params else {}),
        **({"errors": error.params["errors"]} if "errors" in error.params else {}),
    }
