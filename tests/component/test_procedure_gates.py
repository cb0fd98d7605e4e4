"""What must be true before a procedure holds up its date, is shown for one date, and is looked at before it begins."""

from pathlib import Path
from typing import Any

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.override import OverrideLapsed, OverrideRequested
from schemas.care_plan.v1.procedure import ProcedureCancelled
from services.scheduling.gate.states import gate_id
from tests.support.configuring import change, copied
from tests.support.procedure_dates import (
    EVERYTHING,
    MBB,
    NURSE,
    PROCEDURALIST,
    RFA,
    ProcedureClinic,
    booked,
    held,
)

MOVED = "2027-05-18 10:30"


async def test_what_is_open_is_said_when_the_procedure_is_asked_for() -> None:
    clinic = await ProcedureClinic().order(*EVERYTHING)
    assert clinic.kinds("gate_opened") == list(EVERYTHING)
    classes = {
        each["kind"]: (each["check_class"], each["blocks_booking"]) for each in clinic.named("gate_opened")
    }
    assert classes["authorisation"] == ("pre", True)
    assert (classes["escort"], classes["inr"]) == (("pre", False), ("day_of", False))
    asked = clinic.last("booking_requested").fact
    assert (asked["purpose"], asked["procedure_id"], asked["priority"]) == ("procedure", MBB, "urgent")
    [blocked] = clinic.named("booking_blocked")
    assert blocked["gate_kinds"] == ["antithrombotic_plan", "authorisation"]
    await clinic.request_plan()
    assert clinic.kinds("gate_opened") == list(EVERYTHING)
    assert len(clinic.named("booking_blocked")) == 1


async def test_a_date_is_held_until_everything_that_holds_it_up_is_met() -> None:
    clinic = await held()
    assert clinic.last("appointment_held").fact["open_gates"] == ["antithrombotic_plan"]
    assert await clinic.status() == "pending"
    assert not clinic.named("booking_fulfilled") and not clinic.named("appointment_booked")
    await clinic.sign()
    assert await clinic.status() == "booked"
    assert [each["scope"] for each in clinic.named("gates_cleared")] == ["booking"]
    assert clinic.last("booking_fulfilled").fact["appointment_ids"] == [clinic.visit]
    await clinic.show("escort")
    await clinic.show("escort")
    assert [each["scope"] for each in clinic.named("gates_cleared")] == ["booking", "pre"]


async def test_a_move_asks_again_for_what_was_shown_for_the_old_date() -> None:
    clinic = await booked()
    await clinic.show("escort")
    await clinic.at("2027-04-20 09:00")
    await clinic.move(MOVED)
    moved = clinic.last("appointment_moved").fact
    assert (moved["version"], moved["status"]) == (2, "pending")
    assert set(moved["gates_reopened"]) == {"antithrombotic_plan", "escort"}
    assert clinic.kinds("gate_opened")[len(EVERYTHING) :] == ["antithrombotic_plan", "escort"]
    assert await clinic.status() == "pending"
    await clinic.sign(version=1)
    assert await clinic.status() == "pending"
    await clinic.sign(version=2, start=MOVED)
    assert await clinic.status() == "booked"
    assert clinic.last("appointment_booked").fact["version"] == 2


async def test_an_authorisation_that_ends_before_the_new_date_is_asked_for_again() -> None:
    clinic = await ProcedureClinic().order("authorisation")
    await clinic.at("2027-04-05 11:00")
    await clinic.authorise(until="2027-05-15")
    await clinic.book()
    assert await clinic.status() == "booked"
    await clinic.move(MOVED)
    moved = clinic.last("appointment_moved").fact
    assert (moved["status"], moved["gates_reopened"]) == ("pending", ["authorisation"])
    assert clinic.last("authorisation_expired").fact["expired_on"] == "2027-05-15"
    assert clinic.last("booking_blocked").fact["gate_kinds"] == ["authorisation"]
    assert clinic.last("booking_blocked").fact["reason"] == "authorisation"
    assert clinic.kinds("gate_satisfied") == ["authorisation"]
    await clinic.authorise(until="2027-06-30")
    assert await clinic.status() == "booked"


