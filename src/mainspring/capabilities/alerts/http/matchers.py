"""How alerts are chosen, in bodies and answers."""

from typing import Annotated

from pydantic import Field

from mainspring.capabilities.alerts.api import Matcher
from mainspring.infra.web import Shape


class MatcherBody(Shape):
    """A label and what it must be; a label that an alert does not have is an empty text."""

    label: str = Field(min_length=1, max_length=100, examples=["severity"])
    value: str = Field(
        max_length=500, description="`*` in it stands for any text.", examples=["warning"]
    )
    negated: bool = Field(False, description="It must not be that.")


Matchers = Annotated[tuple[MatcherBody, ...], Field(max_length=20)]


def as_matchers(bodies: Matchers) -> tuple[Matcher, ...]:
    """Return the matchers of ``bodies``."""
    return tuple(Matcher(each.label, each.value, each.negated) for each in bodies)
