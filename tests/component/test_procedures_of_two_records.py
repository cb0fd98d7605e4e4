"""PRC-04, PRC-08: procedures under two records that prove to be one person's. Nobody is treated twice because two
records ordered the same, and none waits for ever for what was done under the other one."""

from typing import Any

import pytest

from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.referral import ReferralWithdrawn
from tests.component.test_one_person_two_records import both, merged, undone
from tests.component.test_the_one_before import FIRST, LATER, Series
from tests.support.feed import PATIENT, REFERRAL
from tests.support.planned_block import BLOCK, SERVICES
from tests.support.told import local
from tests.support.ward import (
    EXERCISE,
    GOAL,
    HERS,
    OTHER_PATIENT,
    OTHER_REFERRAL,
    PHYSICIAN,
    RECEIVED,
    THEIRS,
)

RECORDS = (PATIENT, OTHER_PATIENT)
LEFT: dict[str, Any] = {"side": "left"}


class Two(Series):
    """Each record has a plan, of which blocks are ordered."""

    plans: dict[str, str]

    async def open_each(self) -> "Two":
        self.visits, self.plans = {}, {}
        for whose, referral in ((HERS, REFERRAL), (THEIRS, OTHER_REFERRAL)):
            patient = whose["patient_id"]
            await self.feed.tell(RECEIVED, patient=patient, referral=referral)
            listed = MedicationsListed(items=(), complete=True)
            await self.feed.tell(listed, patient=patient, referral=referral)
            plan = {**whose, "goals": [GOAL], "activities": [EXERCISE]}
            made = await self.ask("POST", "care_plan", "/plans", PHYSICIAN, json=plan)
            path = self.plans[patient] = f"/plans/{made['plan_id']}"
            agreed = {"patient_agreement": True}
            await self.ask("POST", "care_plan", f"{path}/activate", PHYSICIAN, json=agreed)
        return self

    async def order_of(self, patient: str, **more: Any) -> str:
        path = f"{self.plans[patient]}/procedures"
        made = await self.ask("POST", "care_plan", path, PHYSICIAN, json=BLOCK | more)
        return str(made["procedure_id"])

    async def join(self) -> None:
        await both(self.feed, merged(*RECORDS), *RECORDS)

    async def part(self) -> None:
        await both(self.feed, undone(*RECORDS), *RECORDS)

    def asked(self) -> dict[str, str]:
        """Which procedure waits for which question, of those that stand."""
        gone = {each["override_id"] for each in self.named("override_lapsed")}
        asked = (each for each in self.named("override_requested") if each["rule"] == "PRC-08")
        return {each["subject_id"]: each["override_id"] for each in asked if each["override_id"] not in gone}

    async def decide_override(self, procedure: str, *, granted: bool) -> None:
        path = f"/overrides/{self.asked()[procedure]}/decide"
        said = {"granted": granted, "reason": "clinical_need"}
        await self.ask("POST", "care_plan", path, PHYSICIAN, json=said)

    async def withdraw(self, referral: str) -> None:
        said: Any = {"by": "patient", "reason": "wait_too_long"}
        over = ReferralWithdrawn(confirmed_by=self.staff("cora.lind"), **said)
        whose = PATIENT if referral == REFERRAL else OTHER_PATIENT
        await self.feed.tell(over, aggregate=referral, patient=whose, referral=referral)

    async def cancel(self, procedure: str) -> None:
        path = f"/procedures/{procedure}/cancel"
        await self.ask("POST", "care_plan", path, PHYSICIAN, json={"reason": "illness"})


@pytest.fixture
async def clinic() -> Two:
    return await Two(SERVICES).open_each()


async def two_booked(clinic: Two, **other: Any) -> tuple[str, str]:
    hers, his = await clinic.order_of(PATIENT), await clinic.order_of(OTHER_PATIENT, **other)
    await clinic.at("2027-04-05 11:00")
    await clinic.book_it(hers, FIRST)
    await clinic.book_it(his, LATER)
    return hers, his


async def test_what_two_records_ordered_each_is_asked_about_when_they_are_joined(clinic: Two) -> None:
    hers, his = await two_booked(clinic)
    assert clinic.asked() == {}
    await clinic.join()
    assert {*clinic.asked()} == {hers, his}
    assert [await clinic.status_of(each) for each in (hers, his)] == ["pending", "pending"]
    assert len(clinic.items("OVERRIDE")) == 2
    await clinic.cancel(his)
    assert clinic.asked() == {} and not clinic.items("OVERRIDE")
    assert await clinic.status_of(hers) == "booked"


