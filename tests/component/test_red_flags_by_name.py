"""Who may read what the referrer sent knows which red flag it is; the desk knows that there is one."""

from services.referral.service import SERVICE as REFERRALS
from tests.component.test_waits_and_dates import CORA, NURSE, PRACTICE_TOKEN, Clinic
from tests.support.submissions import NO_FLAGS, a_submission, flags


async def test_the_desk_sees_that_there_is_a_red_flag_and_not_which() -> None:
    clinic = Clinic("2027-01-04 09:00", (REFERRALS,), PRACTICE_TOKEN)
    screen = flags(suicide_mental_health="yes", vascular="unknown")
    sent = await clinic.ask(
        "POST", "referral", "/referrals", "practice", json=a_submission(red_flag_screen=screen)
    )

    path = f"/referrals/{sent['id']}"
    seen = await clinic.ask("GET", "referral", path, NURSE)
    assert [each["flag"] for each in seen["red_flags"]] == ["suicide_mental_health"]
    assert [each["flag"] for each in seen["unclear_flags"]] == ["vascular"]
    at_the_desk = await clinic.request("GET", "referral", path, CORA)
    assert at_the_desk.json()["open_red_flags"] == 1
    assert not [flag for flag in NO_FLAGS if flag in at_the_desk.text]
