"""Journey 3 from the first visit to the booked sessions: 2027-03-09 to 03-18. What its opioids ask for by itself stands
in `opioid_checks.py`."""

from tests.support.journeys.line import Line
from tests.support.journeys.meeting import action, lists, meets
from tests.support.journeys.opioid_checks import records, score_opioid_risk
from tests.support.journeys.play import Play
from tests.support.journeys.programme import (
    accepts,
    activate,
    dates,
    drafts,
    requested,
)
from tests.support.journeys.referral_to_letter import arrive, begin, completes, sign_letter

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


async def complete_visit(play: Play) -> None:
    await score_opioid_risk(play)
    await completes("MG30.01")(play)


async def sign_and_activate(play: Play) -> None:
    """The patient signs the agreement; the physician activates the plan."""
    await records("treatment_agreement", "paul.okafor", "signed")(play)
    await activate(play)


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
        facts="""
            care_plan.consultation_started kind=initial
            care_plan.opioid_check_fell_due check=registry_check due_on=2027-03-09 rule=OPI-08
        """,
        items="+OPI_CHECK medical 03-09",
    ),
    Line(
        "2027-03-09 11:00",
        "the physician completes: MDT_PROGRAMME; ORT-OUD 4",
        complete_visit,
        facts="""
            care_plan.measure_requested instruments=ort_oud
            care_plan.measure_scored instrument=ort_oud score=4 findings=ort_oud_high
            care_plan.opioid_exposure_assessed mme_per_day=120.0 profile=intensified context=review
            care_plan.finding_reviewed finding=ort_oud_high
            care_plan.consultation_completed outcome=MDT_PROGRAMME plan_due=2027-03-23 letter_due=2027-03-23
            scheduling.patient_attended purpose=initial_consultation
            referral.progressed tid=15 from=scheduled to=visit_completed
            care_plan.opioid_exposure_assessed mme_per_day=120.0 profile=intensified context=consultation
            care_plan.opioid_check_fell_due check=opioid_review due_on=2027-04-08 rule=OPI-15
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
            +SUBSTANCE_CHECK medical 03-23
            -SUBSTANCE_CHECK medical
            +OPI_CHECK medical 04-08
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
        "the agreement is signed; the plan is activated, high risk",
        sign_and_activate,
        facts="""
            care_plan.opioid_check_recorded check=treatment_agreement result=signed next_due=2028-03-16
            care_plan.plan_activated start=2027-03-16 review_due=2027-04-13 high_risk=true
            care_plan.activity_ordered discipline=psychology sessions=6 every_days=7
            care_plan.activity_ordered discipline=pharmacy
            care_plan.care_team_changed disciplines=medical left=none
        """,
        items="-OPI_CHECK medical, +ACT_ACCEPT psychology 03-18, +ACT_ACCEPT pharmacy 03-18",
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
