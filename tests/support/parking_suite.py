"""What can't be read, decided or kept: one suite for every store. Each level runs it with its own `system` fixture."""

import logging
from datetime import timedelta

import pytest

from backbone.ids import derive, random_id
from backbone.log.records import Record, Run
from backbone.model import Actor
from backbone.store.rows import DeferredRow, StateRow, TimerRow, Writes
from tests.support.memory_system import MemorySystem, MemoryWorker, record
from tests.support.runtime_suite import (
    BOX_1,
    OTHER,
    PATIENT,
    START,
    happened,
    public,
    rows,
)

OPERATOR = Actor("user", "99999999-9999-4999-8999-999999999999", "operations")
TOPIC = "outside.events"


def sample(system: MemorySystem) -> MemoryWorker:
    return system.workers["sample"]


def made(system: MemorySystem, what: str, fact_id: str | None = None, patient: str = PATIENT) -> Record:
    """A record that was not written to any topic: the test hands it over itself."""
    happened(system, what, derive(patient, "box 1"), patient, fact_id)
    [place] = [place for place, sent in system.log.items() if place[0] == TOPIC and sent]
    [message] = system.log.pop(place)
    return record(0, message)


async def take(system: MemorySystem, *records: Record) -> None:
    """One run of partition 1, behind what came before."""
    consumer = sample(system).consumer
    first = await consumer.position(TOPIC, 1, 0, 10**9)
    numbered = [each._replace(offset=first + n) for n, each in enumerate(records)]
    assert await consumer.handle(Run(TOPIC, 1, first, numbered)) == first + len(records)
    await system.settle()


async def parked(system: MemorySystem) -> list[tuple[str, str]]:
    return [(row["key"], row["reason"]) for row in await rows(system, "parked")]


def with_header(made: Record, name: str, value: bytes | None) -> Record:
    return made._replace(headers=[*(pair for pair in made.headers if pair[0] != name), (name, value)])


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("how", ["unparsable", "programming_error"])
async def test_a_broken_record_never_hides_a_corrected_one_with_the_same_id(system, how, at_once):
    await take(system, made(system, "open"))
    identity = random_id()
    broken, corrected = made(system, "raise", identity), made(system, "add", identity)
    if how == "unparsable":
        broken = broken._replace(value=b"{")
    if at_once:
        await take(system, broken, corrected)
    else:
        await take(system, broken)
        await take(system, corrected)
    assert await parked(system) == [(PATIENT, how), (PATIENT, "behind")]
    parking = sample(system).parking
    assert (await parking.retry(PATIENT, OPERATOR)).handled == 0
    await parking.skip(PATIENT, OPERATOR)
    assert (await parking.retry(PATIENT, OPERATOR)).handled == 1
    await system.settle()
    assert public(system) == ["box_opened", "patient_parked", "box_filled", "patient_unparked"]


async def test_a_record_that_comes_again_while_its_key_is_parked_is_kept_once(system):
    broken, behind = made(system, "open")._replace(value=b"{"), made(system, "open")
    await take(system, broken, behind, broken, behind)
    await take(system, behind, broken)
    assert await parked(system) == [(PATIENT, "unparsable"), (PATIENT, "behind")]


async def test_what_was_skipped_stays_skipped_when_positions_are_set_back(system):
    broken = made(system, "open")._replace(value=b"{")
    await take(system, broken)
    await sample(system).parking.skip(PATIENT, OPERATOR)
    consumer = sample(system).consumer
    async with consumer.store.transaction() as tx:
        await tx.set_offset(TOPIC, 1, 0)
    await take(system, broken)
    assert await parked(system) == []


async def test_a_record_that_is_read_again_while_it_is_parked_is_kept_once(system):
    broken = made(system, "open")._replace(value=b"{", headers=[])
    broken = with_header(broken, "ce_type", b"outside.happened.v1")
    await take(system, broken)
    consumer = sample(system).consumer
    async with consumer.store.transaction() as tx:
        await tx.set_offset(TOPIC, 1, 0)
    await take(system, broken)
    assert await parked(system) == [(PATIENT, "unparsable")]


