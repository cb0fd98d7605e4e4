"""The clinic's calendar, seen from outside."""

from backbone.http.identity import Principal
from services.referral.service import SERVICE as REFERRALS
from services.worklist.service import SERVICE as WORKLIST
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import PRACTICE, a_submission

PRACTICE_TOKEN = {"practice": Principal("referrer", PRACTICE)}


async def test_what_is_due_on_a_closed_day_is_due_on_the_next_business_day() -> None:
    clinic = MemoryClinic("2026-12-11 09:00", (REFERRALS, WORKLIST), PRACTICE_TOKEN)
    sent = await clinic.ask(
        "POST", "referral", "/referrals", "practice", json=a_submission(without=("function",))
    )
    await clinic.ask(
        "POST", "referral", f"/referrals/{sent['id']}/information-requests", "cora.lind", json={}
    )
    [waiting] = [line for line in clinic.open() if "REF_INFO_WAIT" in line]
    assert "12-28" in waiting, "14 days later is Christmas, a Friday"


async def test_a_calendar_that_ends_soon_says_so() -> None:
    clinic = MemoryClinic("2027-01-04 09:00", (REFERRALS,), PRACTICE_TOKEN)
    ready = await clinic.http("referral").get("/readyz")
    assert any("2027-01-01" in notice for notice in ready.json()["notices"])
