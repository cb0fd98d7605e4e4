"""Waits, dates and attendance through the whole clinic: what is right, as the first users missed it."""

from typing import Any

import pytest

from backbone.http.identity import Principal
from services.care_plan.service import SERVICE as CARE_PLAN
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import NO_FLAGS, PRACTICE, a_submission
from tests.support.told import at_clinic

CORA, NURSE, DOCTOR, MANAGER = "cora.lind", "nora.quinn", "paul.okafor", "mina.cho"
PRACTICE_TOKEN = {"practice": Principal("referrer", PRACTICE)}


class Clinic(MemoryClinic):
    """One referral, followed by four services."""

    referral = ""

    async def refer(self, category: str = "cat_2", **answers: Any) -> "Clinic":
        sent = await self.ask("POST", "referral", "/referrals", "practice", json=a_submission(**answers))
        self.referral = sent["id"]
        await self.triage(category, accept=True)
        return self

    async def triage(self, category: str, **more: Any) -> None:
        seen = await self.ask("GET", "referral", f"/referrals/{self.referral}", NURSE)
        path = f"/referrals/{self.referral}/triage"
        body = {"category": category, "comment": "as it is", **more}
        await self.ask(
            "POST", "referral", path, NURSE, json=body, headers={"if-match": f'"{seen["version"]}"'}
        )

    @property
    def patient(self) -> str:
        return next(fact.subject for fact in self.facts() if fact.name == "patient_registered")

    async def post(self, path: str, who: str = CORA, **body: Any) -> Any:
        return await self.ask("POST", "scheduling", path, who, json=body)

    def slot(self, login: str, when: str) -> dict[str, str]:
        return {"clinician_id": self.staff(login), "start": at_clinic(when).isoformat()}

    def last(self, name: str) -> Any:
        return [fact for fact in self.facts() if fact.name == name][-1]

    def count(self, name: str) -> int:
        return sum(fact.name == name for fact in self.facts())

    async def book(self, when: str, login: str = DOCTOR) -> str:
        """The first visit."""
        request = self.last("booking_requested").fact["booking_request_id"]
        body: dict[str, Any] = {"slots": [self.slot(login, when)], "short_notice_accepted": True}
        [made] = (await self.post(f"/booking-requests/{request}/appointments", **body))["appointment_ids"]
        return str(made)

    def items(self, *types: str) -> list[str]:
        return [line for line in self.open() if any(each in line.split() for each in types)]


@pytest.fixture
def clinic() -> Clinic:
    return Clinic("2027-01-04 09:00", (REFERRALS, SCHEDULING, CARE_PLAN, WORKLIST), PRACTICE_TOKEN)


async def test_a_wait_speaks_to_managers_and_nurses_until_somebody_answers(clinic: Clinic) -> None:
    await clinic.refer()
    await clinic.at("2027-03-17 12:00")
    assert not clinic.items("WAIT_FORECAST")
    await clinic.at("2027-03-18 12:00")
    assert clinic.items("WAIT_FORECAST") and clinic.last("wait_breach_forecast").fact["waiting_days"] == 73
    await clinic.at("2027-04-05 12:00")
    assert clinic.items("WAIT_BREACH") and clinic.items("WAIT_RECHECK")
    asked = clinic.last("measure_requested").fact
    assert (asked["occasion"], asked["instruments"]) == ("waiting", ["peg", "phq9"])
    path = f"/referrals/{clinic.referral}/wait-reviews"
    await clinic.ask("POST", "referral", path, NURSE, json={"result": "worse", "red_flag_screen": NO_FLAGS})
    assert not clinic.items("WAIT_RECHECK") and clinic.items("REF_TRIAGE")
    await clinic.book("2027-04-12 09:00")
    assert not clinic.items("WAIT_FORECAST", "WAIT_BREACH")


async def test_who_loses_the_date_is_late_again(clinic: Clinic) -> None:
    await clinic.refer()
    visit = await clinic.book("2027-04-12 09:00")
    await clinic.at("2027-03-20 12:00")
    assert not clinic.items("WAIT_FORECAST")
    await clinic.post(f"/appointments/{visit}/cancel", by="clinic", reason="staff_absent")
    await clinic.at("2027-03-20 13:00")
    assert clinic.items("WAIT_FORECAST")


async def test_an_absence_before_the_clock_moves_nothing_and_one_after_it_orders_the_list(
    clinic: Clinic,
) -> None:
    await clinic.refer()
    absence = {"referral_id": clinic.referral, "kind": "medical", "start": "2026-11-01", "end": "2027-01-14"}
    await clinic.post(f"/patients/{clinic.patient}/unavailability", **absence)
    changed = clinic.last("target_changed").fact
    assert (changed["previous"], changed["target_date"]) == ("2027-04-04", "2027-04-14")
    [entry] = clinic.system.workers["scheduling"].store.tables.states["waitlist_entry"].values()
    assert b"2027-04-14" in entry.body


