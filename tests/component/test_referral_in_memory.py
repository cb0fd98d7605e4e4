"""The referral service on the in-memory store and log: intake, timers, the registry, the journeys' first
rows."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from backbone.model import one, together
from schemas.referral.v1.intake import SuppliedInformation
from services.referral.patient.aggregate import PATIENT
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.commands import Accept, RequestInformation, Triage
from services.referral.referral.reactions.intake import registration, supply
from services.referral.referral.states import AwaitingInformation
from services.referral.service import SERVICE
from tests.support.memory_system import MemorySystem, Message
from tests.support.submissions import PRACTICE, a_patient, a_submission, flags
from tests.unit.referral.situations import COORDINATOR, NURSE, REFERRER, at, rules


@pytest.fixture
def system() -> MemorySystem:
    return MemorySystem(at("2027-01-04T14:00Z"), {SERVICE: rules()})


def send(system: MemorySystem, submission: dict[str, Any]) -> None:
    system.produce("referral.intake", submission["source_id"], msgspec.json.encode(submission))


def published(system: MemorySystem, topic: str) -> Iterator[Message]:
    for (name, _), messages in sorted(system.log.items()):
        if name == topic:
            yield from messages


def types(system: MemorySystem) -> list[str]:
    return [message.headers["ce_type"] for message in published(system, "referral.events")]


def received(system: MemorySystem) -> dict[str, str]:
    """The envelope of the only referral's receipt."""
    [headers] = [
        message.headers
        for message in published(system, "referral.events")
        if message.headers["ce_type"] == "referral.received.v1"
    ]
    return headers


def referral_id(system: MemorySystem) -> str:
    return received(system)["ce_subject"]


async def test_the_first_rows_of_journey_1_come_exactly_and_in_order(system: MemorySystem) -> None:
    send(system, a_submission(without=("function", "psychological")))
    await system.settle()
    referral = one(referral_id(system))
    await system.advance(at("2027-01-04T14:40Z"))
    await system.order("referral", REFERRAL.send(RequestInformation(), to=referral), actor=COORDINATOR)
    await system.advance(at("2027-01-11T15:00Z"))
    answers = {"function": "walks 500 m", "psychological": "low mood"}
    said = SuppliedInformation.model_validate({"answers": answers})
    command = supply(said, system.clock.now(), rules())
    await system.order("referral", REFERRAL.send(command, to=referral), actor=REFERRER)
    await system.advance(at("2027-01-13T19:00Z"))
    await system.order(
        "referral", REFERRAL.send(Triage(category="cat_2", comment="as proposed"), to=referral), actor=NURSE
    )
    await system.order("referral", REFERRAL.send(Accept(), to=referral), actor=NURSE)
    await system.settle()
    assert types(system) == [
        "referral.patient_registered.v1",
        "referral.received.v1",
        "referral.medications_listed.v1",
        "referral.found_incomplete.v1",
        "referral.information_requested.v1",
        "referral.information_supplied.v1",
        "referral.found_complete.v1",
        "referral.triage_suggested.v1",
        "referral.triaged.v1",
        "referral.accepted.v1",
    ]
    values = {
        message.headers["ce_type"]: msgspec.json.decode(message.value or b"")
        for message in published(system, "referral.events")
    }
    assert values["referral.received.v1"]["clock_start"] == "2027-01-04T14:00:00Z"
    assert values["referral.found_incomplete.v1"]["missing"] == ["function", "psychological"]
    assert values["referral.information_requested.v1"]["decide_on"] == "2027-01-25"
    assert values["referral.triaged.v1"]["target_date"] == "2027-04-04"
    assert values["referral.accepted.v1"]["decided_by"] == NURSE.id


async def test_all_facts_of_one_patient_have_the_patient_s_key(system: MemorySystem) -> None:
    send(system, a_submission("R-1"))
    send(system, a_submission("R-2", mechanism="another pain"))
    await system.settle()
    assert len({message.key for message in published(system, "referral.events")}) == 1
    assert types(system).count("referral.patient_registered.v1") == 1
    assert types(system).count("referral.received.v1") == 2


