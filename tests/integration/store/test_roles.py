"""Two roles for each service: one owns the schema, one runs. What neither may, the server refuses."""

import asyncio
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path

import asyncpg
import pytest

from backbone import told as told_module
from backbone.errors import Fatal, UnusableSettings
from backbone.process import make_fit
from backbone.settings import Settings
from backbone.store.migrations import BACKBONE, bring_up_to_date, migrate, missing
from backbone.store.partitions import make_partitions
from backbone.store.rights import is_open_to_all, too_much
from backbone.told import as_told
from cli.composition import service_of
from cli.preparing import migrate_as_owner
from cli.stack.places import SUPERUSER
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from tests.integration.store.test_partitions import NOW
from tests.support.configuring import approve, copied

Urls = Mapping[str, tuple[str, str]]
"""Of each service: the owner's, and that of who runs it."""

CLINIC = {
    "environment": "production",
    "kafka": "kafka:9092",
    "kafka_security": "plaintext",
    "id_secret": "a secret of the tests",
    "keys_url": "postgresql://keys/keys?sslmode=disable",
    "master_keys": f"of-its-own:{'A' * 43}=",
    "oidc_issuer": "https://login.example.org",
    "oidc_jwks": "https://login.example.org/jwks",
    "http_security": "plaintext",
    "ops_port": "8081",
}
KEPT = ("journal", "journal_2027_11", "journal_default", "access_record", "timeline", "refusal")
FORBIDDEN = [
    *(f"UPDATE {table} SET type = type" for table in ("journal", "journal_2027_11", "journal_default")),
    "UPDATE access_record SET number = number",
    "UPDATE timeline SET type = type",
    "UPDATE refusal SET reason = reason",
    "UPDATE id_secret SET mark = ''",
    "DELETE FROM id_secret",
    *(f"DELETE FROM {table}" for table in (*KEPT, "access_chain", "migration")),
    *(f"TRUNCATE {table}" for table in (*KEPT, "access_chain", "outbox", "content")),
    *(f"ALTER TABLE {table} ADD planted int" for table in (*KEPT, "outbox", "parking")),
    *(f"DROP TABLE {table}" for table in (*KEPT, "outbox")),
    "SELECT FROM journal FOR UPDATE",
    "INSERT INTO migration VALUES ('planted', '')",
    "CREATE TABLE planted ()",
    "CREATE TEMPORARY TABLE planted ()",
    "CREATE TABLE planted PARTITION OF journal FOR VALUES FROM ('2030-01-01') TO ('2030-02-01')",
    "ALTER TABLE journal DETACH PARTITION journal_2027_11",
    "CREATE INDEX planted ON outbox (topic)",
    "CREATE TRIGGER planted BEFORE INSERT ON journal EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE SCHEMA planted",
    "CREATE FUNCTION planted() RETURNS int LANGUAGE sql RETURN 1",
    "ALTER FUNCTION make_journal_month OWNER TO CURRENT_USER",
    "CREATE ROLE planted",
    "CREATE DATABASE planted",
    "ALTER SYSTEM SET fsync = off",
    "SET session_replication_role = replica",
]


@pytest.fixture(scope="module")
def urls(postgres: Postgres) -> Urls:
    return asyncio.run(made(postgres))


async def made(postgres: Postgres) -> Urls:
    """As a deployment has them: databases and roles made by an administrator, schemas by their owners."""
    admin = await asyncpg.connect(postgres.url())
    found = {}
    for name in NAMES:
        owner, runs, database = f"{name}_owns", f"{name}_runs", f"{name}_of_two"
        await admin.execute(f"CREATE ROLE {owner} LOGIN")
        await admin.execute(f"CREATE ROLE {runs} LOGIN")
        await admin.execute(f"CREATE DATABASE {database} OWNER {owner}")
        found[name] = (postgres.url(database, owner), postgres.url(database, runs))
        await bring_up_to_date(found[name][1], found[name][0], [BACKBONE, *service_of(name).sql])
        runner = await asyncpg.connect(found[name][1])
        await make_partitions(runner, NOW)
        await runner.close()
    await admin.close()
    return found


@pytest.mark.parametrize("name", NAMES)
async def test_who_runs_a_service_changes_no_table_and_nothing_that_is_kept_as_proof(
    urls: Urls, name: str
) -> None:
    runner = await asyncpg.connect(urls[name][1])
    passed = []
    for statement in [*FORBIDDEN, f"SET ROLE {name}_owns", f"ALTER ROLE {name}_runs SUPERUSER"]:
        try:
            await runner.execute(statement)
            passed.append(statement)
        except asyncpg.InsufficientPrivilegeError:
            continue
    await runner.close()
    assert passed == []


async def test_nobody_connects_to_another_service(urls: Urls) -> None:
    entered = []
    for guest, host in permutations(NAMES, 2):
        for role in (f"{guest}_owns", f"{guest}_runs"):
            try:
                await (await asyncpg.connect(urls[host][0].replace(f"{host}_owns", role))).close()
                entered.append((role, host))
            except asyncpg.InsufficientPrivilegeError:
                continue
    assert entered == []


