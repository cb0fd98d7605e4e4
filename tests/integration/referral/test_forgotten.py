"""Whoever was erased is found nowhere: in no database, no topic, no backup, no reader's copy. Nobody else is harmed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from backbone.engine.generic import kinds_of
from backbone.ids import random_id
from backbone.log.effects import ATTEMPTS
from backbone.masters import MasterKeysTold
from backbone.store.keys import SCHEMA, keys_at
from backbone.store.postgres import PostgresStore, open_pool
from backbone.store.sealing import Sealed, Text, record_place
from cli.backup import backup, restore
from cli.database import connected
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.patient.outside import handlers
from services.referral.service import SERVICE as REFERRAL
from tests.support.databases import Databases
from tests.support.keys import MASTER
from tests.support.legible import found, of_database, of_log
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import a_patient, a_submission

SERVICES = (REFERRAL, NOTIFICATIONS)
REGISTRAR, OFFICER = "ines.park", "ada.voss"
PLANTED = (
    "Plantedname",
    "Plantgiven",
    "P-PLANTED",
    "PLANT-R1",
    "+12125550177",
    "plant@example.org",
    "planted history",
)
OTHERS = (
    "Othername",
    "Othergiven",
    "P-OTHER",
    "OTHER-R1",
    "+12125550188",
    "other@example.org",
    "others history",
)


class Place(NamedTuple):
    """The clinic, its databases by service, and its keys."""

    clinic: MemoryClinic
    urls: dict[str, str]
    seals: Sealed
    tmp: Path
    keys: str
    """The database of keys, by name."""

    async def run(self, *statements: str) -> None:
        async with connected(self.urls["referral"]) as connection:
            for statement in statements:
                await connection.execute(statement)

    async def again(self) -> None:
        """Whatever rests is called again now."""
        await self.run("UPDATE effect SET free_at = '-infinity'")
        await self.clinic.system.settle()

    async def erasure(self, referral: Any) -> str | None:
        path = f"/patients/{referral['patient_id']}"
        said: str | None = (await self.clinic.ask("GET", "referral", path, REGISTRAR))["erasure"]
        return said

    async def legible(self, urls: dict[str, str] | None = None) -> bytes:
        parts = [await of_log(self.clinic.system.log, self.seals)]
        for name, url in (urls or self.urls).items():
            parts.append(await of_database(url, self.seals, self.tmp / f"{name}.sql"))
        return b"\n".join(parts)

    async def receive(self, words: tuple[str, ...], *, broken: bool = True) -> Any:
        """A referral that says these things; a contact record that can't be read; an answer that is kept."""
        name, given, number, source, phone, mail, history = words
        contact = {"phone": phone, "email": mail}
        said = a_patient(number) | {"family_name": name, "given_names": given, "contact": contact}
        body = a_submission(source, patient=said, history=history)
        headers = {"Idempotency-Key": random_id()}
        sent = await self.clinic.ask("POST", "referral", "/referrals", REGISTRAR, json=body, headers=headers)
        if broken:
            cut = f'{{"phone": "{phone}", "name": "{name}'.encode()
            text = Text(record_place("referral.contacts", sent["patient_id"]), sent["patient_id"], cut)
            [value] = await self.seals.sealed([text])
            self.clinic.system.produce("referral.contacts", sent["patient_id"], value)
        await self.clinic.system.settle()
        return sent

    async def decide(self, patient: str, **body: str) -> Any:
        return await self.clinic.request(
            "POST", "referral", f"/patients/{patient}/erasure", OFFICER, json=body
        )

    async def end(self, referral: Any) -> None:
        path = f"/referrals/{referral['id']}/entered-in-error"
        await self.clinic.ask("POST", "referral", path, REGISTRAR, json={"reason": "test_data"})


@pytest.fixture
async def place(databases: Databases, tmp_path: Path) -> AsyncIterator[Place]:
    urls = {each.name: await databases.new(each.name, folders=each.sql) for each in SERVICES}
    pools = {name: await open_pool(url) for name, url in urls.items()}
    keys_url = await databases.new("keys", SCHEMA)
    async with keys_at(keys_url, MasterKeysTold(MASTER)) as keys:
        seals = Sealed(keys)
        stores = {
            each.name: PostgresStore(pools[each.name], kinds_of(each), seals=seals) for each in SERVICES
        }
        clinic = MemoryClinic("2027-01-11 09:00", SERVICES, {}, stores, outside={"referral": handlers(seals)})
        yield Place(clinic, urls, seals, tmp_path, keys_url.rpartition("/")[2])
    for pool in pools.values():
        await pool.close()


ENDED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname"
GRANTED = {"result": "granted", "ground": "not_needed_any_more"}


