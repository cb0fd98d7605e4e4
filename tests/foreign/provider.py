"""A real OpenID provider that is not ours, built from the Go module proxy once and kept under `.huddle`.

Dex would be the first choice, but its versions of today can't be installed as Go modules: they are tagged 2.x without
`/v2` in the module's path. The certified library of Zitadel brings a provider with a page for name and password.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from cli.local import answers
from cli.stack import children
from cli.stack.places import PROJECT

MODULE = "github.com/zitadel/oidc/v3/example/server@v3.45.0"
FOLDER = PROJECT / ".huddle" / "oidc"
BUILD_SECONDS = 600
CLIENT, CLIENT_SECRET = "web", "secret"
MEANT, STRANGER, PASSWORD = "test-user2", "test-user@localhost", "verysecure"
"""Two of its users, as its own store has them."""
SUBJECT = "id2"


def missing() -> str | None:
    """Why it can't be had here; None when it is there."""
    if (FOLDER / "server").exists():
        return None
    if shutil.which("go") is None:
        return "Go is needed to build it (Debian: apt-get install golang-go)"
    built = subprocess.run(
        ["go", "install", MODULE],
        env={**os.environ, "GOBIN": str(FOLDER)},
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    return (
        None
        if built.returncode == 0
        else f"the Go module proxy does not give it: {built.stderr.strip()[-300:]}"
    )


@contextmanager
def running(port: int, redirect_uri: str, folder: Path) -> Iterator[str]:
    """Its issuer, until the end of the block."""
    log = folder / "provider.log"
    child = children.start(
        [str(FOLDER / "server")], log, env={"PORT": str(port), "REDIRECT_URI": redirect_uri}
    )
    issuer = f"http://localhost:{port}"
    try:
        children.until(
            lambda: answers(f"{issuer}/.well-known/openid-configuration"),
            child,
            "provider",
            log,
            20.0,
            pause=0.05,
        )
        yield str(httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).json()["issuer"])
    finally:
        children.ask_to_end(child)
        children.wait_or_kill(child, 5.0)
