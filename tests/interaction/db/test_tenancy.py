"""Row-level security: what one organisation's transaction can reach, whatever its SQL says."""

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from mainspring.infra.db import Database, disable_tenant_rls, enable_tenant_rls
from mainspring.infra.db.tenancy import enable_platform_rls, tenant_rls_statements
from mainspring.kernel.scope import Actor, ActorKind, Scope

PLATFORM = Scope.platform("test")


def _scope(org_id: str) -> Scope:
    return Scope(org_id=org_id, actor=Actor(ActorKind.USER, "usr_1"))


def _make_tables(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE note (org_id text, body text)"))
    connection.execute(text("CREATE TABLE secret (body text)"))
    with Operations.context(MigrationContext.configure(connection)):
        enable_tenant_rls("note", shared=True)
        enable_platform_rls("secret")


@pytest.fixture
async def notes(database: Database) -> Database:
    async with database.engine.begin() as connection:
        await connection.run_sync(_make_tables)
    async with database.session(PLATFORM) as session:
        await session.execute(
            text("INSERT INTO note VALUES ('org_a', 'a'), ('org_b', 'b'), (NULL, 'everyone')")
        )
        await session.execute(text("INSERT INTO secret VALUES ('platform only')"))
    return database


async def _all(database: Database, scope: Scope) -> list[str]:
    async with database.session(scope) as session:
        return list(await session.scalars(text("SELECT body FROM note ORDER BY body")))


async def test_a_tenant_sees_its_own_rows_and_the_shared_ones(notes: Database) -> None:
    assert await _all(notes, _scope("org_a")) == ["a", "everyone"]
    assert await _all(notes, _scope("org_b")) == ["b", "everyone"]


async def test_the_platform_sees_every_row(notes: Database) -> None:
    assert await _all(notes, PLATFORM) == ["a", "b", "everyone"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE note SET body = 'taken' WHERE org_id = 'org_b'",
        "DELETE FROM note WHERE org_id = 'org_b'",
        "UPDATE note SET body = 'taken' WHERE org_id IS NULL",
        "DELETE FROM note WHERE org_id IS NULL",
    ],
)
async def test_a_tenant_changes_no_row_of_others(notes: Database, statement: str) -> None:
    async with notes.session(_scope("org_a")) as session:
        result = await session.execute(text(statement + " RETURNING body"))
        assert result.all() == []
    assert await _all(notes, PLATFORM) == ["a", "b", "everyone"]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO note VALUES ('org_b', 'planted')",
        "INSERT INTO note VALUES (NULL, 'planted')",
        "UPDATE note SET org_id = 'org_b'",
        "INSERT INTO secret VALUES ('planted')",
    ],
)
async def test_a_tenant_cannot_write_a_row_into_others(notes: Database, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with notes.session(_scope("org_a")) as session:
            await session.execute(text(statement))


async def test_only_the_platform_sees_a_platform_table(notes: Database) -> None:
    query = text("SELECT body FROM secret")
    async with notes.session(_scope("org_a")) as session:
        assert (await session.scalars(query)).all() == []
    async with notes.session(PLATFORM) as session:
        assert (await session.scalars(query)).all() == ["platform only"]


async def test_a_connection_without_a_scope_sees_nothing_even_after_others_used_it(
    notes: Database,
) -> None:
    await _all(notes, PLATFORM)  # leaves a pooled connection behind
    async with notes.engine.connect() as connection:
        assert (await connection.scalars(text("SELECT body FROM note"))).all() == ["everyone"]


async def test_the_fence_can_be_taken_down_again(notes: Database) -> None:
    def take_down(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            disable_tenant_rls("note")

    async with notes.engine.begin() as connection:
        await connection.run_sync(take_down)
    assert await _all(notes, _scope("org_a")) == ["a", "b", "everyone"]


@pytest.mark.parametrize("name", ["note; DROP TABLE note", "Note", "", "a" * 64])
def test_a_name_that_is_not_an_identifier_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        tenant_rls_statements(name)
    with pytest.raises(ValueError, match="identifier"):
        tenant_rls_statements("note", column=name)
