"""Where calls may be served, as bodies of the API have it."""

from typing import Annotated, Literal

from pydantic import Field

from mainspring.infra.web.bodies import Shape
from mainspring.snapshot.data_policy import DataPolicy

Hosting = Literal["self_hosted", "private_cloud", "public_cloud"]
Region = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["eu-central-1"])
]
RegionPattern = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\*?$", examples=["eu-*"])
]


class DataPolicyBody(Shape):
    """Where calls may be served. A place that is not known is not allowed."""

    regions: Annotated[tuple[RegionPattern, ...], Field(max_length=200)] | None = Field(
        None,
        description="Regions of upstreams and targets; a trailing `*` stands for any rest."
        " `null`: all.",
    )
    hosting: Annotated[tuple[Hosting, ...], Field(max_length=3)] | None = Field(
        None, description="Who may run the servers; `null`: anybody."
    )

    def value(self) -> DataPolicy:
        """Return the snapshot's value."""
        return DataPolicy(self.regions, self.hosting)


def as_data_policy(body: DataPolicyBody | None) -> DataPolicy | None:
    """Return the data policy of ``body``."""
    return None if body is None else body.value()
