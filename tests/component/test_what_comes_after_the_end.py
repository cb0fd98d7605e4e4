"""What is told of a referral that is over: it is kept, its letter is written, and nobody's queue shows work that nobody
can do any more."""

from typing import Any

import pytest

from backbone.model import SYSTEM, Actor, one
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.states import Erase, NoteForgotten
from tests.support.hard_days import CHECKED, CORA, INES, LETTER, NURSE, PAUL, HardDay, person
from tests.support.submissions import a_submission
from tests.support.ward import EXERCISE, GOAL

PAIN = [{"system": "ICD-11", "code": "MG30.02"}]
OUTCOMES = ("MDT_PROGRAMME", "MEDICATION_REVIEW", "FURTHER_INVESTIGATION", "PIFU")


class Ended(HardDay):
    """Ana sits in front of a physician, and her referral may end before it is written down what came of it."""

    consultation, visit = "", ""

    async def begin(self) -> "Ended":
        await self.waits_for(Ana="cat_2")
        self.visit = await self.books("Ana", "2027-02-09 09:00")
        await self.at("2027-02-09 09:00")
        return self

    async def examines(self) -> None:
        await self.does("scheduling", f"/appointments/{self.visit}/arrive", INES)
        said = {"appointment_id": self.visit, "kind": "initial"}
        held = await self.does("care_plan", "/consultations", PAUL, **said)
        self.consultation = f"/consultations/{held['consultation_id']}"

    async def writes(self, outcome: str) -> None:
        said = {"outcome": outcome, "checklist": CHECKED, "diagnoses": PAIN}
        await self.does("care_plan", f"{self.consultation}/complete", PAUL, **said)

    async def is_withdrawn(self) -> None:
        path = f"/referrals/{self.referral['Ana']}"
        why = {"by": "patient", "reason": "wait_too_long"}
        await self.does("referral", f"{path}/cancellation-requests", CORA, **why)
        await self.does("referral", f"{path}/cancellation", CORA)

    async def dies(self) -> None:
        said = {"source": "family", "died_on": self.today}
        await self.does("referral", f"/patients/{self.patient['Ana']}/death", CORA, **said)

    def types(self) -> set[str]:
        return {row["item_type"] for row in self.rows()}


@pytest.fixture
async def day() -> Ended:
    return await Ended("2027-02-01 09:00").begin()


@pytest.mark.parametrize("late", [True, False], ids=["written afterwards", "written before"])
@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("end", ["is_withdrawn", "dies"])
async def test_what_came_of_a_visit_is_kept_and_its_letter_is_all_that_is_left_to_do(
    day: Ended, end: str, outcome: str, late: bool
) -> None:
    """CON-01, CON-02: no plan, no team, no window and no investigation are waited for; and nobody is late for them."""
    await day.examines()
    for step in (end, "writes") if late else ("writes", end):
        await (day.writes(outcome) if step == "writes" else getattr(day, step)())
        await day.at("2027-02-09 09:30" if day.types() else "2027-02-09 09:20")
    assert day.last("consultation_completed").fact["outcome"] == outcome
    sent = len(day.told("Ana"))
    await day.called()
    for days_later in ("2027-02-24 09:00", "2027-03-10 09:00", "2027-09-10 09:00"):
        await day.at(days_later)
        assert day.types() == {"LETTER_SIGN"} and await day.called() == []
    assert len(day.told("Ana")) == sent, "nobody writes to her of what is over"
    await day.does("care_plan", f"{day.consultation}/letter/sign", PAUL, **LETTER)
    assert day.types() == set()
    await day.ends()


async def test_nothing_is_begun_under_a_referral_that_is_over(day: Ended) -> None:
    await day.examines()
    await day.writes("FURTHER_INVESTIGATION")
    await day.is_withdrawn()
    plan: dict[str, Any] = {**day.whose("Ana"), "goals": [GOAL], "activities": [EXERCISE]}
    assert await day.refused("care_plan", "/plans", PAUL, **plan) == "referral-over"
    asked = {**day.whose("Ana"), "question": "What now?"}
    assert await day.refused("care_plan", "/mdt/cases", PAUL, **asked) == "referral-over"
    result = f"{day.consultation}/investigation-result"
    assert await day.refused("care_plan", result, PAUL, result="back_to_clinic") == "referral-over"
    await day.does("care_plan", result, PAUL, result="no_finding")
    assert day.types() == {"LETTER_SIGN"}
    await day.ends()


