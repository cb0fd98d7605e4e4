"""Journey 3, its warnings: a red flag, a suicide alert at night, a missed visit; 2027-02-01 to 02-23."""

from typing import Any

from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play
from tests.support.journeys.programme import looks_at
from tests.support.journeys.referral_to_letter import consent, refers
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


async def did_not_attend(play: Play) -> None:
    appointment = (await play.last("scheduling.appointment_booked")).subject
    await play.post("scheduling", f"/appointments/{appointment}/did-not-attend", "ines.park")


async def claim_alert(play: Play) -> None:
    await play.claim("SAFETY_ALERT", "nora.quinn", queue="nursing")


async def reach(play: Play) -> None:
    """Safe; the transport did not come."""
    body = {
        "patient_id": (await play.last("referral.patient_registered")).subject,
        "referral_id": (await play.last("referral.received")).subject,
        "kind": "welfare",
        "result": "reached",
    }
    await play.post("care_plan", "/contacts", "nora.quinn", **body)
    found = {"result": "no_imminent_risk", "note": "safe, no transport"}
    await assesses("dna_high_risk", "nora.quinn", **found)(play)


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

MISSED = (
    Line(
        "2027-02-23 10:15",
        "not here; the receptionist records it",
        did_not_attend,
        facts="""
            scheduling.patient_did_not_attend version=1 reason=UNKNOWN reminders_delivered=2 counts=false \
                exemptions=mental_health_crisis dna_count=0
            referral.progressed tid=12 from=scheduled to=unattended
            scheduling.attendance_review_requested trigger=ATT-04
            care_plan.safety_alert_raised code=dna_high_risk severity=same_day rule=ATT-08
            notifications.escalation_raised subject_type=safety_alert level=1 ack_due_at=2027-02-23T15:45:00Z
        """,
        items="""
            +DNA_FOLLOWUP coordination 02-24
            +ATT_REVIEW medical 02-25
            +SAFETY_ALERT nursing 02-23 (stat)
        """,
        messages="ESCALATION_PAGE (staff)",
        pages="nora.quinn",
    ),
    Line(
        "2027-02-23 10:30",
        "the nurse claims the alert",
        claim_alert,
        facts="""
            notifications.escalation_acknowledged level=1 via=worklist
            care_plan.safety_alert_acknowledged
        """,
    ),
    Line(
        "2027-02-23 10:45",
        "a quarter of an hour without activity: the item is back in its queue (claim.idle)",
        facts="worklist.item_released item_type=SAFETY_ALERT reason=idle",
    ),
    Line(
        "2027-02-23 10:50",
        "reaches the patient: safe, the transport failed",
        reach,
        facts="""
            care_plan.contact_recorded kind=welfare result=reached
            care_plan.safety_alert_assessed result=no_imminent_risk
            notifications.message_cancelled template=APPT_DNA reason=reached
        """,
    ),
    Line(
        "2027-02-23 10:55",
        "and closes",
        closes("dna_high_risk", "nora.quinn"),
        facts="""
            care_plan.safety_alert_closed
            notifications.escalation_resolved
        """,
        items="-SAFETY_ALERT nursing",
    ),
)