async def test_who_wants_both_says_so_of_each(clinic: Two) -> None:
    hers, his = await two_booked(clinic)
    await clinic.join()
    await clinic.decide_override(hers, granted=True)
    assert [await clinic.status_of(each) for each in (hers, his)] == ["booked", "pending"]
    await clinic.perform(hers, FIRST)
    assert await clinic.status_of(his) == "pending", "nobody has answered yet"
    await clinic.brought(hers)
    assert {*clinic.asked()} == {hers, his} and await clinic.status_of(his) == "pending"
    await clinic.decide_override(his, granted=True)
    assert await clinic.status_of(his) == "booked"


async def test_nobody_is_asked_any_more_when_the_records_are_parted(clinic: Two) -> None:
    hers, his = await two_booked(clinic)
    await clinic.join()
    await clinic.part()
    assert clinic.asked() == {}
    assert [await clinic.status_of(each) for each in (hers, his)] == ["booked", "booked"]
    await clinic.join()
    assert {*clinic.asked()} == {hers, his}


@pytest.mark.parametrize("joined_first", [True, False])
async def test_another_side_and_what_was_said_to_be_wanted_again_are_asked_about_by_nobody(
    clinic: Two, joined_first: bool
) -> None:
    if joined_first:
        await clinic.join()
    hers = await clinic.order_of(PATIENT)
    other = {"again": True} if joined_first else LEFT
    his = await clinic.order_of(OTHER_PATIENT, **other)
    if not joined_first:
        await clinic.join()
    await clinic.at("2027-04-05 11:00")
    await clinic.book_it(hers, FIRST)
    await clinic.book_it(his, LATER)
    assert clinic.asked() == {}
    assert [await clinic.status_of(each) for each in (hers, his)] == ["booked", "booked"]


@pytest.mark.parametrize("joined_first", [True, False])
async def test_one_that_waits_for_what_was_done_under_the_other_record_goes_on_when_that_is_known(
    clinic: Two, joined_first: bool
) -> None:
    hers, his = await two_booked(clinic, **LEFT)
    if joined_first:
        await clinic.join()
    await clinic.perform(hers, FIRST)
    if not joined_first:
        assert await clinic.status_of(his) == "booked"
        await clinic.join()
    assert await clinic.status_of(his) == "pending" and clinic.needed() == [(his, hers)]
    await clinic.brought(hers)
    assert await clinic.status_of(his) == "booked"
    assert len(clinic.named("procedure_outcome_settled")) == 1


async def test_nobody_waits_for_what_was_done_to_somebody_else(clinic: Two) -> None:
    """And again when it proves to be one person after all."""
    hers, his = await two_booked(clinic, **LEFT)
    await clinic.join()
    await clinic.perform(hers, FIRST)
    await clinic.part()
    assert await clinic.status_of(his) == "booked"
    await clinic.join()
    assert await clinic.status_of(his) == "pending" and clinic.needed() == [(his, hers)] * 2
    await clinic.brought(hers)
    assert await clinic.status_of(his) == "booked"


async def test_one_that_is_ordered_for_want_of_what_the_other_record_s_brought_goes_on_too(
    clinic: Two,
) -> None:
    """The gate is of one referral, and the outcome of another one."""
    await clinic.join()
    hers = await clinic.order_of(PATIENT)
    await clinic.at("2027-04-05 11:00")
    await clinic.book_it(hers, FIRST)
    await clinic.perform(hers, FIRST)
    his = await clinic.order_of(OTHER_PATIENT)
    await clinic.book_it(his, LATER)
    assert await clinic.status_of(his) == "pending", "it was ordered for want of what the one before brought"
    await clinic.brought(hers)
    assert await clinic.status_of(his) == "booked"
    assert local(clinic.last("appointment_booked").fact["start"]).strftime("%Y-%m-%d %H:%M") == LATER


@pytest.mark.parametrize("joined_first", [True, False])
async def test_somebody_is_asked_what_it_brought_though_the_referral_that_it_was_done_for_is_over(
    clinic: Two, joined_first: bool
) -> None:
    """The other one waits for it. Told late, it is still taken, and lets the other one go on."""
    hers, his = await two_booked(clinic, **LEFT)
    await clinic.perform(hers, FIRST)
    if joined_first:
        await clinic.join()
    await clinic.withdraw(REFERRAL)
    if not joined_first:
        assert not clinic.items("PROC_OUTCOME")
        await clinic.join()
    assert await clinic.status_of(his) == "pending"
    assert len(clinic.items("PROC_OUTCOME")) == 1
    await clinic.brought(hers)
    assert await clinic.status_of(his) == "booked" and not clinic.items("PROC_OUTCOME")


async def test_nobody_is_asked_what_it_brought_when_both_referrals_are_over(clinic: Two) -> None:
    hers, _ = await two_booked(clinic, **LEFT)
    await clinic.perform(hers, FIRST)
    await clinic.join()
    await clinic.withdraw(REFERRAL)
    assert clinic.items("PROC_OUTCOME")
    await clinic.withdraw(OTHER_REFERRAL)
    assert not clinic.items("PROC_OUTCOME")
