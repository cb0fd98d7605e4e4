"""`huddle demo` as a person runs it: it adds up, says clearly why it can't start, and leaves nothing running."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

PATIENCE = 300


class Demo:
    """The command in a process of its own."""

    def __init__(self, home: Path, *options: str, **env: str) -> None:
        command = [sys.executable, "-m", "cli", "demo", "--home", str(home), *options]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **env},
        )
        self.said = ""

    def until(self, text: str) -> None:
        """Read until it has said this."""
        assert self.process.stdout
        while text not in self.said:
            line = self.process.stdout.readline()
            assert line, f"it ended before it said {text!r}:\n{self.said}"
            self.said += line

    def end(self) -> int:
        """The exit code, when it has ended by itself."""
        self.said += self.process.communicate(timeout=PATIENCE)[0]
        return self.process.returncode

    def everybody(self) -> list[psutil.Process]:
        """The command and all that it started."""
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def home(playground: Path, unique: str) -> Path:
    return playground / f"demo-{unique}"


def test_a_small_clinic_adds_up(home: Path) -> None:
    demo = Demo(home, "--patients", "35", "--weeks", "1")
    assert demo.end() == 0, demo.said
    said = " ".join(demo.said.split())
    assert re.search(r"([1-9]\d*) received = .* \(\1 sent: adds up\)", said), (
        "of the 35 some are sent in the first week"
    )
    assert "without a next step: nobody" in demo.said
    assert "unheard: nobody" in said and "told something after their death: nobody" in said
    assert "texts and mails that came twice unmarked 0" in said
    assert "messages lost 0, effects doubled 0" in demo.said
    assert "every state is what its journal says" in demo.said
    assert "\x1b" not in demo.said, "no control codes where nobody sees a terminal"


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        (signal.SIGTERM, "Starting the services"),
        (signal.SIGINT, "acts"),
    ],
)
def test_an_interrupted_demo_leaves_nothing_running(home: Path, sent: signal.Signals, moment: str) -> None:
    demo = Demo(home, "--weeks", "4")
    demo.until(moment)
    running = demo.everybody()
    demo.process.send_signal(sent)
    assert demo.end() == 130, demo.said
    assert "Traceback" not in demo.said
    assert [each for each in running if alive(each)] == []


def test_a_second_one_in_the_same_folder_says_where_the_first_one_runs_which_ends_whole(home: Path) -> None:
    first = Demo(home)
    first.until("Starting Kafka")
    running = first.everybody()
    second = Demo(home)
    assert second.end() == 1
    assert f"Another stack runs in {home}" in " ".join(second.said.split())
    first.process.send_signal(signal.SIGINT)
    assert first.end() == 130, first.said
    assert "Traceback" not in first.said
    assert [each for each in running if alive(each)] == []


def test_without_java_it_says_what_to_install(home: Path, tmp_path: Path) -> None:
    demo = Demo(home, PATH=str(tmp_path))
    assert demo.end() == 1
    said = " ".join(demo.said.split())
    assert "Huddle needs Java 17 or later" in said and "apt-get install" in said
    assert "Traceback" not in demo.said
