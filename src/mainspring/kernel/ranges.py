"""Ranges of time that a question is about."""

from datetime import UTC, datetime, timedelta

from mainspring.kernel.errors import InvalidRequestError


def checked_range(
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    *,
    longest: timedelta,
    default: timedelta = timedelta(days=1),
) -> tuple[datetime, datetime]:
    """Return the range in UTC; without ``until`` it ends now, without ``since`` it is ``default``.

    Raises:
        InvalidRequestError: if it is empty, has no time zone, or is longer than ``longest``.
    """
    for name, moment in (("since", since), ("until", until)):
        if moment is not None and moment.tzinfo is None:
            raise InvalidRequestError(f"{name} has no time zone", param=name)
    # A minute into the future: what has just arrived is inside, even by a clock that is ahead.
    end = (until or now + timedelta(minutes=1)).astimezone(UTC)
    start = (since or end - default).astimezone(UTC)
    if start >= end:
        raise InvalidRequestError("since is before until", param="since")
    if end - start > longest:
        raise InvalidRequestError(f"one question covers at most {longest.days} days", param="since")
    return start, end
