"""PostgreSQL's own programs: which of them is run, and what whoever lists processes sees."""

from pathlib import Path

import pytest

from cli.stack.errors import StackError
from cli.stack.programs import program, run

CERTIFIED = "postgresql://owner:of-its-own@db/referral?sslmode=verify-full&sslrootcert=/etc/db.pem"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of this machine's programs, with one."""
    found = tmp_path / "pg_dump"
    found.write_text('#!/bin/sh\necho "$@" "$PGPASSWORD" >&2; exit 1\n')
    found.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    return tmp_path


def test_who_speaks_tls_is_the_machines_own_program(machine: Path) -> None:
    """The wheel's are built without it."""
    with pytest.raises(StackError) as failed:
        run("pg_dump", CERTIFIED, ["--file=x"])
    assert str(failed.value).startswith(
        "pg_dump of referral failed: --dbname postgresql://owner@db/referral?"
    )
    assert str(failed.value).endswith(" --file=x of-its-own")


def test_in_plain_text_it_is_that_of_the_wheel_of_our_server(machine: Path) -> None:
    assert Path(program("pg_dump")).parent != machine


def test_a_program_that_is_not_there_is_named(machine: Path) -> None:
    with pytest.raises(
        StackError, match="pg_restore_of_another is missing: install PostgreSQL's client programs"
    ):
        program("pg_restore_of_another", encrypted=True)
