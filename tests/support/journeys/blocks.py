"""Journey 2, two diagnostic blocks and a date that moves: 2027-04-15 until 05-24."""

from collections.abc import Iterable

from tests.support.journeys.line import Line
from tests.support.journeys.play import Play
from tests.support.journeys.procedures import (
    NURSE,
    PROCEDURALIST,
    date_of,
    day_of,
    escort,
    first_call,
    holds,
    judged,
    measures_inr,
    orders,
    second_call,
    signed,
    told,
)

MOVED_TO = "2027-05-18 10:00"


async def move(play: Play) -> None:
    """The proceduralist is ill."""
    path = f"/appointments/{await date_of(play)}/move"
    slot = play.slot(PROCEDURALIST, MOVED_TO)
    await play.post("scheduling", path, "cora.lind", by="clinic", reason="staff_absent", slot=slot)


async def call_about_hold(play: Play) -> None:
    """The nurse tells the patient what the physician wrote."""
    await play.claim("HOLD_CALL", NURSE)
    patient = (await play.last("referral.patient_registered")).subject
    procedure = (await play.last("care_plan.procedure_ordered")).subject
    said = {"patient_id": patient, "kind": "hold_call", "procedure_id": procedure, "result": "reached"}
    await play.post("care_plan", "/contacts", NURSE, **said)


FIRST_BLOCK: Iterable[Line] = (
    told("2027-04-15", "PROC_PREP_D7"),
    escort("2027-04-16 14:00"),
    told("2027-04-19", "APPT_D3"),
    told("2027-04-21", "APPT_D1"),
    Line(
        "2027-04-21 15:00",
        "INR 1.1",
        measures_inr("1.1", "2027-04-21 14:30"),
        facts="scheduling.gate_satisfied kind=inr value=1.1",
    ),
    *day_of("2027-04-22 10:00", "10:30", "04-25", "05-06", gates=6),
    first_call("2027-04-23 11:00"),
    judged("2027-04-26 09:00", 85, True),
)

SECOND_BLOCK: Iterable[Line] = (
    Line(
        "2027-04-26 09:10",
        "the physician orders the second block",
        orders("mbb_ct", not_before="2027-05-06"),
        facts="""
            care_plan.procedure_ordered family=mbb_ct sequence_role=mbb_2 not_before=2027-05-06
            scheduling.gate_satisfied kind=authorisation
            scheduling.gate_satisfied kind=procedure_consent
            scheduling.gate_satisfied kind=previous_outcome
            scheduling.gate_opened kind=antithrombotic_plan
            scheduling.gate_opened kind=escort
            scheduling.gate_opened kind=inr
            scheduling.gate_opened kind=infection
            care_plan.antithrombotic_plan_requested blocking=true
            scheduling.booking_requested purpose=procedure not_before=2027-05-06
            scheduling.booking_blocked reason=antithrombotic_plan gate_kinds=antithrombotic_plan
        """,
        items="+ANT_PLAN medical 05-03, +BOOK_VISIT coordination 05-03 (urgent)",
    ),
    Line(
        "2027-04-28 10:00",
        "the coordinator holds 05-11",
        holds("2027-05-11 10:00"),
        facts="scheduling.appointment_held version=1 purpose=procedure open_gates=antithrombotic_plan",
    ),
    *signed(
        "2027-04-28 14:00",
        "2027-05-06 10:00",
        "2027-05-10 10:00",
        "2027-05-11 10:00",
        "-ANT_PLAN medical, -BOOK_VISIT coordination, +PROC_CHECKLIST nursing 05-08 10:00",
        more="scheduling.booking_fulfilled",
    ),
)

MOVED: Iterable[Line] = (
    Line(
        "2027-05-04 09:30",
        "the proceduralist is ill: 05-18",
        move,
        facts="""
            scheduling.appointment_moved version=2 by=clinic status=pending gates_reopened=antithrombotic_plan
            scheduling.gate_opened kind=antithrombotic_plan
            scheduling.booking_blocked reason=antithrombotic_plan
            care_plan.antithrombotic_plan_invalidated cause=appointment_moved was_signed=true hold_running=false
            notifications.message_cancelled template=PROC_PREP_D7
            notifications.message_cancelled template=APPT_D3
            notifications.message_cancelled template=APPT_D1
            worklist.item_reopened item_type=ANT_PLAN due_at=2027-05-10T21:00:00Z
        """,
        items="+HOLD_CALL nursing 05-04",
        messages="HOLD_PLAN_CANCELLED (pt), APPT_MOVED (pt)",
    ),
    Line("2027-05-04 10:00", "the time at which the old date would have been prepared"),
    Line(
        "2027-05-04 11:00",
        "the nurse phones the patient",
        call_about_hold,
        facts="care_plan.contact_recorded kind=hold_call",
        items="-HOLD_CALL nursing",
    ),
    second_call("2027-05-06 10:00"),
    *signed(
        "2027-05-06 15:00",
        "2027-05-13 10:00",
        "2027-05-17 10:00",
        MOVED_TO,
        "-ANT_PLAN medical",
        version=2,
    ),
    told("2027-05-11", "PROC_PREP_D7"),
    escort("2027-05-12 14:00"),
    told("2027-05-15", "APPT_D3"),
    told("2027-05-17", "APPT_D1"),
    Line(
        "2027-05-17 14:00",
        "INR 1.3",
        measures_inr("1.3", "2027-05-17 13:30"),
        facts="scheduling.gate_failed kind=inr check_class=day_of value=1.3",
        items="+DAY_GATE nursing 05-18 10:00",
    ),
    Line(
        "2027-05-18 08:00",
        "once more, 1.1",
        measures_inr("1.1", "2027-05-18 07:45"),
        facts="scheduling.gate_satisfied kind=inr value=1.1",
        items="-DAY_GATE nursing",
    ),
    *day_of(MOVED_TO, "10:35", "05-21", "06-01"),
    first_call("2027-05-20 11:00"),
    judged("2027-05-24 09:00", 80, True),
)
