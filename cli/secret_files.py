"""`huddle secrets`: the folder of secrets that one production deployment by compose needs, each known to nobody else.

Passwords are drawn at random. Certificates are for the containers among each other, by an authority of this folder
alone: no browser sees one but the board's, which is to be replaced by one that browsers believe. What others give is
left empty: without the addresses of mail and text messages `notifications` does not start.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from cli.authority import Authority
from schemas.services import NAMES

YEARS = timedelta(days=730)
BROKER = "kafka"
WITH_CERTIFICATE = (BROKER, "postgres", "prepare", "operator", "board", *NAMES)
GIVEN_BY_OTHERS = ("smtp_url", "sms_url", "oidc_client_secret")
SERVER = "postgres:5432"
MODE = 0o644
"""Containers read their files as users of their own: it is the folder that nobody else can open."""


def fill(folder: Path, hosts: Mapping[str, str], more: Iterable[str] = ()) -> list[str]:
    """Make what is missing; what is there stays. `hosts`: how those outside call a container, by its name; `more`:
    others with a certificate.

    The names of what was made. Raises StackError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    texts = {**passwords(), **dict.fromkeys(GIVEN_BY_OTHERS, "")}
    made = [name for name in texts if not (folder / name).exists()]
    for name in made:
        write(folder / name, texts[name])
    wanted = [name for name in (*WITH_CERTIFICATE, *more) if not (folder / f"{name}.pem").exists()]
    if wanted:
        made += certify(folder, wanted, hosts)
    return made


def passwords() -> Mapping[str, str]:
    return {
        "postgres_password": drawn(),
        "id_secret": drawn(),
        "session_secret": drawn(),
        **{f"{name}_migrate_url": url(f"{name}_owner", name) for name in NAMES},
        **{f"{name}_database_url": url(name, name) for name in NAMES},
    }


def drawn() -> str:
    return secrets.token_urlsafe(32)


def url(role: str, database: str) -> str:
    """As the containers reach it: certificates are checked."""
    return (
        f"postgresql://{role}:{drawn()}@{SERVER}/{database}"
        "?sslmode=verify-full&sslrootcert=/run/secrets/authority.pem"
    )


def certify(folder: Path, names: Iterable[str], hosts: Mapping[str, str]) -> Iterator[str]:
    """Each for the container of this name. Kafka wants key and certificate in one file."""
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
