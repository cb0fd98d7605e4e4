"""`python -m tests.compose.provider FOLDER PORT BOARD`: a provider with TLS and a name and key of its own, for
containers of production: the development issuer's pages, and nothing of what production refuses about it."""

import asyncio
import os
import ssl
import sys
from pathlib import Path

from backbone.http.doors import listening, serve
from cli.issuer import Issuer
from cli.people import members
from cli.provider import Registered, build


def main(folder: Path, port: int, board: str) -> None:
    issuer = Issuer(folder / "issuer", os.environ["HUDDLE_OIDC_ISSUER"], "of the tests")
    public = f"https://localhost:{port}"
    app = build(
        issuer, Registered(public, f"{board}/board/sign-in/callback", f"{board}/board/sign-out"), members()
    )
    shows = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shows.load_cert_chain(folder / "secrets" / "login.test.pem", folder / "secrets" / "login.test.key")
    asyncio.run(serve(app, listening("0.0.0.0", port), shows))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
