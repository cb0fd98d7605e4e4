"""Two records prove to be one person's, and each has a visit at the same time: whoever books decides which is another
time's. Nobody misses a visit because they sat in another one."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from backbone.model import one
from schemas.fact import Fact
from schemas.referral.v1.patient import MergeUndone, PatientsMerged
from services.scheduling.booking_request.aggregate import BOOKING_REQUEST, RequestBooking
from services.scheduling.booking_request.states import Wish
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.dates import OTHERS, OTHERS_REFERRAL, DatesClinic
from tests.support.feed import PATIENT, Feed

NINE, LATER = "2027-01-21 09:00", "2027-01-21 13:00"
THEIRS = {"patient": OTHERS, "referral": OTHERS_REFERRAL}


class Desk(DatesClinic):
    """Hers is in physiotherapy at nine; his is where a test puts it."""

    def __init__(self) -> None:
        super().__init__(SCHEDULING, beside=(WORKLIST,))
        self.feed = Feed(self.system)

    async def begin(self, his: str = NINE) -> "Desk":
        await self.refer()
        await self.refer(**THEIRS)
        self.hers = await self.book(await self.ask_for("physiotherapy"), "fay.dunn", NINE)
        self.his = await self.book(await self.ask_for("nursing", **THEIRS), "nora.quinn", his)
        return self

    async def join(self) -> None:
        await self.tell_both(PatientsMerged(surviving_id=PATIENT, merged_id=OTHERS))

    async def part(self) -> None:
        cora = self.staff("cora.lind")
        await self.tell_both(MergeUndone(surviving_id=PATIENT, restored_id=OTHERS, decided_by=cora))

    async def tell_both(self, fact: Fact) -> None:
        for patient in (PATIENT, OTHERS):
            await self.feed.tell(fact, patient=patient, referral=None, aggregate=patient)

    async def move(self, visit: str, login: str, when: str) -> None:
        to: Any = {"slot": self.slot(login, when), "by": "clinic", "reason": "other_plans"}
        await self.post(f"/appointments/{visit}/move", **to)

    def overlapping(self) -> list[str]:
        """The visits that somebody is asked about."""
        rows = self.table("worklist.queue.coordination").values()
        return [each["subject_id"] for each in rows if each["item_type"] == "VISITS_OVERLAP"]

    def pair(self) -> set[str]:
        told = [each for each in self.facts("scheduling") if each.name == "visits_overlap"][-1]
        return {told.subject, told.fact["other_id"]}


async def test_two_visits_at_one_time_are_somebodys_work_from_the_merge_to_its_undoing() -> None:
    desk = await Desk().begin()
    assert not desk.overlapping()
    await desk.join()
    assert len(desk.overlapping()) == 1 and desk.pair() == {desk.hers, desk.his}
    await desk.join()
    assert len(desk.overlapping()) == 1
    await desk.part()
    assert not desk.overlapping()
    await desk.join()
    assert len(desk.overlapping()) == 1


@pytest.mark.parametrize("which", ["hers", "his"])
@pytest.mark.parametrize("moved", [True, False])
async def test_whichever_is_moved_or_cancelled_nobody_is_asked_any_more(which: str, moved: bool) -> None:
    desk = await Desk().begin()
    await desk.join()
    visit, login = getattr(desk, which), {"hers": "fay.dunn", "his": "nora.quinn"}[which]
    if moved:
        await desk.move(visit, login, LATER)
    else:
        await desk.post(f"/appointments/{visit}/cancel", by="clinic", reason="other_plans")
    assert not desk.overlapping()
    await desk.part()
    await desk.join()
    assert not desk.overlapping()


async def test_visits_at_other_times_are_nobodys_work() -> None:
    desk = await Desk().begin(LATER)
    await desk.join()
    assert not desk.overlapping()


async def test_of_a_visit_that_is_over_nobody_is_asked() -> None:
    desk = await Desk().begin()
    await desk.at("2027-01-21 16:00")
    await desk.join()
    assert not desk.overlapping()


async def test_two_places_of_one_group_are_one_persons_too_many() -> None:
    """And are counted as one, when one is given back."""
    desk = Desk()
    await desk.refer()
    await desk.refer(**THEIRS)
    wish = Wish(purpose="group_session", discipline="psychology", priority="routine")
    for name, whose in (("hers", {}), ("his", THEIRS)):
        request = derive(ROOT, f"a place of {name}")
        await desk.tell(BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request)), **whose)
        setattr(desk, name, await desk.book(request, "priya.nair", "2027-02-03 12:30"))
    await desk.join()
    assert len(desk.overlapping()) == 1 and desk.pair() == {desk.hers, desk.his}
    await desk.post(f"/appointments/{desk.overlapping()[0]}/cancel", by="clinic", reason="other_plans")
    assert not desk.overlapping()


async def test_of_two_that_are_booked_at_once_under_two_records_one_is_decided_after_the_other() -> None:
    """Each writes on the diary of both (ADR 54)."""
    desk = await Desk().begin(LATER)
    await desk.join()
    journal = desk.system.workers["scheduling"].store.tables.journal

    def written() -> int:
        return len({e.aggregate_id for e in journal[before:] if e.type == "scheduling.times_compared.v1"})

    before = len(journal)
    await desk.move(desk.hers, "fay.dunn", "2027-01-22 09:00")
    assert written() == 2
