"""Journey 3 until the patient is here: a red flag, a suicide alert at night, a missed visit; 2027-02-01 to 03-08."""

from typing import Any

from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play
from tests.support.journeys.programme import looks_at
from tests.support.journeys.referral_to_letter import (
    ask_for_both_fields,
    consent,
    offers,
    refers,
    supplies,
    takes,
    triage,
)
from tests.support.submissions import DIAZEPAM, OXYCODONE, flags

AT_NIGHT = {
    "peg": [9, 9, 8],
    "phq9": [3, 3, 3, 2, 3, 2, 2, 1, 2],
    "gad7": [3, 2, 2, 2, 2, 2, 2],
    "pcs": [3] * 12 + [2],
    "pseq": [2, 1, 1, 2, 1, 1, 2, 1, 2, 1],
}
PACKAGE: dict[str, Any] = {
    "onset": {"began_on": "2024-02-01"},
    "pain_site_character": [{"site": "widespread", "character": "aching"}],
    "condition_codes": ["MG30.01"],
    "medications": [OXYCODONE, DIAZEPAM],
    "red_flag_screen": flags(suicide_mental_health="yes"),
}


def answers_page(login: str) -> Deed:
    async def does(play: Play) -> None:
        await play.clinic.answer_page(login)

    return does


async def resolve_flag(play: Play) -> None:
    """The physician telephoned: a safety plan is in place."""
    flag = (await play.last("referral.red_flag_raised")).fact["flag_id"]
    note = "called referrer and patient, safety plan in place"
    path = f"red-flags/{flag}/resolution"
    await play.decide(path, "paul.okafor", result="assessed_continue", note=note)


async def answer_at_night(play: Play) -> None:
    """Whoever answers so sees at once whom to call."""
    request = (await play.last("care_plan.measure_requested")).subject
    path = f"/measure-requests/{request}/answers"
    shown = await play.post("care_plan", path, "patient", answers=AT_NIGHT)
    assert shown["crisis"]["call_now"] and shown["crisis"]["emergency"]


def assesses(code: str, who: str, **found: str) -> Deed:
    async def does(play: Play) -> None:
        alert = (await play.last("care_plan.safety_alert_raised", code=code)).subject
        await play.post("care_plan", f"/safety-alerts/{alert}/assess", who, **found)

    return does


def closes(code: str, who: str) -> Deed:
    async def does(play: Play) -> None:
        alert = (await play.last("care_plan.safety_alert_raised", code=code)).subject
        await play.post("care_plan", f"/safety-alerts/{alert}/close", who)

    return does


async def review_score(play: Play) -> None:
    await play.claim("SCORE_REVIEW", "priya.nair")
    await looks_at("phq9", "phq9_severe", "talked", "priya.nair")(play)


def books(*slots: str) -> Deed:
    """Both are offered on the telephone; the patient takes the first."""

    async def does(play: Play) -> None:
        await offers(*slots)(play)
        await takes(slots[0])(play)

    return does


FLAG = (
    Line(
        "2027-02-01 08:30",
        "the PCP refers",
        refers("function", "social", **PACKAGE),
        facts="""
            referral.patient_registered
            referral.received medication_flags=opioid,benzodiazepine duration_months=36
            referral.medications_listed complete=true
            referral.red_flag_raised flag=suicide_mental_health severity=same_day
            referral.found_incomplete missing=function,social
            care_plan.opioid_exposure_assessed mme_per_day=120.0 status=complete factor_set=cdc-2022 context=intake
            notifications.escalation_raised subject_type=red_flag level=1 ack_due_at=2027-02-01T14:00:00Z
        """,
        items="""
            +RED_FLAG psychology 02-01 (stat)
            +REF_COMPLETE coordination 02-02
        """,
        messages="ESCALATION_PAGE (staff), REF_RECEIVED (ref)",
        pages="priya.nair",
    ),
    Line(
        "2027-02-01 08:50",
        "the patient consents to SMS and portal",
        consent,
        facts="""
            notifications.consent_recorded channel=sms
            notifications.consent_recorded channel=portal
        """,
    ),
    Line(
        "2027-02-01 09:00",
        "nobody acknowledged",
        facts="""
            notifications.escalation_timed_out level=1 next_level=2 ack_due_at=2027-02-01T14:15:00Z
            worklist.item_escalated item_type=RED_FLAG level=1
        """,
        messages="ESCALATION_PAGE (staff)",
        pages="mina.cho, paul.okafor",
    ),
    Line(
        "2027-02-01 09:10",
        "the on-call physician acknowledges by page",
        answers_page("paul.okafor"),
        facts="notifications.escalation_acknowledged level=2 via=page",
    ),
    Line(
        "2027-02-01 09:40",
        "calls PCP and patient: safety plan in place",
        resolve_flag,
        facts="""
            referral.red_flag_resolved result=assessed_continue
            notifications.escalation_resolved
        """,
        items="-RED_FLAG psychology",
    ),
)