async def test_an_authorisation_that_runs_out_is_asked_for_again() -> None:
    clinic = await ProcedureClinic().order("authorisation")
    await clinic.at("2027-04-05 11:00")
    await clinic.authorise(until="2027-04-30")
    await clinic.at("2027-05-01 09:00")
    assert clinic.last("authorisation_expired").fact["expired_on"] == "2027-04-30"
    assert clinic.kinds("gate_opened") == ["authorisation", "authorisation"]


async def test_two_blocks_share_an_authorisation_and_the_second_waits_for_the_outcome_of_the_first() -> None:
    clinic = await ProcedureClinic().order("authorisation")
    await clinic.at("2027-04-05 11:00")
    await clinic.authorise()
    await clinic.book()
    second = derive(ROOT, "a second block")
    await clinic.order("authorisation", "previous_outcome", procedure=second, sequence_role="mbb_2")
    assert clinic.last("booking_blocked").fact["reason"] == "outcome_missing"
    assert clinic.kinds("gate_satisfied") == ["authorisation", "authorisation"]
    again: dict[str, Any] = {"slots": [clinic.slot("2027-05-11 10:30")], "short_notice_accepted": True}
    assert await clinic.refused(clinic.dates, **again) == "out-of-order"
    await clinic.at("2027-04-22 10:30")
    await clinic.post(f"/appointments/{clinic.visit}/arrive")
    await clinic.post(f"/appointments/{clinic.visit}/attend")
    assert clinic.kinds("gate_closed") == ["authorisation"]
    await clinic.outcome()
    assert clinic.kinds("gate_satisfied")[-1] == "previous_outcome"
    await clinic.book("2027-05-11 10:30")
    assert await clinic.status() == "booked"


async def test_an_override_is_waited_for_and_a_refused_one_fails() -> None:
    clinic = await ProcedureClinic().order(procedure=RFA, sequence_role="rfa")
    for number, rule in enumerate(("PRC-01", "PRC-03")):
        override = derive(ROOT, f"override {number}")
        asked = OverrideRequested(override_id=override, rule=rule, role="physician", subject_id=RFA)
        await clinic.feed.tell(asked, aggregate=override)
    assert clinic.last("booking_blocked").fact["reason"] == "override"
    await clinic.book()
    assert await clinic.status() == "pending"
    await clinic.answer_override(derive(ROOT, "override 0"), granted=True)
    assert await clinic.status() == "pending"
    await clinic.answer_override(derive(ROOT, "override 1"), granted=False)
    assert clinic.kinds("gate_failed") == ["override"] and await clinic.status() == "pending"
    await clinic.answer_override(derive(ROOT, "override 1"), granted=True)
    assert await clinic.status() == "booked"


async def test_what_is_not_shown_three_days_before_is_said_and_a_day_before_a_person_lets_the_date_go() -> (
    None
):
    clinic = await booked()
    path = f"/appointments/{clinic.visit}/release"
    assert await clinic.refused(path) == "not-due"
    await clinic.at("2027-04-19 10:29")
    assert not clinic.named("gate_check_failed")
    await clinic.at("2027-04-19 10:31")
    [first] = clinic.named("gate_check_failed")
    assert (first["checkpoint"], first["open_gates"]) == ("T-72", ["escort"])
    assert await clinic.refused(path) == "not-due"
    await clinic.at("2027-04-21 10:31")
    assert [each["checkpoint"] for each in clinic.named("gate_check_failed")] == ["T-72", "T-24"]
    assert await clinic.status() == "booked"
    await clinic.post(path)
    lost = clinic.last("appointment_cancelled").fact
    assert (lost["by"], lost["reason"], lost["counts"]) == ("clinic", "gate_open", False)
    assert clinic.last("slot_freed").fact["purpose"] == "procedure"
    assert len(clinic.named("booking_requested")) == 2