async def test_whoever_was_erased_is_found_nowhere_and_nobody_else_is_harmed(
    place: Place, databases: Databases
) -> None:
    clinic, log = place.clinic, place.clinic.system.log
    planted, other = await place.receive(PLANTED), await place.receive(OTHERS)
    erased, kept = planted["patient_id"], other["patient_id"]
    before = await place.legible()
    assert (found(PLANTED, before), found(OTHERS, before)) == ([*PLANTED], [*OTHERS])
    await backup(place.urls, place.tmp / "backup")
    assert (await place.decide(erased, **GRANTED)).json()["type"].endswith("not-ended")
    await place.end(planted)
    assert (await place.decide(erased, **GRANTED)).json()["type"].endswith("must-be-kept")
    clinic.system.clock.move(clinic.system.clock.now().replace(year=2033))
    await clinic.system.settle()

    answer = await place.decide(erased, **GRANTED)

    assert (answer.status_code, answer.json()["is_erased"], answer.json()["erasure"]) == (
        200,
        True,
        "partial",
    )
    assert clinic.facts("referral")[-1].name == "patient_erased"
    contacts = [each for (topic, _), some in log.items() for each in some if topic == "referral.contacts"]
    assert [each.value for each in contacts if each.key == erased][-1] is None
    after = await place.legible()
    assert (found(PLANTED, after), found(OTHERS, after)) == ([], [*OTHERS])
    labels = f"/labels?patient_id={erased}&patient_id={kept}"
    shown = (await clinic.ask("GET", "referral", labels, REGISTRAR))["labels"]
    assert {each["patient_id"]: each["label"] for each in shown} == {erased: "erased", kept: "OO 2"}
    await an_older_backup_tells_no_more(place, databases)
    await who_reads_everything_again_learns_no_more(place, databases)


async def an_older_backup_tells_no_more(place: Place, databases: Databases) -> None:
    urls = {each.name: await databases.new(each.name, folders=each.sql) for each in SERVICES}
    await restore(urls, place.tmp / "backup", urls)
    restored = await place.legible(urls)
    assert (found(PLANTED, restored), found(OTHERS, restored)) == ([], [*OTHERS])


async def who_reads_everything_again_learns_no_more(place: Place, databases: Databases) -> None:
    """A second reader of the same log, from the beginning."""
    url = await databases.new(NOTIFICATIONS.name, folders=NOTIFICATIONS.sql)
    pool = await open_pool(url)
    stores = {NOTIFICATIONS.name: PostgresStore(pool, kinds_of(NOTIFICATIONS), seals=place.seals)}
    second = MemoryClinic("2033-01-11 09:00", (NOTIFICATIONS,), {}, stores)
    for at, messages in place.clinic.system.log.items():
        second.system.log[at] = [*messages]
    await second.system.settle()
    told = await of_database(url, place.seals, place.tmp / "second.sql")
    assert (found(PLANTED, told), found(OTHERS[4:6], told)) == ([], [*OTHERS[4:6]])
    assert not second.outside.gateway.texts
    await pool.close()


async def test_what_can_not_be_reached_is_left_and_said_and_done_later(place: Place) -> None:
    """The database of keys is away for longer than anything else would be tried, and notifications is down."""
    clinic, workers = place.clinic, place.clinic.system.workers
    planted = await place.receive(PLANTED, broken=False)
    await place.end(planted)
    clinic.system.clock.move(clinic.system.clock.now().replace(year=2033))
    await clinic.system.settle()
    down = workers.pop("notifications")
    await place.run(f"ALTER DATABASE {place.keys} ALLOW_CONNECTIONS false", f"{ENDED} = '{place.keys}'")
    assert (await place.decide(planted["patient_id"], **GRANTED)).json()["erasure"] == "partial"
    for _ in range(2 * ATTEMPTS):
        await place.again()
    assert await place.erasure(planted) == "partial", "nobody gave up"
    await place.run(f"ALTER DATABASE {place.keys} ALLOW_CONNECTIONS true")
    await place.again()
    assert await place.erasure(planted) == "granted"
    assert found(PLANTED, await place.legible()) == [], "notifications has not even heard of it"
    workers["notifications"] = down
    await clinic.system.settle()
    assert "notifications.contact_forgotten.v1" in await clinic.system.facts("notifications")


async def test_without_keys_nobody_is_promised_to_be_forgotten(place: Place) -> None:
    sent = await place.receive(PLANTED)
    refused = await place.decide(sent["patient_id"], result="refused", ground="care_under_secrecy")
    assert refused.status_code == 200 and place.clinic.facts("referral")[-1].name == "erasure_refused"
    place.clinic.system.workers["referral"].store.seals = type("None", (), {"can_forget": False})()
    assert (await place.decide(sent["patient_id"], **GRANTED)).json()["type"].endswith("no-keys")
