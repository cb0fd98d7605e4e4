"""A fact that comes before what it is about waits for it; whoever waits a day is somebody's work (EVT-11)."""

from typing import Any

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.activity import ActivityAccepted, ActivityReviewed
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.feed import Feed
from tests.support.memory_clinic import MemoryClinic

ACTIVITY, OWNER = derive(ROOT, "an activity"), derive(ROOT, "a physiotherapist")
ABOUT: dict[str, Any] = {"aggregate": ACTIVITY}
REVIEWED = ActivityReviewed(activity_id=ACTIVITY, decision="extend", sessions=4, decided_by=OWNER)
ACCEPTED = ActivityAccepted(
    activity_id=ACTIVITY,
    discipline="physiotherapy",
    owner_id=OWNER,
    assessment=False,
    remote=False,
    sessions=6,
    every_days=7,
)


async def extended_too_early() -> tuple[MemoryClinic, Feed]:
    """Sessions are added to a series that nobody has asked to book yet."""
    clinic = MemoryClinic("2027-01-04 10:00", (SCHEDULING, WORKLIST), {})
    feed = Feed(clinic.system)
    await feed.tell(REVIEWED, **ABOUT)
    return clinic, feed


def asked(clinic: MemoryClinic) -> list[int]:
    return [fact.fact["count"] for fact in clinic.facts("scheduling") if fact.name == "booking_requested"]


async def test_what_comes_too_early_waits_and_then_counts_once() -> None:
    clinic, feed = await extended_too_early()
    await clinic.at("2027-01-04 20:00")
    assert not clinic.open() and not asked(clinic)
    await feed.tell(ACCEPTED, **ABOUT)
    assert sorted(asked(clinic)) == [4, 6]
    await clinic.replay(forgetting=True)
    await clinic.at("2027-01-06 12:00")
    assert sorted(asked(clinic)) == [4, 6] and not [row for row in clinic.open() if "STUCK" in row]


async def stuck_for_a_day() -> MemoryClinic:
    clinic, feed = await extended_too_early()
    await clinic.at("2027-01-05 10:01")
    assert "coordination FACT_STUCK 01-06 17:00" in clinic.open()
    await feed.tell(ACCEPTED, **ABOUT)
    return clinic


async def test_whoever_waits_for_a_day_is_somebodys_work_until_it_can_be_decided() -> None:
    clinic = await stuck_for_a_day()
    assert not [row for row in clinic.open() if "STUCK" in row] and sorted(asked(clinic)) == [4, 6]
