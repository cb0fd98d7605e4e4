"""TLS to PostgreSQL: to the server that its certificate names, signed by whom we know, or not at all."""

import asyncio
import gc
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from backbone import process
from backbone.engine.generic import kinds_of
from backbone.errors import Fatal, UnusableSettings
from backbone.ids import random_id
from backbone.masters import MasterKeysTold
from backbone.process import patiently
from backbone.settings import Settings
from backbone.store.keys import keys_at, make_table
from backbone.store.migrations import BACKBONE, bring_up_to_date
from backbone.store.notify import listen
from backbone.store.outbox import Outbox
from backbone.store.postgres import open_pool
from backbone.told import read
from cli.authority import Authority
from cli.stack.errors import StackError
from cli.stack.postgres import Postgres
from tests.support.hosting import until
from tests.support.keys import MASTER
from tests.support.sample import SAMPLE
from tests.support.tls_front import tls_front


@pytest.fixture(scope="module")
def authority(playground: Path) -> Authority:
    return Authority(playground / "authority")


def open_sockets() -> set[int]:
    return {id(each) for each in gc.get_objects() if type(each) is socket.socket and each.fileno() != -1}


@pytest.fixture(autouse=True)
async def closed() -> AsyncIterator[None]:
    """What is refused is closed by asyncpg's loop after TLS has said goodbye: it must not end before."""
    before = open_sockets()
    yield
    await until(lambda: open_sockets() <= before)


@pytest.fixture
async def url(postgres: Postgres, unique: str, authority: Authority) -> AsyncIterator[str]:
    """Of a database behind TLS, without the certificate of who signed the server's."""
    name = unique.replace("-", "_")
    postgres.create_database(name)
    async with tls_front(postgres.port, *authority.issue("front")) as port:
        yield f"postgresql://huddle@127.0.0.1:{port}/{name}"


async def test_every_connection_of_a_service_is_encrypted(url: str, authority: Authority) -> None:
    verified = f"{url}?sslmode=verify-full&sslrootcert={authority.ca}"
    assert await bring_up_to_date(verified, None, [BACKBONE])
    pool = await open_pool(verified)
    assert await pool.fetchval("SELECT count(*) FROM journal") == 0
    async with Outbox.connected(verified, 0, kinds_of(SAMPLE)) as outbox:
        assert await outbox.take_the_lead("sample")
        heard = asyncio.Event()
        listening = asyncio.ensure_future(listen(verified, "outbox", heard.set))
        await asyncio.wait_for(heard.wait(), 10)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    await pool.close()
    with pytest.raises((OSError, asyncpg.PostgresError)):
        await asyncpg.connect(f"{url}?sslmode=disable")


async def test_a_server_that_somebody_else_vouches_for_is_refused_in_one_sentence(
    url: str, playground: Path
) -> None:
    stranger = Authority(playground / "stranger")
    with pytest.raises(Fatal, match=r"is not who HUDDLE_DATABASE_URL says .*sslrootcert"):
        await patiently(partial(open_pool, f"{url}?sslmode=verify-full&sslrootcert={stranger.ca}"))


async def test_who_is_believed_follows_the_file_at_the_next_connection(
    url: str, authority: Authority, playground: Path
) -> None:
    stranger, believed = Authority(playground / "stranger"), playground / "believed.pem"
    shutil.copy(authority.ca, believed)
    pool = await open_pool(f"{url}?sslmode=verify-full&sslrootcert={believed}")
    shutil.copy(stranger.ca, believed)
    assert await pool.fetchval("SELECT 1") == 1  # the connection that is open goes on
    await pool.expire_connections()
    with pytest.raises(ssl.SSLCertVerificationError):
        await pool.fetchval("SELECT 1")
    shutil.copy(authority.ca, believed)
    assert await pool.fetchval("SELECT 1") == 1
    await pool.close()


async def test_a_server_of_another_name_is_refused_in_one_sentence(url: str, authority: Authority) -> None:
    other = url.replace("127.0.0.1", "127.0.0.2")
    with pytest.raises(Fatal, match=r"is not who HUDDLE_DATABASE_URL says .*127\.0\.0\.2"):
        await patiently(partial(open_pool, f"{other}?sslmode=verify-full&sslrootcert={authority.ca}"))


