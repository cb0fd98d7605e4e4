"""Referral and worklist together, in memory: the first rows of journeys 1 and 3 as the queues show them."""

from typing import Any

import msgspec
import pytest

from backbone.ids import partition_of
from backbone.model import Command, one
from config.loading import SHIPPED
from schemas.referral.v1.intake import SuppliedInformation
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.commands import (
    Accept,
    RequestInformation,
    ResolveRedFlag,
    Triage,
)
from services.referral.referral.reactions.intake import supply
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.item.aggregate import ITEM
from services.worklist.item.states import Cancelled, Claimed, Completed, Item, Waiting
from services.worklist.service import SERVICE as WORKLIST
from tests.support.desk import clinic, shipped_rules
from tests.support.memory_system import PARTITIONS, MemorySystem
from tests.support.submissions import a_submission, flags
from tests.unit.referral.situations import COORDINATOR, NURSE, REFERRER, rules


class Clinic:
    """One referral, and the items that follow it."""

    def __init__(self, start: str) -> None:
        self.system = MemorySystem(
            clinic(start),
            {REFERRALS: rules(), SCHEDULING: SCHEDULING.load_rules(SHIPPED), WORKLIST: shipped_rules()},
        )

    async def receive(self, submission: dict[str, Any]) -> None:
        self.system.produce("referral.intake", submission["source_id"], msgspec.json.encode(submission))
        await self.system.settle()

    async def give(self, at: str, command: Command, actor: Any) -> None:
        await self.system.advance(clinic(at))
        [row] = self.system.workers["referral"].store.tables.states["referral"].values()
        outcome = await self.system.order("referral", REFERRAL.send(command, to=one(row.id)), actor=actor)
        assert outcome.refusal is None
        await self.system.settle()

    async def supply(self, at: str, **answers: str) -> None:
        said = SuppliedInformation.model_validate({"answers": answers})
        await self.give(at, supply(said, clinic(at), rules()), REFERRER)

    def states(self) -> list[Any]:
        rows = self.system.workers["worklist"].store.tables.states.get("item", {}).values()
        return [ITEM.state_decoder.decode(row.body) for row in rows]

    def open(self) -> list[str]:
        """`queue ITEM due`, in clinic time."""
        items = [state.item for state in self.states() if isinstance(state, Waiting | Claimed)]
        return sorted(f"{item.queue} {item.item_type} {self.local(item)}" for item in items)

    def local(self, item: Item) -> str:
        assert item.due_at is not None
        return f"{shipped_rules().calendar.local(item.due_at):%m-%d %H:%M}"


async def test_journey_1_from_the_referral_to_acceptance() -> None:
    clinic_1 = Clinic("2027-01-04 09:00")
    await clinic_1.receive(a_submission(without=("function", "psychological")))
    assert clinic_1.open() == ["coordination REF_COMPLETE 01-05 17:00"]
    await clinic_1.give("2027-01-04 09:40", RequestInformation(), COORDINATOR)
    assert clinic_1.open() == ["coordination REF_INFO_WAIT 01-18 17:00"]
    await clinic_1.supply("2027-01-11 10:00", function="walks 500 m", psychological="low mood")
    assert clinic_1.open() == ["nursing REF_TRIAGE 01-18 17:00"]
    await clinic_1.give("2027-01-13 14:00", Triage(category="cat_2", comment="as proposed"), NURSE)
    await clinic_1.give("2027-01-13 14:00", Accept(), NURSE)
    assert clinic_1.open() == ["coordination BOOK_VISIT 01-20 17:00"]
    assert sum(isinstance(state, Completed) for state in clinic_1.states()) == 3


async def test_journey_3_from_a_red_flag_to_acceptance() -> None:
    clinic_3 = Clinic("2027-02-01 08:30")
    screen = flags(suicide_mental_health="yes")
    await clinic_3.receive(a_submission(without=("function", "social"), red_flag_screen=screen))
    assert clinic_3.open() == [
        "coordination REF_COMPLETE 02-02 17:00",
        "psychology RED_FLAG 02-01 17:00",
    ]
    [flag] = [state.item for state in clinic_3.states() if state.item.item_type == "RED_FLAG"]
    assert (flag.priority, flag.ack_due_at) == ("stat", clinic("2027-02-01 09:00"))
    resolve = ResolveRedFlag(flag_id=flag.subject_id, result="assessed_continue")
    await clinic_3.give("2027-02-01 09:40", resolve, NURSE)
    assert clinic_3.open() == ["coordination REF_COMPLETE 02-02 17:00"]
    await clinic_3.give("2027-02-01 09:50", RequestInformation(), COORDINATOR)
    assert clinic_3.open() == ["coordination REF_INFO_WAIT 02-15 17:00"]
    await clinic_3.supply("2027-02-02 11:00", function="walks 500 m", social="lives alone")
    assert clinic_3.open() == ["nursing REF_TRIAGE 02-09 17:00"]
    await clinic_3.give("2027-02-03 09:30", Triage(category="cat_2", comment="as proposed"), NURSE)
    await clinic_3.give("2027-02-03 09:30", Accept(), NURSE)
    assert clinic_3.open() == ["coordination BOOK_VISIT 02-10 17:00"]
    assert not any(isinstance(state, Cancelled) for state in clinic_3.states())


async def test_without_an_answer_the_item_is_pressed_for_and_becomes_urgent() -> None:
    waiting = Clinic("2027-01-04 09:00")
    await waiting.receive(a_submission(without=("function",)))
    await waiting.give("2027-01-04 09:40", RequestInformation(), COORDINATOR)
    await waiting.system.advance(clinic("2027-01-18 08:00"))
    assert waiting.open() == ["coordination REF_INFO_WAIT 01-25 17:00"]
    await waiting.system.advance(clinic("2027-01-25 08:00"))
    [item] = [state.item for state in waiting.states() if isinstance(state, Waiting)]
    assert (item.priority, waiting.local(item)) == ("urgent", "01-25 17:00")


@pytest.mark.parametrize("at_once", [False, True])
async def test_an_unreadable_submission_becomes_work_of_the_coordinator(at_once: bool) -> None:
    """The next one under the same key does not wait for it."""
    broken = Clinic("2027-01-04 09:00")
    broken.system.produce("referral.intake", "R-1", b"{")
    if not at_once:
        await broken.system.settle()
    broken.system.produce("referral.intake", "R-1", msgspec.json.encode(a_submission()))
    await broken.system.settle()
    assert broken.open() == ["coordination PATIENT_PARKED 01-05 17:00", "nursing REF_TRIAGE 01-11 17:00"]
    [parked] = [item for state in broken.states() if (item := state.item).item_type == "PATIENT_PARKED"]
    assert parked.place == f"referral:referral.intake/{partition_of('R-1', PARTITIONS)}/0"
