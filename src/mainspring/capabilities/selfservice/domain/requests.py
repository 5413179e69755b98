"""Requests for access: their steps, who decided what, and what was granted."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from mainspring.capabilities.selfservice.domain.rules import DATA_CLASSES, ApprovalStep
from mainspring.kernel.errors import ConflictError, InvalidRequestError, PermissionDeniedError
from mainspring.snapshot.resources import Limits, Price

MAX_TEXT: Final = 2000
MAX_COMMENTS: Final = 200
MAX_DAYS: Final = 3650
MAX_OPEN: Final = 50
"""Requests that one person may have under way in an organisation."""
LAPSES_AFTER: Final = timedelta(days=30)
"""A request that nobody decided ends by itself."""


class State(StrEnum):
    """Where a request stands. ``active`` is what was granted and holds."""

    PENDING = "pending"
    ACTIVE = "active"
    RENEWED = "renewed"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ENDED = "ended"
    REVOKED = "revoked"


class Person(msgspec.Struct, frozen=True):
    """Somebody, as far as steps ask: who it is, and as what they may agree."""

    user_id: str
    stands_for: frozenset[str]
    """Approvers, as rules spell them."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said to a step, and as which of its approvers."""

    user_id: str
    approver: str
    agrees: bool
    comment: str = ""
    at: datetime


class StepState(msgspec.Struct, frozen=True, kw_only=True):
    """A step and what was said to it."""

    name: str
    approvers: tuple[str, ...]
    need: str = "any"
    decisions: tuple[Decision, ...] = ()

    @property
    def is_agreed(self) -> bool:
        """Tell whether enough people agreed."""
        agreed = {each.approver for each in self.decisions if each.agrees}
        return agreed >= set(self.approvers) if self.need == "all" else bool(agreed)

    def open_for(self, person: Person) -> str | None:
        """Return as which approver ``person`` may say something here; ``None``: as none."""
        if any(each.user_id == person.user_id for each in self.decisions):
            return None
        taken = {each.approver for each in self.decisions}
        for approver in self.approvers:
            if approver in person.stands_for and not (self.need == "all" and approver in taken):
                return approver
        return None


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote under a request."""

    user_id: str
    text: str
    at: datetime


class AccessRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A person's wish for a model in a project, and what became of it.

    ``model`` is its name at that time. ``days`` ``None``: without end. ``limits`` are what the key
    is bounded by. ``cost`` is what ``tokens_per_month`` would cost at the dearer of the model's
    rates, in billionths of ``currency`` (``None``: no price). ``rules`` are the names of those that
    had a say. ``renews`` is the request whose grant this one prolongs; ``until`` is when a grant
    ends, ``key_id`` its key once the requester has taken it.
    """

    id: str
    org_id: str
    project_id: str
    requester_id: str
    model_id: str
    model: str
    purpose: str
    data_class: str = "internal"
    tokens_per_month: int | None = None
    days: int | None = None
    limits: Limits | None = None
    cost: int | None = None
    currency: str = "USD"
    state: State = State.PENDING
    reason: str = ""
    rules: tuple[str, ...] = ()
    steps: tuple[StepState, ...] = ()
    comments: tuple[Comment, ...] = ()
    renews: str | None = None
    until: datetime | None = None
    key_id: str | None = None
    created_at: datetime
    updated_at: datetime
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    revision: int = 1

    @property
    def step(self) -> StepState | None:
        """Return the step that is to be decided now: steps go in order."""
        if self.state is not State.PENDING:
            return None
        return next((each for each in self.steps if not each.is_agreed), None)

    def waits_for(self, person: Person) -> bool:
        """Tell whether ``person`` may decide the present step; nobody decides their own."""
        step = self.step
        return (
            step is not None
            and person.user_id != self.requester_id
            and step.open_for(person) is not None
        )

    def knows(self, person: Person) -> bool:
        """Tell whether the request is any of this person's business."""
        return person.user_id == self.requester_id or any(
            not person.stands_for.isdisjoint(step.approvers) for step in self.steps
        )