async def test_who_runs_a_service_finds_nothing_missing_and_migrates_nothing_itself(
    urls: Urls, tmp_path
) -> None:
    owner, runs = urls["referral"]
    folders = [BACKBONE, *service_of("referral").sql]
    assert await bring_up_to_date(runs, None, folders) == []
    (tmp_path / "0001_later.sql").write_text("CREATE TABLE later (id int)")
    assert await missing(runs, [*folders, tmp_path]) == ["0001_later.sql"]
    with pytest.raises(Fatal, match=r"referral_runs may not change it .*HUDDLE_MIGRATE_URL"):
        await bring_up_to_date(runs, None, [*folders, tmp_path])
    assert await bring_up_to_date(runs, owner, [*folders, tmp_path]) == ["0001_later.sql"]
    runner = await asyncpg.connect(runs)
    await runner.execute("INSERT INTO later VALUES (1)")
    await runner.close()


async def test_a_worker_that_starts_while_another_migrates_waits_for_its_rights(urls: Urls) -> None:
    """The other has made the table of what is applied, and has not come to the rights yet."""
    owner, runs = urls["scheduling"]
    folders = [BACKBONE, *service_of("scheduling").sql]
    migrating = await asyncpg.connect(owner)
    await migrating.execute("REVOKE ALL ON migration FROM scheduling_runs")
    await migrating.execute("DELETE FROM migration WHERE name LIKE 'grants %'")
    await migrating.close()
    assert await bring_up_to_date(runs, owner, folders) == []
    assert await missing(runs, folders) == []


async def test_a_role_that_nobody_has_made_is_named(urls: Urls) -> None:
    with pytest.raises(Fatal, match='role "somebody" does not exist: make it first'):
        await migrate(urls["referral"][0], [BACKBONE], "somebody")


async def test_what_runs_before_the_containers_migrates_by_the_secrets_of_both_roles(
    postgres: Postgres, urls: Urls, tmp_path: Path
) -> None:
    admin = await asyncpg.connect(postgres.url())
    await admin.execute("CREATE DATABASE prepared OWNER referral_owns")
    await admin.close()
    (tmp_path / "referral_migrate_url").write_text(postgres.url("prepared", "referral_owns") + "\n")
    (tmp_path / "referral_database_url").write_text(postgres.url("prepared", "referral_runs"))
    assert "0001_referral.sql" in await migrate_as_owner("referral", tmp_path)
    runner = await asyncpg.connect(postgres.url("prepared", "referral_runs"))
    assert await runner.fetchval("SELECT count(*) FROM journal") == 0
    await runner.close()


async def test_the_server_says_what_a_role_may_that_must_not(postgres: Postgres, urls: Urls) -> None:
    owns, runs = urls["referral"]
    assert await too_much(runs) == []
    alters, rewrites = await too_much(owns)
    assert "owns tables" in alters
    assert "may change or delete what is kept as proof" in rewrites
    superuser = await too_much(owns.replace("referral_owns", SUPERUSER))
    assert "is a superuser" in superuser[0]
    assert not await is_open_to_all(runs)
    assert await is_open_to_all(postgres.url())


def settings_of(environment: pytest.MonkeyPatch, folder: Path, **told: str) -> None:
    """Those of a clinic's own, but for what is told."""
    environment.setattr(told_module, "SECRETS", folder)
    for name, value in (CLINIC | {"config_dir": str(folder)} | told).items():
        environment.setenv(f"HUDDLE_{name.upper()}", value)


async def test_production_begins_nothing_and_says_everything_that_it_refuses(
    urls: Urls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    owner = urls["worklist"][0]
    settings_of(monkeypatch, copied(tmp_path), database_url=owner, clock="simulated")
    service, settings = service_of("worklist"), as_told(Settings)
    with pytest.raises(UnusableSettings) as refused:
        await make_fit(service, settings, service.load_rules(tmp_path))
    for says in (
        "HUDDLE_CLOCK",
        "must say ?sslmode=",
        "owns tables",
        "may change or delete",
        "nobody has approved",
    ):
        assert says in str(refused.value)


async def test_production_migrates_as_the_owner_and_runs_as_who_may_not(
    postgres: Postgres, urls: Urls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    admin = await asyncpg.connect(postgres.url())
    await admin.execute("CREATE DATABASE fresh OWNER worklist_owns")
    await admin.close()
    approve(copied(tmp_path))
    owns, runs = (f"{postgres.url('fresh', f'worklist_{role}')}?sslmode=disable" for role in ("owns", "runs"))
    settings_of(monkeypatch, tmp_path, database_url=runs, migrate_url=owns)
    service, settings = service_of("worklist"), as_told(Settings)
    await make_fit(service, settings, service.load_rules(tmp_path))
    assert await missing(runs, [BACKBONE, *service.sql]) == []
    assert await too_much(runs) == []
    assert not await is_open_to_all(runs)
