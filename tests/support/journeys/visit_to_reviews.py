"""Journey 3 from the first visit to the second review, without its opioid checks: 2027-03-09 to 05-11."""

from collections.abc import Iterable

from tests.support.journeys.line import Line
from tests.support.journeys.meeting import action, lists, meets
from tests.support.journeys.play import Play
from tests.support.journeys.programme import (
    accepts,
    activate,
    activity,
    dates,
    drafts,
    minutes,
    requested,
)
from tests.support.journeys.referral_to_letter import answers, arrive, begin, completes, sign_letter
from tests.support.journeys.reviews_to_discharge import booked, falls_due, reminded, review, visit

THERAPIST = "priya.nair"
GOAL = {
    "text": "Sleep through the night",
    "weight": 1,
    "baseline_level": -2,
    "domain": "sleep",
    "target_on": "2027-06-30",
}
ACTIVITIES = (
    {"discipline": "psychology", "kind": "cbt_cp", "sessions": 6, "every_days": 7},
    {"discipline": "pharmacy", "kind": "taper_plan", "remote": True},
)
PREPARING = ("medical", "psychology", "pharmacy", "physiotherapy")
SERIES = dates("2027-03-25", 6, 7, "14:00")


async def book_series(play: Play) -> None:
    request = await requested(play, "psychology", "session")
    await play.claim("BOOK_VISIT", "cora.lind", subject_id=request)
    slots = [play.slot(THERAPIST, start) for start in SERIES]
    path = f"/booking-requests/{request}/appointments"
    await play.post("scheduling", path, "cora.lind", slots=slots, short_notice_accepted=True)


async def begin_taper(play: Play) -> None:
    """The team's action is done, the work begins."""
    await play.claim("MDT_ACTION", "rosa.vidal", queue="pharmacy")
    [task] = (await play.last("care_plan.mdt_decision_recorded")).fact["actions"]
    await play.post("care_plan", f"/mdt/actions/{task['action_id']}/complete", "rosa.vidal")
    await play.post("care_plan", f"/activities/{await activity(play, 'pharmacy')}/start", "rosa.vidal")


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


FIRST_VISIT = (
    Line(
        "2027-03-09 09:50",
        "the patient arrives",
        arrive,
        facts="scheduling.patient_arrived version=1",
        items="+VISIT_READY medical 03-09 10:00",
    ),
    Line(
        "2027-03-09 10:05",
        "the consultation starts",
        begin,
        facts="care_plan.consultation_started kind=initial",
    ),
    Line(
        "2027-03-09 11:00",
        "the physician completes: MDT_PROGRAMME",
        completes("MG30.01"),
        facts="""
            care_plan.consultation_completed outcome=MDT_PROGRAMME plan_due=2027-03-23 letter_due=2027-03-23
            scheduling.patient_attended purpose=initial_consultation
            referral.progressed tid=15 from=scheduled to=visit_completed
            care_plan.opioid_exposure_assessed mme_per_day=120.0 context=consultation
            care_plan.opioid_check_fell_due check=opioid_review due_on=2027-03-09 rule=OPI-07
            care_plan.opioid_check_fell_due check=registry_check due_on=2027-03-09 rule=OPI-08
            care_plan.opioid_check_fell_due check=toxicology due_on=2027-03-23 rule=OPI-09
            care_plan.opioid_check_fell_due check=treatment_agreement due_on=2027-03-23 rule=OPI-11
            care_plan.safety_alert_raised code=mme_high_second_review severity=urgent rule=OPI-02
            notifications.escalation_raised subject_type=safety_alert level=1 ack_due_at=2027-03-09T20:00:00Z
            care_plan.mdt_case_requested reason=OPI-02 priority=urgent
            care_plan.mdt_case_requested reason=new_programme
        """,
        messages="ESCALATION_PAGE (staff)",
        pages="maya.stein",
        items="""
            -VISIT_READY medical
            +SAFETY_ALERT medical 03-10
            +PLAN_DRAFT medical 03-23
            +LETTER_SIGN medical 03-23
            +MDT_LIST coordination 03-16
            +OPI_CHECK medical 03-09
            +OPI_CHECK medical 03-09
            +OPI_CHECK medical 03-23
            +OPI_CHECK nursing 03-23
        """,
    ),
)

