"""Which calls a question is about."""

from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime

Since = Annotated[
    AwareDatetime | None, Query(description="Inclusive; by default 24 hours before `until`.")
]
Until = Annotated[AwareDatetime | None, Query(description="Exclusive; by default now.")]
OrgId = Annotated[str | None, Query(max_length=64)]
ProjectId = Annotated[str | None, Query(max_length=64)]
