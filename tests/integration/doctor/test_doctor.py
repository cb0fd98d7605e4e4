"""`huddle doctor` on real Kafka and PostgreSQL: each thing is broken, and one line says so and what to do."""

import asyncio
import json
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from backbone import told as told_module
from backbone.brokers import Brokers
from backbone.settings import Settings
from backbone.tls import trusting
from backbone.told import as_told
from cli.authority import Authority
from cli.doctor import __main__ as command
from cli.doctor.broker import of_certificates, of_topics, topics_of
from cli.doctor.examining import examine
from cli.doctor.finding import Finding
from cli.issuer import Issuer
from cli.stack.kafka import Kafka
from cli.stack.topics import ensure_topics
from schemas.topics import DAY_MS, events_of
from services.referral.service import SERVICE
from tests.support.configuring import change, copied
from tests.support.databases import Databases

LATE = "'2026-01-01T00:00Z'"
PARKED = f"""
INSERT INTO parked (key, record_id, topic, partition, record_offset, headers, sent_ms, reason, error, parked_at)
VALUES ('k', gen_random_uuid(), 't', 0, 0, '', 0, 'unparsable', '', {LATE})
"""


class Examined:
    """One service's surroundings. `superuser` is for breaking them."""

    def __init__(self, superuser: str, environment: pytest.MonkeyPatch) -> None:
        self.superuser = superuser
        self._environment = environment

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self._environment.setenv(f"HUDDLE_{name.upper()}", value)

    async def broken(self, statement: str) -> None:
        connection = await asyncpg.connect(self.superuser)
        await connection.execute(statement)
        await connection.close()

    async def found(self) -> Sequence[Finding]:
        return await examine(SERVICE, Path("/"))

    async def says(self, verdict: str, subject: str) -> str:
        """What is found of this kind."""
        return "; ".join(
            each.says for each in await self.found() if (each.verdict, each.subject) == (verdict, subject)
        )


