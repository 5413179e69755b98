"""Requests for access, from the wish to the key."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from mainspring.capabilities.catalog.api import CatalogService, Model
from mainspring.capabilities.identity.api import ApiKey, CreatedKey, KeyService
from mainspring.capabilities.selfservice.domain import (
    ACCESS_READ,
    ACCESS_REQUEST,
    ACCESS_REVOKE,
    AccessRequest,
    Person,
    State,
)
from mainspring.capabilities.selfservice.domain.requests import (
    LAPSES_AFTER,
    MAX_OPEN,
    checked_request,
    checked_text,
    commented,
    decided,
    expected_cost,
    granted,
    opened,
)
from mainspring.capabilities.selfservice.domain.rules import Wish, ruling
from mainspring.capabilities.selfservice.ports import Requests, RequestStore, Standings
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import ActorKind, Scope
from mainspring.snapshot.resources import Limits

_SELF = Scope.platform("selfservice")


class TakenKey(msgspec.Struct, frozen=True):
    """The key of a grant, whose secret is shown this once."""

    request: AccessRequest
    key: ApiKey
    secret: str


class RequestService:
    """Asks, decides, grants, prolongs and ends.

    A grant is a key of the requester's, good for the one model, within the limits that were asked
    for and until the grant ends; gateways enforce all three by themselves. Nobody but the
    requester ever sees its secret: they take the key once the request is granted.
    """

    def __init__(
        self,
        store: RequestStore,
        tenancy: TenancyService,
        catalog: CatalogService,
        *,
        keys: KeyService,
        standings: Standings,
        clock: Clock,
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._catalog = catalog
        self._keys = keys
        self._standings = standings
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        project_id: str,
        *,
        model_id: str,
        purpose: str,
        data_class: str = "internal",
        tokens_per_month: int | None = None,
        days: int | None = None,
        limits: Limits | None = None,
    ) -> AccessRequest:
        """Ask for a model; where the rules agree by themselves, it is granted at once.

        Raises:
            NotFoundError: if the caller sees no such project or model.
            PermissionDeniedError: if a rule denies it, or the caller is no person.
            InvalidRequestError: if a field is not acceptable, or a limit is wider than the
                project's.
            ConflictError: if the caller has asked for the same already, or for too much.
        """
        within = await self._tenancy.project_scope(scope, ACCESS_REQUEST, project_id)
        person_id = _person(scope)
        org_id = await self._tenancy.organization_of(project_id)
        model = await self._catalog.get_model(scope, model_id)
        if model.org_id not in (None, org_id):
            raise NotFoundError
        await self._tenancy.refuse_wider(project_id, limits)
        return await self._ask(
            within,
            model,
            AccessRequest(
                id=new_id("arq"),
                org_id=org_id,
                project_id=project_id,
                requester_id=person_id,
                model_id=model.id,
                model=model.name,
                purpose=purpose,
                data_class=data_class,
                tokens_per_month=tokens_per_month,
                days=days,
                limits=limits,
                created_at=self._clock.now(),
                updated_at=self._clock.now(),
            ),
        )

    async def renew(
        self, scope: Scope, request_id: str, *, purpose: str, days: int | None = None
    ) -> AccessRequest:
        """Ask for a grant of one's own to last longer; the rules are asked anew.

        Raises:
            NotFoundError: if there is none of the caller's.
            ConflictError: if it is not granted, or asked for already.
            PermissionDeniedError: if a rule denies it.
        """
        old = await self._own(scope, request_id)
        if old.state is not State.ACTIVE or old.until is None:
            raise ConflictError(f"the request is {old.state}, or without end: ask anew instead")
        within = await self._tenancy.project_scope(scope, ACCESS_REQUEST, old.project_id)
        model = await self._catalog.get_model(scope, old.model_id)
        now = self._clock.now()
        return await self._ask(
            within,
            model,
            AccessRequest(
                id=new_id("arq"),
                org_id=old.org_id,
                project_id=old.project_id,
                requester_id=old.requester_id,
                model_id=model.id,
                model=model.name,
                purpose=purpose,
                data_class=old.data_class,
                tokens_per_month=old.tokens_per_month,
                days=days,
                limits=old.limits,
                renews=old.id,
                created_at=now,
                updated_at=now,
            ),
            # Rules are asked of all the time that is left: short renewals do not slip past them.
            days_left=max((old.until - now).days, 0) + 1,
        )

    async def get(self, scope: Scope, request_id: str) -> AccessRequest:
        """Return a request: one's own, one to decide, or any for who may read them.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        async with self._store.begin(_SELF) as requests:
            request = existing(await requests.get(request_id))
        await self._check_concerned(scope, request)
        return request

    async def list_requests(
        self,
        scope: Scope,
        org_id: str,
        page: PageRequest,
        *,
        view: str = "all",
        states: Sequence[State] = (),
    ) -> Page[AccessRequest]:
        """Return requests, newest first: ``mine``, those ``to_decide``, or all that one may see.

        Raises:
            NotFoundError: if the caller has nothing to do with the organisation.
        """
        before = decode_cursor(page.cursor, str)
        person_id = scope.actor.id
        approvers: list[str] | None = None
        sees_all = _may_read(scope, org_id)
        if not sees_all and not any(grant.org_id in (None, org_id) for grant in scope.grants):
            raise NotFoundError
        if view != "mine":
            approvers = sorted(await self._standings.stands_for(person_id, org_id, ""))
            approvers.append(f"user:{person_id}")
        mine = person_id if view != "to_decide" else None
        if view == "all" and sees_all:
            mine = approvers = None
        if view == "to_decide":
            states = [State.PENDING]
        async with self._store.begin(_SELF) as requests:
            found = await requests.list(
                org_id,
                states=states,
                requester_id=mine,
                approvers=approvers,
                before=before,
                limit=page.limit + 1,
            )
        listed = page_of(found, page.limit, lambda request: request.id)
        if view != "to_decide" and sees_all:
            return listed
        people: dict[str, Person] = {}
        kept: list[AccessRequest] = []
        for each in listed.items:
            if each.project_id not in people:
                people[each.project_id] = await self._person(scope, each)
            person = people[each.project_id]
            if each.waits_for(person) if view == "to_decide" else each.knows(person):
                kept.append(each)
        return msgspec.structs.replace(listed, items=kept)

    async def decide(
        self, scope: Scope, request_id: str, *, agrees: bool, comment: str = ""
    ) -> AccessRequest:
        """Agree to the present step, or refuse the request; the last agreement grants it.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PermissionDeniedError: if it is the caller's own, or not for them to decide now.
            ConflictError: if there is nothing to decide any more.
        """
        before = await self.get(scope, request_id)
        if scope.actor.kind is not ActorKind.USER:
            raise PermissionDeniedError("only a person decides; sign in")
        person = await self._person(scope, before)
        now = self._clock.now()

        def change(request: AccessRequest) -> AccessRequest:
            return decided(request, person, agrees=agrees, comment=comment, now=now)

        return await self._change(scope, request_id, change)

    async def comment(self, scope: Scope, request_id: str, text: str) -> AccessRequest:
        """Write under a request.

        Raises:
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError: if the text is not acceptable.
            ConflictError: if there are too many already.
        """
        await self.get(scope, request_id)
        now = self._clock.now()
        return await self._change(
            scope, request_id, lambda request: commented(request, scope.actor.id, text, now)
        )

    async def withdraw(self, scope: Scope, request_id: str) -> AccessRequest:
        """Take back a request of one's own, or give back what was granted.

        Raises:
            NotFoundError: if there is none of the caller's.
            ConflictError: if it is over.
        """
        await self._own(scope, request_id)
        return await self._end(scope, request_id, State.WITHDRAWN, "")

    async def revoke(self, scope: Scope, request_id: str, reason: str) -> AccessRequest:
        """End what was granted, its key included, within moments at every gateway.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PermissionDeniedError: if the caller may not revoke there.
            ConflictError: if it is over, or not granted yet.
        """
        reason = checked_text(reason)
        async with self._store.begin(_SELF) as requests:
            request = existing(await requests.get(request_id))
        authorize(scope, ACCESS_REVOKE, org_id=request.org_id, project_id=request.project_id)
        if request.state is not State.ACTIVE:
            raise ConflictError(f"the request is {request.state}: there is nothing to revoke")
        return await self._end(scope, request_id, State.REVOKED, reason)

    async def take_key(self, scope: Scope, request_id: str) -> TakenKey:
        """Make the key of a grant and show its secret; taken again, the key before it ends.

        Raises:
            NotFoundError: if there is none of the caller's.
            ConflictError: if it is not granted, or over.
        """
        own = await self._own(scope, request_id)
        # Who has left the project since asked for nothing that they still may have.
        await self._tenancy.project_scope(scope, ACCESS_REQUEST, own.project_id)
        theirs = msgspec.structs.replace(_SELF, actor=scope.actor, request_id=scope.request_id)
        now = self._clock.now()
        made: CreatedKey | None = None
        try:
            async with self._store.begin(theirs) as requests:
                request = existing(await requests.get(request_id, lock=True))
                _check_holds(request, now)
                # Before this transaction writes anything: the audit trail takes one writer at once.
                made = await self._keys.create(
                    theirs,
                    request.project_id,
                    name=f"{request.model[:80]} {request.id[-8:]}",
                    models=[request.model],
                    expires_at=request.until,
                    limits=request.limits,
                    granted=[request.model_id],
                )
                before, request = request.key_id, _next(request, now, key_id=made.key.id)
                await requests.replace(request)
        except BaseException:
            if made is not None:  # nobody is told its secret
                await self._keys.revoke(theirs, made.key.id)
            raise
        if before is not None:
            await self._keys.revoke(theirs, before)
        return TakenKey(request, made.key, made.secret)

    async def _ask(
        self, within: Scope, model: Model, request: AccessRequest, *, days_left: int = 0
    ) -> AccessRequest:
        """Put the rules' question, and keep the request with what they answer."""
        cost, currency = expected_cost(request.tokens_per_month, model.price)
        request = checked_request(msgspec.structs.replace(request, cost=cost, currency=currency))
        wish = Wish(
            model=model.name,
            tags=frozenset(tag for target in model.targets for tag in target.tags),
            project_id=request.project_id,
            data_class=request.data_class,
            cost=cost,
            days=None if request.days is None else request.days + days_left,
        )
        async with self._store.begin(within) as requests:
            ruled = ruling(await requests.rules(request.org_id), wish)
            if ruled.denied:
                raise PermissionDeniedError(f"a rule does not allow it: {ruled.denied}")
            await self._refuse_repeated(requests, request)
            request = msgspec.structs.replace(request, rules=ruled.rules, steps=opened(ruled.steps))
            if not request.steps:
                request = granted(request, request.created_at)
                request = await self._prolong(requests, request)
            await requests.add(request)
        return request

    async def _refuse_repeated(self, requests: Requests, request: AccessRequest) -> None:
        if await requests.open_of(request.org_id, request.requester_id) >= MAX_OPEN:
            raise ConflictError(f"{MAX_OPEN} requests of yours wait already")
        waiting = await requests.list(
            request.org_id,
            states=[State.PENDING],
            requester_id=request.requester_id,
            approvers=None,
            before=None,
            limit=MAX_OPEN,
        )
        wanted = (request.project_id, request.model_id)
        if any((each.project_id, each.model_id) == wanted for each in waiting):
            raise ConflictError("you have asked for this already: see your requests")

    async def _change(
        self, scope: Scope, request_id: str, change: Callable[[AccessRequest], AccessRequest]
    ) -> AccessRequest:
        """Change a request as one step that nobody comes between, in the caller's name."""
        async with self._store.begin(scope.across_tenants()) as requests:
            old = existing(await requests.get(request_id, lock=True))
            now = self._clock.now()
            if old.state is State.PENDING and old.created_at + LAPSES_AFTER < now:
                raise ConflictError("the request has lapsed: ask anew")
            new = change(old)
            if new.state is State.RENEWED and old.state is State.PENDING:
                new = await self._prolong(requests, new)
            new = _next(new, now)
            await requests.replace(new)
        return new

    async def _prolong(self, requests: Requests, request: AccessRequest) -> AccessRequest:
        """Let the grant that ``request`` renews last as long as was agreed, and its key too."""
        if request.renews is None:
            return request
        now = self._clock.now()
        old = existing(await requests.get(request.renews, lock=True))
        if old.state is not State.ACTIVE:
            raise ConflictError(f"what was to be renewed is {old.state}: ask anew")
        until = None
        if request.days is not None:
            until = max(old.until or now, now) + timedelta(days=request.days)
        # The key first: the audit trail takes one writer at once, and a grant ends its key anyway.
        if old.key_id is not None:
            await self._keys.prolong(old.key_id, until)
        await requests.replace(_next(old, now, until=until, days=request.days))
        return msgspec.structs.replace(request, until=until)

    async def _end(self, scope: Scope, request_id: str, state: State, reason: str) -> AccessRequest:
        now = self._clock.now()

        def end(request: AccessRequest) -> AccessRequest:
            if request.state not in (State.PENDING, State.ACTIVE):
                raise ConflictError(f"the request is {request.state} already")
            return msgspec.structs.replace(request, state=state, reason=reason, ended_at=now)

        ended = await self._change(scope, request_id, end)
        if ended.key_id is not None:
            await self._keys.revoke(msgspec.structs.replace(scope.across_tenants()), ended.key_id)
        return ended

    async def _own(self, scope: Scope, request_id: str) -> AccessRequest:
        async with self._store.begin(_SELF) as requests:
            request = existing(await requests.get(request_id))
        if request.requester_id != scope.actor.id:
            await self._check_concerned(scope, request)
            raise PermissionDeniedError("only who asked for it may do that")
        return request

    async def _check_concerned(self, scope: Scope, request: AccessRequest) -> None:
        if _may_read(scope, request.org_id, request.project_id):
            return
        if not request.knows(await self._person(scope, request)):
            raise NotFoundError

    async def _person(self, scope: Scope, request: AccessRequest) -> Person:
        user_id = scope.actor.id
        if scope.actor.kind is not ActorKind.USER:
            return Person(user_id, frozenset())
        stands_for = await self._standings.stands_for(user_id, request.org_id, request.project_id)
        return Person(user_id, stands_for | {f"user:{user_id}"})


def _person(scope: Scope) -> str:
    if scope.actor.kind is not ActorKind.USER:
        raise PermissionDeniedError("only a person asks for access; sign in")
    return scope.actor.id


def _may_read(scope: Scope, org_id: str, project_id: str | None = None) -> bool:
    return scope.crosses_tenants or any(
        grant.covers(org_id, project_id) and grant.permits(ACCESS_READ)
        for grant in scope.grants
        if project_id is not None or grant.project_id is None
    )


def _check_holds(request: AccessRequest, now: datetime) -> None:
    if request.state is not State.ACTIVE:
        raise ConflictError(f"the request is {request.state}: there is no key to take")
    if request.until is not None and request.until <= now:
        raise ConflictError("what was granted has ended: ask anew")


def _next(request: AccessRequest, now: datetime, **changes: object) -> AccessRequest:
    return msgspec.structs.replace(
        request, updated_at=now, revision=request.revision + 1, **changes
    )
