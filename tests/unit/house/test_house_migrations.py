"""A migration runs while the release before it serves: the rules for that, over every revision.

The SQL of each revision is written by Alembic without a database, then read statement by statement.
What a rule forbids is what holds up traffic (a lock for as long as a table is large) or what breaks
the code that still runs (a column or table that it reads is gone or has another name).
"""

import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from mainspring.infra.db.migrate import alembic_config
from tests.unit.house.source import PACKAGE

BEFORE_THE_FIRST_RELEASE = {
    "0011": {"ix_api_keys_actor_id", "memberships"},
    "0031": {"ix_groups_external_name"},
}
"""What was done to tables that were empty, because nothing had been released; never add to it."""

CONTRACTIONS: dict[str, str] = {}
"""Columns and tables that a revision takes away, by the release that ceased to read them: the one
before the release that ships the revision, at the least. For example ``"0052": "0.3.0"``."""

_SPACES = re.compile(r"\s+")
_NAMED = r"(?:IF (?:NOT )?EXISTS )?(?:ONLY )?\"?([a-z_0-9]+)\"?"
_CREATES_TABLE = re.compile(rf"CREATE TABLE {_NAMED}", re.IGNORECASE)
_CREATES_INDEX = re.compile(
    rf"CREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?{_NAMED} ON (ONLY )?{_NAMED}", re.IGNORECASE
)
_ALTERS = re.compile(rf"ALTER TABLE {_NAMED} (.*)", re.IGNORECASE)
_CHANGES_ROWS = re.compile(rf"(?:UPDATE|DELETE FROM|INSERT INTO) {_NAMED}", re.IGNORECASE)
_TAKES_AWAY = re.compile(r"DROP (?:TABLE|VIEW|TYPE|COLUMN)|RENAME ", re.IGNORECASE)
_VOLATILE = re.compile(
    r"DEFAULT (?:\(|.*\b(?:clock_timestamp|gen_random_uuid|random|nextval|uuidv7)\()|"
    r"GENERATED ALWAYS AS|\b(?:big|small)?serial\b",
    re.IGNORECASE,
)
_REWRITES = re.compile(
    r"ALTER (?:COLUMN )?\S+ (?:SET DATA )?TYPE|SET (?:UN)?LOGGED|SET TABLESPACE|SET ACCESS METHOD",
    re.IGNORECASE,
)
_MAINTAINS = re.compile(
    r"^(?:VACUUM FULL|CLUSTER|LOCK TABLE|REINDEX(?!.*CONCURRENTLY))", re.IGNORECASE
)
_CHECKS_ROWS = re.compile(r"ADD (?:CONSTRAINT \S+ )?(?:CHECK|FOREIGN KEY)", re.IGNORECASE)
_BUILDS_INDEX = re.compile(r"ADD (?:CONSTRAINT \S+ )?(?:UNIQUE|PRIMARY KEY|EXCLUDE)", re.IGNORECASE)


@cache
def revisions() -> tuple[str, ...]:
    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return tuple(sorted(each.revision for each in scripts))


@cache
def statements(revision: str) -> tuple[str, ...]:
    """Return the SQL of a revision's way up, one statement each, in one line."""
    script = ScriptDirectory.from_config(alembic_config()).get_revision(revision)
    assert script is not None
    written = StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written}
    )
    with Operations.context(context):
        script.module.upgrade()
    return tuple(_cut(written.getvalue()))


def _cut(sql: str) -> Iterator[str]:
    """Cut a script into statements; the bodies of functions are one text, whatever they hold."""
    bodies = re.sub(r"\$\$.*?\$\$", "$$ $$", sql, flags=re.DOTALL)
    bodies = re.sub(r"--[^\n]*", "", bodies)
    for each in bodies.split(";"):
        statement = _SPACES.sub(" ", each).strip()
        if statement:
            yield statement