@pytest.fixture
async def examined(
    databases: Databases, kafka: Kafka, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Examined:
    monkeypatch.setattr(told_module, "SECRETS", tmp_path)
    url = await databases.new("referral", folders=SERVICE.sql)
    made = Examined(url, monkeypatch)
    made.set(
        environment="development",
        database_url=Databases.as_who_runs(url),
        kafka=kafka.bootstrap,
        id_secret="a secret of the tests",
        oidc_issuer="https://login.example.org",
        oidc_jwks=str(Issuer(tmp_path / "issuer").jwks),
    )
    await made.broken(f"REVOKE CONNECT ON DATABASE {url.rpartition('/')[2]} FROM PUBLIC")
    await made.broken(f"GRANT CONNECT ON DATABASE {url.rpartition('/')[2]} TO who_runs")
    await ensure_topics(kafka.brokers, 12, topics_of(SERVICE, as_told(Settings)))
    return made


async def test_where_nothing_is_broken_nothing_fails(examined: Examined) -> None:
    found = await examined.found()
    assert [each for each in found if each.verdict == "fails"] == []
    subjects = {
        "production",
        "rules",
        "issuer",
        "database",
        "clock",
        "role",
        "migrations",
        "outbox",
        "parked",
    }
    assert subjects <= {each.subject for each in found}
    assert {"deferred", "timers", "brokers", "lag", "topics", "disk"} <= {each.subject for each in found}
    assert sum(each.subject == "clock" for each in found) == 2
    shares = [each.says.partition("%")[0] for each in found if each.subject == "disk"]
    assert [0 <= int(share) <= 100 for share in shares] == [True, True]
    ill = {each.subject for each in found if each.verdict != "ok"}
    assert ill & subjects <= {"production", "rules"}


async def test_settings_that_can_not_be_used_are_all_that_is_said(examined: Examined) -> None:
    examined.set(partitions="0")
    [said] = await examined.found()
    assert (said.verdict, said.subject) == ("fails", "settings")
    assert "HUDDLE_PARTITIONS" in said.says


async def test_what_production_refuses_fails_beforehand(examined: Examined) -> None:
    examined.set(
        environment="production", clock="simulated", database_url=examined.superuser, replication="3"
    )
    said = await examined.says("fails", "production")
    for name in ("HUDDLE_CLOCK", "HUDDLE_DATABASE_URL", "HUDDLE_KAFKA_SECURITY", "referral.toml: nobody has"):
        assert name in said
    assert "is a superuser" in await examined.says("fails", "role")
    assert "1 answer, of 3 (HUDDLE_REPLICATION)" in await examined.says("fails", "brokers")
    assert "care_plan.events, notifications.events" in (said := await examined.says("fails", "topics"))
    assert "1 copies of each record" in said
    assert "min.insync.replicas=1" in said


async def test_dates_of_the_rules_and_the_calendar_are_said(examined: Examined, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    copied(folder)
    change(folder / "red_flags.toml", "effective_from = 2026-01-01", "effective_from = 2099-02-01")
    calendar = folder / "calendar.toml"
    known = next(line for line in calendar.read_text().splitlines() if line.startswith("known_until"))
    change(calendar, known, "known_until = 2026-06-30")
    examined.set(config_dir=str(folder))
    assert "no version that applies before 2099-02-01" in await examined.says("fails", "rules")
    assert "the holidays are entered until 2026-06-30" in await examined.says("warns", "rules")


async def test_a_certificate_that_ends_soon_is_said(examined: Examined, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "authority")
    url = f"{Databases.as_who_runs(examined.superuser)}?sslmode=prefer&sslrootcert={authority.ca}"
    examined.set(database_url=url, kafka_ca=str(authority.ca))
    said = await examined.says("warns", "certificate")
    assert "HUDDLE_DATABASE_URL: sslrootcert" in said
    assert "HUDDLE_KAFKA_CA" in said
    assert "put the next one in its place" in said


async def test_a_brokers_own_certificate_that_ends_soon_is_said(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*authority.issue("broker"))
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    brokers = Brokers(f"127.0.0.1:{port}", {"ssl_context": trusting(authority.ca)})
    [found] = [each async for each in of_certificates(brokers)]
    server.close()
    assert found.verdict == "warns"
    assert f"that of broker 127.0.0.1:{port} ends on" in found.says


BREAKING: Mapping[str, tuple[str, str, str, str]] = {
    "a database that can only be read": (
        "ALTER ROLE who_runs IN DATABASE {database} SET default_transaction_read_only = on",
        *("fails", "database", "point HUDDLE_DATABASE_URL to the primary"),
    ),
    "a database that all may enter": (
        "GRANT CONNECT ON DATABASE {database} TO PUBLIC",
        *("warns", "role", "REVOKE CONNECT ON DATABASE"),
    ),
    "a role that may rewrite the journal": (
        "GRANT DELETE ON journal TO who_runs",
        *("warns", "role", "may change or delete what is kept as proof"),
    ),
    "a missing migration": (
        "DELETE FROM migration WHERE name = '0002_who_is_who.sql'",
        *("fails", "migrations", "0002_who_is_who.sql are missing: migrate"),
    ),
    "a changed migration": (
        "UPDATE migration SET checksum = 'x' WHERE name = '0002_who_is_who.sql'",
        *("fails", "migrations", "0002_who_is_who.sql was changed after it was applied"),
    ),
    "a later version": (
        "INSERT INTO migration VALUES ('9999_later.sql', 'x')",
        *("warns", "migrations", "9999_later.sql are of a later version"),
    ),
    "another secret of the ids": (
        "INSERT INTO id_secret (mark) VALUES ('of another')",
        *("fails", "secret", "HUDDLE_ID_SECRET is not the one"),
    ),
    "an outbox that stands": (
        f"INSERT INTO outbox (topic, key, headers, recorded_at) VALUES ('t', 'k', '', {LATE})",
        *("fails", "outbox", "1 rows are to be sent"),
    ),
    "a parked record": (
        PARKED,
        *("warns", "parked", "1 keys wait: huddle dead-letters list"),
    ),
    "a record that was parked long ago": (
        PARKED,
        *(
            "fails",
            "retention",
            "a record is parked since 2026-01-01 00:00:00+00:00: huddle dead-letters list",
        ),
    ),
    "records of reads that are older than they are kept": (
        """INSERT INTO access_record VALUES ('2020-01-01', 1, '2020-01-01T00:00Z', 'user', '', '{{}}', NULL, false,
                                             'plan', '', '{{}}', false, NULL, gen_random_uuid(), '', '')""",
        *("warns", "retention", "since 2020-01-01: huddle retention --apply"),
    ),
    "a row that Kafka refuses": (
        f"""INSERT INTO undeliverable (id, shard, place, topic, key, headers, recorded_at, reason)
            VALUES (1, 0, 'p', 't', 'k', '', {LATE}, 'too_large')""",
        *("warns", "parked", "1 rows or effects can't get out"),
    ),
    "an overdue timer": (
        f"INSERT INTO timer VALUES ('referral', gen_random_uuid(), 'n', 0, {LATE}, NULL, NULL, '')",
        *("warns", "timers", "1 are overdue"),
    ),
    "a timer of a partition that there is no more": (
        "INSERT INTO timer VALUES ('referral', gen_random_uuid(), 'n', 23, 'infinity', NULL, NULL, '')",
        *("fails", "timers", "some belong to partition 23, and HUDDLE_PARTITIONS is 12"),
    ),
    "another Kafka": (
        "INSERT INTO consumer_offset VALUES ('scheduling.events', 0, 1000000000)",
        *("fails", "lag", "this is not the Kafka that this database knows"),
    ),
}


@pytest.mark.parametrize("broken", BREAKING)
async def test_what_is_broken_in_the_database_is_said(examined: Examined, broken: str) -> None:
    statement, verdict, subject, says = BREAKING[broken]
    await examined.broken(statement.format(database=examined.superuser.rpartition("/")[2]))
    assert says in await examined.says(verdict, subject)


async def test_topics_that_are_not_as_they_must_be_are_said(
    examined: Examined, kafka: Kafka, unique: str
) -> None:
    wrong = {
        "retention.ms": str(DAY_MS),
        "unclean.leader.election.enable": "true",
        "min.insync.replicas": "1",
    }
    there, missing, swept = (events_of(f"{unique}-{name}", 30) for name in ("there", "missing", "swept"))
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.create_topics(
        [
            NewTopic(there.name, 3, 1, topic_configs=wrong),
            NewTopic(swept.name, 12, 1, topic_configs={"cleanup.policy": "compact"}),
        ]
    )
    await admin.close()
    found = await of_topics(as_told(Settings, replication=3), [there, missing, swept])
    for verdict, says in (
        ("fails", f"{missing.name}: there is no such topic"),
        ("fails", f"{there.name}: 3 partitions, and HUDDLE_PARTITIONS is 12"),
        ("fails", f"{there.name}: retention.ms={DAY_MS}"),
        ("fails", f"{there.name}: unclean.leader.election.enable=true"),
        ("fails", f"{swept.name}: cleanup.policy=compact"),
        ("warns", f"{there.name}, {swept.name}: min.insync.replicas=1"),
        ("warns", f"{there.name}, {swept.name}: 1 copies of each record"),
    ):
        assert any(each.verdict == verdict and each.says.startswith(says) for each in found), says


async def test_what_does_not_answer_is_said_and_the_rest_is_looked_at(examined: Examined) -> None:
    examined.set(kafka="127.0.0.1:1", oidc_jwks="/nowhere/jwks.json")
    assert "No such file" in await examined.says("fails", "issuer")
    found = await examined.found()
    asked = [each.subject for each in found if each.says.startswith("it can't be asked")]
    assert asked == ["brokers", "topics"]
    examined.set(database_url="postgresql://who_runs@127.0.0.1:1/referral")
    found = await examined.found()
    asked = [each.subject for each in found if each.says.startswith("it can't be asked")]
    assert asked == ["database", "role", "migrations", "outbox", "retention", "brokers", "topics", "lag"]


def test_the_command_says_one_line_a_finding_and_ends_with_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["doctor", "referral", "--json"])
    monkeypatch.setenv("HUDDLE_PARTITIONS", "0")
    assert command.main() == 1
    [line] = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert (said["service"], said["verdict"], said["subject"]) == ("referral", "fails", "settings")
    monkeypatch.setattr("sys.argv", ["doctor", "nobody"])
    assert command.main() == 64
