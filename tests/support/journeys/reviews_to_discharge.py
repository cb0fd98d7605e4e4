"""Journey 1, the three reviews, the discharge and what follows: the lines from 2027-03-18 until 2027-10-02."""

from collections.abc import Iterable
from typing import Any

from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play
from tests.support.journeys.programme import activity, minutes
from tests.support.journeys.referral_to_letter import answers

SECOND = {
    "peg": [5, 4, 4],
    "phq9": [1, 1, 1, 1, 1, 1, 1, 0, 0],
    "gad7": [1, 1, 1, 1, 1, 0, 0],
    "pcs": [2] * 9 + [1] * 4,
    "pseq": [4] * 8 + [3] * 2,
    "odi": [2] * 4 + [1] * 6,
}
END = {
    "peg": [4, 4, 4],
    "phq9": [1, 1, 1, 1, 1, 0, 0, 0, 0],
    "gad7": [1, 1, 1, 1, 0, 0, 0],
    "pcs": [2] * 5 + [1] * 8,
    "pseq": [5] * 2 + [4] * 8,
    "odi": [2] * 2 + [1] * 8,
}


def book(start: str, **more: bool) -> Deed:
    """The open review request gets a date of the plan's lead."""

    async def does(play: Play) -> None:
        request = (await play.last("scheduling.booking_requested", purpose="review")).subject
        await play.claim("BOOK_VISIT", "cora.lind", subject_id=request)
        path = f"/booking-requests/{request}/appointments"
        await play.post("scheduling", path, "cora.lind", slots=[play.slot("paul.okafor", start)], **more)

    return does


async def arrive(play: Play) -> None:
    appointment = (await play.last("scheduling.appointment_booked", purpose="review")).subject
    await play.post("scheduling", f"/appointments/{appointment}/arrive", "ines.park")


async def attend(play: Play) -> None:
    await play.claim("VISIT_READY", "paul.okafor")
    appointment = (await play.last("scheduling.appointment_booked", purpose="review")).subject
    await play.post("scheduling", f"/appointments/{appointment}/attend", "paul.okafor")


def review(levels: tuple[int, ...] = (), **said: Any) -> Deed:
    """`levels` of goal 1 and goal 2."""

    async def does(play: Play) -> None:
        await play.claim("PLAN_REVIEW", "paul.okafor")
        plan = (await play.last("care_plan.plan_drafted")).subject
        weights = (2, 1)[2 - len(levels) :]
        known = [(await play.last("care_plan.goal_set", weight=weight)).subject for weight in weights]
        goals = [{"goal_id": goal, "level": level} for goal, level in zip(known, levels, strict=True)]
        await play.post("care_plan", f"/plans/{plan}/review", "paul.okafor", goals=goals, **said)

    return does


async def close_physiotherapy(play: Play) -> None:
    await play.claim("ACT_REVIEW", "fay.dunn")
    path = f"/activities/{await activity(play, 'physiotherapy')}/review"
    await play.post("care_plan", path, "fay.dunn", decision="complete")


async def discharge(play: Play) -> None:
    await play.claim("DISCHARGE_CHECK", "paul.okafor")
    plan = (await play.last("care_plan.plan_drafted")).subject
    letter = {"audience": ["referrer", "pcp", "patient"], "text": "Dear colleague"}
    await play.post("care_plan", f"/plans/{plan}/discharge/letter/sign", "paul.okafor", **letter)
    await play.post(
        "care_plan",
        f"/plans/{plan}/discharge",
        "paul.okafor",
        reason="COMPLETED_GOALS",
        checklist=[],
        handover_prescriber=True,
    )


def visit(start: str, does: Deed, facts: str, items: str = "") -> Iterable[Line]:
    """A review in person: ten minutes early, half an hour long."""
    day = start[:10]
    yield Line(
        minutes(start, -10),
        f"the patient arrives for the review of {day}",
        arrive,
        facts="scheduling.patient_arrived",
        items=f"+VISIT_READY medical {start[5:]}",
    )
    yield Line(start, f"the review of {day}", does, facts=facts, items=f"-PLAN_REVIEW medical\n{items}")
    yield Line(
        minutes(start, 30),
        f"the review of {day} ends",
        attend,
        facts="scheduling.patient_attended purpose=review",
        items="-VISIT_READY medical",
    )


def falls_due(at: str, due_on: str, book_by: str, *, high_risk: bool = False) -> Line:
    risk, urgent = ("true", " (urgent)") if high_risk else ("false", "")
    return Line(
        f"{at} 08:00",
        "the review falls due",
        facts=f"""
            care_plan.plan_review_fell_due due_on={due_on} high_risk={risk}
            scheduling.booking_requested purpose=review discipline=medical count=1
        """,
        items=f"+PLAN_REVIEW medical {due_on[5:]}{urgent}, +BOOK_VISIT coordination {book_by}",
    )


def booked(at: str, start: str, **more: bool) -> Iterable[Line]:
    yield Line(
        at,
        f"the coordinator books {start}",
        book(start, **more),
        facts=f"""
            scheduling.appointment_booked purpose=review version=1 remote={str("remote" in more).lower()}
            scheduling.booking_fulfilled
        """,
        items="-BOOK_VISIT coordination",
    )
    yield Line(minutes(at, 30), "half an hour later", messages="APPT_CONFIRMED (pt)")


def reminded(*days: str) -> Iterable[Line]:
    for day, template in zip(days, ("APPT_D3", "APPT_D1"), strict=True):
        yield Line(f"{day} 10:00", "a reminder", messages=f"{template} (pt)")


NO_MORE_REMINDERS = """
    notifications.message_cancelled template=MEASURE_D7
    notifications.message_cancelled template=MEASURE_D2
"""

