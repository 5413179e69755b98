"""The exit statuses of every ``mainspring`` command; scripts may rely on them."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Each member's text is its documentation."""

    OK = 0
    """Done."""
    ERROR = 1
    """It failed for a reason that the message tells and no other status covers."""
    USAGE = 2
    """The command line is wrong: unknown option, missing argument."""
    NOT_RUNNING = 3
    """No platform runs on this data directory."""
    START_FAILED = 4
    """`up` could not bring a part up; the last lines of that part's log were printed."""
    UNHEALTHY = 5
    """`status`, `doctor`, `upstreams test` or `loadtest --check` found something not well."""
    REFUSED = 6
    """The platform refused: not allowed, not found, not valid, or in conflict."""
    UNREACHABLE = 7
    """The platform, or the URL that was given for it, cannot be reached."""
    DIFFERENT = 8
    """`diff` found that the platform is not as the files say, or `weights check` that files are not
    as the card says."""
    PENDING = 9
    """Nothing failed, and something is not done yet: it waits for a second person."""
    CONFIGURATION = 78
    """A setting is missing or wrong; starting again unchanged cannot help."""
    INTERRUPTED = 130
    """Ended by Ctrl-C."""
