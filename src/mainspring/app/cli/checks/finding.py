"""What a check found."""

from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """How bad it is. A warning does not prevent anything; a skipped check could not be made."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    SKIPPED = "skipped"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One result of a check; ``hint`` says how to mend it."""

    check: str
    verdict: Verdict
    text: str
    hint: str = ""
