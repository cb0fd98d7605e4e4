"""Journey 2 from the referral to the first date of a block: 2027-03-01 until 04-06."""

from typing import Any

from tests.support.journeys.line import Line
from tests.support.journeys.play import Play
from tests.support.journeys.procedures import authorises, holds, orders, shows, signed
from tests.support.journeys.programme import accepts, activate, drafts, requested
from tests.support.journeys.referral_to_letter import (
    answers,
    arrive,
    begin,
    completes,
    consent,
    offers,
    refers,
    sign_letter,
    takes,
    triage,
)
from tests.support.submissions import WARFARIN

PACKAGE: dict[str, Any] = {
    "onset": {"began_on": "2026-07-01"},
    "pain_site_character": [{"site": "neck", "character": "aching"}],
    "condition_codes": ["MG30.3"],
    "medications": [WARFARIN],
}
BASELINE = {
    "peg": [8, 8, 8],
    "phq9": [1, 1, 1, 1, 1, 1, 0, 0, 0],
    "gad7": [1, 1, 1, 1, 0, 0, 0],
    "pcs": [2] * 7 + [1] * 6,
    "pseq": [4] * 5 + [3] * 5,
}
GOAL = {
    "text": "Turn the head while driving",
    "weight": 1,
    "baseline_level": -2,
    "domain": "driving",
    "target_on": "2027-09-30",
}
VISIT = {"discipline": "physiotherapy", "kind": "exercise", "sessions": 1, "not_before": "2027-06-14"}
SERIES = {"valid_from": "2027-03-30", "valid_to": "2027-12-31"}
"""The patient consents to both blocks and the ablation."""
PHYSIOTHERAPIST = "fay.dunn"


async def plan_and_order(play: Play) -> None:
    """The plan and its letter, the block, and the patient's consent to the series."""
    await drafts([GOAL], [VISIT])(play)
    await activate(play, review_on="2027-06-22")
    await sign_letter(play)
    await orders("mbb_ct")(play)
    await shows("procedure_consent", met=True, **SERIES)(play)


async def book_physiotherapy(play: Play) -> None:
    request = await requested(play, "physiotherapy", "session")
    await play.claim("BOOK_VISIT", "cora.lind", subject_id=request)
    slots = [play.slot(PHYSIOTHERAPIST, "2027-06-17 14:00")]
    await play.post("scheduling", f"/booking-requests/{request}/appointments", "cora.lind", slots=slots)


INTAKE = (
    Line(
        "2027-03-01 08:15",
        "the spine surgeon sends the referral",
        refers(**PACKAGE),
        facts="""
            referral.patient_registered
            referral.received duration_months=8 medication_flags=antithrombotic
            referral.medications_listed complete=true
            referral.found_complete
            referral.triage_suggested category=cat_2
            care_plan.opioid_exposure_assessed status=none context=intake
        """,
        items="+REF_TRIAGE nursing 03-08",
        messages="REF_RECEIVED (ref)",
    ),
    Line(
        "2027-03-01 08:30",
        "the patient consents to SMS and portal",
        consent,
        facts="""
            notifications.consent_recorded channel=sms
            notifications.consent_recorded channel=portal
        """,
    ),
    Line(
        "2027-03-03 10:00",
        "the triage nurse accepts",
        triage,
        facts="""
            referral.triaged category=cat_2 target_date=2027-05-30
            referral.accepted
            scheduling.booking_requested purpose=initial_consultation
            scheduling.waitlist_joined
            referral.waitlisted
        """,
        items="-REF_TRIAGE nursing, +BOOK_VISIT coordination 03-10",
        messages="REF_ACCEPTED (ref), REF_ACCEPTED_PT (pt)",
    ),
    Line(
        "2027-03-08 09:25",
        "the coordinator phones and offers 03-29 and 03-31",
        offers("2027-03-29 09:00", "2027-03-31 09:00"),
        facts="scheduling.slot_offered notice_days=21 reasonable=true mode=phone",
    ),
    Line(
        "2027-03-08 09:30",
        "the patient takes 03-29",
        takes("2027-03-29 09:00"),
        facts="""
            scheduling.appointment_booked version=1
            scheduling.booking_fulfilled
            scheduling.waitlist_left reason=booked
            referral.progressed tid=X07
        """,
        items="-BOOK_VISIT coordination",
    ),
    Line("2027-03-08 10:00", "half an hour later", messages="APPT_CONFIRMED (pt)"),
    Line(
        "2027-03-15 10:00",
        "14 days before",
        facts="care_plan.measure_requested occasion=baseline instruments=peg,phq9,gad7,pcs,pseq",
        messages="MEASURE_INVITE (pt)",
    ),
    Line(
        "2027-03-16 18:00",
        "the patient answers",
        answers(BASELINE),
        facts="""
            care_plan.measure_scored instrument=peg score=8.0 item_sum=24 findings=none
            care_plan.measure_scored instrument=phq9 score=6 findings=none
            care_plan.measure_scored instrument=gad7 score=4 findings=none
            care_plan.measure_scored instrument=pcs score=20 findings=none
            care_plan.measure_scored instrument=pseq score=35 findings=none
            notifications.message_cancelled template=MEASURE_D7
            notifications.message_cancelled template=MEASURE_D2
        """,
    ),
    Line("2027-03-26 10:00", "three days before", messages="APPT_D3 (pt)"),
    Line("2027-03-28 10:00", "the day before", messages="APPT_D1 (pt)"),
)

