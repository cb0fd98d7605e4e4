"""Break a real service, scrape it, and the alert fires: from the fault to the alarm without a made-up figure."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from backbone.http.application import Hosting, build
from backbone.model import one
from backbone.process import take_stock
from tests.support.alerts import Course, check, needs_promtool, steady
from tests.support.effects_suite import SampleSystem, sample_system
from tests.support.memory_system import PARTITIONS
from tests.support.referral_http import TrustingIdentity
from tests.support.sample import BOX, OpenBox

START = datetime(2027, 1, 4, 14, tzinfo=UTC)
PATIENT = "11111111-1111-4111-8111-111111111111"
BOX_ID = "33333333-3333-4333-8333-333333333333"


async def scrape(system: SampleSystem) -> str:
    worker = system.workers["sample"]
    metrics = worker.consumer.metrics
    await take_stock(worker.store, system.clock.now(), metrics)
    app = build(worker.runtime, TrustingIdentity(), worker.parking, metrics, Hosting(lambda: True))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample") as http:
        return (await http.get("/metrics")).text


async def opened(system: SampleSystem) -> None:
    await system.order("sample", BOX.send(OpenBox("g"), to=one(BOX_ID)), about=PATIENT)


async def a_record_that_can_not_be_read(system: SampleSystem) -> None:
    system.produce("outside.events", PATIENT, b"{", {"ce_type": "outside.happened.v1"})
    await system.settle()


async def a_relay_that_sends_nothing(system: SampleSystem) -> None:
    await opened(system)
    system.clock.move(START + timedelta(minutes=2))


async def a_timer_that_nobody_fires(system: SampleSystem) -> None:
    await opened(system)
    await system.settle()
    [row] = system.workers["sample"].store.tables.timer.values()
    system.clock.move(row.due + timedelta(minutes=2))


async def a_timer_that_can_not_be_fired(system: SampleSystem) -> None:
    await a_timer_that_nobody_fires(system)
    timers = system.workers["sample"].store.tables.timer
    [(place, row)] = timers.items()
    timers[place] = row._replace(command=b"of another release")
    for lane in range(PARTITIONS):
        await system.workers["sample"].consumer.fire_timers(lane)


BREAKS = {
    a_record_that_can_not_be_read: "HuddleParked",
    a_relay_that_sends_nothing: "HuddleOutboxStands",
    a_timer_that_nobody_fires: "HuddleTimersOverdue",
    a_timer_that_can_not_be_fired: "HuddleTimersFail",
}


@needs_promtool
async def test_what_breaks_is_told_and_what_is_sound_is_not(tmp_path: Path) -> None:
    series: dict[str, str] = {}
    for breaks in BREAKS:
        system = sample_system(None)
        sound = await scrape(system)
        await breaks(system)
        series |= steady(breaks.__name__, sound, await scrape(system))
    series |= steady("sound", sound, sound)
    check(tmp_path, [Course(series, [(alert, breaks.__name__) for breaks, alert in BREAKS.items()])])
