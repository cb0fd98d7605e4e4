"""Importing a module does nothing: no files written, no connections, no processes, no threads, no settings read."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

IMPORT_ALL = """
import gc, importlib, os, pkgutil, sys, threading

def watch(event, arguments):
    if event in ("socket.connect", "socket.bind", "subprocess.Popen", "os.system"):
        raise RuntimeError(f"{event} while importing: {arguments}")
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise RuntimeError(f"a file is written while importing: {arguments[0]}")

sys.dont_write_bytecode = True
gc.disable()
sys.addaudithook(watch)
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"{name}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
assert threading.active_count() == 1, threading.enumerate()
"""


def imported(*packages: str, path: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Import every module of the packages in a process without settings."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("HUDDLE_")}
    return subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *packages],
        cwd=path,
        env={**settings, "PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_importing_everything_does_nothing():
    done = imported("schemas", "config", "backbone", "services", "cli", "simulator")
    assert done.returncode == 0, done.stderr


def test_a_planted_effect_of_an_import_is_found(tmp_path):
    offences = {
        "writes": "open('made', 'w')",
        "asks": "import socket; socket.create_connection(('127.0.0.1', 9))",
        "starts": "import subprocess; subprocess.run(['true'])",
        "runs": "import threading, time; threading.Thread(target=time.sleep, args=(1,)).start()",
    }
    for name, offence in offences.items():
        (tmp_path / f"{name}.py").write_text(offence)
        assert imported(name, path=tmp_path).returncode != 0
