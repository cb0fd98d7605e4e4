"""Journey 3, its two dates: to the first one, 2027-02-01 to 02-16; after it was missed, 02-24 to 03-08."""

from tests.support.journeys.line import Line
from tests.support.journeys.play import Deed, Play
from tests.support.journeys.programme import looks_at
from tests.support.journeys.referral_to_letter import ask_for_both_fields, offers, supplies, takes, triage


def books(*slots: str) -> Deed:
    """Both are offered on the telephone; the patient takes the first."""

    async def does(play: Play) -> None:
        await offers(*slots)(play)
        await takes(slots[0])(play)

    return does


async def review_attendance(play: Play) -> None:
    """Offer again; the physician looks at the findings of the answers too."""
    await play.claim("ATT_REVIEW", "paul.okafor")
    case = (await play.last("scheduling.attendance_review_requested")).fact["case_id"]
    await play.post("scheduling", f"/attendance-cases/{case}/review", "paul.okafor", decision="reoffer")
    await play.claim("PSY_SUGGEST", "paul.okafor")
    await looks_at("pcs", "pcs_high", "psychology_considered")(play)
    await looks_at("pseq", "pseq_low", "psychology_considered")(play)


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
            referral.triage_suggested category=cat_2 advisories=opioid_benzodiazepine
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
            scheduling.booking_requested purpose=initial_consultation
            scheduling.waitlist_joined
            referral.waitlisted
        """,
        items="-REF_TRIAGE nursing, +BOOK_VISIT coordination 02-10",
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

AGAIN = (
    Line(
        "2027-02-24 09:00",
        "the physician reviews: offer again, clock unchanged",
        review_attendance,
        facts="""
            scheduling.attendance_reviewed decision=reoffer
            care_plan.finding_reviewed finding=pcs_high
            care_plan.finding_reviewed finding=pseq_low
            scheduling.booking_requested purpose=initial_consultation
            scheduling.waitlist_joined
            referral.waitlisted
        """,
        items="""
            -ATT_REVIEW medical
            -DNA_FOLLOWUP coordination
            -PSY_SUGGEST medical
            +BOOK_VISIT coordination 03-03
        """,
    ),
    Line(
        "2027-02-25 10:00",
        "booked for 03-09, also offered 03-11; the answers of 02-18 stay valid",
        books("2027-03-09 10:00", "2027-03-11 10:00"),
        facts="""
            scheduling.slot_offered notice_days=12
            scheduling.appointment_booked version=1 start=2027-03-09T15:00:00Z
            scheduling.booking_fulfilled
            scheduling.waitlist_left reason=booked
            referral.progressed tid=X07 from=waitlisted to=scheduled
        """,
        items="-BOOK_VISIT coordination",
    ),
    Line("2027-02-25 10:30", "half an hour later", messages="APPT_CONFIRMED (pt)"),
    Line("2027-03-06 10:00", "three days before", messages="APPT_D3 (pt)"),
    Line("2027-03-08 10:00", "the day before", messages="APPT_D1 (pt)"),
)
