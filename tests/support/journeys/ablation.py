"""Journey 2, the ablation, a conflict with an exercise visit, and the way home: 2027-05-24 until 2028-03-16."""

from collections.abc import Iterable

from tests.support.journeys.line import Line
from tests.support.journeys.play import Play
from tests.support.journeys.procedures import (
    authorises,
    day_of,
    escort,
    first_call,
    holds,
    judged,
    judges,
    measures_inr,
    orders,
    second_call,
    signed,
    told,
)
from tests.support.journeys.programme import activity
from tests.support.journeys.referral_to_block import BASELINE, PHYSIOTHERAPIST
from tests.support.journeys.referral_to_letter import answers
from tests.support.journeys.reviews_to_discharge import NO_MORE_REMINDERS, booked, falls_due, reminded, review

EXERCISE = "2027-06-30 14:00"


async def physiotherapy(play: Play) -> str:
    booked = await play.last("scheduling.appointment_booked", purpose="session", discipline="physiotherapy")
    return booked.subject


async def move_exercise(play: Play) -> None:
    await play.claim("CONFLICT", "cora.lind")
    path = f"/appointments/{await physiotherapy(play)}/move"
    slot = play.slot(PHYSIOTHERAPIST, EXERCISE)
    await play.post("scheduling", path, "cora.lind", by="clinic", reason="other", slot=slot)


async def arrive(play: Play) -> None:
    await play.post("scheduling", f"/appointments/{await physiotherapy(play)}/arrive", "ines.park")


async def exercise(play: Play) -> None:
    await play.claim("VISIT_READY", PHYSIOTHERAPIST, queue="physiotherapy")
    path = f"/activities/{await activity(play, 'physiotherapy')}/sessions"
    done = {"appointment_id": await physiotherapy(play), "complete": True}
    await play.post("care_plan", path, PHYSIOTHERAPIST, **done)


async def review_by_phone(play: Play) -> None:
    await review(result="continue", next_review="2027-09-14")(play)
    await attended(play)


async def attended(play: Play) -> None:
    visit = (await play.last("scheduling.appointment_booked", purpose="review")).subject
    await play.post("scheduling", f"/appointments/{visit}/attend", "paul.okafor")


async def last_review(play: Play) -> None:
    """60 % relief at 90 days, the goal reached; the patient calls when it is needed."""
    await attended(play)
    await judges(60, relief_days=90)(play)
    await review((0,), result="step_down", next_review="2027-12-07")(play)
    plan = (await play.last("care_plan.plan_drafted")).subject
    await play.post("care_plan", f"/plans/{plan}/pifu", "paul.okafor")


async def discharge(play: Play) -> None:
    await play.claim("PIFU_EXPIRY", "cora.lind")
    plan = (await play.last("care_plan.plan_drafted")).subject
    letter = {"audience": ["referrer", "pcp", "patient"], "text": "Dear colleague"}
    await play.post("care_plan", f"/plans/{plan}/discharge/letter/sign", "paul.okafor", **letter)
    said = {"reason": "PIFU_EXPIRED", "checklist": [], "handover_prescriber": False}
    await play.post("care_plan", f"/plans/{plan}/discharge", "cora.lind", **said)


ORDER: Iterable[Line] = (
    Line(
        "2027-05-24 09:10",
        "the ablation is ordered: 85 and 80 %, 26 days apart",
        orders("rfa_ct"),
        facts="""
            care_plan.procedure_ordered family=rfa_ct sequence_role=rfa
            scheduling.gate_satisfied kind=procedure_consent
            scheduling.gate_satisfied kind=previous_outcome
            scheduling.gate_opened kind=antithrombotic_plan
            scheduling.gate_opened kind=authorisation
            scheduling.gate_opened kind=escort
            scheduling.gate_opened kind=inr
            scheduling.gate_opened kind=infection
            care_plan.antithrombotic_plan_requested blocking=true
            scheduling.booking_requested purpose=procedure
            2 x scheduling.booking_blocked
        """,
        items="""
            +ANT_PLAN medical 05-31
            +AUTH_OBTAIN coordination 05-31
            +BOOK_VISIT coordination 05-31 (urgent)
        """,
    ),
    Line(
        "2027-05-28 09:00",
        "the payer approves the ablation",
        authorises("2027-06-01", "2027-08-30"),
        facts="""
            scheduling.authorisation_recorded status=approved valid_from=2027-06-01 valid_to=2027-08-30 family=rfa_ct
            scheduling.gate_satisfied kind=authorisation
        """,
        items="-AUTH_OBTAIN coordination",
    ),
    Line(
        "2027-05-28 10:30",
        "the coordinator holds 06-16",
        holds("2027-06-16 10:00"),
        facts="scheduling.appointment_held version=1 purpose=procedure open_gates=antithrombotic_plan",
    ),
    *signed(
        "2027-05-28 14:00",
        "2027-06-11 10:00",
        "2027-06-15 10:00",
        "2027-06-16 10:00",
        """
            -ANT_PLAN medical
            -BOOK_VISIT coordination
            +PROC_CHECKLIST nursing 06-13 10:00
            +CONFLICT coordination 05-31
        """,
        more="scheduling.booking_fulfilled\ncare_plan.conflict_detected kind=rest_window",
    ),
    Line(
        "2027-05-31 10:00",
        "the coordinator moves physiotherapy out of the rest window",
        move_exercise,
        facts="""
            scheduling.appointment_moved version=2 by=clinic status=booked
            scheduling.slot_freed start=2027-06-17T18:00:00Z
            scheduling.freed_slot_left soon=false
            2 x notifications.message_cancelled
            care_plan.conflict_resolved resolution=moved
        """,
        items="-CONFLICT coordination",
        messages="APPT_MOVED (pt)",
    ),
    falls_due("2027-06-01", "2027-06-22", "06-08"),
    second_call("2027-06-01 09:30"),
    *booked("2027-06-03 10:00", "2027-06-22 15:00", remote=True),
    Line(
        "2027-06-08 10:00",
        "14 days before the review",
        facts="care_plan.measure_requested occasion=review instruments=peg,phq9,gad7,pcs,pseq due_on=2027-06-22",
        messages="MEASURE_INVITE (pt)",
    ),
    told("2027-06-09", "PROC_PREP_D7"),
    escort("2027-06-10 14:00"),
    Line(
        "2027-06-10 20:00",
        "the patient answers",
        answers(BASELINE | {"peg": [7, 7, 7]}),
        facts="""
            care_plan.measure_scored instrument=peg score=7.0 item_sum=21 change_pct=12.5 responder=false
            4 x care_plan.measure_scored findings=none
        """
        + NO_MORE_REMINDERS,
    ),
    told("2027-06-13", "APPT_D3"),
    told("2027-06-15", "APPT_D1"),
    Line(
        "2027-06-15 14:00",
        "INR 1.0",
        measures_inr("1.0", "2027-06-15 13:30"),
        facts="scheduling.gate_satisfied kind=inr value=1.0",
    ),
    *day_of("2027-06-16 10:00", "11:00", "06-19", "06-30"),
    Line(
        "2027-06-17 14:00",
        "the time of the exercise visit passes",
        facts="scheduling.freed_slot_closed outcome=passed",
    ),
    first_call("2027-06-18 11:30"),
)

