"""Programs are started again after they end, with a growing pause, and stopped in order."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.stack import children
from cli.stack.claim import Claim, standing
from cli.stack.errors import StackError
from cli.stack.supervisor import FIRST_PAUSE, LONGEST_PAUSE, SETTLED, Program, Supervisor


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def supervisor(tmp_path: Path, clock: Clock) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path / "pids", clock)
    yield made
    made.stop()


def python(name: str, folder: Path, code: str) -> Program:
    log = folder / f"{name}.log"
    return Program(name, (sys.executable, "-c", code), log, ready=lambda: "up" in children.tail(log))


def lasting(name: str, folder: Path) -> Program:
    return python(name, folder, f"import time; print('up', {name!r}, flush=True); time.sleep(600)")


def end(supervisor: Supervisor, name: str) -> None:
    children.kill(supervisor.child(name))


def test_a_program_that_ends_starts_again_after_its_pause(supervisor, clock, tmp_path):
    supervisor.launch(lasting("one", tmp_path))
    end(supervisor, "one")

    assert supervisor.tend() == [f"one ended with -9; it starts again in {FIRST_PAUSE} s."]
    assert supervisor.tend() == []
    clock.at += FIRST_PAUSE
    assert supervisor.tend() == ["one was started again."]
    assert supervisor.running() == {"one": True}


def test_the_pause_doubles_up_to_its_limit_while_a_program_keeps_ending(supervisor, clock, tmp_path):
    supervisor.launch(lasting("one", tmp_path))
    pauses = []
    for _ in range(9):
        end(supervisor, "one")
        (said,) = supervisor.tend()
        pauses.append(float(said.split(" in ")[1].split()[0]))
        clock.at += LONGEST_PAUSE - 0.5
        clock.at += 0.5 if pauses[-1] == LONGEST_PAUSE else 0
        supervisor.tend()
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_a_program_that_ran_for_long_has_the_first_pause_again(supervisor, clock, tmp_path):
    supervisor.launch(lasting("one", tmp_path))
    for _ in range(3):
        end(supervisor, "one")
        supervisor.tend()
        clock.at += 5
        supervisor.tend()
    clock.at += SETTLED
    end(supervisor, "one")
    assert f"in {FIRST_PAUSE} s" in supervisor.tend()[0]


def test_waiting_ends_when_the_program_is_ready(supervisor, tmp_path):
    supervisor.launch(lasting("one", tmp_path))
    supervisor.wait("one", patience=20)


def test_a_program_that_ends_before_it_is_ready_says_why(supervisor, tmp_path):
    supervisor.launch(python("one", tmp_path, "raise SystemExit('HUDDLE_KAFKA is missing')"))
    with pytest.raises(StackError, match="HUDDLE_KAFKA is missing"):
        supervisor.wait("one", patience=20)


def test_all_end_when_the_supervisor_stops(supervisor, tmp_path):
    for name in ("one", "two"):
        supervisor.launch(lasting(name, tmp_path))
        supervisor.wait(name)
    held = [supervisor.child(name) for name in ("one", "two")]
    supervisor.stop()
    assert [child.poll() for child in held] == [-15, -15]
    assert not list((tmp_path / "pids").glob("*.pid"))


def test_a_program_left_over_from_a_crash_ends_before_the_next_start(tmp_path):
    crashed = Supervisor(tmp_path / "pids")
    crashed.launch(lasting("one", tmp_path))
    left = crashed.child("one")

    following = Supervisor(tmp_path / "pids")
    following.launch(lasting("one", tmp_path))
    left.wait(10)
    following.stop()


def test_one_stack_at_a_time_runs_in_a_folder(tmp_path):
    first = Claim(tmp_path)
    first.take()
    with pytest.raises(StackError, match="huddle down"):
        Claim(tmp_path).take()
    first.release()
    second = Claim(tmp_path)
    second.take()
    second.release()


def test_the_running_stack_tells_where_it_is_and_a_dead_one_does_not(tmp_path):
    assert standing(tmp_path) is None
    claim = Claim(tmp_path)
    claim.take()
    claim.publish({"kafka": "127.0.0.1:1"})
    known = standing(tmp_path)
    assert known is not None
    assert known["kafka"] == "127.0.0.1:1"
    left_over = (tmp_path / "stack.json").read_text()
    claim.release()
    (tmp_path / "stack.json").write_text(left_over)
    assert standing(tmp_path) is None
