"""What stands on the patient page when it can't be read again, and when its day is over."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.patient_door import PATIENT, PatientDoor, open_patient, whole
from tests.browser.scenes import a_row

REVIEW = a_row(1, "MK 4821|PLAN_REVIEW|later|+3 17:00|1 d|queue=medical")[0]
OVER = "50000000-0000-4000-8000-000000000009"


@pytest.fixture
def door() -> PatientDoor:
    return PatientDoor()


def test_what_could_not_be_read_again_stands_and_says_so(
    screen: Callable[..., Any], door: PatientDoor
) -> None:
    door.put(REVIEW | {"patient_id": PATIENT})
    found = open_patient(screen)
    whole(found)
    away = {"title": "Away", "status": 503, "detail": "The care plan service is away."}
    good = door.patient["care_plan/plans"]
    door.patient["care_plan/plans"] = (503, away)
    door.change(REVIEW["item_id"])
    found.get_by_role("button", name="Show 1 change").click()
    failed = found.locator("#plan .refused")
    expect(failed).to_contain_text("This could not be read again: it may have changed.")
    expect(found.locator("#plan")).to_contain_text("Walk to the shop and back")
    door.patient["care_plan/plans"] = good
    failed.get_by_role("button", name="Try again").click()
    expect(failed).to_have_count(0)


def test_a_joint_day_that_is_over_is_not_said_to_come(screen: Callable[..., Any], door: PatientDoor) -> None:
    [day] = door.patient["scheduling/joint-days"]["joint_days"]
    days = [day, day | {"id": OVER, "on": "2026-01-05"}]
    door.patient["scheduling/joint-days"] = {"joint_days": days}
    found = open_patient(screen)
    whole(found)
    joint = (
        found.locator("#visits .scroll")
        .filter(has=found.locator("th", has_text="Parts of the day"))
        .locator("tbody tr")
    )
    expect(joint).to_contain_text(["Booked", "Booked, its day is over"])
