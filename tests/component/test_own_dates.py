"""A referral bears a date of its own: the wait is counted from it, whichever way it came."""

from typing import Any

import msgspec
import pytest

from backbone.http.identity import Principal
from services.referral.service import SERVICE
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import PRACTICE, a_submission


@pytest.fixture
def clinic() -> MemoryClinic:
    people = {"practice": Principal("referrer", PRACTICE)}
    return MemoryClinic("2027-01-11 10:00", (SERVICE,), people)


def dated(on: str) -> dict[str, Any]:
    return {**a_submission(), "referred_on": on}


def clock_start(clinic: MemoryClinic) -> str:
    [received] = [fact.fact for fact in clinic.facts("referral") if fact.name == "received"]
    return str(received["clock_start"])


@pytest.mark.parametrize(
    ("on", "starts"),
    [("2027-01-04", "2027-01-04T13:00:00Z"), ("2026-11-01", None), ("2027-01-11", None)],
)
@pytest.mark.parametrize("by_kafka", [False, True])
async def test_the_wait_is_counted_from_the_day_that_the_referral_bears(
    clinic: MemoryClinic, on: str, starts: str | None, by_kafka: bool
) -> None:
    if by_kafka:
        clinic.system.produce("referral.intake", "R-1", msgspec.json.encode(dated(on)))
        await clinic.system.settle()
    else:
        await clinic.ask("POST", "referral", "/referrals", "practice", json=dated(on))
    assert clock_start(clinic) == (starts or "2027-01-11T15:00:00Z")


async def test_a_day_that_is_still_to_come_is_refused_by_its_name(clinic: MemoryClinic) -> None:
    answer = await clinic.request("POST", "referral", "/referrals", "practice", json=dated("2027-01-12"))
    assert answer.status_code == 422 and "referred_on" in answer.text