async def test_a_value_of_the_day_that_is_open_a_day_before_lets_nothing_go() -> None:
    clinic = await booked()
    await clinic.show("escort")
    await clinic.at("2027-04-21 10:31")
    assert not clinic.named("gate_check_failed")
    assert await clinic.refused(f"/appointments/{clinic.visit}/release") == "not-due"


async def test_an_inr_counts_from_a_day_before_up_to_the_limit_of_the_signed_plan() -> None:
    clinic = await held()
    path = f"/gates/{gate_id(MBB, 'inr')}/evidence"
    early = {"met": True, "value": "1.1", "taken_at": "2027-04-04T14:00:00Z"}
    assert await clinic.refused(path, NURSE, **early) == "no-limit"
    await clinic.sign()
    await clinic.at("2027-04-21 15:00")
    early = {"met": True, "value": "1.1", "taken_at": "2027-04-21T13:30:00Z"}
    assert await clinic.refused(path, NURSE, **early) == "out-of-time"
    await clinic.inr("1.3", "2027-04-21 14:30")
    assert clinic.last("gate_failed").fact["value"] == "1.3"
    await clinic.at("2027-04-22 08:00")
    await clinic.inr("1.2", "2027-04-22 07:30")
    assert clinic.last("gate_satisfied").fact["value"] == "1.2"


async def test_nobody_is_checked_in_for_a_procedure_before_what_counts_on_the_day_is_shown_or_waived() -> (
    None
):
    clinic = await booked()
    await clinic.at("2027-04-22 10:20")
    await clinic.post(f"/appointments/{clinic.visit}/arrive")
    assert await clinic.refused(f"/appointments/{clinic.visit}/check-in") == "gate-open"
    assert await clinic.refused(f"/appointments/{clinic.visit}/attend") == "gate-open"
    await clinic.inr("1.1", "2027-04-22 08:00")
    await clinic.show("infection", met=False)
    assert await clinic.refused(f"/appointments/{clinic.visit}/check-in") == "gate-open"
    waive = f"/gates/{gate_id(MBB, 'infection')}/waive"
    assert await clinic.refused(waive, NURSE, reason="clinical_need") == "not-permitted"
    await clinic.post(waive, PROCEDURALIST, reason="clinical_need")
    assert clinic.last("gate_waived").fact["role"] == "proceduralist"
    assert "day_of" in [each["scope"] for each in clinic.named("gates_cleared")]
    await clinic.post(f"/appointments/{clinic.visit}/check-in")


async def test_a_plan_that_does_not_hold_any_more_takes_the_booking_back() -> None:
    clinic = await booked()
    await clinic.invalidate()
    assert await clinic.status() == "pending"
    await clinic.sign()
    assert await clinic.status() == "booked"


async def test_a_held_date_that_nobody_decides_about_ends_when_it_begins_and_is_asked_for_again() -> None:
    clinic = await held()
    await clinic.at("2027-04-22 10:29")
    assert await clinic.status() == "pending"
    await clinic.at("2027-04-22 10:31")
    assert await clinic.status() == "cancelled"
    assert len(clinic.named("booking_requested")) == 2
    assert clinic.named("booking_fulfilled")[0]["appointment_ids"] == []


async def test_a_question_that_is_gone_holds_up_no_date() -> None:
    clinic = await ProcedureClinic().order(
        "procedure_consent", procedure=RFA, family="rfa_ct", sequence_role="rfa"
    )
    override = derive(ROOT, "a question")
    asked = OverrideRequested(override_id=override, rule="PRC-02", role="physician", subject_id=RFA)
    await clinic.feed.tell(asked, aggregate=override)
    await clinic.answer_override(override, granted=False)
    assert clinic.kinds("gate_failed") == ["override"]
    await clinic.feed.tell(OverrideLapsed(override_id=override), aggregate=override)
    assert clinic.kinds("gate_satisfied") == ["override"]