PLAN = (
    Line(
        "2027-03-11 10:00",
        "the coordinator lists the case for 03-16",
        lists("2027-03-16 13:00", PREPARING),
        facts=f"""
            care_plan.mdt_meeting_scheduled start=2027-03-16T17:00:00Z
            care_plan.mdt_case_listed prep_queues={",".join(PREPARING)}
        """,
        items="-MDT_LIST coordination\n" + "\n".join(f"+MDT_PREP {each} 03-16 13:00" for each in PREPARING),
    ),
    Line(
        "2027-03-11 16:00",
        "the physician signs the letter",
        sign_letter,
        facts="care_plan.letter_signed kind=outcome",
        items="-LETTER_SIGN medical",
        messages="OUTCOME_LETTER (ref), OUTCOME_LETTER_PT (pt)",
    ),
    Line(
        "2027-03-12 15:00",
        "the physician drafts the plan",
        drafts([GOAL], ACTIVITIES),
        facts="""
            care_plan.goal_set weight=1 baseline_level=-2
            care_plan.plan_drafted goals=1 activities=2
        """,
        items="-PLAN_DRAFT medical",
    ),
    Line(
        "2027-03-16 13:40",
        "the MDT: a slow taper with the patient's agreement, psychology weekly",
        meets(
            "programme",
            "A slow taper with the patient's agreement, psychology weekly.",
            action("pharmacy", "2027-03-23", "Write the taper plan"),
        ),
        facts="""
            care_plan.mdt_decision_recorded quorum_met=true dissent=false
            care_plan.mdt_meeting_closed decided=1 deferred=0
        """,
        items="+MDT_ACTION pharmacy 03-23\n" + "\n".join(f"-MDT_PREP {each}" for each in PREPARING),
        messages="MDT_OUTCOME_PT (pt)",
    ),
    Line(
        "2027-03-16 14:00",
        "the plan is activated, high risk",
        activate,
        facts="""
            care_plan.plan_activated start=2027-03-16 review_due=2027-04-13 high_risk=true
            care_plan.activity_ordered discipline=psychology sessions=6 every_days=7
            care_plan.activity_ordered discipline=pharmacy
            care_plan.care_team_changed disciplines=medical left=none
        """,
        items="+ACT_ACCEPT psychology 03-18, +ACT_ACCEPT pharmacy 03-18",
        messages="PLAN_CHANGED (staff)",
    ),
    Line(
        "2027-03-17 09:00",
        "both disciplines accept",
        accepts("psychology", "pharmacy"),
        facts="""
            2 x care_plan.activity_accepted
            2 x care_plan.care_team_changed left=none
            scheduling.booking_requested purpose=session discipline=psychology count=6 every_days=7
        """,
        items="-ACT_ACCEPT psychology, -ACT_ACCEPT pharmacy, +BOOK_VISIT coordination 03-24",
    ),
    Line(
        "2027-03-18 10:00",
        "the coordinator books 6 Thursdays",
        book_series,
        facts="""
            6 x scheduling.appointment_booked purpose=session version=1
            scheduling.booking_fulfilled
        """,
        items="-BOOK_VISIT coordination",
    ),
    Line("2027-03-18 10:30", "half an hour later", messages="APPT_CONFIRMED (pt)"),
    *(
        Line(friday, "the session of the coming week", messages="APPT_DIGEST (pt)")
        for friday in dates("2027-03-19", 6, 7, "10:00")
    ),
)

FIRST_REVIEW = (
    falls_due("2027-03-23", "2027-04-13", "03-30", high_risk=True),
    Line(
        "2027-03-23 10:00",
        "the pharmacist begins",
        begin_taper,
        facts="""
            care_plan.mdt_action_completed
            care_plan.activity_started on=2027-03-23
        """,
        items="-MDT_ACTION pharmacy",
    ),
    *booked("2027-03-24 10:00", "2027-04-13 10:00"),
    *sessions(),
    Line(
        "2027-03-30 10:00",
        "14 days before the review",
        facts="care_plan.measure_requested occasion=review instruments=peg due_on=2027-04-13",
        messages="MEASURE_INVITE (pt)",
    ),
    Line(
        "2027-04-04 18:00",
        "the patient answers",
        answers({"peg": [8, 8, 7]}),
        facts="""
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
        facts="care_plan.measure_requested occasion=review instruments=peg due_on=2027-05-11",
        messages="MEASURE_INVITE (pt)",
    ),
    Line(
        "2027-05-02 18:00",
        "the patient answers",
        answers({"peg": [8, 8, 8]}),
        facts="""
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