def checked_request(request: AccessRequest) -> AccessRequest:
    """Return ``request`` if all of it is acceptable.

    Raises:
        InvalidRequestError: naming the field that is not.
    """
    if not 1 <= len(request.purpose.strip()) <= MAX_TEXT:
        raise InvalidRequestError(f"a purpose has 1 to {MAX_TEXT} characters", param="purpose")
    if request.data_class not in DATA_CLASSES:
        raise InvalidRequestError(f"one of {', '.join(DATA_CLASSES)}", param="data_class")
    if request.days is not None and not 1 <= request.days <= MAX_DAYS:
        raise InvalidRequestError(f"1 to {MAX_DAYS} days", param="days")
    return msgspec.structs.replace(request, purpose=request.purpose.strip())


def expected_cost(tokens: int | None, price: Price | None) -> tuple[int | None, str]:
    """Return what so many tokens cost at the dearer rate, and the currency; ``None``: unknown."""
    if tokens is None or price is None:
        return None, "USD" if price is None else price.currency
    rates = [price.input, price.output, price.reasoning or 0]
    return max(rates) * tokens // 1_000_000, price.currency


def opened(steps: Iterable[ApprovalStep]) -> tuple[StepState, ...]:
    """Return ``steps`` with nothing said to them yet."""
    return tuple(
        StepState(name=each.name, approvers=each.approvers, need=each.need) for each in steps
    )


def granted(request: AccessRequest, now: datetime) -> AccessRequest:
    """Return ``request`` as it is once everybody has agreed."""
    until = None if request.days is None else now + timedelta(days=request.days)
    state = State.ACTIVE if request.renews is None else State.RENEWED
    return msgspec.structs.replace(request, state=state, until=until, decided_at=now)


def decided(
    request: AccessRequest, person: Person, *, agrees: bool, comment: str, now: datetime
) -> AccessRequest:
    """Return ``request`` after ``person`` has spoken; one who disagrees ends it.

    Raises:
        ConflictError: if there is nothing to decide any more.
        PermissionDeniedError: if it is the person's own, or not for them to decide now.
    """
    step = request.step
    if step is None:
        raise ConflictError(f"the request is {request.state}: there is nothing to decide")
    if person.user_id == request.requester_id:
        raise PermissionDeniedError("nobody decides what they asked for themselves")
    approver = step.open_for(person)
    if approver is None:
        raise PermissionDeniedError(f"the step {step.name} is not for you to decide now")
    if not agrees and not comment.strip():
        raise InvalidRequestError("say why not", param="comment")
    said = Decision(
        user_id=person.user_id,
        approver=approver,
        agrees=agrees,
        comment=checked_text(comment, empty=True),
        at=now,
    )
    after = msgspec.structs.replace(step, decisions=(*step.decisions, said))
    steps = tuple(after if each is step else each for each in request.steps)
    request = msgspec.structs.replace(request, steps=steps)
    if not agrees:
        return msgspec.structs.replace(
            request, state=State.DENIED, reason=said.comment, decided_at=now
        )
    return request if request.step is not None else granted(request, now)


def commented(request: AccessRequest, user_id: str, text: str, now: datetime) -> AccessRequest:
    """Return ``request`` with one more comment.

    Raises:
        ConflictError: if it has as many as it may have.
    """
    if len(request.comments) >= MAX_COMMENTS:
        raise ConflictError(f"a request has up to {MAX_COMMENTS} comments")
    said = Comment(user_id=user_id, text=checked_text(text), at=now)
    return msgspec.structs.replace(request, comments=(*request.comments, said))


def checked_text(text: str, *, empty: bool = False) -> str:
    """Return ``text`` without blanks around it.

    Raises:
        InvalidRequestError: if it is too long, or empty where it may not be.
    """
    text = text.strip().replace("\0", "")
    if len(text) > MAX_TEXT or not (text or empty):
        raise InvalidRequestError(f"1 to {MAX_TEXT} characters", param="comment")
    return text