async def test_who_becomes_urgent_is_booked_urgently(clinic: Clinic) -> None:
    await clinic.refer("cat_3")
    [row] = [
        each
        for each in clinic.table("worklist.queue.coordination").values()
        if each["item_type"] == "BOOK_VISIT"
    ]
    assert row["priority"] == "routine"
    await clinic.triage("cat_1")
    [row] = [
        each
        for each in clinic.table("worklist.queue.coordination").values()
        if each["item_type"] == "BOOK_VISIT"
    ]
    assert (row["priority"], row["category"]) == ("urgent", "cat_1")


async def test_the_call_to_the_referrer_goes_on_until_no_flag_is_unclear(clinic: Clinic) -> None:
    await clinic.refer(red_flag_screen=dict.fromkeys(NO_FLAGS, "unknown"))
    opened = clinic.count("item_opened")
    shown = await clinic.ask("GET", "referral", f"/referrals/{clinic.referral}", NURSE)
    flag_ids = [each["flag_id"] for each in shown["unclear_flags"]]
    assert len(flag_ids) == 9
    for number, flag_id in enumerate(flag_ids, start=1):
        assert clinic.items("REF_CALL_REFERRER"), f"closed after {number - 1} of 9"
        path = f"/referrals/{clinic.referral}/red-flags/{flag_id}/resolution"
        await clinic.ask("POST", "referral", path, NURSE, json={"result": "not_present"})
    assert not clinic.items("REF_CALL_REFERRER")
    assert clinic.count("item_opened") == opened and not clinic.count("item_reopened")


async def missed(clinic: Clinic) -> str:
    await clinic.refer()
    visit = await clinic.book("2027-01-20 09:00")
    await clinic.at("2027-01-20 10:00")
    await clinic.post(f"/appointments/{visit}/did-not-attend")
    assert clinic.items("DNA_FOLLOWUP") and clinic.items("ATT_REVIEW")
    return visit


async def test_a_review_of_the_attendance_closes_both_items(clinic: Clinic) -> None:
    """The case has the id of its appointment: same id, other kind."""
    visit = await missed(clinic)
    await clinic.post(f"/attendance-cases/{visit}/review", DOCTOR, decision="reoffer")
    assert not clinic.items("DNA_FOLLOWUP", "ATT_REVIEW")


async def test_a_reset_clock_starts_anew(clinic: Clinic) -> None:
    visit = await missed(clinic)
    await clinic.post(f"/attendance-cases/{visit}/review", DOCTOR, decision="reset_clock")
    changed = clinic.last("target_changed").fact
    assert (changed["cause"], changed["target_date"]) == ("clock_reset", "2027-04-20")
    shown = await clinic.ask("GET", "referral", f"/referrals/{clinic.referral}", NURSE)
    assert shown["waiting_days"] == 0


async def test_a_corrected_visit_is_taken_back_everywhere(clinic: Clinic) -> None:
    visit = await missed(clinic)
    await clinic.post(f"/appointments/{visit}/correct", reason="late")
    assert not clinic.items("DNA_FOLLOWUP", "ATT_REVIEW")
    answer = await clinic.request(
        "POST", "scheduling", f"/attendance-cases/{visit}/review", DOCTOR, json={"decision": "discharge"}
    )
    assert answer.status_code == 409


async def test_nobody_is_booked_twice_at_one_time_or_before_the_day_that_was_asked_for(
    clinic: Clinic,
) -> None:
    await clinic.refer()
    visit = await clinic.book("2027-01-20 09:00")
    asked = {"discipline": "nursing", "purpose": "assessment"}
    request = await an_assessment(clinic, **asked, not_before="2027-01-18")
    path = f"/booking-requests/{request}/appointments"

    async def tried(when: str) -> tuple[int, str]:
        body = {"slots": [clinic.slot(NURSE, when)], "short_notice_accepted": True}
        answer = await clinic.request("POST", "scheduling", path, CORA, json=body)
        return answer.status_code, answer.json().get("type", "").rpartition(":")[2]

    assert await tried("2027-01-14 09:00") == (409, "too-soon")
    assert await tried("2027-01-20 09:00") == (409, "patient-double-booked")
    await clinic.post(f"/appointments/{visit}/cancel", by="clinic", reason="staff_absent")
    assert await tried("2027-01-20 09:00") == (201, "")