CONSULTATION = (
    Line(
        "2027-03-29 08:50",
        "the patient arrives",
        arrive,
        facts="scheduling.patient_arrived version=1",
        items="+VISIT_READY medical 03-29 09:00",
    ),
    Line(
        "2027-03-29 09:00", "the physician starts", begin, facts="care_plan.consultation_started kind=initial"
    ),
    Line(
        "2027-03-29 10:00",
        "the physician completes: PROCEDURE_PATHWAY",
        completes("MG30.3", outcome="PROCEDURE_PATHWAY"),
        facts="""
            care_plan.consultation_completed outcome=PROCEDURE_PATHWAY plan_due=2027-04-12 letter_due=2027-04-12
            scheduling.patient_attended purpose=initial_consultation
            referral.progressed tid=15 from=scheduled to=visit_completed
        """,
        items="-VISIT_READY medical, +PLAN_DRAFT medical 04-12, +LETTER_SIGN medical 04-12",
    ),
)

ORDER = (
    Line(
        "2027-03-30 15:00",
        "the physician drafts and activates, signs the letter and orders the first block; the patient consents",
        plan_and_order,
        facts="""
            care_plan.goal_set weight=1 baseline_level=-2
            care_plan.plan_drafted goals=1 activities=1
            care_plan.plan_activated start=2027-03-30 review_due=2027-06-22
            care_plan.activity_ordered discipline=physiotherapy
            care_plan.care_team_changed disciplines=medical left=none
            care_plan.letter_signed kind=outcome
            care_plan.procedure_ordered family=mbb_ct side=right levels=C4-C5 sequence_role=mbb_1 \
                bleeding_risk=intermediate
            scheduling.gate_opened kind=antithrombotic_plan check_class=pre
            scheduling.gate_opened kind=authorisation check_class=pre
            scheduling.gate_opened kind=escort check_class=pre
            scheduling.gate_opened kind=procedure_consent check_class=pre
            scheduling.gate_opened kind=inr check_class=day_of
            scheduling.gate_opened kind=infection check_class=day_of
            scheduling.gate_satisfied kind=procedure_consent
            care_plan.antithrombotic_plan_requested blocking=true
            scheduling.booking_requested purpose=procedure
            2 x scheduling.booking_blocked
        """,
        items="""
            -PLAN_DRAFT medical
            -LETTER_SIGN medical
            +ACT_ACCEPT physiotherapy 04-01
            +ANT_PLAN medical 04-06
            +AUTH_OBTAIN coordination 04-06
            +CONSENT_OBTAIN nursing 04-06
            -CONSENT_OBTAIN nursing
            +BOOK_VISIT coordination 04-06 (urgent)
        """,
        messages="OUTCOME_LETTER (ref), OUTCOME_LETTER_PT (pt), PLAN_CHANGED (staff)",
    ),
    Line(
        "2027-03-31 09:00",
        "the physiotherapist accepts",
        accepts("physiotherapy"),
        facts="""
            care_plan.activity_accepted
            care_plan.care_team_changed left=none
            scheduling.booking_requested purpose=session discipline=physiotherapy count=1
        """,
        items="-ACT_ACCEPT physiotherapy, +BOOK_VISIT coordination 04-07",
    ),
    Line(
        "2027-04-05 11:00",
        "the payer approves both blocks",
        authorises("2027-04-05", "2027-07-04"),
        facts="""
            scheduling.authorisation_recorded status=approved valid_from=2027-04-05 valid_to=2027-07-04 family=mbb_ct
            scheduling.gate_satisfied kind=authorisation
        """,
        items="-AUTH_OBTAIN coordination",
    ),
    Line(
        "2027-04-05 14:00",
        "the coordinator books physiotherapy",
        book_physiotherapy,
        facts="scheduling.appointment_booked purpose=session version=1\nscheduling.booking_fulfilled",
        items="-BOOK_VISIT coordination",
    ),
    Line("2027-04-05 14:30", "half an hour later", messages="APPT_CONFIRMED (pt)"),
    Line(
        "2027-04-06 09:00",
        "the coordinator holds 04-22",
        holds("2027-04-22 10:00"),
        facts="scheduling.appointment_held version=1 purpose=procedure open_gates=antithrombotic_plan",
    ),
    *signed(
        "2027-04-06 15:30",
        "2027-04-17 10:00",
        "2027-04-21 10:00",
        "2027-04-22 10:00",
        "-ANT_PLAN medical, -BOOK_VISIT coordination, +PROC_CHECKLIST nursing 04-19 10:00",
        more="scheduling.booking_fulfilled",
    ),
)
