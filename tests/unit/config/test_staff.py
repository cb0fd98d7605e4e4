"""The staff directory: roles, and who is on duty when."""

from datetime import datetime

import pytest

from config.files import ClinicFiles
from config.loading import SHIPPED, load


@pytest.fixture(scope="module")
def files() -> ClinicFiles:
    return load(SHIPPED, ClinicFiles)


def on_duty(files: ClinicFiles, post: str, when: str) -> list[str]:
    return [
        member.login for member in files.staff.on_duty(post, datetime.fromisoformat(when), files.calendar)
    ]


def test_the_duty_person_of_a_queue_is_there_in_clinic_hours(files: ClinicFiles) -> None:
    assert on_duty(files, "psychology", "2027-02-01T08:30-05:00") == ["priya.nair"]
    assert on_duty(files, "psychology", "2027-02-01T17:00-05:00") == []


def test_the_call_of_friday_lasts_until_saturday_morning(files: ClinicFiles) -> None:
    assert on_duty(files, "on_call_physician", "2027-02-06T07:59-05:00") == ["paul.okafor"]
    assert on_duty(files, "on_call_physician", "2027-02-06T08:00-05:00") == ["edith.brandt"]


@pytest.mark.parametrize("hour", range(0, 168, 3))
def test_a_physician_is_on_call_at_every_hour_of_the_week(files: ClinicFiles, hour: int) -> None:
    assert on_duty(files, "on_call_physician", f"2027-02-{1 + hour // 24:02}T{hour % 24:02}:00-05:00")


def test_somebody_who_does_not_work_here_has_no_role(files: ClinicFiles) -> None:
    assert files.staff.roles_of("00000000-0000-0000-0000-000000000000") == frozenset()
    assert files.staff.roles_of(None) == frozenset()
