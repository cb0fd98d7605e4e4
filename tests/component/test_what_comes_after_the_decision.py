"""What a sender says of a referral that was decided: whoever reads it next is told, whatever became of it."""

import pytest

from tests.support.hard_days import CORA, INES, NURSE, HardDay, person
from tests.support.submissions import a_submission

SAID_NO = {"text": "We waited for the answers.", "advice": "Send them when you have them."}


async def a_day(*names: str) -> HardDay:
    day = HardDay("2027-02-01 09:00")
    for name in names:
        await day.refers(name)
    return day


async def sends_more(day: HardDay, name: str) -> list[str]:
    """Its sender answers what was asked, late. Types of the work that this makes."""
    await day.at("2027-03-10 12:00")
    before = set(day.work(name))
    await day.refers(name, history="Diabetes since May.")
    return [line.split()[1] for line in set(day.work(name)) - before]


@pytest.mark.parametrize("end", ["rejected", "redirected", "cancelled", "entered_in_error", "completed"])
async def test_what_is_sent_of_a_referral_that_is_over_is_read_by_somebody(end: str) -> None:
    """REF-08: the answer that comes a day after the case was closed is the commonest of all."""
    day = await a_day("Ana")
    path = f"/referrals/{day.referral['Ana']}"
    match end:
        case "rejected":
            await day.does("referral", f"{path}/reject", NURSE, code="INFO_NOT_RECEIVED", **SAID_NO)
        case "redirected":
            said = {"code": "OUT_OF_CATCHMENT", "to_service": "another_clinic", **SAID_NO}
            await day.does("referral", f"{path}/redirect", NURSE, **said)
        case "cancelled":
            await day.does("referral", f"{path}/cancellation-requests", CORA, by="patient", reason="other")
            await day.does("referral", f"{path}/cancellation", CORA)
        case "entered_in_error":
            await day.does("referral", f"{path}/entered-in-error", INES, reason="entered_twice")
        case _:
            await day.triages("Ana")
            await day.does("referral", f"{path}/outcome", NURSE, outcome="advice_given", note="By telephone.")
    assert await sends_more(day, "Ana") == ["REF_AMENDED"]
    [row] = day.rows("REF_AMENDED")
    assert row["priority"] == "routine", "nobody waits"
    await day.does("referral", f"{path}/amendment-review", NURSE)
    assert day.rows("REF_AMENDED") == []
    await day.ends()


async def test_what_is_sent_while_a_referral_is_being_taken_back_is_read_before_that_is_confirmed() -> None:
    day = await a_day("Ana")
    path = f"/referrals/{day.referral['Ana']}"
    await day.does("referral", f"{path}/cancellation-requests", CORA, by="patient", reason="other")
    assert await sends_more(day, "Ana") == ["REF_AMENDED"]
    await day.does("referral", f"{path}/cancellation", CORA)
    assert day.work("Ana") == []


async def test_the_same_again_of_a_referral_that_is_over_is_nobodys_work() -> None:
    day = await a_day("Ana")
    path = f"/referrals/{day.referral['Ana']}"
    await day.does("referral", f"{path}/reject", NURSE, code="INFO_NOT_RECEIVED", **SAID_NO)
    await day.refers("Ana")
    assert day.work("Ana") == []


async def test_who_died_leaves_nothing_to_read() -> None:
    day = await a_day("Ana")
    await day.does("referral", f"/patients/{day.patient['Ana']}/death", CORA, source="family")
    sent = a_submission("Ana", patient=person("Ana"), history="Diabetes since May.")
    await day.ask("POST", "referral", "/referrals", "practice", json=sent)
    assert day.work("Ana") == []
