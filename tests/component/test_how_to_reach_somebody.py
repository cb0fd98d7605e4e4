"""A referral says how its patient is reached: the number as it was typed, what they agreed to, the way they ask for."""

from typing import Any

import pytest

from backbone.http.identity import Principal
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRAL
from services.worklist.service import SERVICE as WORKLIST
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import PRACTICE, a_patient, a_referrer, a_submission

NUMBER = "+12125550142"
AGREED = [{"channel": "sms", "purpose": "care"}]
PHYSICIAN = "paul.okafor"


@pytest.fixture
async def clinic() -> MemoryClinic:
    people = {"practice": Principal("referrer", PRACTICE)}
    return MemoryClinic("2027-01-04 10:00", (REFERRAL, NOTIFICATIONS, WORKLIST), people)


async def refer(clinic: MemoryClinic, referrer: dict[str, Any] | None = None, **contact: Any) -> Any:
    patient = a_patient() | {"contact": contact}
    body = a_submission(patient=patient, referrer=referrer)
    return await clinic.ask("POST", "referral", "/referrals", "practice", json=body)


async def accept(clinic: MemoryClinic, referral: Any) -> None:
    path = f"/referrals/{referral['id']}"
    found = await clinic.request("GET", "referral", path, PHYSICIAN)
    headers = {"if-match": found.headers["etag"]}
    body = {"category": "cat_3", "comment": "as referred", "accept": True}
    await clinic.ask("POST", "referral", f"{path}/triage", PHYSICIAN, json=body, headers=headers)


def texts(clinic: MemoryClinic) -> list[tuple[str, str]]:
    return [(text.to, text.body) for text in clinic.outside.gateway.texts]


@pytest.mark.parametrize("typed", ["(212) 555-0142", "+1 212 555 0142", "1-212-555-0142"])
async def test_who_agreed_at_the_referrers_is_texted_on_the_number_as_it_was_typed(clinic, typed):
    await accept(clinic, await refer(clinic, phone=typed, consents=AGREED))
    assert [to for to, _ in texts(clinic)] == [NUMBER]
    assert not [item for item in clinic.open() if "NO_CHANNEL" in item]
    [recorded] = [each for each in clinic.facts("notifications") if each.name == "consent_recorded"]
    assert (recorded.fact["channel"], recorded.fact["by"]) == ("sms", "referrer")


async def test_who_agreed_to_nothing_is_called(clinic):
    await accept(clinic, await refer(clinic, phone=NUMBER))
    assert texts(clinic) == [] and [item for item in clinic.open() if "NO_CHANNEL" in item]


@pytest.mark.parametrize("nothing", ["unknown", "ext. 12", "07700 900123", "555-0142"])
async def test_what_is_no_number_is_named_to_the_sender_and_asked_for(clinic, nothing):
    referral = await refer(clinic, phone=nothing)
    assert referral["unreadable"] == ["patient.contact.phone"] and referral["missing"] == ["identity"]


async def test_where_there_is_another_way_nothing_is_missing_and_the_number_is_still_named(clinic):
    referral = await refer(clinic, phone="unknown", address="Main Street 1")
    assert referral["unreadable"] == ["patient.contact.phone"] and referral["missing"] == []


async def test_a_fax_that_is_no_number_is_a_missing_return_channel(clinic):
    sender = a_referrer() | {"return_channel": {"kind": "fax", "address": "see letterhead"}}
    referral = await refer(clinic, sender, phone=NUMBER)
    assert referral["unreadable"] == ["referrer.return_channel.address"] and referral["missing"] == [
        "referrer"
    ]


async def test_who_asks_for_another_way_is_reached_in_that_way_by_nobody_in_particular(clinic):
    another = {"phone": "(212) 555-0177"}
    await accept(clinic, await refer(clinic, phone=NUMBER, confidential=another, consents=AGREED))
    [(to, body)] = texts(clinic)
    assert to == "+12125550177" and body.startswith("A message for you:") and "Harbor" not in body


async def test_a_way_that_can_not_be_used_does_not_bring_back_the_other_one(clinic):
    referral = await refer(clinic, phone=NUMBER, confidential={"phone": "ask me"}, consents=AGREED)
    assert referral["unreadable"] == ["patient.contact.confidential.phone"]
    assert referral["missing"] == ["identity"]
    assert texts(clinic) == []


async def test_who_said_no_here_stays_unwritten_to_whatever_a_referrer_sends_again(clinic):
    referral = await refer(clinic, phone=NUMBER, consents=AGREED)
    patient = (await clinic.ask("GET", "referral", f"/referrals/{referral['id']}", PHYSICIAN))["patient_id"]
    said = {"channel": "sms", "given": False}
    await clinic.ask("POST", "notifications", f"/patients/{patient}/consents", "cora.lind", json=said)
    await refer(clinic, phone=NUMBER, email="alex@example.net", consents=AGREED)
    await accept(clinic, referral)
    assert texts(clinic) == []