async def test_a_server_without_tls_is_no_server(
    postgres: Postgres, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "START_PATIENCE_SECONDS", 0.0)
    with pytest.raises(Fatal, match="rejected SSL upgrade"):
        await patiently(
            partial(open_pool, f"{postgres.url()}?sslmode=verify-full&sslrootcert={authority.ca}")
        )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("sslmode=verify-full", "needs sslrootcert=FILE"),
        ("sslmode=verify-full&sslrootcert={folder}/none.pem", "none.pem can't be read: No such file"),
        ("sslmode=verify-full&sslrootcert={folder}/front.key", "holds no certificate in PEM"),
    ],
)
def test_a_certificate_that_is_of_no_use_is_named_at_start(
    authority: Authority, options: str, says: str
) -> None:
    authority.issue("front")
    with pytest.raises(UnusableSettings, match=f"HUDDLE_DATABASE_URL: .*{says}"):
        read(
            Settings,
            database_url=f"postgresql://a@db/a?{options.format(folder=authority.ca.parent)}",
            kafka="kafka:9092",
            id_secret="a secret of the tests",
            oidc_issuer="https://login.example.org",
            oidc_jwks="https://login.example.org/jwks",
        )


@pytest.fixture
def server(playground: Path, unique: str, authority: Authority) -> Iterator[Postgres]:
    """A server that takes TLS and passwords only, where the machine has one."""
    try:
        made = Postgres(playground / unique, tls=authority.issue("server"))
    except StackError as error:
        pytest.skip(f"{error} The tests before this one have TLS before the server")
    yield made
    made.kill()


INIT = Path(__file__).parent.parent.parent.parent / "deploy" / "postgres" / "10-databases.sh"


def start_as_the_container_does(server: Postgres, secrets: Path) -> None:
    """First to be set up, then for everybody, who must bring TLS and a password."""
    server.start()
    there = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "POSTGRES_USER": "huddle"}
    environment = {"PATH": f"{server._bin}:/usr/bin:/bin", "SECRETS": str(secrets), **there}
    subprocess.run(["bash", INIT], env=environment, check=True)
    server.stop()
    (server.data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
    server.start()


async def test_the_containers_first_start_makes_roles_with_their_passwords_and_no_way_elsewhere(
    server: Postgres, authority: Authority, tmp_path: Path
) -> None:
    password = "a%40%2Fb%25c"
    for kind, role in (("migrate", "referral_owner"), ("database", "referral")):
        url = f"postgresql://{role}:{password}@127.0.0.1:5432/referral?sslmode=disable"
        (tmp_path / f"referral_{kind}_url").write_text(url)
    (tmp_path / "keys_migrate_url").write_text(f"postgresql://keys_owner:{password}@127.0.0.1:5432/keys")
    start_as_the_container_does(server, tmp_path)
    here = f"127.0.0.1:{server.port}"
    options = f"sslmode=verify-full&sslrootcert={authority.ca}"
    owns, runs = (
        f"postgresql://{role}:{password}@{here}/referral?{options}" for role in ("referral_owner", "referral")
    )
    assert "0001_backbone.sql" in await bring_up_to_date(runs, owns, [BACKBONE])
    await make_table(f"postgresql://keys_owner:{password}@{here}/keys?{options}", ["referral"])
    async with keys_at(runs.replace("/referral?", "/keys?"), MasterKeysTold(MASTER)) as keys:
        assert await keys.of([random_id()])
    pool = await open_pool(runs)
    asked = "SELECT ssl, current_user FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    assert tuple(await pool.fetchrow(asked)) == (True, "referral")
    await pool.close()
    elsewhere = owns.replace("/referral?", "/keys?")
    for refused in (elsewhere, runs.replace(options, "sslmode=disable"), runs.replace(password, "wrong")):
        with pytest.raises(Fatal, match="The database refuses us"):
            await patiently(partial(open_pool, refused))
