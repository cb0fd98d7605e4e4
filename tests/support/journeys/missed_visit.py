"""Journey 3, the missed visit: 2027-02-23 to 03-08."""

from tests.support.journeys.flag_to_visit import assesses, books, closes
from tests.support.journeys.line import Line
from tests.support.journeys.play import Play
from tests.support.journeys.programme import looks_at


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


async def review_attendance(play: Play) -> None:
    """Offer again; the physician looks at the findings of the answers too."""
    await play.claim("ATT_REVIEW", "paul.okafor")
    case = (await play.last("scheduling.attendance_review_requested")).fact["case_id"]
    await play.post("scheduling", f"/attendance-cases/{case}/review", "paul.okafor", decision="reoffer")
    await play.claim("PSY_SUGGEST", "paul.okafor")
    await looks_at("pcs", "pcs_high", "psychology_considered")(play)
    await looks_at("pseq", "pseq_low", "psychology_considered")(play)


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
