"""Fixtures that every suite may use; each lives in a module of its own under ``fixtures``."""

pytest_plugins = [
    "tests.fixtures.distribution",
    "tests.fixtures.hangs",
    "tests.fixtures.leftovers",
    "tests.fixtures.postgres",
]