async def an_assessment(clinic: Clinic, discipline: Any, purpose: str, not_before: str) -> str:
    from datetime import date

    from backbone.ids import ROOT, derive
    from backbone.model import one, together
    from services.scheduling.booking_request.aggregate import BOOKING_REQUEST, RequestBooking
    from services.scheduling.booking_request.states import Wish

    made = derive(ROOT, f"{discipline} {not_before}")
    wish = Wish(
        purpose=purpose, discipline=discipline, priority="routine", not_before=date.fromisoformat(not_before)
    )
    send = BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(made))
    order = together(send, about=one(clinic.patient), pathway=one(clinic.referral))
    outcome = await clinic.system.order("scheduling", order)
    assert outcome.refusal is None
    await clinic.system.settle()
    return made


async def a_joint_day(clinic: Clinic) -> list[str]:
    """Three legs on one date; their appointments."""
    await clinic.refer()
    legs = []
    for discipline, login, when in LEGS:
        request = await an_assessment(clinic, discipline, "assessment", "2027-01-05")
        legs.append({"booking_request_id": request, "slot": clinic.slot(login, when)})
    body: dict[str, Any] = {
        "patient_id": clinic.patient,
        "referral_id": clinic.referral,
        "mode": "phone",
        "legs": legs,
    }
    await clinic.post("/joint-days", **body)
    return [leg["appointment_id"] for leg in clinic.last("joint_day_booked").fact["legs"]]


LEGS = (
    ("physiotherapy", "fay.dunn", "2027-01-21 09:00"),
    ("psychology", "priya.nair", "2027-01-21 10:30"),
    ("nursing", "nora.quinn", "2027-01-21 13:00"),
)


async def test_a_broken_joint_day_is_mended_kept_or_gone(clinic: Clinic) -> None:
    first, second, third = await a_joint_day(clinic)
    day = clinic.last("joint_day_booked").fact["joint_day_id"]
    await clinic.post(f"/appointments/{first}/cancel", by="clinic", reason="staff_absent")
    assert clinic.items("JOINT_DAY_BROKEN")
    await clinic.post(f"/joint-days/{day}/keep")
    assert not clinic.items("JOINT_DAY_BROKEN")
    await clinic.post(f"/appointments/{second}/cancel", by="clinic", reason="staff_absent")
    assert clinic.items("JOINT_DAY_BROKEN")
    await clinic.post(f"/appointments/{third}/cancel", by="clinic", reason="staff_absent")
    assert clinic.last("joint_day_broken").fact["left"] == 0
    assert not clinic.items("JOINT_DAY_BROKEN")


async def test_a_lost_leg_gets_another_date_on_the_same_day(clinic: Clinic) -> None:
    first, _, _ = await a_joint_day(clinic)
    day = clinic.last("joint_day_booked").fact["joint_day_id"]
    await clinic.post(f"/appointments/{first}/cancel", by="clinic", reason="staff_absent")
    again = clinic.last("booking_requested").fact["booking_request_id"]
    slot = clinic.slot("fay.dunn", "2027-01-21 14:00")
    await clinic.post(
        f"/joint-days/{day}/legs", booking_request_id=again, slot=slot, short_notice_accepted=True
    )
    assert len(clinic.last("joint_day_booked").fact["legs"]) == 3
    assert not clinic.items("JOINT_DAY_BROKEN")


async def test_a_joint_day_that_the_patient_cancels_is_one_cancellation(clinic: Clinic) -> None:
    for leg in await a_joint_day(clinic):
        await clinic.post(f"/appointments/{leg}/cancel", by="patient", reason="ill")
    counted = [fact.fact["cna_count"] for fact in clinic.facts() if fact.name == "appointment_cancelled"]
    assert counted == [1, 1, 1]
    assert not clinic.items("ATT_REVIEW")


async def test_a_moved_leg_breaks_the_day_and_all_moved_make_another(clinic: Clinic) -> None:
    legs = await a_joint_day(clinic)
    for leg, (_, login, when) in zip(legs, LEGS, strict=True):
        slot = clinic.slot(login, when.replace("01-21", "01-28"))
        await clinic.post(f"/appointments/{leg}/move", by="clinic", reason="staff_absent", slot=slot)
        assert clinic.items("JOINT_DAY_BROKEN") or leg == legs[-1]
    assert not clinic.items("JOINT_DAY_BROKEN")
    assert clinic.last("joint_day_booked").fact["on"] == "2027-01-28"


async def test_reminders_of_what_is_not_wanted_any_more_are_not_sent() -> None:
    clinic = Clinic(
        "2027-01-04 09:00", (REFERRALS, SCHEDULING, CARE_PLAN, NOTIFICATIONS, WORKLIST), PRACTICE_TOKEN
    )
    await clinic.refer()
    visit = await clinic.book("2027-01-14 09:00")
    await clinic.at("2027-01-04 12:00")
    assert clinic.last("measure_requested")
    await clinic.post(f"/appointments/{visit}/cancel", by="clinic", reason="staff_absent")
    cancelled = {fact.fact["template"] for fact in clinic.facts() if fact.name == "message_cancelled"}
    assert "MEASURE_D2" in cancelled