@pytest.mark.parametrize("key", [b"a\0b", b"\xff\xfe", b"k" * 5_000, b"k" * 1_000_000, b"\x1b[2J", b"a/../b"])
async def test_a_key_that_no_table_or_address_takes_is_parked_under_its_hash(system, key):
    broken = made(system, "open")._replace(key=key, value=b"{")
    healthy = made(system, "open", patient=OTHER)
    await take(system, broken, made(system, "open")._replace(key=key), healthy)
    [(first, _), (second, _)] = await parked(system)
    assert first == second
    assert first.startswith("sha256:")
    assert public(system).count("box_opened") == 1
    parking = sample(system).parking
    assert [row.raw_key for row in await parking.show(first)] == [key, key]
    await parking.skip(first, OPERATOR)
    assert (await parking.retry(first, OPERATOR)).handled == 1


async def test_nobody_waits_behind_a_record_without_a_key(system):
    await take(system, made(system, "raise")._replace(key=None), made(system, "open")._replace(key=None))
    assert await parked(system) == [(f"{TOPIC}/1/0", "programming_error")]
    assert public(system).count("box_opened") == 1


async def test_a_header_that_is_null_is_unparsable_also_when_it_is_tried_again(system):
    await take(system, with_header(made(system, "open"), "ce_time", None))
    assert await parked(system) == [(PATIENT, "unparsable")]
    assert (await sample(system).parking.retry(PATIENT, OPERATOR)).error == (
        "Unparsable: a header is not UTF-8 text"
    )


@pytest.mark.parametrize(
    ("name", "value"), [("x-of-theirs", None), ("\ufffd", b"\xff"), ("traceparent", None)]
)
async def test_a_header_that_says_nothing_about_the_fact_keeps_nobody_back(system, name, value):
    await take(system, with_header(made(system, "open"), name, value))
    assert public(system) == ["box_opened"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_sequence", "²".encode()),
        ("ce_sequence", b"9" * 5_000),
        ("ce_sequence", str(2**63).encode()),
        ("ce_time", b"0001-01-01T00:00+14:00"),
        ("ce_recordedtime", b"2027-01-04T14:00:00"),
        ("ce_patientid", b"\0"),
    ],
)
async def test_a_header_that_can_not_be_is_unparsable(system, name, value):
    await take(system, with_header(made(system, "open"), name, value), made(system, "open", patient=OTHER))
    assert [reason for _, reason in await parked(system)] == ["unparsable"]
    assert public(system).count("box_opened") == 1


@pytest.mark.parametrize("timestamp", [0, -1, -(10**15), 2**63 - 1, -(2**63)])
async def test_a_record_comes_back_from_parking_as_it_was(system, timestamp):
    broken = made(system, "open")._replace(
        value=b"\0\xff", headers=[("", None), ("a", b"\xff")], timestamp=timestamp
    )
    broken = with_header(broken, "ce_type", b"outside.happened.v1")
    await take(system, broken)
    [row] = await sample(system).parking.show(PATIENT)
    assert (row.raw_key, row.value, row.sent_ms) == (broken.key, broken.value, timestamp)


async def test_what_a_host_could_not_unpack_is_kept_with_its_coordinates(system):
    hole = Record(0, None, None, (), 0, "offsets 0 to 0 can't be unpacked (CorruptRecordException)")
    await take(system, hole, made(system, "open"))
    assert public(system).count("box_opened") == 1
    assert await parked(system) == [(f"{TOPIC}/1/0", "unparsable")]
    [row] = await sample(system).parking.show(f"{TOPIC}/1/0")
    assert row.error.startswith("offsets 0 to 0 can't be unpacked (CorruptRecordException): ")
    assert (await sample(system).parking.retry(row.key, OPERATOR)).handled == 0
    await sample(system).parking.skip(row.key, OPERATOR)
    assert await parked(system) == []


async def test_a_parked_bug_leaves_its_stack_and_its_coordinates_and_nothing_of_the_content(system, caplog):
    with caplog.at_level(logging.ERROR, "huddle"):
        await take(system, made(system, "raise"))
    [line] = [line for line in caplog.records if line.message == "record parked"]
    assert (line.topic, line.partition, line.offset, line.reason) == (TOPIC, 1, 0, "programming_error")
    assert line.exc_info is not None
    assert isinstance(line.exc_info[1], ZeroDivisionError)
    [fact] = await system.journal("sample", "sample.patient_parked.v1")
    assert fact["place"] == f"{TOPIC}/1/0"


