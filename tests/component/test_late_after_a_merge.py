"""What is told late of two records that are one person's: answers, the note of a visit, what a procedure brought; each
reaches somebody."""

from typing import Any

import pytest

from tests.support.hard_days import CHECKED, INES, LETTER, NURSE, PAUL, HardDay
from tests.support.mid_course import MidCourse

PAIN = [{"system": "ICD-11", "code": "MG30.02"}]


class Joined(HardDay):
    """Ana and Ben each sit in front of a physician, whose note is not written yet; and prove to be one person."""

    held: dict[str, str]

    async def begin(self) -> "Joined":
        await self.waits_for(Ana="cat_2", Ben="cat_2")
        visits = {"Ana": await self.books("Ana", "2027-02-09 09:00")}
        visits["Ben"] = await self.books("Ben", "2027-02-09 10:30")
        await self.at("2027-02-09 10:30")
        self.held = {}
        for name, visit in visits.items():
            await self.does("scheduling", f"/appointments/{visit}/arrive", INES)
            said = {"appointment_id": visit, "kind": "initial"}
            held = await self.does("care_plan", "/consultations", PAUL, **said)
            self.held[name] = f"/consultations/{held['consultation_id']}"
        return self

    async def join(self) -> None:
        path = f"/patients/{self.patient['Ana']}/merge"
        await self.does("referral", path, INES, merged_id=self.patient["Ben"])

    async def writes(self, name: str, outcome: str = "MEDICATION_REVIEW") -> None:
        said = {"outcome": outcome, "checklist": CHECKED, "diagnoses": PAIN}
        await self.does("care_plan", f"{self.held[name]}/complete", PAUL, **said)

    def of(self, *types: str) -> list[str]:
        """Open items of these types, by whose referral they are."""
        return sorted(self.named(row) for row in self.rows(*types))


@pytest.fixture
async def day() -> Joined:
    return await Joined("2027-02-01 09:00").begin()


@pytest.mark.parametrize("joined_first", [True, False])
async def test_the_note_of_each_visit_is_kept_and_each_letter_is_signed_by_somebody(
    day: Joined, joined_first: bool
) -> None:
    if joined_first:
        await day.join()
    for name in ("Ana", "Ben"):
        await day.writes(name)
    if not joined_first:
        await day.join()
    assert day.of("LETTER_SIGN") == ["Ana", "Ben"]
    for name in ("Ana", "Ben"):
        await day.does("care_plan", f"{day.held[name]}/letter/sign", PAUL, **LETTER)
    assert day.of("LETTER_SIGN") == []
    await day.ends()


@pytest.mark.parametrize("name", ["Ana", "Ben"])
async def test_late_answers_that_alarm_are_somebodys_under_whichever_record_they_were_asked(
    day: Joined, name: str
) -> None:
    asked = {"occasion": "review", "instruments": ["phq9"], "due_on": "2027-02-19", **day.whose(name)}
    made = await day.does("care_plan", "/measure-requests", PAUL, **asked)
    await day.join()
    await day.at("2027-02-26 09:00")
    answers: dict[str, Any] = {"phq9": [1, 1, 1, 1, 1, 1, 1, 1, 2]}
    await day.does("care_plan", f"/measure-requests/{made['request_id']}/answers", name, answers=answers)
    assert day.of("SAFETY_ALERT") == [name] and await day.called()
    await day.ends()


async def test_a_score_that_got_worse_under_the_merged_record_is_looked_at(day: Joined) -> None:
    await day.answers("Ben", peg=[3, 3, 3])
    for name in ("Ana", "Ben"):
        await day.writes(name)
    await day.at("2027-03-09 09:00")
    await day.join()
    await day.answers("Ben", peg=[10, 10, 10])
    assert {*day.of("SCORE_REVIEW", "SCORE_WORSE")} == {"Ben"}
    await day.ends()


async def test_what_a_procedure_brought_is_taken_after_the_end_and_a_warning_reaches_a_physician() -> None:
    day = await MidCourse("2027-02-01 09:00").begin()
    await day.is_treated()
    await day.withdraws()
    await day.called()
    await day.does("care_plan", f"/procedures/{day.block}/outcome", PAUL, relief_pct=20)
    assert day.last("procedure_outcome_recorded").fact["relief_pct"] == 20
    assert "POST_PROC_CALL_2" in day.types(), "a nurse still calls"
    call = {"patient_id": day.patient["Ana"], "procedure_id": day.block, "result": "reached"}
    await day.does("care_plan", "/contacts", NURSE, kind="post_procedure_2w", warnings=["fever"], **call)
    assert day.last("safety_alert_raised").fact["code"] == "post_procedure_warning"
    assert await day.called() and "SAFETY_ALERT" in day.types()
    await day.ends()