async def test_no_date_is_asked_for_when_a_missed_visit_is_looked_at_after_the_end(day: Ended) -> None:
    await day.at("2027-02-09 09:30")
    await day.does("scheduling", f"/appointments/{day.visit}/did-not-attend", INES, reason="UNKNOWN")
    case = day.last("attendance_review_requested").fact["case_id"]
    await day.is_withdrawn()
    await day.at("2027-02-10 09:00")
    path = f"/attendance-cases/{case}/review"
    assert await day.refused("scheduling", path, PAUL, decision="reoffer") == "referral-over"
    assert day.types() == set()
    await day.ends()


async def test_no_date_is_asked_for_when_a_visit_was_a_mistake_after_the_end(day: Ended) -> None:
    await day.at("2027-02-09 09:30")
    await day.does("scheduling", f"/appointments/{day.visit}/did-not-attend", INES, reason="UNKNOWN")
    await day.is_withdrawn()
    await day.at("2027-02-10 09:00")
    asked = len(day.facts_of("booking_requested"))
    await day.does("scheduling", f"/appointments/{day.visit}/mark-in-error", INES, reason="wrong_patient")
    assert len(day.facts_of("booking_requested")) == asked and day.types() == set()
    await day.ends()


async def test_a_score_that_is_worse_after_the_end_is_looked_at_and_goes_before_no_team(day: Ended) -> None:
    """OUT-04: somebody looks at it; there is no plan that the team could change."""
    await day.examines()
    await day.answers("Ana", peg=[3, 3, 3])
    await day.writes("MEDICATION_REVIEW")
    await day.at("2027-02-09 09:30")
    await day.is_withdrawn()
    await day.at("2027-02-10 09:00")
    await day.answers("Ana", peg=[10, 10, 10])
    assert "MDT_LIST" not in day.types()
    await day.ends()


async def test_the_window_of_the_patients_own_follow_up_ends_with_the_referral(day: Ended) -> None:
    await day.examines()
    await day.writes("MEDICATION_REVIEW")
    plan = (await day.plans("Ana"))["plan_id"]
    await day.does("care_plan", f"/plans/{plan}/pifu", PAUL)
    await day.at("2027-02-10 09:00")
    await day.is_withdrawn()
    assert (await day.reads("care_plan", f"/plans/{plan}", PAUL))["status"] == "revoked"
    assert await day.refused("care_plan", f"/pifu/{plan}/use", CORA) == "refused"
    await day.ends()


async def is_erased(day: HardDay, patient: str) -> None:
    """By the officer; and the key is destroyed, of which this clinic has none."""
    officer = Actor("user", day.staff("ada.voss"), "privacy_officer")
    for command, actor in ((Erase(ground="consent_withdrawn"), officer), (NoteForgotten(keys=1), SYSTEM)):
        await day.system.order("referral", PATIENT.send(command, to=one(patient)), actor=actor)
        await day.system.settle()


async def test_what_is_sent_again_of_a_referral_that_ended_before_brings_no_erased_person_back() -> None:
    """PRV-30: its sender is told. With a new referral they come again, as somebody of whom nothing else is known."""
    day = HardDay("2027-02-01 09:00")
    await day.refers("Ana")
    path, why = f"/referrals/{day.referral['Ana']}", {"by": "patient", "reason": "wait_too_long"}
    await day.does("referral", f"{path}/cancellation-requests", CORA, **why)
    await day.does("referral", f"{path}/cancellation", CORA)
    await day.at("2033-03-10 09:00")
    await is_erased(day, day.patient["Ana"])
    await day.at("2033-03-10 12:00")
    told = len(day.facts())
    for history in ("As it was.", "She is worse."):
        sent = a_submission("Ana", patient=person("Ana"), history=history)
        assert await day.refused("referral", "/referrals", "practice", **sent) == "erased"
    assert len(day.facts()) == told and day.rows() == []
    await day.refers("Ana 2")
    assert day.last("patient_registered").subject == day.patient["Ana"]
    await day.ends()


async def test_what_is_found_late_of_an_erased_person_is_read_and_nobody_writes_to_them(day: Ended) -> None:
    """What was found is somebody's; who it is about is known by an id alone."""
    await day.examines()
    made = await day.does("care_plan", "/investigations", PAUL, **day.whose("Ana"), kind="mri")
    await day.writes("DISCHARGE_TO_PCP")
    await day.does("care_plan", f"{day.consultation}/letter/sign", PAUL, **LETTER)
    await day.at("2033-03-10 09:00")
    await is_erased(day, day.patient["Ana"])
    sent = len(day.told())
    await day.does("care_plan", f"/investigations/{made['investigation_id']}/report", NURSE)
    assert day.types() == {"INVESTIGATION_READ"}
    await day.at("2033-03-20 09:00")
    shown = await day.reads("referral", f"/patients/{day.patient['Ana']}", INES)
    assert shown["is_erased"] and "identity" not in shown and len(day.told()) == sent
    await day.ends()