async def test_another_patient_has_another_opaque_id(system: MemorySystem) -> None:
    send(system, a_submission("R-1"))
    send(system, a_submission("R-2", patient=a_patient("P-2")))
    await system.settle()
    keys = {message.key for message in published(system, "referral.events")}
    assert len(keys) == 2
    assert not any("P-" in (key or "") for key in keys)


async def test_the_same_submission_delivered_twice_has_one_effect(system: MemorySystem) -> None:
    for _ in range(3):
        send(system, a_submission())
    await system.settle()
    assert types(system).count("referral.received.v1") == 1
    assert "referral.amended.v1" not in types(system)


async def test_two_weeks_without_answer_remind_three_ask_for_a_decision(system: MemorySystem) -> None:
    send(system, a_submission(without=("function",)))
    await system.settle()
    order = REFERRAL.send(RequestInformation(), to=one(referral_id(system)))
    await system.order("referral", order, actor=COORDINATOR)
    await system.advance(at("2027-01-18T12:59Z"))
    assert "referral.information_not_received.v1" not in types(system)
    await system.advance(at("2027-01-18T13:00Z"))
    await system.advance(at("2027-03-01T13:00Z"))
    stages = [
        fact["stage"] for fact in await system.journal("referral", "referral.information_not_received.v1")
    ]
    assert stages == ["reminder", "decision"]
    snapshot = await system.workers["referral"].runtime.load(REFERRAL, referral_id(system))
    assert snapshot is not None
    assert isinstance(snapshot.state, AwaitingInformation)


async def test_contacts_of_patient_and_organisation_are_published_and_nowhere_else(
    system: MemorySystem,
) -> None:
    send(system, a_submission())
    await system.settle()
    contacts = list(published(system, "referral.contacts"))
    assert len(contacts) == 2
    by_key = {message.key: msgspec.json.decode(message.value or b"") for message in contacts}
    assert by_key[PRACTICE] == {
        "kind": "organisation",
        "name": "Main Street Practice",
        "channel": "portal",
        "address": "main-street",
    }
    facts = b"".join(message.value or b"" for message in published(system, "referral.events"))
    for personal in (b"Example", b"555", b"Main Street", b"P-1"):
        assert personal not in facts


async def test_a_missing_identity_can_be_supplied(system: MemorySystem) -> None:
    submission = a_submission(patient={"identifier": a_patient()["identifier"], "family_name": "Example"})
    send(system, submission)
    await system.settle()
    [incomplete] = await system.journal("referral", "referral.found_incomplete.v1")
    assert incomplete["missing"] == ["identity"]
    referral, patient = one(referral_id(system)), one(received(system)["ce_patientid"])
    await system.order("referral", REFERRAL.send(RequestInformation(), to=referral), actor=COORDINATOR)
    about = {"birth_date": "1975-05-17", "language": "en", "contact": {"phone": "+1 212 555-0142"}}
    said = SuppliedInformation.model_validate({"patient": about})
    assert said.patient is not None
    outcome = await system.order(
        "referral",
        together(
            PATIENT.send(registration(said.patient, rules()), to=patient),
            REFERRAL.send(supply(said, system.clock.now(), rules()), to=referral),
        ),
        actor=REFERRER,
    )
    assert outcome.refusal is None
    await system.settle()
    assert types(system)[-4:] == [
        "referral.patient_updated.v1",
        "referral.information_supplied.v1",
        "referral.found_complete.v1",
        "referral.triage_suggested.v1",
    ]


async def test_an_unknown_code_is_parked_and_the_next_patient_is_not_held_up(system: MemorySystem) -> None:
    send(system, a_submission("R-1", red_flag_screen=flags(infection="perhaps")))
    send(system, a_submission("R-2", patient=a_patient("P-2")))
    await system.settle()
    assert types(system).count("referral.received.v1") == 1
