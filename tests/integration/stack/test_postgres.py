"""The local database server: starts from nothing, comes back with its data, whatever ended it."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from cli.stack import places
from cli.stack import postgres as postgres_module
from cli.stack.errors import StackError
from cli.stack.places import for_other_users
from cli.stack.postgres import Postgres


@pytest.fixture
def server(playground: Path, unique: str) -> Iterator[Postgres]:
    """A server of this test alone."""
    made = Postgres(playground / unique)
    made.start()
    yield made
    made.kill()


async def run(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("end", ["fast", "immediate", "kill"])
async def test_a_server_comes_back_at_the_same_port_with_its_data(server, end):
    await run(server.url(), "CREATE TABLE kept AS SELECT 7 AS number")
    if end == "kill":
        server.kill()
    else:
        server.stop(end)
    assert not server.running()
    server.start()
    assert await run(server.url(), "SELECT number FROM kept") == 7


async def test_what_it_says_is_committed_is_on_disk(server):
    assert (
        await run(server.url(), "SELECT current_setting('fsync') || current_setting('synchronous_commit')")
        == "onon"
    )


async def test_a_database_is_made_once(server):
    assert server.create_database("referral")
    assert not server.create_database("referral")
    assert await run(server.url("referral"), "SELECT current_database()") == "referral"


def test_a_server_left_over_from_a_crash_gives_way_to_the_next(server):
    following = Postgres(server.home, port=server.port)
    following.start()
    assert following.running()
    assert not server.running()
    following.kill()


def test_a_stale_lock_is_no_obstacle_whoever_has_that_process_number_now(server):
    server.stop()
    (server.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{server.data}\n1\n{server.port}\n\n127.0.0.1\n"
    )
    server.start()
    assert server.running()


def test_an_interrupted_making_is_made_again(playground, unique):
    (playground / unique / "data.partial").mkdir(parents=True)
    (playground / unique / "data.partial" / "PG_VERSION").write_text("18")
    server = Postgres(playground / unique)
    server.start()
    assert server.running()
    server.kill()


def test_a_server_says_when_its_port_is_taken(postgres, playground, unique):
    with pytest.raises(StackError, match=f"Port {postgres.port}"):
        Postgres(playground / unique, port=postgres.port).start()


def test_programs_that_the_server_cannot_reach_are_copied_with_their_libraries(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres_module, "as_root", lambda: True)
    monkeypatch.setattr(postgres_module, "reachable_by_all", lambda _: False)
    programs = postgres_module.binaries(tmp_path)
    assert programs.is_relative_to(tmp_path)
    said = subprocess.run([programs / "psql", "--version"], capture_output=True, text=True, check=True)
    assert "PostgreSQL" in said.stdout
    assert postgres_module.binaries(tmp_path) == programs


def test_a_project_that_other_users_cannot_reach_has_its_server_elsewhere(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setattr(places, "as_root", lambda: True)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: "/tmp")
    if os.geteuid() == 0:
        elsewhere = for_other_users(tmp_path / "postgres")
        assert elsewhere.parent == Path("/tmp")
        assert elsewhere == for_other_users(tmp_path / "postgres")
        elsewhere.rmdir()