async def test_a_bug_while_a_record_is_read_parks_it_and_nobody_else(system, monkeypatch):
    arrivals = sample(system).consumer.arrivals
    read = arrivals._read

    def stumbling(envelope, headers, value):
        if b"add" in value:
            raise ZeroDivisionError("a bug of the reader")
        return read(envelope, headers, value)

    monkeypatch.setattr(arrivals, "_read", stumbling)
    await take(system, made(system, "add"), made(system, "open", patient=OTHER))
    assert await parked(system) == [(PATIENT, "programming_error")]
    assert public(system).count("box_opened") == 1
    monkeypatch.undo()
    assert (await sample(system).parking.retry(PATIENT, OPERATOR)).waiting == 0


async def test_the_work_for_each_undecidable_record_does_not_grow_with_their_number(system, monkeypatch):
    engine, asked = sample(system).engine, []
    carry_out = engine.carry_out

    async def counted(tx, works, now):
        asked.append(len(works))
        return await carry_out(tx, works, now)

    monkeypatch.setattr(engine, "carry_out", counted)
    patients = [derive(PATIENT, f"patient {n}") for n in range(100)]
    await take(system, *(made(system, "raise", patient=patient) for patient in patients))
    assert len(await parked(system)) == 100
    assert len(asked) <= 3


async def test_a_timer_that_this_version_can_not_read_waits_and_the_others_fire(system):
    await take(system, made(system, "open"))
    [known] = await rows(system, "timer")
    lane, due = known["lane"], START + timedelta(minutes=1)
    unreadable = [
        TimerRow("box", BOX_1, "of tomorrow", lane, due, PATIENT, None, b'{"type":"of_tomorrow"}'),
        TimerRow("cupboard", BOX_1, "of yesterday", lane, due, PATIENT, None, b"{}"),
    ]
    async with sample(system).store.transaction() as tx:
        await tx.write(Writes(timers_set=unreadable))
    await system.advance(START + timedelta(hours=1, minutes=1))
    assert "sample.box_checked.v1" in await system.facts("sample")
    waiting = {row["name"]: row["due"] for row in await rows(system, "timer")}
    assert set(waiting) == {"of tomorrow", "of yesterday"}
    assert all(later > system.clock.now() for later in waiting.values())


async def test_a_group_that_this_version_can_not_read_waits_on_and_stops_nobody(system):
    group = DeferredRow(random_id(), "box", BOX_1, b'{"sends":[{"kind":"cupboard"}]}', b"{}", "early", START)
    async with sample(system).store.transaction() as tx:
        await tx.write(Writes(deferred=[group]))
    await take(system, made(system, "open"), made(system, "add"))
    assert public(system) == ["box_opened", "box_filled"]
    assert [row["reason"] for row in await rows(system, "deferred")] == ["early"]


async def test_a_state_that_this_version_can_not_read_parks_its_patient_and_nobody_else(system):
    body, columns = b'{"status":"of_tomorrow"}', ("g", "true")
    state = StateRow(BOX_1, PATIENT, None, 1, 1, "of_tomorrow", body, START, columns, loaded_version=0)
    async with sample(system).store.transaction() as tx:
        await tx.write(Writes(births={"box": [state]}))
    await take(system, made(system, "add"), made(system, "open", patient=OTHER), made(system, "add"))
    assert await parked(system) == [(PATIENT, "programming_error"), (PATIENT, "behind")]
    assert public(system).count("box_opened") == 1


async def test_what_waited_and_can_not_be_decided_waits_on_and_keeps_nobody_back(system):
    rules = sample(system).engine.stated
    rules["breaks"] = True
    happened(system, "add")
    happened(system, "open")
    await system.settle()
    assert public(system) == ["box_opened"] and len(await rows(system, "deferred")) == 1
    rules["breaks"] = False
    await system.advance(START + timedelta(hours=1))
    assert "box_filled" in public(system) and not await rows(system, "deferred")