async def test_what_is_open_before_a_procedure_is_somebodys_work_until_it_is_shown() -> None:
    clinic = await ProcedureClinic().order(*EVERYTHING)
    assert clinic.items("AUTH_OBTAIN") == ["coordination AUTH_OBTAIN 04-06 17:00"]
    await clinic.at("2027-04-05 11:00")
    await clinic.authorise()
    assert not clinic.items("AUTH_OBTAIN")
    await clinic.book()
    assert clinic.items("BOOK_VISIT") and not clinic.items("PROC_CHECKLIST")
    await clinic.sign()
    assert not clinic.items("BOOK_VISIT")
    assert clinic.items("PROC_CHECKLIST") == ["nursing PROC_CHECKLIST 04-19 10:30"]
    await clinic.move(MOVED)
    assert clinic.items("PROC_CHECKLIST") == ["nursing PROC_CHECKLIST 05-15 10:30"]
    await clinic.sign(version=2, start=MOVED)
    await clinic.at("2027-05-15 10:31")
    await clinic.at("2027-05-17 10:31")
    assert clinic.items("GATE_RELEASE") == ["coordination GATE_RELEASE 05-17 14:30"]
    await clinic.show("escort")
    assert not clinic.items("PROC_CHECKLIST", "GATE_RELEASE")
    await clinic.at("2027-05-17 14:30")
    await clinic.inr("1.3", "2027-05-17 14:00")
    assert clinic.items("DAY_GATE") == ["nursing DAY_GATE 05-18 10:30"]
    await clinic.at("2027-05-18 08:00")
    await clinic.inr("1.1", "2027-05-18 07:45")
    assert not clinic.items("DAY_GATE")


async def test_a_procedure_that_is_not_going_ahead_leaves_no_work_and_no_date() -> None:
    clinic = await held()
    await clinic.feed.tell(ProcedureCancelled(procedure_id=MBB, reason="patient_declined"), aggregate=MBB)
    assert await clinic.status() == "cancelled"
    assert set(clinic.kinds("gate_closed")) == set(EVERYTHING)
    assert not clinic.items("AUTH_OBTAIN", "BOOK_VISIT", "PROC_CHECKLIST", "GATE_RELEASE", "DAY_GATE")
    assert len(clinic.named("booking_requested")) == 1


async def test_a_signed_plan_asks_for_the_value_of_the_day_by_itself_and_what_was_met_when_ordered_stays_met() -> (
    None
):
    clinic = await ProcedureClinic().order("procedure_consent", "infection", met=("procedure_consent",))
    assert clinic.kinds("gate_satisfied") == ["procedure_consent"]
    await clinic.request_plan()
    await clinic.book()
    assert clinic.last("appointment_held").fact["open_gates"] == ["antithrombotic_plan"]
    await clinic.sign()
    assert await clinic.status() == "booked" and clinic.kinds("gate_opened")[-1] == "inr"
    await clinic.at("2027-04-22 10:20")
    await clinic.post(f"/appointments/{clinic.visit}/arrive")
    await clinic.show("infection")
    assert await clinic.refused(f"/appointments/{clinic.visit}/check-in") == "gate-open"
    await clinic.inr("1.2", "2027-04-22 09:00")
    await clinic.post(f"/appointments/{clinic.visit}/check-in")


async def test_where_the_clinic_says_so_the_date_goes_by_itself_a_day_before(tmp_path: Path) -> None:
    change(copied(tmp_path) / "scheduling.toml", 'release = "confirm"', 'release = "auto"')
    clinic = await ProcedureClinic(config=tmp_path).order("escort")
    await clinic.book()
    await clinic.at("2027-04-21 10:29")
    assert await clinic.status() == "booked"
    await clinic.at("2027-04-21 10:31")
    assert await clinic.status() == "cancelled"
    lost = clinic.last("appointment_cancelled").fact
    assert (lost["by"], lost["reason"], lost["counts"]) == ("clinic", "gate_open", False)
    assert not clinic.items("GATE_RELEASE", "PROC_CHECKLIST")
