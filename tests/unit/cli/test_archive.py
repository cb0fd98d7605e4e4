"""A broker maps the archive of its classes where there is one for exactly its Java."""

from pathlib import Path

import pytest

from cli.stack.archive import archive_of, mapped
from cli.stack.kafka import JAVA, Kafka

JARS = "kafka-0123456789ab"


@pytest.fixture
def jars(tmp_path: Path) -> Path:
    """A folder that a download made."""
    (tmp_path / JARS).mkdir()
    return tmp_path / JARS


def test_a_broker_does_without_an_archive_where_none_was_made(jars: Path) -> None:
    assert mapped(jars, JAVA) == ()


def test_a_broker_maps_the_archive_that_was_made_for_its_java(jars: Path) -> None:
    file = archive_of(jars, JAVA)
    file.touch()
    assert mapped(jars, JAVA) == (f"-XX:SharedArchiveFile={file}",)


def test_an_archive_for_other_flags_other_jars_or_another_java_is_another(jars: Path) -> None:
    others = {archive_of(jars, (*JAVA, "-Xint")), archive_of(jars.with_name("kafka-1"), JAVA)}
    assert len(others | {archive_of(jars, JAVA), archive_of(jars, ("python3", *JAVA[1:]))}) == 4


def test_the_command_of_a_broker_names_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / JARS
    monkeypatch.setattr("cli.stack.kafka.jars", lambda *_: folder)
    archive_of(folder, JAVA).touch()
    assert set(mapped(folder, JAVA)) <= set(Kafka(tmp_path / "home", tmp_path)._java)
