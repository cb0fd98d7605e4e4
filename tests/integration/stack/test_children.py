"""Nothing that we start outlives us, and what a crash left over is found."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from cli.stack import children, leftovers
from cli.stack.errors import StackError

SLEEPER = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")
DEAF = (
    sys.executable,
    "-c",
    "from signal import *; import time; signal(SIGTERM, SIG_IGN); print('up', flush=True); time.sleep(600)",
)

PARENT = """
import sys
from pathlib import Path
from cli.stack import children
child = children.start([sys.executable, "-c", "import time; time.sleep(600)"], Path(sys.argv[1]))
print(child.pid, flush=True)
sys.stdin.read()
"""


def up(child: children.Child, log: Path) -> None:
    children.until(lambda: "up" in children.tail(log), child, "the child", log, patience=20)


def test_a_child_that_is_waited_for_in_vain_is_not_left_running(tmp_path):
    child = children.start(SLEEPER, tmp_path / "log")
    with pytest.raises(StackError, match="did not answer within 0 s"):
        children.until(lambda: False, child, "the child", tmp_path / "log", patience=0.1)
    assert child.poll() == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's death signal is Linux's")
def test_a_child_ends_when_its_parent_is_killed(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
        gone, _ = psutil.wait_procs([child], timeout=10)
    assert gone or child.status() == psutil.STATUS_ZOMBIE


def test_only_the_main_thread_starts_children(tmp_path):
    refused = []

    def elsewhere() -> None:
        try:
            children.start(SLEEPER, tmp_path / "log")
        except StackError as error:
            refused.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert refused


def test_a_child_that_does_not_listen_is_killed_after_the_time_it_has(tmp_path):
    child = children.start(DEAF, tmp_path / "log")
    up(child, tmp_path / "log")
    children.stop(child, patience=0.2)
    assert child.returncode == -signal.SIGKILL


def test_a_frozen_child_can_be_asked_to_end(tmp_path):
    child = children.start(SLEEPER, tmp_path / "log")
    up(child, tmp_path / "log")
    child.send_signal(signal.SIGSTOP)
    children.stop(child, patience=10)
    assert child.returncode == -signal.SIGTERM


def test_a_child_that_ends_early_is_reported_with_the_end_of_its_log(tmp_path):
    log = tmp_path / "log"
    child = children.start((sys.executable, "-c", "raise SystemExit('no such luck')"), log)
    with pytest.raises(StackError, match="no such luck"):
        children.until(lambda: False, child, "the child", log)


def test_a_process_left_over_from_a_crash_is_ended(tmp_path):
    child = children.start(SLEEPER, tmp_path / "log")
    leftovers.remember(tmp_path / "child.pid", child.pid)
    assert leftovers.end(tmp_path / "child.pid")
    child.wait(10)
    assert not (tmp_path / "child.pid").exists()


def test_a_process_number_that_somebody_else_has_by_now_is_left_alone(tmp_path):
    file = tmp_path / "child.pid"
    file.write_text(f"{os.getpid()} 12345.0\n")
    assert not leftovers.end(file)


@pytest.mark.parametrize("text", ["", "nonsense", "1", "999999999 1.0"])
def test_a_broken_note_of_a_process_is_no_obstacle(tmp_path, text):
    file = tmp_path / "child.pid"
    file.write_text(text)
    assert not leftovers.end(file)


@pytest.mark.parametrize("run", [children.start, children.finish])
def test_a_signal_in_the_middle_of_a_start_is_not_lost(tmp_path, run):
    """What a handler raises inside a fork is swallowed: the signal waits until the fork is over."""

    def interrupted(sent, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupted)
    hook = threading.Event()

    def end_if_hooked() -> None:
        if hook.is_set():
            os.kill(os.getpid(), signal.SIGTERM)

    os.register_at_fork(after_in_parent=end_if_hooked)
    hook.set()
    try:
        with pytest.raises(KeyboardInterrupt):
            run(["sleep", "60"], tmp_path / "log")
    finally:
        hook.clear()
        signal.signal(signal.SIGTERM, before)
    assert [each for each in psutil.Process().children() if each.name() == "sleep"] == []


def test_what_is_run_to_its_end_ends_with_whoever_is_interrupted(tmp_path):
    """Whenever it comes: a busy machine may still be in the fork."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    later = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM))
    later.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            children.finish(["sleep", "60"], tmp_path / "log")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert [each for each in psutil.Process().children() if each.name() == "sleep"] == []
    assert children.finish(["true"], tmp_path / "log") and not children.finish(["false"], tmp_path / "log")


def test_a_child_hears_signals_that_wait_while_it_is_started(tmp_path):
    child = children.start(["sleep", "60"], tmp_path / "log")
    child.terminate()
    assert child.wait(10) == -signal.SIGTERM
