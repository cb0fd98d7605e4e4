"""What a sender may not say, over HTTP and over Kafka alike: each is refused with its field and what is wanted."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.referral.v1.intake import ReferralSubmission
from schemas.said import zones
from tests.support.submissions import OXYCODONE, a_patient, a_submission

Taken = Callable[[Any], Any]
BOTH = pytest.mark.parametrize(
    "take",
    [
        ReferralSubmission.model_validate,
        lambda sent: ReferralSubmission.model_validate_json(json.dumps(sent)),
    ],
    ids=["HTTP", "Kafka"],
)


BACKWARDS = {"modality": "tens", "outcome": "harm", "from_date": "2026-02-01", "to_date": "2026-01-01"}


def refused(take: Taken, sent: Any) -> list[tuple[str, str]]:
    """Where and why."""
    with pytest.raises(ValidationError) as caught:
        take(sent)
    return [("/".join(str(part) for part in each["loc"]), each["msg"]) for each in caught.value.errors()]


def patient(**changed: Any) -> dict[str, Any]:
    return a_submission(patient=a_patient() | changed)


def drug(**changed: Any) -> dict[str, Any]:
    return a_submission(medications=[OXYCODONE | changed])


@BOTH
@pytest.mark.parametrize(
    "day", ["19440000", 0, True, 2030, "1944", "1944-05", "2023-02-30", "17/05/1975", "0001-01-01", ""]
)
def test_a_birth_date_is_a_whole_day(take: Taken, day: Any) -> None:
    [(field, why)] = refused(take, patient(birth_date=day))
    assert field == "patient/birth_date"
    assert "a year or a month alone is not enough" in why


@BOTH
@pytest.mark.parametrize(
    "zone",
    ["Etc/Unknown", "GMT+5", "Europe", "Eastern", "Etc/GMT+5", "EST5EDT", "Europe/Atlantis", "posix/UTC"],
)
def test_a_time_zone_is_a_place_that_the_database_knows(take: Taken, zone: str) -> None:
    [(field, _)] = refused(take, patient(time_zone=zone))
    assert field == "patient/time_zone"


@BOTH
@pytest.mark.parametrize(
    "zone", ["America/New_York", "America/Argentina/Buenos_Aires", "Europe/Berlin", "US/Eastern", "UTC"]
)
def test_a_zone_that_it_knows_is_taken(take: Taken, zone: str) -> None:
    assert zone in zones()
    assert take(patient(time_zone=zone)).patient.time_zone == zone


@BOTH
@pytest.mark.parametrize(
    "dose",
    [
        "1.2E+2",
        "1E+40",
        "1_000",
        5,
        2.5,
        True,
        "NaN",
        "-1",
        "+5",
        ".5",
        "5.",
        "05",
        "1,5",
        " 5",
        "1234567",
        "0.1234567",
    ],
)
def test_a_dose_is_a_plain_decimal_in_a_string(take: Taken, dose: Any) -> None:
    for field in ("dose", "per_day"):
        [(where, why)] = refused(take, drug(**{field: dose}))
        assert where == f"answers/medications/0/{field}"
        assert "a decimal in a string" in why


@BOTH
@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (drug(code="John Smith"), "answers/medications/0/code"),
        (drug(route="with a spoon"), "answers/medications/0/route"),
        (drug(dose_unit="bottle"), "answers/medications/0/dose_unit"),
        (drug(code_system="rxnorm"), "answers/medications/0/code_system"),
        (drug(as_needed="yes"), "answers/medications/0/as_needed"),
        (a_submission(medications=[OXYCODONE] * 201), "answers/medications"),
        (a_submission(condition_codes=["MG30.02"] * 20_000), "answers/condition_codes"),
        (a_submission(onset={"months_ago": "9"}), "answers/onset/months_ago"),
        (a_submission(history="a" * 8001), "answers/history"),
        (a_submission(history=" \n"), "answers/history"),
        (a_submission(history="a\x00b"), "answers/history"),
        (a_submission(prior_treatments=[BACKWARDS]), "answers/prior_treatments/0"),
        (a_submission() | {"source_system": "Jane Doe's practice"}, "source_system"),
        (patient(family_name="Doe\r\nBcc: all"), "patient/family_name"),
        (patient(contact={"phone": "5" * 41}), "patient/contact/phone"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_everything_has_its_form_and_its_bound(take: Taken, sent: Any, field: str) -> None:
    assert [where for where, _ in refused(take, sent)] == [field]


@BOTH
def test_what_clinics_send_is_taken(take: Taken) -> None:
    sites = [{"site": "lower_back"}, {"site": "279039007"}]
    codes = ["MG30.02", "mg30.10", "MG30.0&XS5W", "M54.5", "B02.29", "G89.3", "279039007"]
    drugs = [OXYCODONE | {"code": code} for code in ("1049504", "N02AA05", "0406-8530-01", "OXY-10")]
    taken = take(a_submission(pain_site_character=sites, condition_codes=codes, medications=drugs))
    assert len(taken.answers.condition_codes) == len(codes)
    assert take(patient(contact={"phone": "+1 (212) 555-0142 ext. 12", "address": "1 Main St\nSpringfield"}))
