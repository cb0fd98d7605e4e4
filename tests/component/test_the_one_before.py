"""PRC-04 where both were ordered before either was done: the later one waits for what the earlier one brought."""

from typing import Any

import pytest

from schemas.referral.v1.medication import MedicationsListed
from services.scheduling.gate.states import gate_id
from tests.support.feed import PATIENT, REFERRAL
from tests.support.planned_block import BLOCK, SERVICES, Clinic
from tests.support.procedure_dates import NURSE, PROCEDURALIST
from tests.support.told import at_clinic
from tests.support.ward import EXERCISE, GOAL, HERS, PHYSICIAN, RECEIVED

FIRST, SAME_DAY = "2027-04-22 09:00", "2027-04-22 10:30"
LATER, LATEST = "2027-05-18 10:30", "2027-06-08 10:30"


class Series(Clinic):
    """Blocks of one line, ordered together; each is booked at its date."""

    visits: dict[str, str]

    async def order_each(self, *sides: str) -> list[str]:
        self.visits = {}
        await self.feed.tell(RECEIVED, patient=PATIENT, referral=REFERRAL)
        await self.feed.tell(MedicationsListed(items=(), complete=True))
        plan = {**HERS, "goals": [GOAL], "activities": [EXERCISE]}
        made = await self.ask("POST", "care_plan", "/plans", PHYSICIAN, json=plan)
        path = f"/plans/{made['plan_id']}"
        await self.ask("POST", "care_plan", f"{path}/activate", PHYSICIAN, json={"patient_agreement": True})
        orders = [
            await self.ask(
                "POST",
                "care_plan",
                f"{path}/procedures",
                PHYSICIAN,
                json=BLOCK | {"side": side, "again": True},
            )
            for side in sides
        ]
        await self.at("2027-04-05 11:00")
        return [each["procedure_id"] for each in orders]

    async def book_it(self, procedure: str, when: str) -> None:
        await self.authorise(procedure=procedure)
        await self.show("procedure_consent", procedure=procedure)
        [request] = [
            each["booking_request_id"]
            for each in self.named("booking_requested")
            if each.get("procedure_id") == procedure
        ]
        path = f"/booking-requests/{request}/appointments"
        made = await self.post(path, slots=[self.slot(when)], short_notice_accepted=True)
        [self.visits[procedure]] = made["appointment_ids"]

    async def perform(self, procedure: str, when: str) -> None:
        await self.at(when)
        said = {"appointment_id": self.visits[procedure], "ended_at": at_clinic(when).isoformat()}
        await self.ask("POST", "care_plan", f"/procedures/{procedure}/performed", PROCEDURALIST, json=said)

    async def brought(self, procedure: str) -> None:
        path = f"/procedures/{procedure}/outcome"
        await self.ask("POST", "care_plan", path, PROCEDURALIST, json={"relief_pct": 85})

    async def status_of(self, procedure: str) -> str:
        path = f"/appointments/{self.visits[procedure]}"
        return str((await self.ask("GET", "scheduling", path, NURSE))["status"])

    def needed(self) -> list[tuple[str, str]]:
        """Which waits for which, as it was told."""
        told = self.named("procedure_outcome_needed")
        return [(each["procedure_id"], each["previous_id"]) for each in told]

    def opened(self, procedure: str) -> int:
        gate = gate_id(procedure, "previous_outcome")
        return sum(each["gate_id"] == gate for each in self.named("gate_opened"))


@pytest.fixture
def clinic() -> Series:
    return Series(SERVICES)


async def test_a_later_one_that_is_booked_is_held_until_it_is_known_what_the_earlier_one_brought(
    clinic: Series,
) -> None:
    first, later = await clinic.order_each("right", "left")
    await clinic.book_it(first, FIRST)
    await clinic.book_it(later, LATER)
    assert await clinic.status_of(later) == "booked"
    await clinic.perform(first, FIRST)
    assert clinic.needed() == [(later, first)]
    assert await clinic.status_of(later) == "pending"
    blocked = clinic.last("booking_blocked").fact
    assert (blocked["reason"], blocked["gate_kinds"]) == ("outcome_missing", ["previous_outcome"])
    assert urgent(clinic) == ["urgent"]
    await clinic.brought(first)
    assert await clinic.status_of(later) == "booked" and not clinic.items("PROC_OUTCOME")
    assert (clinic.opened(later), clinic.needed()) == (1, [(later, first)])


def urgent(clinic: Series) -> list[Any]:
    rows = clinic.table("worklist.queue.medical").values()
    return [row["priority"] for row in rows if row["item_type"] == "PROC_OUTCOME"]


async def test_a_later_one_without_a_date_is_held_up_too(clinic: Series) -> None:
    first, later = await clinic.order_each("right", "right")
    await clinic.book_it(first, FIRST)
    await clinic.perform(first, FIRST)
    assert clinic.needed() == [(later, first)] and clinic.opened(later) == 1
    await clinic.book_it(later, LATER)
    assert await clinic.status_of(later) == "pending"
    await clinic.brought(first)
    assert await clinic.status_of(later) == "booked"


async def test_of_three_the_last_waits_for_each_of_the_others_in_turn(clinic: Series) -> None:
    first, second, third = await clinic.order_each("right", "right", "right")
    for procedure, when in ((first, FIRST), (second, LATER), (third, LATEST)):
        await clinic.book_it(procedure, when)
    await clinic.perform(first, FIRST)
    await clinic.brought(first)
    assert await clinic.status_of(third) == "booked"
    await clinic.perform(second, LATER)
    assert clinic.needed()[-1] == (third, second) and await clinic.status_of(third) == "pending"
    await clinic.brought(second)
    assert await clinic.status_of(third) == "booked"


async def test_the_other_side_on_the_same_day_waits_for_nothing_until_it_is_moved(clinic: Series) -> None:
    first, other = await clinic.order_each("right", "left")
    await clinic.book_it(first, FIRST)
    await clinic.book_it(other, SAME_DAY)
    await clinic.perform(first, FIRST)
    assert clinic.needed() == [] and await clinic.status_of(other) == "booked"
    move: dict[str, Any] = {"by": "clinic", "reason": "ill", "slot": clinic.slot(LATER)}
    await clinic.post(f"/appointments/{clinic.visits[other]}/move", **move)
    assert clinic.needed() == [(other, first)] and await clinic.status_of(other) == "pending"
