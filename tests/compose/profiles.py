"""The two ways in which the containers run, as whoever uses the published ports sees them."""

import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from cli.composition import USUAL
from cli.issuer import Issuer
from cli.people import members, token_of
from cli.secret_files import fill
from cli.stack.ports import free_ports
from schemas.services import NAMES
from tests.support.configuring import approve, copied

ROOT = Path(__file__).parent.parent.parent
FILES = ("docker-compose.yml",)
BOARD_OPS = 8200
"""Where the board's figures are in production, of this machine."""
LOGIN = "login.test"
"""How the containers call the provider, which runs beside them."""
HUDDLE = 10001
"""Who our containers are (Dockerfile)."""
PUBLIC, OPS = 8080, 8081
"""Of a container; which ports of this machine they are, Compose says."""


class Profile(NamedTuple):
    """`probed`: the port of a container that says whether it is ready; `also`, who else says so. `login` is the
    provider's address for browsers."""

    files: tuple[str, ...]
    env: Mapping[str, str]
    scheme: str
    login: str
    trusted: ssl.SSLContext | bool
    token: Callable[[str], str]
    probed: int
    also: tuple[str, ...]
    sinks: str | None = None

    @property
    def board(self) -> str:
        return self.env.get("HUDDLE_BOARD_URL", USUAL.board_url)

    def url(self, service: str) -> str:
        return f"{self.scheme}://localhost:{self.port(service, PUBLIC)}"

    def probes(self, **scaled: int) -> list[str]:
        """Of every process of every service, one each where nothing else is said; and of the others."""
        processes = ((name, index) for name in NAMES for index in range(1, scaled.get(name, 1) + 1))
        ports = (self.port(name, self.probed, index) for name, index in processes)
        return [*(f"http://127.0.0.1:{port}/readyz" for port in ports), *self.also]

    def port(self, service: str, inside: int, index: int = 1) -> str:
        """Of this machine. Raises CalledProcessError."""
        said = self.compose("port", "--index", str(index), service, str(inside))
        return said.strip().rpartition(":")[2]

    def compose(self, *arguments: str) -> str:
        """Run Docker Compose. Raises CalledProcessError."""
        named = [part for file in self.files for part in ("--file", file)]
        command = ["docker", "compose", *named, *arguments]
        return subprocess.run(
            command, check=True, cwd=ROOT, env={**os.environ, **self.env}, stdout=subprocess.PIPE, text=True
        ).stdout


def development() -> Profile:
    issuer = f"http://127.0.0.1:{os.environ.get('HUDDLE_ISSUER_PORT', USUAL.issuer)}"
    sinks = f"http://127.0.0.1:{os.environ.get('HUDDLE_SINKS_PORT', USUAL.sinks[0])}"
    env = {"HUDDLE_BOARD_URL": os.environ.get("HUDDLE_BOARD_URL", USUAL.board_url)}
    also = (f"{env['HUDDLE_BOARD_URL']}/readyz", f"{issuer}/jwks.json")

    def token(login: str) -> str:
        """From the development issuer in the containers."""
        arguments = ("run", "--rm", "--no-deps", "-T", "prepare", "python", "-m", "cli.preparing", login)
        return made.compose(*arguments).strip().splitlines()[-1]

    made = Profile(FILES, env, "http", issuer, True, token, PUBLIC, also, sinks)
    return made


@contextmanager
def production() -> Iterator[Profile]:
    """With a folder of secrets, approved rules and a provider as an operator would bring them."""
    [port] = free_ports(1)
    with TemporaryDirectory() as name:
        folder = Path(name)
        env = brought(folder, port)
        issuer = Issuer(folder / "issuer", env["HUDDLE_OIDC_ISSUER"], "of the tests")

        def token(login: str) -> str:
            return token_of(issuer, next(each for each in members() if each.login == login))

        profile = Profile(
            (*FILES, "docker-compose.production.yml", "tests/compose/provider.yml"),
            env,
            "https",
            f"https://localhost:{port}",
            ssl.create_default_context(cafile=folder / "secrets" / "authority.pem"),
            token,
            OPS,
            (f"http://127.0.0.1:{BOARD_OPS}/readyz",),
        )
        command = [sys.executable, "-m", "tests.compose.provider", str(folder), str(port), profile.board]
        with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}) as provider:
            try:
                yield profile
            finally:
                provider.terminate()


def brought(folder: Path, port: int) -> Mapping[str, str]:
    """What an operator makes and says before the first start; `port` is the provider's."""
    secrets, config, backups = (folder / name for name in ("secrets", "config", "backups"))
    config.mkdir()
    backups.mkdir()
    os.chown(backups, HUDDLE, HUDDLE)
    approve(copied(config))
    board, provider = f"https://localhost:{USUAL.board}", f"https://{LOGIN}:{port}"
    fill(secrets, {}, [LOGIN])
    (secrets / "smtp_url").write_text("smtps://clinic:of-the-tests@mail.test:465")
    (secrets / "sms_url").write_text("https://clinic:of-the-tests@sms.test")
    return {
        "HUDDLE_SECRETS": str(secrets),
        "HUDDLE_CONFIG": str(config),
        "HUDDLE_BACKUPS": str(backups),
        "HUDDLE_BOARD_URL": board,
        "HUDDLE_OIDC_ISSUER": provider,
        "HUDDLE_OIDC_JWKS": f"{provider}/jwks.json",
        "HUDDLE_OIDC_CA": "/run/secrets/authority.pem",
        "HUDDLE_MAIL_FROM": "clinic@clinic.test",
        "HUDDLE_SMS_FROM": "+15550199",
        "HUDDLE_SMS_CALLBACK": "https://clinic.test",
    }