def faults(sql: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return what is wrong with a revision: what it concerns, and the rule."""
    made = {table[1] for each in sql if (table := _CREATES_TABLE.match(each))}
    found: list[tuple[str, str]] = []
    for statement in sql:
        if _MAINTAINS.match(statement):
            found.append((statement, "locks a table for as long as it is large"))
        index = _CREATES_INDEX.match(statement)
        # One of a table with partitions, without theirs, is empty: it is there at once.
        if index and index[4] not in made and not (index[1] or index[3]):
            found.append((index[2], "CREATE INDEX on a table that has rows: CONCURRENTLY"))
        if (rows := _CHANGES_ROWS.match(statement)) and rows[1] not in made:
            found.append((rows[1], "changes rows of a table that serves: do it in batches"))
        if _TAKES_AWAY.search(statement.partition("(")[0]):
            found.append((statement, "takes away what the release before may read"))
        if (alters := _ALTERS.match(statement)) and alters[1] not in made:
            found += [(alters[1], rule) for rule in _wrongly_altered(alters[2])]
    return found


def _wrongly_altered(change: str) -> Iterator[str]:
    if _REWRITES.search(change):
        yield "rewrites the table"
    if re.search(r"SET NOT NULL", change, re.IGNORECASE):
        yield "reads every row under a lock: CHECK … NOT VALID, VALIDATE, then SET NOT NULL"
    if re.match(r"ADD COLUMN", change, re.IGNORECASE):
        if _VOLATILE.search(change):
            yield "rewrites the table: a default must be a constant"
        if re.search(r"NOT NULL", change, re.IGNORECASE) and not re.search(
            r"DEFAULT", change, re.IGNORECASE
        ):
            yield "a column that must not be null has a constant default"
        if re.search(r"REFERENCES|UNIQUE|PRIMARY KEY|CHECK ?\(", change, re.IGNORECASE):
            yield "a constraint comes by a statement of its own, NOT VALID at first"
    elif _CHECKS_ROWS.search(change) and "NOT VALID" not in change.upper():
        yield "reads every row under a lock: NOT VALID, then VALIDATE in a revision of its own"
    elif _BUILDS_INDEX.search(change) and "USING INDEX" not in change.upper():
        yield "builds an index under a lock: CREATE INDEX CONCURRENTLY, then USING INDEX"


@pytest.mark.parametrize("revision", revisions())
def test_a_revision_neither_stops_traffic_nor_breaks_the_release_before(revision: str) -> None:
    excused = BEFORE_THE_FIRST_RELEASE.get(revision, set())
    left = [
        (what, rule)
        for what, rule in faults(statements(revision))
        if what not in excused and not (rule.startswith("takes away") and revision in CONTRACTIONS)
    ]
    assert left == []


def test_no_excuse_outlives_what_it_is_for() -> None:
    for revision, excused in BEFORE_THE_FIRST_RELEASE.items():
        found = {what for what, _ in faults(statements(revision))}
        assert excused <= found, revision
    for revision in CONTRACTIONS:
        assert any(rule.startswith("takes away") for _, rule in faults(statements(revision)))
        script = ScriptDirectory.from_config(alembic_config()).get_revision(revision)
        assert script is not None
        assert "_drop_" in Path(script.path).name  # whoever reads the list sees what contracts


def test_migrations_wait_for_no_lock_and_run_no_statement_for_long() -> None:
    text = (PACKAGE / "infra" / "db" / "migrate.py").read_text("utf-8")
    assert "SET lock_timeout = '4s'" in text
    assert "SET statement_timeout = '5s'" in text


def test_an_index_that_is_built_concurrently_is_built_outside_of_a_transaction() -> None:
    for revision in revisions():
        for statement in statements(revision):
            if "CONCURRENTLY" not in statement.upper():
                continue
            script = ScriptDirectory.from_config(alembic_config()).get_revision(revision)
            assert script is not None
            assert "autocommit_block" in Path(script.path).read_text("utf-8"), revision


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("CREATE INDEX ix_a ON users (email)", "CONCURRENTLY"),
        ("CREATE UNIQUE INDEX ix_a ON users (email)", "CONCURRENTLY"),
        ("ALTER TABLE users ADD COLUMN n int NOT NULL", "constant default"),
        ("ALTER TABLE users ADD COLUMN n uuid DEFAULT gen_random_uuid()", "rewrites"),
        ("ALTER TABLE users ADD COLUMN n bigserial", "rewrites"),
        ("ALTER TABLE users ADD COLUMN n text REFERENCES orgs (id)", "constraint"),
        ("ALTER TABLE users ALTER COLUMN n TYPE bigint", "rewrites"),
        ("ALTER TABLE users ALTER COLUMN n SET NOT NULL", "every row"),
        ("ALTER TABLE users ADD CONSTRAINT c CHECK (n > 0)", "NOT VALID"),
        ("ALTER TABLE users ADD CONSTRAINT c FOREIGN KEY (n) REFERENCES m (id)", "NOT VALID"),
        ("ALTER TABLE users ADD CONSTRAINT c UNIQUE (n)", "USING INDEX"),
        ("ALTER TABLE users DROP COLUMN n", "release before"),
        ("ALTER TABLE users RENAME COLUMN n TO m", "release before"),
        ("DROP TABLE users", "release before"),
        ("UPDATE users SET n = 1", "batches"),
        ("VACUUM FULL users", "locks"),
        ("LOCK TABLE users", "locks"),
    ],
)
def test_the_rules_notice(sql: str, rule: str) -> None:
    assert any(rule in found for _, found in faults((sql,))), sql


@pytest.mark.parametrize(
    "sql",
    [
        ("CREATE TABLE users (n int)", "CREATE INDEX ix_a ON users (n)", "INSERT INTO users (n)"),
        ("CREATE INDEX CONCURRENTLY ix_a ON users (email)",),
        ("CREATE INDEX IF NOT EXISTS ix_a ON ONLY users (email)",),
        ("ALTER TABLE users ADD COLUMN n int NOT NULL DEFAULT 0",),
        ("ALTER TABLE users ADD COLUMN n timestamptz DEFAULT now()",),
        ("ALTER TABLE users ADD CONSTRAINT c CHECK (n > 0) NOT VALID",),
        ("ALTER TABLE users ADD CONSTRAINT c UNIQUE USING INDEX ix_a",),
        ("DROP INDEX ix_a",),
        ("CREATE POLICY p ON users USING (true)",),
    ],
)
def test_the_rules_let_pass(sql: tuple[str, ...]) -> None:
    assert faults(sql) == []
