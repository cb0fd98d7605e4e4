"""What is to be watched shows in the figures while it is so, and no longer."""

from datetime import UTC, datetime, timedelta

from backbone.model import one
from backbone.process import take_stock
from backbone.telemetry import Metrics
from services.worklist.queue.queries import counted
from tests.support.effects_suite import sample_system
from tests.support.memory_system import PARTITIONS, MemorySystem
from tests.support.sample import BOX, SAMPLE, KeepNote, OpenBox

START = datetime(2027, 1, 4, 14, tzinfo=UTC)
PATIENT = "11111111-1111-4111-8111-111111111111"
BOX_ID = "33333333-3333-4333-8333-333333333333"


async def figure(system: MemorySystem, name: str, **labels: str) -> float | None:
    metrics = Metrics()
    await take_stock(system.workers["sample"].store, system.clock.now(), metrics)
    return metrics.registry.get_sample_value(name, labels)


async def fire(system: MemorySystem) -> None:
    for lane in range(PARTITIONS):
        await system.workers["sample"].consumer.fire_timers(lane)


async def opened(system: MemorySystem) -> None:
    await system.order("sample", BOX.send(OpenBox("g"), to=one(BOX_ID)), about=PATIENT)


async def test_a_timer_that_does_not_fire_is_overdue_from_its_time_on() -> None:
    system = MemorySystem(START, {SAMPLE: {}})
    await opened(system)
    due = (await system.workers["sample"].store.left()).next_due
    assert due is not None and await figure(system, "huddle_timers_overdue") == 0
    system.clock.move(due + timedelta(minutes=7))
    assert await figure(system, "huddle_timers_overdue") == 1
    assert await figure(system, "huddle_timers_overdue_seconds") == 7 * 60
    await fire(system)
    assert await figure(system, "huddle_timers_overdue") == 0
    assert await figure(system, "huddle_timers_overdue_seconds") == 0


async def test_a_timer_that_can_not_be_fired_is_counted() -> None:
    system = MemorySystem(START, {SAMPLE: {}})
    await opened(system)
    timers = system.workers["sample"].store.tables.timer
    [(place, row)] = timers.items()
    timers[place] = row._replace(command=b"of another release")
    system.clock.move(row.due)
    await fire(system)
    registry = system.workers["sample"].consumer.metrics.registry
    assert registry.get_sample_value("huddle_timers_failed_total") == 1


async def test_what_is_to_be_called_is_counted_by_where_it_goes() -> None:
    system = sample_system(None)
    await opened(system)
    assert await figure(system, "huddle_effects_waiting", kind="announcement") is None
    await system.order("sample", BOX.send(KeepNote("hello"), to=one(BOX_ID)))
    assert await figure(system, "huddle_effects_waiting", kind="announcement") == 1
    await system.settle()
    assert await figure(system, "huddle_effects_waiting", kind="announcement") is None


def test_open_work_is_counted_by_queue_and_type_and_says_what_is_about_safety() -> None:
    metrics, since = Metrics(), START - timedelta(minutes=5)
    rows = [("nursing", "RED_FLAG", 2, 1, since), ("nursing", "REF_TRIAGE", 3, 0, START)]
    metrics.own.said = list(counted(rows, 4, START))
    value = metrics.registry.get_sample_value
    flags = {"queue": "nursing", "item_type": "RED_FLAG", "safety": "yes"}
    assert value("huddle_items_open", flags) == 2
    assert value("huddle_items_overdue", flags) == 1
    assert value("huddle_items_longest_wait_seconds", flags) == 5 * 60
    triage = {"queue": "nursing", "item_type": "REF_TRIAGE", "safety": "no"}
    assert value("huddle_items_open", triage) == 3
    assert value("huddle_episodes_unowned") == 4
