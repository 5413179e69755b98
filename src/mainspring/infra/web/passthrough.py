"""What of an upstream passes through, as bodies of the API have it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mainspring.infra.web.bodies import Shape
from mainspring.infra.web.limits import PriceBody
from mainspring.snapshot.passthrough import (
    DEFAULT_BODY_BYTES,
    Passthrough,
    PassthroughRoute,
    pattern_problem,
)
from mainspring.wire.passthrough import header_problem

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


def _pattern(path: str) -> str:
    if (problem := pattern_problem(path)) is not None:
        raise ValueError(problem)
    return path


def _header(name: str) -> str:
    name = name.lower()
    if (problem := header_problem(name)) is not None:
        raise ValueError(problem)
    return name


HeaderNames = Annotated[
    tuple[Annotated[str, Field(max_length=64), AfterValidator(_header)], ...], Field(max_length=32)
]


class PassthroughRouteBody(Shape):
    """A route of the upstream that callers may reach as it is."""

    path: Annotated[
        str,
        Field(
            max_length=500,
            examples=["/v1/fine_tuning/jobs/*"],
            description="Behind the base URL. `*` stands for any one segment, `**` at the end for"
            " any rest.",
        ),
        AfterValidator(_pattern),
    ]
    methods: Annotated[tuple[Method, ...], Field(min_length=1, max_length=5)] = ("POST",)
    price: PriceBody | None = Field(
        None, description="What a call costs; `null`: not known, which budgets refuse."
    )

    def value(self) -> PassthroughRoute:
        """Return the snapshot's value."""
        price = None if self.price is None else self.price.value()
        return PassthroughRoute(self.path, tuple(dict.fromkeys(self.methods)), price)


class PassthroughBody(Shape):
    """What of an upstream callers may reach as it is, below `/v1/passthrough/{its name}`."""

    routes: Annotated[tuple[PassthroughRouteBody, ...], Field(min_length=1, max_length=200)]
    org_ids: Annotated[tuple[str, ...], Field(max_length=1000)] | None = Field(
        None, description="For these organisations only; `null`: for all."
    )
    request_headers: HeaderNames = Field(
        (), description="Further headers of requests that go along."
    )
    answer_headers: HeaderNames = Field((), description="Further headers of answers that pass.")
    max_body_bytes: int = Field(
        DEFAULT_BODY_BYTES, ge=0, le=16 * 1024**3, description="A larger request is refused."
    )

    def value(self) -> Passthrough:
        """Return the snapshot's value."""
        return Passthrough(
            routes=tuple(route.value() for route in self.routes),
            org_ids=self.org_ids,
            request_headers=self.request_headers,
            answer_headers=self.answer_headers,
            max_body_bytes=self.max_body_bytes,
        )
