"""Where the built console lies inside the package."""

from pathlib import Path

DIRECTORY = Path(__file__).parent / "console_static"


def are_built() -> bool:
    """Tell whether this installation carries the console."""
    return (DIRECTORY / "index.html").is_file()
