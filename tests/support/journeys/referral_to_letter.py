"""Journey 1 from the referral to the outcome letter: the lines until 2027-02-18."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play
from tests.support.submissions import a_referrer, a_submission

BASELINE = {
    "peg": [8, 7, 6],
    "phq9": [2, 2, 1, 2, 1, 2, 1, 1, 0],
    "gad7": [2, 1, 1, 2, 1, 1, 1],
    "pcs": [3, 3, 2, 3, 2, 2, 2, 3, 2, 2, 3, 2, 2],
    "pseq": [3, 2, 2, 3, 2, 3, 2, 2, 3, 2],
    "odi": [2] * 10,
}
CHECKLIST = (
    *("history", "examination", "earlier_results", "effect_on_life", "person_centred_assessment"),
    *("baseline_measures", "medication_reconciliation", "antithrombotic_status"),
    *("substance_use_sleep_mood_social", "goals_and_consent", "validated_tool_and_plan"),
)


def refers(*without: str, **answers: Any) -> Deed:
    """The PCP, whose letters come by e-mail."""

    async def does(play: Play) -> None:
        letters = {"kind": "secure_email", "address": "letters@main-street.example"}
        referrer = a_referrer() | {"return_channel": letters}
        package = a_submission(without=without, referrer=referrer, **answers)
        await play.clinic.ask("POST", "referral", "/referrals", "pcp", json=package)
        patient = (await play.last("referral.patient_registered")).subject
        play.clinic.known_as("patient", "patient", patient)

    return does


async def consent(play: Play) -> None:
    patient = (await play.last("referral.patient_registered")).subject
    for channel in ("sms", "portal"):
        path = f"/patients/{patient}/consents"
        await play.post("notifications", path, "cora.lind", channel=channel, purpose="care", given=True)


async def ask_for_both_fields(play: Play) -> None:
    await play.claim("REF_COMPLETE", "cora.lind")
    await play.decide("information-requests", "cora.lind")


def supplies(**answers: str) -> Deed:
    async def does(play: Play) -> None:
        await play.decide("information", "pcp", answers=answers)

    return does


async def triage(play: Play) -> None:
    await play.claim("REF_TRIAGE", "nora.quinn")
    await play.decide("triage", "nora.quinn", category="cat_2", comment="Fits category 2.", accept=True)


def offers(*starts: str) -> Deed:
    """The coordinator telephones."""

    async def does(play: Play) -> None:
        await play.claim("BOOK_VISIT", "cora.lind")
        request = (await play.last("scheduling.booking_requested")).subject
        slots = [play.slot("paul.okafor", start) for start in starts]
        path = f"/booking-requests/{request}/offers"
        await play.post("scheduling", path, "cora.lind", slots=slots, mode="phone")

    return does


def takes(start: str) -> Deed:
    """The patient chooses."""

    async def does(play: Play) -> None:
        offer_id = (await play.last("scheduling.slot_offered")).fact["offer_id"]
        path, chosen = f"/offers/{offer_id}/accept", play.slot("paul.okafor", start)["start"]
        await play.post("scheduling", path, "cora.lind", start=chosen)

    return does


def answers(given: Mapping[str, Sequence[int | None]]) -> Deed:
    """The patient, at home."""

    async def does(play: Play) -> None:
        request = (await play.last("care_plan.measure_requested")).subject
        await play.post("care_plan", f"/measure-requests/{request}/answers", "patient", answers=given)

    return does


async def confirm(play: Play) -> None:
    await play.clinic.text_back("Confirm")


async def arrive(play: Play) -> None:
    appointment = (await play.last("scheduling.appointment_booked")).subject
    await play.post("scheduling", f"/appointments/{appointment}/arrive", "ines.park")


async def begin(play: Play) -> None:
    appointment = (await play.last("scheduling.appointment_booked")).subject
    await play.post("care_plan", "/consultations", "paul.okafor", appointment_id=appointment, kind="initial")


def completes(diagnosis: str, outcome: str = "MDT_PROGRAMME") -> Deed:
    async def does(play: Play) -> None:
        await play.claim("VISIT_READY", "paul.okafor")
        consultation = (await play.last("care_plan.consultation_started")).subject
        await play.post(
            "care_plan",
            f"/consultations/{consultation}/complete",
            "paul.okafor",
            outcome=outcome,
            diagnoses=[{"system": "ICD-11", "code": diagnosis}],
            checklist={item: {"answer": "looked at"} for item in CHECKLIST},
        )

    return does


async def sign_letter(play: Play) -> None:
    await play.claim("LETTER_SIGN", "paul.okafor")
    consultation = (await play.last("care_plan.consultation_started")).subject
    path = f"/consultations/{consultation}/letter/sign"
    audience = ["referrer", "pcp", "patient"]
    await play.post("care_plan", path, "paul.okafor", audience=audience, text="Dear colleague")


INTAKE = (
    Line(
        "2027-01-04 09:00",
        "the PCP sends the referral",
        refers("function", "psychological"),
        facts="""
            referral.patient_registered
            referral.received clock_start=2027-01-04T14:00:00Z duration_months=10
            referral.medications_listed items=none complete=true
            referral.found_incomplete missing=function,psychological
            care_plan.opioid_exposure_assessed status=none context=intake
        """,
        items="+REF_COMPLETE coordination 01-05",
        messages="REF_RECEIVED (ref)",
    ),
    Line(
        "2027-01-04 09:20",
        "the patient consents to SMS and portal",
        consent,
        facts="""
            notifications.consent_recorded channel=sms
            notifications.consent_recorded channel=portal
        """,
    ),
    Line(
        "2027-01-04 09:40",
        "the coordinator asks for both fields at once",
        ask_for_both_fields,
        facts="referral.information_requested reminder_on=2027-01-18 decide_on=2027-01-25 clock=continue",
        items="-REF_COMPLETE coordination, +REF_INFO_WAIT coordination 01-18",
        messages="REF_INFO_REQUEST (ref), REF_INFO_REQUEST_PT (pt)",
    ),
    Line(
        "2027-01-11 10:00",
        "the PCP supplies them",
        supplies(function="walks 500 m", psychological="low mood"),
        facts="""
            referral.information_supplied still_missing=none
            referral.found_complete
            referral.triage_suggested category=cat_2
        """,
        items="-REF_INFO_WAIT coordination, +REF_TRIAGE nursing 01-18",
    ),
    Line(
        "2027-01-13 14:00",
        "the triage nurse decides: Category 2, accept",
        triage,
        facts="""
            referral.triaged category=cat_2 target_days=90 target_date=2027-04-04 agrees_with_suggestion=true
            referral.accepted
            scheduling.booking_requested purpose=initial_consultation
            scheduling.waitlist_joined
            referral.waitlisted
        """,
        items="-REF_TRIAGE nursing, +BOOK_VISIT coordination 01-20",
        messages="REF_ACCEPTED (ref), REF_ACCEPTED_PT (pt)",
    ),
)

FIRST_DATE = (
    Line(
        "2027-01-20 11:00",
        "the coordinator phones and offers 02-16 and 02-18",
        offers("2027-02-16 09:00", "2027-02-18 09:00"),
        facts="scheduling.slot_offered notice_days=27 reasonable=true mode=phone",
    ),
    Line(
        "2027-01-20 11:05",
        "the patient takes 02-16",
        takes("2027-02-16 09:00"),
        facts="""
            scheduling.appointment_booked version=1 start=2027-02-16T14:00:00Z
            scheduling.booking_fulfilled
            scheduling.waitlist_left reason=booked
            referral.progressed tid=X07 from=waitlisted to=scheduled
        """,
        items="-BOOK_VISIT coordination",
    ),
    Line("2027-01-20 11:35", "half an hour later", messages="APPT_CONFIRMED (pt)"),
    Line(
        "2027-02-02 10:00",
        "14 days before",
        facts="""
            care_plan.measure_requested occasion=baseline instruments=peg,phq9,gad7,pcs,pseq,odi due_on=2027-02-16
        """,
        messages="MEASURE_INVITE (pt)",
    ),
    Line("2027-02-09 10:00", "no answer yet", messages="MEASURE_D7 (pt)"),
    Line(
        "2027-02-10 19:30",
        "the patient answers",
        answers(BASELINE),
        facts="""
            care_plan.measure_scored instrument=peg score=7.0 item_sum=21 findings=none
            care_plan.measure_scored instrument=phq9 score=12 findings=phq9_moderate
            care_plan.measure_scored instrument=gad7 score=9 findings=none
            care_plan.measure_scored instrument=pcs score=31 findings=pcs_high
            care_plan.measure_scored instrument=pseq score=24 findings=none
            care_plan.measure_scored instrument=odi score=40.0 findings=none
            notifications.message_cancelled template=MEASURE_D2
        """,
        items="+PSY_SUGGEST medical 02-24",
    ),
    Line(
        "2027-02-13 10:00",
        "three days before; the patient replies",
        confirm,
        facts="""
            notifications.message_replied reply=confirm
            scheduling.appointment_confirmed version=1
        """,
        messages="APPT_D3 (pt)",
    ),
    Line("2027-02-15 10:00", "the day before", messages="APPT_D1 (pt)"),
)

FIRST_VISIT = (
    Line(
        "2027-02-16 08:50",
        "the patient arrives",
        arrive,
        facts="scheduling.patient_arrived version=1",
        items="+VISIT_READY medical 02-16 09:00",
    ),
    Line(
        "2027-02-16 09:00",
        "the physician starts",
        begin,
        facts="care_plan.consultation_started kind=initial",
    ),
    Line(
        "2027-02-16 10:15",
        "the physician completes: MDT_PROGRAMME",
        completes("MG30.02"),
        facts="""
            care_plan.consultation_completed outcome=MDT_PROGRAMME plan_due=2027-03-02 letter_due=2027-03-02
            scheduling.patient_attended purpose=initial_consultation
            referral.progressed tid=15 from=scheduled to=visit_completed
            care_plan.mdt_case_requested reason=new_programme priority=routine
        """,
        items="""
            -VISIT_READY medical
            +PLAN_DRAFT medical 03-02
            +LETTER_SIGN medical 03-02
            +MDT_LIST coordination 02-23
        """,
    ),
    Line(
        "2027-02-18 16:00",
        "the physician signs the letter",
        sign_letter,
        facts="care_plan.letter_signed kind=outcome",
        items="-LETTER_SIGN medical",
        messages="OUTCOME_LETTER (ref), OUTCOME_LETTER_PT (pt)",
    ),
)
