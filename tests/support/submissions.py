"""Object mothers: referrals as their senders write them. All invented."""

from datetime import date, timedelta
from typing import Any

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
PRACTICE = "0d9c2f3e-6a51-4f5e-9a3c-5a4b1b7c2d01"
"""The organisation of the referring primary care physician."""

SPINE_CENTRE = "0d9c2f3e-6a51-4f5e-9a3c-5a4b1b7c2d02"

NO_FLAGS = dict.fromkeys(
    (
        "cauda_equina_neuro",
        "acute_no_diagnosis",
        "suicide_mental_health",
        "malignancy",
        "infection",
        "fracture",
        "inflammatory",
        "vascular",
        "opioid_overdose",
    ),
    "no",
)

COMPLETE_ANSWERS: dict[str, Any] = {
    "reason_for_referral": "management_advice",
    "onset": {"began_on": "2026-03-02"},
    "mechanism": "no injury, slowly worse",
    "pain_site_character": [{"site": "lower_back", "character": "aching"}],
    "prior_treatments": [{"modality": "physiotherapy", "outcome": "partial"}],
    "medications": [],
    "history": "no other illness",
    "function": "walked 5 km before, 500 m now",
    "psychological": "low mood, no treatment so far",
    "social": "works in an office, no claim",
    "substance_use": "none",
    "self_management_willing": True,
    "red_flag_screen": NO_FLAGS,
    "consent_to_referral": True,
    "tests_performed": False,
    "coverage": {"payer_profile": "medicare"},
    "condition_codes": ["MG30.02"],
}

OXYCODONE = {
    "code": "1049504",
    "code_system": RXNORM,
    "dose": "40",
    "dose_unit": "mg",
    "per_day": "2",
    "route": "oral",
}
DIAZEPAM = {
    "code": "3322",
    "code_system": RXNORM,
    "dose": "5",
    "dose_unit": "mg",
    "per_day": "1",
    "route": "oral",
}
WARFARIN = {
    "code": "11289",
    "code_system": RXNORM,
    "dose": "5",
    "dose_unit": "mg",
    "per_day": "1",
    "route": "oral",
}


def a_patient(value: str = "P-1") -> dict[str, Any]:
    return {
        "identifier": {"system": "urn:example:general-hospital", "value": value},
        "family_name": "Example",
        "given_names": "Alex",
        "birth_date": "1975-05-17",
        "language": "en",
        "contact": {"phone": "+1 212 555-0142"},
    }


def somebody(number: int) -> dict[str, Any]:
    """A patient whom nobody takes for another one."""
    name = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    born = date(1950, 1, 1) + timedelta(days=97 * number % 25_000)
    return a_patient(f"P-{number}") | {
        "family_name": f"Ex{name}",
        "given_names": f"Al{name}",
        "birth_date": f"{born}",
    }


def a_referrer(kind: str = "pcp", organisation: str = PRACTICE) -> dict[str, Any]:
    return {
        "type": kind,
        "organisation_id": organisation,
        "name": "Main Street Practice",
        "return_channel": {"kind": "portal", "address": "main-street"},
    }


def a_submission(
    source_id: str = "R-1",
    *,
    without: tuple[str, ...] = (),
    patient: dict[str, Any] | None = None,
    referrer: dict[str, Any] | None = None,
    **answers: Any,
) -> dict[str, Any]:
    """A complete referral, `without` some fields, with other answers where they are given. JSON values."""
    said = {**COMPLETE_ANSWERS, **answers}
    return {
        "source_system": "ehr-main-street",
        "source_id": source_id,
        "patient": patient or a_patient(),
        "referrer": referrer or a_referrer(),
        "answers": {field: value for field, value in said.items() if field not in without},
    }


def flags(**answers: str) -> dict[str, str]:
    """The screen with these answers, `no` for all other flags."""
    return {**NO_FLAGS, **answers}
