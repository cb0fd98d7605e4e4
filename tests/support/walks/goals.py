"""What an assessment of goals looks at (measures, opioids, alerts), missed sessions of one discipline, and a taper."""

from collections.abc import Sequence
from typing import Any

from backbone.ids import ROOT, derive
from schemas.referral.v1.ends import ENDS
from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from tests.support.examples import example_fact
from tests.support.feed import PATIENT, REFERRAL
from tests.support.ward import EXERCISE, PHYSIOTHERAPIST, VISIT, Ward, session_missed

HANDS: dict[str, Any] = {"discipline": "physiotherapy", "kind": "manual_therapy", "sessions": 4}
OXYCODONE = MedicationItem(
    code="7804",
    code_system="http://www.nlm.nih.gov/research/umls/rxnorm",
    dose="10",  # type: ignore[arg-type]
    dose_unit="mg",
    per_day="3",  # type: ignore[arg-type]
    route="oral",
    as_needed=False,
)


async def comes_to_the_goals(ward: Ward) -> None:
    """As well as agreed, without opioids, with some, once they are handed over; as ill as before; at risk."""
    await ward.answered("baseline", peg=[7] * 3)
    plan: Any = await ward.plan(activities=[EXERCISE, HANDS])
    await miss(ward, plan["activity_ids"])
    await reached(ward, plan)
    await ward.feed.tell(
        MedicationsListed(items=(OXYCODONE,), complete=True), patient=PATIENT, referral=REFERRAL
    )
    await reached(ward, plan)
    await reached(ward, plan, checklist=["medication_handover"])
    await ward.clinic.at("2027-05-21 12:00")
    await ward.answered("review", peg=[7, 7, 6])
    await reached(ward, plan, level=-1, checklist=["medication_handover", "flare_up_plan"])
    await ward.answered("review", phq9=[0] * 8 + [1])
    await reached(ward, plan)


async def reached(ward: Ward, plan: Any, level: int = 0, **more: Any) -> None:
    goals = [{"goal_id": plan["goal_ids"][0], "level": level}]
    said: dict[str, Any] = {"result": "continue", "next_review": "2027-12-01", "goals": goals}
    await ward.asks(f"/plans/{plan['plan_id']}/review", **said | more)


async def miss(ward: Ward, activities: Sequence[str]) -> None:
    """A session of each."""
    for number, activity in enumerate(activities):
        await ward.asks(f"/activities/{activity}/accept", PHYSIOTHERAPIST)
        await ward.feed.tell(session_missed(activity), aggregate=derive(ROOT, f"session {number}"))


async def is_left_in_a_taper(ward: Ward) -> None:
    """The referral ends, with a taper under way and without one."""
    await ward.feed.tell(MedicationsListed(items=(), complete=False))
    await ward.feed.tell(example_fact(ENDS[0]))
    await ward.asks(f"/patients/{PATIENT}/opioid-exposure", mme_per_day="90", has_buprenorphine=False)
    await ward.asks("/consultations", appointment_id=VISIT, kind="initial")
    steps = [{"on": "2027-06-01", "mme": "60"}]
    await ward.asks(f"/patients/{PATIENT}/taper/start", agreed=True, steps=steps)
    await ward.feed.tell(example_fact(ENDS[1]))


GOALS = (comes_to_the_goals, is_left_in_a_taper)
