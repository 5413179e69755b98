"""The worker's half: decides what is told, and sees to it that it arrives.

Both halves read and write PostgreSQL only, so any number of workers may do them, and one that dies
leaves nothing behind but messages that are due again. A receiver that is slow or dead holds up
messages of its own group, never a decision, an evaluation or another owner's messages.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from datetime import timedelta

from mainspring.capabilities.alerts.domain import (
    GIVEN_UP_AFTER,
    KEPT_FOR,
    MAX_TOLD,
    MAX_WAITING,
    SILENT_AFTER,
    Channel,
    Decision,
    Notification,
    Verdict,
    after_failure,
    after_success,
    compose,
    decide,
    worst_first,
)
from mainspring.capabilities.alerts.ports import AlertStore
from mainspring.capabilities.alerts.service.courier import Courier
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import Actor, ActorKind, Scope
from mainspring.kernel.tasks import TaskOwner

_log = logging.getLogger(__name__)

ALERTMANAGER = "alertmanager"
"""The source of what an Alertmanager reports."""

_SELF = Scope.platform("notifier")
_LOOK_EVERY_S = 1.0
_TIDY_EVERY_S = 600.0
_DRAIN_S = 5.0
_AT_ONCE = 32
_PER_OWNER = 4
_TAKEN_FOR = timedelta(seconds=60)
"""Longer than any attempt may last; a message that nobody came back to is due after this."""


class Notifier:
    """Decides for every channel, and delivers what was decided."""

    def __init__(self, store: AlertStore, courier: Courier, clock: Clock) -> None:
        self._store = store
        self._courier = courier
        self._clock = clock
        self._busy: Counter[str] = Counter()
        self._tasks = TaskOwner(lambda name, error: _log.error("%s ended", name, exc_info=error))

    async def run(self) -> None:
        """Decide and deliver until cancelled; a database that is away is waited for."""
        tidied_at = float("-inf")
        try:
            while True:
                try:
                    if self._clock.monotonic() - tidied_at >= _TIDY_EVERY_S:
                        await self.tidy()
                        tidied_at = self._clock.monotonic()
                    await self.decide()
                    await self.begin_deliveries()
                except DatabaseUnavailableError as error:
                    _log.warning("notifications wait for the database: %s", error)
                except Exception:  # noqa: BLE001 - no fault may silence alerts for ever
                    _log.error("the notifier failed, and goes on", exc_info=True)
                await asyncio.sleep(_LOOK_EVERY_S)
        finally:
            # What is on its way would else be sent again by the next worker.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_DRAIN_S):
                    await self._tasks.settled()
            await self._tasks.close()

    async def decide(self) -> int:
        """Decide what channels are told; return how many messages follow."""
        async with self._store.work(_SELF) as work:
            concerned = await work.concerned()
        count = 0
        for channel_id, owner in concerned:
            try:
                count += await self._decide(channel_id, owner)
            except DatabaseUnavailableError:
                raise
            except Exception:  # noqa: BLE001 - one channel's fault must not silence the others
                _log.error("nothing could be decided for %s", channel_id, exc_info=True)
        return count

    async def deliver(self) -> int:
        """Deliver what is due and wait until that is done; return how many were tried."""
        begun = await self.begin_deliveries()
        await self._tasks.settled()
        return begun

    async def begin_deliveries(self) -> int:
        """Begin to deliver what is due; return how many."""
        room = _AT_ONCE - self._busy.total()
        if room <= 0:
            return 0
        now = self._clock.now()
        async with self._store.work(_SELF) as work:
            taken = await work.take(
                now=now,
                taken_until=now + _TAKEN_FOR,
                limit=room,
                per_owner=_PER_OWNER,
                busy=+self._busy,
            )
        for notification in taken:
            self._busy[notification.org_id or ""] += 1
            self._tasks.start(self._deliver(notification), name="notification")
        return len(taken)

    async def tidy(self) -> None:
        """End what its source forgot, and drop what nobody looks up any more."""
        now = self._clock.now()
        async with self._store.work(_SELF) as work:
            ended = await work.end_forgotten(
                source=ALERTMANAGER, seen_before=now - SILENT_AFTER, now=now
            )
            await work.forget(now - KEPT_FOR)
        if ended:
            _log.info("%d alerts were not repeated any more and are taken for over", ended)

    async def _decide(self, channel_id: str, owner: str | None) -> int:
        now = self._clock.now()
        async with self._store.begin(_within(owner)) as alerts:
            channel = await alerts.hold_channel(channel_id)
            if channel is None or not channel.enabled:
                return 0
            if await alerts.waiting(channel_id) >= MAX_WAITING:
                return 0
            groups = await alerts.groups(channel_id)
            firing = list(await alerts.firing(owner))
            present = {alert.id for alert in firing}
            told = {each for group in groups for each in group.told} - present
            found = [*firing, *await alerts.alerts_of(sorted(told))]
            silences = await alerts.silences(owner, until_after=now, before=None, limit=1000)
            decisions = decide(channel, found, silences, groups, now)
            messages = [
                message
                for decision in decisions
                if (message := self._message(channel, decision)) is not None
            ]
            await alerts.carry_out(decisions, messages)
        return len(messages)

    def _message(self, channel: Channel, decision: Decision) -> Notification | None:
        group = decision.after or decision.before
        if group is None or not decision.told:
            return None
        now = self._clock.now()
        return Notification(
            id=new_id("ntf"),
            channel_id=channel.id,
            org_id=channel.org_id,
            group_key=group.key,
            labels=group.labels,
            alerts=tuple(worst_first(decision.told)[:MAX_TOLD]),
            left_out=max(0, len(decision.told) - MAX_TOLD),
            created_at=now,
            next_at=now,
            deadline=now + GIVEN_UP_AFTER,
        )

    async def _deliver(self, notification: Notification) -> None:
        owner = notification.org_id
        try:
            async with self._store.begin(_within(owner)) as alerts:
                channel = await alerts.channel(notification.channel_id)
            if channel is None:
                return  # it was removed, and the message with it
            verdict = await self._sent(channel, notification)
            now = self._clock.now()
            done = (
                after_success(notification, now)
                if verdict.problem is None
                else after_failure(notification, verdict.problem, lasting=verdict.lasting, now=now)
            )
            async with self._store.begin(_within(owner)) as alerts:
                await alerts.finish(done)
            if verdict.problem is not None:
                _log.warning(
                    "the message %s to the channel %s: %s (%s, attempt %d)",
                    notification.id,
                    channel.id,
                    verdict.problem,
                    done.state,
                    notification.attempts,
                )
        except DatabaseUnavailableError:
            return  # it is due again once nobody came back to it
        finally:
            self._busy[owner or ""] -= 1

    async def _sent(self, channel: Channel, notification: Notification) -> Verdict:
        if not channel.enabled:
            return Verdict("the channel was switched off", lasting=True)
        if notification.deadline < self._clock.now():
            return Verdict(notification.problem or "nobody could send it in time", lasting=True)
        message = compose(
            notification.id,
            f"{channel.id}/{notification.group_key}",
            alerts=notification.alerts,
            labels=notification.labels,
            language=channel.language,
            at=notification.created_at,
            left_out=notification.left_out,
        )
        return await self._courier.send(channel, message)


def _within(owner: str | None) -> Scope:
    """Return the scope of the notifier at work for one owner, and for no other."""
    if owner is None:
        return _SELF
    return Scope(org_id=owner, actor=Actor(ActorKind.PLATFORM, "notifier"))