FIRST_REVIEW = (
    falls_due("2027-03-18", "2027-04-08", "03-25"),
    *booked("2027-03-22 14:00", "2027-04-08 15:00"),
    Line(
        "2027-03-25 10:00",
        "14 days before the review",
        facts="care_plan.measure_requested occasion=review instruments=peg due_on=2027-04-08",
        messages="MEASURE_INVITE (pt)",
    ),
    Line(
        "2027-03-30 20:00",
        "the patient answers",
        answers({"peg": [7, 5, 5]}),
        facts="""
            care_plan.measure_scored instrument=peg score=5.67 item_sum=17 change=-1.33 change_pct=19.0 responder=false
        """
        + NO_MORE_REMINDERS,
    ),
    *reminded("2027-04-05", "2027-04-07"),
    *visit(
        "2027-04-08 15:00",
        review(result="continue", next_review="2027-05-20"),
        facts="care_plan.plan_reviewed result=continue next_review=2027-05-20",
    ),
)

SECOND_REVIEW = (
    falls_due("2027-04-29", "2027-05-20", "05-06"),
    *booked("2027-05-03 10:00", "2027-05-20 15:00"),
    Line(
        "2027-05-06 10:00",
        "14 days before the review",
        facts="""
            care_plan.measure_requested occasion=review instruments=peg,phq9,gad7,pcs,pseq,odi due_on=2027-05-20
        """,
        messages="MEASURE_INVITE (pt)",
    ),
    Line(
        "2027-05-06 11:00",
        "the physiotherapist closes the activity",
        close_physiotherapy,
        facts="""
            care_plan.activity_reviewed decision=complete
            care_plan.activity_completed sessions_done=8
            care_plan.care_team_changed disciplines=physiotherapy joined=none
        """,
        items="-ACT_REVIEW physiotherapy",
    ),
    Line(
        "2027-05-12 19:00",
        "the patient answers",
        answers(SECOND),
        facts="""
            care_plan.measure_scored instrument=peg score=4.33 item_sum=13 change_pct=38.1 responder=true \
                findings=peg_responder
            care_plan.measure_scored instrument=phq9 score=7 findings=none
            care_plan.measure_scored instrument=gad7 score=5 findings=none
            care_plan.measure_scored instrument=pcs score=22 findings=none
            care_plan.measure_scored instrument=pseq score=38 findings=none
            care_plan.measure_scored instrument=odi score=28.0 findings=none
        """
        + NO_MORE_REMINDERS,
    ),
    *reminded("2027-05-17", "2027-05-19"),
    *visit(
        "2027-05-20 15:00",
        review((0, -1), result="continue", next_review="2027-06-24"),
        facts="""
            care_plan.goal_assessed level=0 t_score=45.98 findings=none
            care_plan.goal_assessed level=-1 t_score=45.98 findings=none
            care_plan.plan_reviewed result=continue next_review=2027-06-24
        """,
    ),
)

LAST_REVIEW = (
    falls_due("2027-06-03", "2027-06-24", "06-10"),
    *booked("2027-06-07 10:00", "2027-06-24 15:00"),
    Line(
        "2027-06-10 10:00",
        "14 days before the review: all activities are finished",
        facts="""
            care_plan.measure_requested occasion=end instruments=peg,phq9,gad7,pcs,pseq,odi due_on=2027-06-24
        """,
        messages="MEASURE_INVITE (pt)",
    ),
    Line(
        "2027-06-14 18:00",
        "the patient answers",
        answers(END),
        facts="""
            care_plan.measure_scored instrument=peg score=4.0 item_sum=12 change_pct=42.9 responder=true \
                findings=peg_responder
            care_plan.measure_scored instrument=phq9 score=5 findings=none
            care_plan.measure_scored instrument=gad7 score=4 findings=none
            care_plan.measure_scored instrument=pcs score=18 findings=none
            care_plan.measure_scored instrument=pseq score=42 findings=none
            care_plan.measure_scored instrument=odi score=24.0 findings=none
        """
        + NO_MORE_REMINDERS,
    ),
    *reminded("2027-06-21", "2027-06-23"),
    *visit(
        "2027-06-24 15:00",
        review(
            (1, 0),
            result="discharge",
            checklist=["medication_handover", "flare_up_plan", "rereferral_route"],
        ),
        facts="""
            care_plan.goal_assessed level=1 t_score=58.03 findings=step_down,discharge_ready
            care_plan.goal_assessed level=0 t_score=58.03 findings=step_down,discharge_ready
            care_plan.plan_reviewed result=discharge
            care_plan.discharge_proposed missing=summary_letter
        """,
        items="+DISCHARGE_CHECK medical 07-01",
    ),
)

DISCHARGE = (
    Line(
        "2027-06-29 11:00",
        "the physician signs and discharges",
        discharge,
        facts="""
            care_plan.letter_signed kind=discharge
            2 x care_plan.goal_closed
            care_plan.plan_closed
            care_plan.patient_discharged reason=COMPLETED_GOALS followup_measures_on=2027-09-29,2027-12-29
            referral.completed
        """,
        items="-DISCHARGE_CHECK medical",
        messages="DISCHARGE_LETTER (ref), DISCHARGE_LETTER_PT (pt)",
    ),
    Line(
        "2027-09-29 10:00",
        "the follow-up",
        facts="care_plan.measure_requested occasion=followup instruments=peg due_on=2027-10-13",
        messages="MEASURE_INVITE (pt)",
    ),
    Line(
        "2027-10-02 12:00",
        "the patient answers",
        answers({"peg": [5, 4, 4]}),
        facts="care_plan.measure_scored instrument=peg score=4.33 responder=true" + NO_MORE_REMINDERS,
    ),
    Line("2027-10-03 12:00", "the end"),
)
