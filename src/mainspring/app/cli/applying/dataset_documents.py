"""The documents of data sets, as ``mainspring apply`` reads them."""

import msgspec
from msgspec import UNSET, UnsetType


class DatasetDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data set of a project, known by its name.

    ``items_file`` has one JSON object a line and stands beside this file: items of it that the data
    set lacks are added, and none is taken away.
    """

    name: str
    description: str | UnsetType = UNSET
    items_file: str | None = None
