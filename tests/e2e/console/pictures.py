"""Which pages of the console the documentation shows, and where their pictures are kept.

The journeys through all pages take them on their way where `DOCS_PICTURES` is set, which is what
`make pictures` does; each language has its own, and the Chinese ones are dark.
"""

import os
import shutil
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).parents[3] / "docs"
PICTURES: Final = {
    "/": "home",
    "/requests": "requests",
    "/usage": "usage",
    "/models": "models",
    "/upstreams": "upstreams",
    "/catalog": "catalog",
}
"""Names of pictures by the pages that they show."""


def folder_of(language: str) -> Path:
    """Return where the pictures of one language are."""
    return DOCS / language / "guides" / "pictures"


def keep(picture: Path, path: str, language: str) -> None:
    """Make ``picture`` that of the page at ``path`` in the docs, if it is one and that is asked."""
    name = PICTURES.get(path)
    if name is None or not os.environ.get("DOCS_PICTURES"):
        return
    folder = folder_of(language)
    folder.mkdir(exist_ok=True)
    shutil.copyfile(picture, folder / f"{name}.png")
