"""Which operations need two persons, and the changes that wait for the second one."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, cast

import msgspec

from mainspring.kernel.errors import ConflictError, InvalidRequestError, PermissionDeniedError

DEFAULT_ACTIONS: Final = (
    "put_four_eyes",
    "delete_organization",
    "update_organization:suspended",
    "update_organization:data_policy",
    "update_project:data_policy",
    "update_project:capture",
    "create_project:capture",
    "create_user:platform_roles",
    "update_user:platform_roles",
    "update_user:break_glass",
    "reset_second_factor",
    "update_role:permissions",
    "update_group:roles",
    "create_identity_provider",
    "update_identity_provider",
    "create_organization_identity_provider",
    "delete_identity_provider",
    "create_token_issuer",
    "update_token_issuer",
    "delete_token_issuer",
    "put_sign_in_policy",
    "rotate_signing_keys",
    "activate_master_key",
    "retire_master_key",
    "update_upstream:base_url",
    "update_upstream:region",
    "update_upstream:hosting",
    "create_upstream:passthrough",
    "update_upstream:passthrough",
    "create_model:price",
    "update_model:price",
    "create_gpu_price",
    "update_gpu_price",
    "delete_gpu_price",
    "update_model:access",
    "update_model:targets",
    "update_model:fallbacks",
    "delete_model",
    "delete_upstream",
    "take_release_offline",
    "verify_release:waive",
    "create_model_grant",
    "update_model_grant",
    "create_access_rule",
    "update_access_rule",
    "delete_access_rule",
    "create_policy",
    "update_policy",
    "delete_policy",
    "create_notification_channel",
    "create_organization_notification_channel",
    "update_notification_channel:url",
    "update_notification_channel:email",
    "update_notification_channel:enabled",
    "delete_notification_channel",
    "update_slo:enabled",
    "update_slo:target",
    "delete_slo",
)
"""What needs two persons unless something else is said."""
_PROPOSED_FIRST: Final = (
    "put_four_eyes",
    "delete_organization",
    "update_organization:suspended",
    "create_user:platform_roles",
    "update_user:platform_roles",
    "reset_second_factor",
    "create_identity_provider",
    "update_identity_provider",
    "put_sign_in_policy",
    "rotate_signing_keys",
    "update_upstream:base_url",
    "update_model:price",
    "delete_model",
    "delete_upstream",
    "take_release_offline",
)
"""What a database was given as the proposal when its table was made."""

ACTION_PATTERN: Final = r"^[a-z][a-z0-9_]{0,99}(?::[a-z][a-z0-9_]{0,63})?$"
ALWAYS: Final = "put_four_eyes"
"""Needs two persons wherever anything does: nobody lifts the rule alone."""
MAX_ACTIONS: Final = 200
MAX_OPEN: Final = 100
"""Changes that one actor may have waiting."""
MAX_BODY: Final = 256 * 1024
MAX_TEXT: Final = 2000
GONE_AFTER: Final = timedelta(minutes=10)
"""An approved change without an outcome by then was cut off by the end of a process."""
_HIDDEN: Final = re.compile(
    r"password|secret|credential|token|private|authorization|passphrase", re.IGNORECASE
)
_SHOWN_TEXT: Final = 500
_SHOWN_BYTES: Final = 16 * 1024


class FourEyes(msgspec.Struct, frozen=True, kw_only=True):
    """Whether changes need two persons, and which do.

    An action is the id of an operation, or ``operation:member``: only requests whose body names
    that member. A change nobody decides within ``hours`` is gone.
    """

    enabled: bool = False
    actions: tuple[str, ...] = DEFAULT_ACTIONS
    hours: int = 72
    updated_at: datetime
    revision: int = 1

    def as_proposed(self) -> "FourEyes":
        """Return it with the proposal of this release, where an older one was never taken up."""
        if self.enabled or self.actions != _PROPOSED_FIRST:
            return self
        return msgspec.structs.replace(self, actions=DEFAULT_ACTIONS)

    def rules(self) -> Mapping[str, frozenset[str]]:
        """Return the members that count of each operation; none: every request counts."""
        if not self.enabled:
            return {}
        found: dict[str, set[str]] = {}
        whole: set[str] = set()
        for action in (ALWAYS, *self.actions):
            operation, _, member = action.partition(":")
            members = found.setdefault(operation, set())
            if member:
                members.add(member)
            else:
                whole.add(operation)
        return {
            operation: frozenset() if operation in whole else frozenset(members)
            for operation, members in found.items()
        }


class State(StrEnum):
    """Where a change stands."""

    PENDING = "pending"
    APPROVED = "approved"
    EXECUTED = "executed"
    FAILED = "failed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A request that is held back: what will be sent once a second person agrees."""

    operation: str
    permission: str
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str | None = None
    if_match: str | None = None
    reason: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """How the request was answered when it was sent; ``code`` and ``detail`` of a refusal."""

    status: int
    code: str = ""
    detail: str = ""


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """Who agreed, when, and what they said."""

    user_id: str
    comment: str = ""
    at: datetime


class PendingChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change that somebody asked for, and what became of it.

    ``sealed`` is the request, encrypted; ``shown`` its body without secrets. ``digest`` tells two
    requests for the same apart. ``needs`` persons have to agree: one, or two where it was asked
    for by a token that is nobody's. ``narrowed_to`` and ``confined_to`` are how far the credential
    reached that asked.
    """

    id: str
    operation: str
    permission: str
    method: str
    path: str
    shown: Any = None
    sealed: bytes
    digest: bytes
    reason: str = ""
    author_kind: str
    author_id: str
    narrowed_to: tuple[str, ...] | None = None
    confined_to: str | None = None
    needs: int = 1
    approvals: tuple[Approval, ...] = ()
    state: State = State.PENDING
    decided_by: str | None = None
    comment: str = ""
    status: int | None = None
    code: str = ""
    detail: str = ""
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None = None
    updated_at: datetime
    revision: int = 1


def checked_actions(actions: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return ``actions``, each once.

    Raises:
        InvalidRequestError: if one names no operation that changes something.
    """
    found = tuple(dict.fromkeys(actions))
    if len(found) > MAX_ACTIONS:
        raise InvalidRequestError(f"a list has up to {MAX_ACTIONS} actions", param="actions")
    operations = frozenset(known)
    for action in found:
        if not re.fullmatch(ACTION_PATTERN, action) or action.partition(":")[0] not in operations:
            raise InvalidRequestError(
                f"{action[:100]!r} is no operation that changes something", param="actions"
            )
    return found


def approved(change: PendingChange, user_id: str, comment: str, now: datetime) -> PendingChange:
    """Return ``change`` after one more person has agreed.

    Raises:
        ConflictError: if it is decided, or that person has agreed already.
        PermissionDeniedError: if it is the person's own.
    """
    check_open(change, now)
    if change.author_id == user_id:
        raise PermissionDeniedError("nobody approves what they asked for themselves")
    if any(each.user_id == user_id for each in change.approvals):
        raise ConflictError("you have approved it already; it needs another person")
    said = Approval(user_id=user_id, comment=checked_text(comment), at=now)
    approvals = (*change.approvals, said)
    if len(approvals) < change.needs:
        return msgspec.structs.replace(change, approvals=approvals)
    return msgspec.structs.replace(
        change, approvals=approvals, state=State.APPROVED, decided_by=user_id, decided_at=now
    )


def check_open(change: PendingChange, now: datetime) -> None:
    """Raise ``ConflictError`` if there is nothing to decide any more."""
    if change.state is not State.PENDING:
        raise ConflictError(f"the change is {change.state}: there is nothing to decide")
    if change.expires_at <= now:
        raise ConflictError("the change has expired: ask for it anew")


def checked_text(text: str) -> str:
    """Return ``text`` without blanks around it.

    Raises:
        InvalidRequestError: if it is too long.
    """
    text = text.strip().replace("\0", "")
    if len(text) > MAX_TEXT:
        raise InvalidRequestError(f"up to {MAX_TEXT} characters", param="comment")
    return text


def shown_body(body: bytes) -> Any:  # noqa: ANN401 - decoded JSON
    """Return what may be seen of a request: its JSON without secrets, or its size."""
    if not body:
        return None
    try:
        shown = _shown(msgspec.json.decode(body))
        # PostgreSQL cannot hold the character NUL in JSON.
        if len(msgspec.json.encode(shown)) <= _SHOWN_BYTES and b"\\u0000" not in body:
            return shown
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    return f"({len(body)} bytes)"


def _shown(value: Any) -> Any:  # noqa: ANN401 - decoded JSON
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {
            name: "(hidden)" if _HIDDEN.search(name) and each is not None else _shown(each)
            for name, each in fields.items()
        }
    if isinstance(value, list):
        return [_shown(each) for each in cast("list[Any]", value)]
    if isinstance(value, str) and len(value) > _SHOWN_TEXT:
        return value[:_SHOWN_TEXT] + "…"
    return value
