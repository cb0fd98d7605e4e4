"""What there is in a plan of care to be asked about: one of each thing, made by commands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backbone.ids import derive
from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.referral import ReferralAccepted
from tests.support.feed import PATIENT, REFERRAL
from tests.support.resting import clashing
from tests.support.ward import EXERCISE, HERS, OTHER_VISIT, PHYSIOTHERAPIST, VISIT, Ward

ABLATION: dict[str, Any] = {
    "family": "rfa_ct",
    "region": "cervical",
    "side": "right",
    "levels": ["C4-C5"],
    "circumstances": [],
}
ACTION = {"owner_queue": "medical", "due_on": "2027-02-26", "text": "Activate the plan."}


async def things(ward: Ward) -> Mapping[str, str]:
    """One of each, as far along as the routes want it."""
    team = await ward.in_session()
    await ward.feed.tell(MedicationsListed(items=(), complete=False))
    checks = await opioid_checks(ward)
    said: dict[str, Any] = {
        "decision": "programme",
        "summary": "A programme.",
        "attendees": [],
        "actions": [ACTION],
    }
    said |= {"meeting_id": team["meeting"], "quorum_waived_by": ward.clinic.staff("paul.okafor")}
    held = await ward.asks("/consultations", appointment_id=OTHER_VISIT, kind="initial")
    plan = await ward.plan(activities=[{**EXERCISE, "again": True}] * 4)
    requests = []
    for _ in range(2):
        asked: dict[str, Any] = {"occasion": "review", "instruments": ["phq9"], "due_on": "2027-03-01"}
        requests.append((await ward.asks("/measure-requests", **asked, **HERS))["request_id"])
    await ward.asks(f"/measure-requests/{requests[1]}/answers", answers={"phq9": [3] * 9})
    await ward.asks(f"/mdt/cases/{team['case']}/decide", **said)
    [action] = ward.last("mdt_decision_recorded").fact["actions"]
    letters = await signed_letter(ward)
    return {
        **held,
        **letters,
        "plan_id": plan["plan_id"],
        "patient_id": PATIENT,
        "activity_id": plan["activity_ids"][0],
        "request_id": requests[0],
        "submission_id": ward.last("measure_scored").fact["submission_id"],
        "finding": "phq9_severe",
        "investigation_id": await investigation(ward),
        "alert_id": ward.last("safety_alert_raised").subject,
        "meeting_id": team["meeting"],
        "case_id": team["case"],
        "action_id": action["action_id"],
        "check_id": checks,
        **await ablation(ward, plan["plan_id"]),
        "conflict_id": await clashing(ward, plan["activity_ids"][3]),
    }


async def investigation(ward: Ward) -> str:
    return str((await ward.asks("/investigations", **HERS, kind="mri"))["investigation_id"])


async def ablation(ward: Ward, plan_id: str) -> Mapping[str, str]:
    """Without the blocks that come before it: a physician is asked whether to go on."""
    made = await ward.asks(f"/plans/{plan_id}/procedures", **ABLATION)
    return {**made, "override_id": ward.last("override_requested").subject}


async def opioid_checks(ward: Ward) -> str:
    """After acceptance, of whoever takes opioids and is at risk."""
    accepted = ReferralAccepted(category="cat_2", target_date=date(2027, 5, 2), decided_by=REFERRAL)
    await ward.feed.tell(accepted, patient=PATIENT, referral=REFERRAL)
    danger: dict[str, Any] = {"mme_per_day": "60", "has_buprenorphine": False}
    await ward.asks(f"/patients/{PATIENT}/opioid-exposure", **danger)
    return str(ward.last("opioid_check_fell_due").fact["check_id"])


async def signed_letter(ward: Ward) -> Mapping[str, str]:
    """For the patient and the practice that sent them."""
    path = f"/consultations/{derive(VISIT, 'consultation')}/letter/sign"
    await ward.asks(path, audience=["patient", "pcp", "referrer"], text="Dear colleague")
    return {"letter_id": ward.last("letter_signed").fact["letter_ref"], "referral_id": REFERRAL}


async def activities(ward: Ward) -> Mapping[str, str]:
    """For what only the performing discipline may: one that is accepted, one that has begun."""
    _, accepted, begun, asked = [
        fact.subject for fact in ward.clinic.facts() if fact.name == "activity_ordered"
    ]
    for path in (f"{accepted}/accept", f"{begun}/accept", f"{begun}/start"):
        await ward.asks(f"/activities/{path}", PHYSIOTHERAPIST)
    again = dict.fromkeys(("complete_session", "complete_activity", "stop_activity"), begun)
    await ward.asks(f"/activities/{asked}/question", PHYSIOTHERAPIST, whom="coordination", what="history")
    return {"start_activity": accepted, "end_question": asked, **again}