REVIEWS: Iterable[Line] = (
    *reminded("2027-06-19", "2027-06-21"),
    Line(
        "2027-06-22 15:00",
        "the review by phone",
        review_by_phone,
        facts="""
            care_plan.plan_reviewed result=continue next_review=2027-09-14
            scheduling.patient_attended purpose=review
        """,
        items="-PLAN_REVIEW medical",
    ),
    *reminded("2027-06-27", "2027-06-29"),
    second_call("2027-06-30 10:00"),
    judged("2027-06-30 10:30", 70, False),
    Line(
        "2027-06-30 13:50",
        "the patient arrives for physiotherapy",
        arrive,
        facts="scheduling.patient_arrived version=2",
        items="+VISIT_READY physiotherapy 06-30 14:00",
    ),
    Line(
        "2027-06-30 15:00",
        "the only session, and the end of the activity",
        exercise,
        facts="""
            care_plan.activity_started on=2027-06-30
            care_plan.session_completed session_no=1 of=1
            care_plan.activity_completed sessions_done=1
            scheduling.patient_attended purpose=session
            care_plan.care_team_changed disciplines=physiotherapy joined=none
        """,
        items="-VISIT_READY physiotherapy",
    ),
    falls_due("2027-08-24", "2027-09-14", "08-31"),
    *booked("2027-08-26 10:00", "2027-09-14 15:00", remote=True),
    Line(
        "2027-08-31 10:00",
        "14 days before the review",
        facts="care_plan.measure_requested occasion=end instruments=peg,phq9,gad7,pcs,pseq due_on=2027-09-14",
        messages="MEASURE_INVITE (pt)",
    ),
    Line(
        "2027-09-02 19:00",
        "the patient answers",
        answers(BASELINE | {"peg": [4, 4, 4]}),
        facts="""
            care_plan.measure_scored instrument=peg score=4.0 item_sum=12 change_pct=50.0 responder=true
            4 x care_plan.measure_scored findings=none
        """
        + NO_MORE_REMINDERS,
    ),
    *reminded("2027-09-11", "2027-09-13"),
    Line(
        "2027-09-14 15:00",
        "the last review: the patient calls when it is needed",
        last_review,
        facts="""
            care_plan.procedure_outcome_recorded relief_pct=60 relief_days=90
            care_plan.goal_assessed level=0 t_score=50.00
            care_plan.plan_reviewed result=step_down
            care_plan.goal_closed
            care_plan.plan_closed reason=pifu
            care_plan.pifu_opened ends_on=2028-03-14
            scheduling.patient_attended purpose=review
        """,
        items="-PLAN_REVIEW medical",
    ),
)

HOME: Iterable[Line] = (
    Line("2028-02-13 10:00", "30 days before the window ends", messages="PIFU_ENDING_PT (pt)"),
    Line(
        "2028-03-15 08:00",
        "the window is over",
        facts="care_plan.pifu_expired ended_on=2028-03-14",
        items="+PIFU_EXPIRY coordination 03-22",
    ),
    Line(
        "2028-03-16 10:00",
        "the physician signs, the coordinator confirms",
        discharge,
        facts="""
            care_plan.letter_signed kind=discharge
            care_plan.patient_discharged reason=PIFU_EXPIRED
            referral.completed
        """,
        items="-PIFU_EXPIRY coordination",
        messages="DISCHARGE_LETTER (ref), DISCHARGE_LETTER_PT (pt)",
    ),
    Line("2028-03-16 18:00", "the end"),
)
