"""Journey 3 from the beginning of the taper to the second review: 2027-03-23 to 05-11."""

from collections.abc import Iterable

from tests.support.journeys.line import Line
from tests.support.journeys.opioid_checks import TAPER_STARTS, agree_and_begin
from tests.support.journeys.play import Play
from tests.support.journeys.programme import activity, minutes
from tests.support.journeys.referral_to_letter import answers
from tests.support.journeys.reviews_to_discharge import booked, falls_due, reminded, review, visit
from tests.support.journeys.visit_to_reviews import SERIES, THERAPIST


async def begin_taper(play: Play) -> None:
    """The team's action is done, the work begins."""
    await play.claim("MDT_ACTION", "rosa.vidal", queue="pharmacy")
    [task] = (await play.last("care_plan.mdt_decision_recorded")).fact["actions"]
    await play.post("care_plan", f"/mdt/actions/{task['action_id']}/complete", "rosa.vidal")
    await play.post("care_plan", f"/activities/{await activity(play, 'pharmacy')}/start", "rosa.vidal")
    await agree_and_begin(play)


def sessions() -> Iterable[Line]:
    """The last one closes the activity."""
    for number, start in enumerate(SERIES, start=1):
        yield from session(number, start)


def session(number: int, start: str) -> Iterable[Line]:
    async def appointment(play: Play) -> str:
        at = play.slot(THERAPIST, start)["start"]
        return (await play.last("scheduling.appointment_booked", purpose="session", start=at)).subject

    async def come(play: Play) -> None:
        await play.post("scheduling", f"/appointments/{await appointment(play)}/arrive", "ines.park")

    async def complete(play: Play) -> None:
        await play.claim("VISIT_READY", THERAPIST, queue="psychology")
        path = f"/activities/{await activity(play, 'psychology')}/sessions"
        done = {"appointment_id": await appointment(play), "complete": number == len(SERIES)}
        await play.post("care_plan", path, THERAPIST, **done)

    yield Line(
        minutes(start, -10),
        f"the patient arrives for session {number}",
        come,
        facts="scheduling.patient_arrived version=1",
        items=f"+VISIT_READY psychology {start[5:]}",
    )
    facts = f"""
        care_plan.session_completed session_no={number} of=6 on={start[:10]}
        scheduling.patient_attended purpose=session
    """
    first = f"care_plan.activity_started on={start[:10]}" if number == 1 else ""
    last = """
        care_plan.activity_completed sessions_done=6
        care_plan.care_team_changed disciplines=psychology joined=none
    """
    yield Line(
        minutes(start, 60),
        f"session {number}",
        complete,
        facts=facts + first + (last if number == len(SERIES) else ""),
        items="-VISIT_READY psychology",
    )


FIRST_REVIEW = (
    falls_due("2027-03-23", "2027-04-13", "03-30", high_risk=True),
    Line(
        "2027-03-23 10:00",
        "the taper starts, decided by the physician: 120 to 108; the registry is looked into with the prescription",
        begin_taper,
        facts=f"""
            care_plan.mdt_action_completed
            care_plan.activity_started on=2027-03-23
            {TAPER_STARTS}
        """,
        items="""
            -MDT_ACTION pharmacy
            +OPI_CHECK pharmacy 04-22
            +OPI_CHECK medical 03-23
            -OPI_CHECK medical
        """,
    ),
    *booked("2027-03-24 10:00", "2027-04-13 10:00"),
    *sessions(),
    Line(
        "2027-03-30 10:00",
        "14 days before the review",
        facts="care_plan.measure_requested occasion=review instruments=peg,phq9 due_on=2027-04-13",
        messages="MEASURE_INVITE (pt)",
    ),
    Line(
        "2027-04-04 18:00",
        "the patient answers",
        answers({"peg": [8, 8, 7], "phq9": [2, 2, 2, 2, 2, 2, 1, 1, 0]}),
        facts="""
            care_plan.measure_scored instrument=phq9 score=14 findings=phq9_moderate
            care_plan.measure_scored instrument=peg score=7.67 item_sum=23 change_pct=11.5 responder=false
            notifications.message_cancelled template=MEASURE_D7
            notifications.message_cancelled template=MEASURE_D2
        """,
    ),
    *reminded("2027-04-10", "2027-04-12"),
    *visit(
        "2027-04-13 10:00",
        review(result="continue", next_review="2027-05-11"),
        facts="care_plan.plan_reviewed result=continue next_review=2027-05-11",
    ),
)

SECOND_REVIEW = (
    falls_due("2027-04-20", "2027-05-11", "04-27", high_risk=True),
    *booked("2027-04-21 10:00", "2027-05-11 10:00"),
    Line(
        "2027-04-27 10:00",
        "14 days before the review",
        facts="care_plan.measure_requested occasion=review instruments=peg,phq9 due_on=2027-05-11",
        messages="MEASURE_INVITE (pt)",
    ),
    Line(
        "2027-05-02 18:00",
        "the patient answers",
        answers({"peg": [8, 8, 8], "phq9": [2, 2, 2, 2, 2, 1, 1, 1, 0]}),
        facts="""
            care_plan.measure_scored instrument=phq9 score=13 findings=phq9_moderate
            care_plan.measure_scored instrument=peg score=8.0 item_sum=24 change_pct=7.7 responder=false
            notifications.message_cancelled template=MEASURE_D7
            notifications.message_cancelled template=MEASURE_D2
        """,
    ),
    *reminded("2027-05-08", "2027-05-10"),
    *visit(
        "2027-05-11 10:00",
        review(result="step_up", next_review="2027-06-08"),
        facts="""
            care_plan.plan_reviewed result=step_up next_review=2027-06-08
            care_plan.mdt_case_requested reason=OUT-05 priority=routine
            worklist.item_reopened item_type=MDT_LIST due_at=2027-05-18T21:00:00Z
        """,
    ),
    Line("2027-05-11 18:00", "the end"),
)