INTAKE = (
    Line(
        "2027-02-01 09:50",
        "the coordinator asks for the fields",
        ask_for_both_fields,
        facts="referral.information_requested reminder_on=2027-02-15 decide_on=2027-02-22",
        items="-REF_COMPLETE coordination, +REF_INFO_WAIT coordination 02-15",
        messages="REF_INFO_REQUEST (ref), REF_INFO_REQUEST_PT (pt)",
    ),
    Line(
        "2027-02-02 11:00",
        "the PCP supplies them",
        supplies(function="walks 200 m", social="lives alone, on sick leave"),
        facts="""
            referral.information_supplied still_missing=none
            referral.found_complete
            referral.triage_suggested category=cat_2 advisories=mme_high,opioid_benzodiazepine
        """,
        items="-REF_INFO_WAIT coordination, +REF_TRIAGE nursing 02-09",
    ),
    Line(
        "2027-02-03 09:30",
        "the triage nurse accepts, Category 2",
        triage,
        facts="""
            referral.triaged category=cat_2 target_date=2027-05-02
            referral.accepted
            care_plan.opioid_check_fell_due check=naloxone_offer due_on=2027-02-05 rule=OPI-04
            care_plan.opioid_check_fell_due check=co_prescription due_on=2027-02-10 rule=OPI-05
            scheduling.booking_requested purpose=initial_consultation
            scheduling.waitlist_joined
            referral.waitlisted
        """,
        items="""
            -REF_TRIAGE nursing
            +BOOK_VISIT coordination 02-10
            +OPI_CHECK pharmacy 02-05
            +OPI_CHECK pharmacy 02-10
        """,
        messages="REF_ACCEPTED (ref), REF_ACCEPTED_PT (pt)",
    ),
    Line(
        "2027-02-08 10:00",
        "booked for 02-23, also offered 02-25",
        books("2027-02-23 10:00", "2027-02-25 10:00"),
        facts="""
            scheduling.slot_offered notice_days=15 reasonable=true mode=phone
            scheduling.appointment_booked version=1 start=2027-02-23T15:00:00Z
            scheduling.booking_fulfilled
            scheduling.waitlist_left reason=booked
            referral.progressed tid=X07 from=waitlisted to=scheduled
        """,
        items="-BOOK_VISIT coordination",
    ),
    Line("2027-02-08 10:30", "half an hour later", messages="APPT_CONFIRMED (pt)"),
    Line(
        "2027-02-09 10:00",
        "14 days before",
        facts="""
            care_plan.measure_requested occasion=baseline instruments=peg,phq9,gad7,pcs,pseq due_on=2027-02-23
        """,
        messages="MEASURE_INVITE (pt)",
    ),
    Line("2027-02-16 10:00", "no answer yet", messages="MEASURE_D7 (pt)"),
)

ALERT = (
    Line(
        "2027-02-18 21:30",
        "the patient answers at home",
        answer_at_night,
        facts="""
            care_plan.measure_scored instrument=phq9 score=21 findings=phq9_item9_positive,phq9_severe
            care_plan.measure_scored instrument=peg score=8.67 item_sum=26 findings=none
            care_plan.measure_scored instrument=gad7 score=15 findings=none
            care_plan.measure_scored instrument=pcs score=38 findings=pcs_high
            care_plan.measure_scored instrument=pseq score=14 findings=pseq_low
            care_plan.safety_alert_raised code=suicide_risk severity=same_day rule=OUT-01
            notifications.escalation_raised subject_type=safety_alert level=1 ack_due_at=2027-02-19T03:00:00Z
            notifications.message_cancelled template=MEASURE_D2
        """,
        items="""
            +SAFETY_ALERT psychology 02-18 23:30 (stat)
            +SCORE_REVIEW psychology 02-22
            +PSY_SUGGEST medical 03-04
        """,
        messages="ESCALATION_PAGE (staff)",
        pages="paul.okafor",
    ),
    Line(
        "2027-02-18 21:42",
        "the on-call physician acknowledges",
        answers_page("paul.okafor"),
        facts="""
            notifications.escalation_acknowledged level=1 via=page
            care_plan.safety_alert_acknowledged
        """,
    ),
    Line(
        "2027-02-18 22:05",
        "calls the patient: C-SSRS, safety plan",
        assesses(
            "suicide_risk", "paul.okafor", result="safety_plan", tool="C-SSRS", note="called, safe tonight"
        ),
        facts="care_plan.safety_alert_assessed result=safety_plan tool=C-SSRS",
    ),
    Line(
        "2027-02-18 22:10",
        "and closes",
        closes("suicide_risk", "paul.okafor"),
        facts="""
            care_plan.safety_alert_closed
            notifications.escalation_resolved
        """,
        items="-SAFETY_ALERT psychology",
    ),
    Line(
        "2027-02-19 10:00",
        "the psychologist reviews",
        review_score,
        facts="care_plan.finding_reviewed finding=phq9_severe",
        items="-SCORE_REVIEW psychology",
    ),
    Line("2027-02-20 10:00", "three days before", messages="APPT_D3 (pt)"),
    Line("2027-02-22 10:00", "the day before", messages="APPT_D1 (pt)"),
)
