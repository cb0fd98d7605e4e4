"""`huddle secrets`: the folder of secrets that one production deployment by compose needs, each known to nobody else.

Passwords are drawn at random. Certificates are for the containers among each other, by an authority of this folder
alone: no browser sees one but the board's, which is to be replaced by one that browsers believe. What others give is
left empty: without the addresses of mail and text messages `notifications` does not start.
"""

import secrets
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from backbone.clock import WallClock
from backbone.masters import BYTES
from cli.authority import Authority
from cli.stack.errors import StackError
from schemas.services import NAMES

YEARS = timedelta(days=730)
BROKER = "kafka"
WITH_CERTIFICATE = (BROKER, "postgres", "prepare", "operator", "board", *NAMES)
GIVEN_BY_OTHERS = ("smtp_url", "sms_url", "oidc_client_secret")
SERVER = "postgres:5432"
KEYS = "keys"
"""The database of patients' keys."""
MODE = 0o644
"""Containers read their files as users of their own: it is the folder that nobody else can open."""


def fill(
    folder: Path, hosts: Mapping[str, str], more: Collection[str] = (), anew: Collection[str] = ()
) -> list[str]:
    """Make what is missing; what is there stays. `hosts`: how those outside call a container, by its name; `more`:
    others with a certificate; `anew`: who has one, and gets another.

    The names of what was made. Raises StackError.
    """
    if unknown := [name for name in anew if not (folder / f"{name}.pem").exists()]:
        raise StackError(f"{folder} has no certificate of {', '.join(unknown)}.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    made = write_what_lacks(folder, {**passwords(), **dict.fromkeys(GIVEN_BY_OTHERS, "")})
    made += write_what_lacks(folder, as_who_runs(folder))
    lacking = [name for name in (*WITH_CERTIFICATE, *more) if not (folder / f"{name}.pem").exists()]
    wanted = [*lacking, *anew]
    if wanted:
        made += certify(folder, wanted, hosts)
    return made


def write_what_lacks(folder: Path, texts: Mapping[str, str]) -> list[str]:
    made = [name for name in texts if not (folder / name).exists()]
    for name in made:
        write(folder / name, texts[name])
    return made


def passwords() -> Mapping[str, str]:
    return {
        "postgres_password": drawn(),
        "id_secret": drawn(),
        "session_secret": drawn(),
        "master_keys": f"{WallClock().now():%Y-%m-%d}:{b64encode(secrets.token_bytes(BYTES)).decode()}",
        "keys_migrate_url": url(f"{KEYS}_owner", KEYS),
        **{f"{name}_migrate_url": url(f"{name}_owner", name) for name in NAMES},
        **{f"{name}_database_url": url(name, name) for name in NAMES},
    }


def as_who_runs(folder: Path) -> Mapping[str, str]:
    """The database of keys, by the roles and passwords by which services have their own."""
    own = {name: (folder / f"{name}_database_url").read_text() for name in NAMES}
    return {f"{name}_keys_url": urlsplit(url)._replace(path=f"/{KEYS}").geturl() for name, url in own.items()}


def drawn() -> str:
    return secrets.token_urlsafe(32)


def url(role: str, database: str) -> str:
    """As the containers reach it: certificates are checked."""
    return (
        f"postgresql://{role}:{drawn()}@{SERVER}/{database}"
        "?sslmode=verify-full&sslrootcert=/run/secrets/authority.pem"
    )


def certify(folder: Path, names: Iterable[str], hosts: Mapping[str, str]) -> Iterator[str]:
    """Each for the container of this name. Kafka wants key and certificate in one file.

    What is there is written over and not replaced: a container was given the file, and would go on with the old one.
    """
    authority = Authority(folder, YEARS, "Huddle's containers")
    for name in names:
        certificate, key = authority.issue(name, hosts={name, hosts.get(name, name)})
        if name == BROKER:
            write(folder / f"{BROKER}_keystore.pem", key.read_text() + certificate.read_text())
        key.chmod(MODE)
        yield name


def write(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(MODE)
