"""The adapter of another system submits and follows what comes from that system, and nothing else."""

import pytest

from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from services.referral.service import SERVICE as REFERRALS
from tests.component.test_waits_and_dates import PRACTICE_TOKEN, Clinic
from tests.support.submissions import a_submission

PEOPLE = PRACTICE_TOKEN | {
    name: Principal("partner", derive(ROOT, name), source_system=system)
    for name, system in (("theirs", "ehr-main-street"), ("another", "ehr-elsewhere"), ("unnamed", None))
}


@pytest.fixture
async def clinic() -> Clinic:
    return await Clinic("2027-01-04 09:00", (REFERRALS,), PEOPLE).refer()


async def follows(clinic: Clinic, who: str) -> int:
    path = f"/referrals/{clinic.referral}/outside-moves"
    body = {"move": "visit_scheduled"}
    return (await clinic.request("POST", "referral", path, who, json=body)).status_code


@pytest.mark.parametrize("who", ["another", "unnamed"])
async def test_another_system_does_not_learn_that_there_is_such_a_referral(clinic: Clinic, who: str) -> None:
    assert await follows(clinic, who) == 404
    assert not clinic.count("progressed")


async def test_the_system_that_sent_it_follows_it(clinic: Clinic) -> None:
    assert await follows(clinic, "theirs") == 200
    assert clinic.last("progressed").fact["tid"] == "31"


@pytest.mark.parametrize(("who", "status"), [("theirs", 201), ("another", 403), ("unnamed", 403)])
async def test_a_partner_submits_for_its_own_system(clinic: Clinic, who: str, status: int) -> None:
    answer = await clinic.request("POST", "referral", "/referrals", who, json=a_submission("R-9"))
    assert answer.status_code == status
