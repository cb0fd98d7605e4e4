"""Kafka's jars, fetched once through Maven into the cache."""

import fcntl
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from cli.stack.errors import StackError
from cli.stack.tools import missing_tools

POM = Path(__file__).with_name("pom.xml")
Say = Callable[[str], None]


def jars(cache: Path, say: Say = lambda _: None) -> Path:
    """The folder with Kafka's jars; downloaded at first use, whole or not at all. Raises StackError."""
    folder = cache / f"kafka-{sha256(POM.read_bytes()).hexdigest()[:12]}"
    if folder.exists():
        return folder
    with _alone(cache):
        if not folder.exists():
            _download(folder, say)
    return folder


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """One process downloads, the others wait for it."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _download(folder: Path, say: Say) -> None:
    if missing := missing_tools():
        raise StackError("Kafka needs " + " and ".join(missing) + ".")
    say("Fetching Kafka through Maven (about 45 MB, once) …")
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={partial}"]
    said = _maven(["mvn", "-B", "-ntp", "-f", str(POM), *goal], partial, say)
    if said is not None:
        raise StackError(f"Maven could not fetch Kafka:\n{said}")
    partial.rename(folder)


def _maven(command: list[str], partial: Path, say: Say) -> str | None:
    """Run Maven and tell how many jars are there; on failure the end of what it said."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as maven:
        assert maven.stdout is not None
        lines = []
        for line in maven.stdout:
            lines.append(line)
            if " Copying " in line and (count := len(list(partial.glob("*.jar")))) % 10 == 0:
                say(f"  {count} of Kafka's jars are here")
    return "".join(lines[-20:]) if maven.returncode else None
