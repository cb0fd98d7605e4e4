"""Offers that are declined: the second reasonable one is looked at by a clinician (ATT-02)."""

import pytest

from services.referral.service import SERVICE as REFERRALS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_waits_and_dates import DOCTOR, NURSE, PRACTICE_TOKEN, Clinic


@pytest.mark.parametrize("decision", ["refer_back", "reset_clock"])
async def test_who_declines_two_reasonable_offers_is_looked_at(decision: str) -> None:
    """ATT-02: referred back, or the clock is reset; what is not reasonable does not count."""
    clinic = await Clinic("2027-01-04 09:00", (REFERRALS, SCHEDULING, WORKLIST), PRACTICE_TOKEN).refer()
    request = clinic.last("booking_requested").fact["booking_request_id"]
    for days, cases in (
        (("2027-01-12", "2027-01-13"), 0),
        (("2027-01-19", "2027-01-20"), 0),
        (("2027-01-26", "2027-01-27"), 1),
    ):
        slots = [clinic.slot(DOCTOR, f"{day} 09:00") for day in days]
        made = await clinic.post(f"/booking-requests/{request}/offers", slots=slots, mode="phone")
        await clinic.post(f"/offers/{made['offer_id']}/decline")
        assert len(clinic.items("ATT_REVIEW")) == cases
    asked = clinic.last("attendance_review_requested").fact
    assert (asked["trigger"], asked["refusal_count"]) == ("ATT-02", 2)
    await clinic.at("2027-01-18 12:00")
    await clinic.post(f"/attendance-cases/{asked['case_id']}/review", DOCTOR, decision=decision)
    assert not clinic.items("ATT_REVIEW")
    shown = await clinic.ask("GET", "referral", f"/referrals/{clinic.referral}", NURSE)
    if decision == "refer_back":
        assert shown["status"] == "rejected" and not clinic.items("BOOK_VISIT")
    else:
        assert shown["waiting_days"] == 0 and clinic.items("BOOK_VISIT")
