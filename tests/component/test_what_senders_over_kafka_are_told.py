"""Whoever sends a referral over Kafka is told what came of it: the referral, or every wrong field. Nobody waits."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import strategies as st

from backbone.ids import partition_of
from backbone.model import Actor
from schemas.documents import inlined
from schemas.referral.v1.intake import ReferralSubmission
from schemas.referral.v1.results import IntakeResult
from schemas.topics import REFERRAL_INTAKE, REFERRAL_INTAKE_RESULTS
from services.referral.referral.reactions.results import INTAKES
from services.referral.service import SERVICE as REFERRALS
from tests.support.drawn import drawn, values
from tests.support.memory_clinic import MemoryClinic
from tests.support.memory_system import PARTITIONS
from tests.support.submissions import PRACTICE, SPINE_CENTRE, a_patient, a_referrer, a_submission, flags

REGISTRAR = "99999999-9999-4999-8999-999999999999"
OPERATOR = Actor("user", REGISTRAR, "operations")
HOSPITAL = "general-hospital"
"""A key that is the sender's, not the referral's."""
MARKER = "Zebedee Quux"
BROKEN_PATIENT = a_patient() | {"birth_date": "2099-01-01", "language": 5, MARKER: MARKER}
SYSTEM = "ehr-main-street"
FITS = jsonschema.Draft202012Validator(inlined(IntakeResult)).is_valid
EXAMPLES, LONG = 4, 40


class Senders:
    """The referral service over Kafka, and what it answers."""

    def __init__(self, service: Any = REFERRALS) -> None:
        self.clinic = MemoryClinic("2027-01-04 09:00", (service,), {})
        self.clinic.known_as("practice", "referrer", PRACTICE)
        self.clinic.known_as("registrar", "user", REGISTRAR, "registrar")
        self.clinic.known_as("centre", "referrer", SPINE_CENTRE)
        self.system = self.clinic.system
        self.parking = self.system.workers["referral"].parking

    async def send(self, said: Any, key: str = HOSPITAL) -> dict[str, Any]:
        """The newest result."""
        value = said if isinstance(said, bytes) else msgspec.json.encode(said)
        self.system.produce(REFERRAL_INTAKE.name, key, value)
        await self.system.settle()
        told = msgspec.json.decode(self.said(key)[-1])
        assert FITS(told)
        return dict(told)

    def results(self, key: str = HOSPITAL) -> list[dict[str, Any]]:
        return [msgspec.json.decode(value) for value in self.said(key)]

    def said(self, key: str) -> list[bytes]:
        place = REFERRAL_INTAKE_RESULTS.name, partition_of(key, PARTITIONS)
        return [each.value or b"" for each in self.system.log[place] if each.key == key]

    async def parked(self) -> list[str]:
        return [each.key for each in await self.parking.keys()]

    async def referrals(self) -> list[str]:
        return [row.id for row in self.system.workers["referral"].store.tables.states["referral"].values()]


@pytest.fixture
def senders() -> Senders:
    return Senders()


async def test_a_received_referral_is_answered_with_its_ids_and_where_its_record_was(senders):
    told = await senders.send(a_submission())
    assert (told["outcome"], told["source_system"], told["source_id"]) == ("received", SYSTEM, "R-1")
    place = told["topic"], told["partition"], told["offset"]
    assert place == (REFERRAL_INTAKE.name, partition_of(HOSPITAL, PARTITIONS), 0)
    subjects = {each.name: each.subject for each in senders.clinic.facts("referral")}
    assert (subjects["received"], subjects["patient_registered"]) == (told["referral_id"], told["patient_id"])


async def test_what_is_sent_again_says_what_came_of_it(senders):
    first = await senders.send(a_submission())
    again = await senders.send(a_submission())
    other = await senders.send(a_submission(history="diabetes"))
    number = await senders.send(a_submission(patient=a_patient() | {"contact": {"phone": "ext. 12"}}))
    assert [each["outcome"] for each in (again, other)] == ["repeated", "amended"]
    assert number["unreadable"] == ["patient.contact.phone"]
    assert {each["referral_id"] for each in (first, again, other, number)} == {first["referral_id"]}
    assert [each["offset"] for each in senders.results()] == [0, 1, 2, 3]


async def test_what_is_sent_for_a_referral_that_is_over_is_attached_to_it(senders):
    first = await senders.send(a_submission())
    path = f"/referrals/{first['referral_id']}/entered-in-error"
    await senders.clinic.ask("POST", "referral", path, "registrar", json={"reason": "sent_by_mistake"})
    told = await senders.send(a_submission(history="diabetes"))
    assert (told["outcome"], told["referral_id"]) == ("attached", first["referral_id"])


async def test_an_identifier_of_another_patient_or_organisation_names_the_field(senders):
    await senders.send(a_submission())
    other_patient = await senders.send(a_submission(patient=a_patient("P-2")))
    other_sender = await senders.send(a_submission(referrer=a_referrer(organisation=SPINE_CENTRE)))
    told = [(each["outcome"], each["fields"][0]["pointer"]) for each in (other_patient, other_sender)]
    assert told == [("refused", "/patient/identifier"), ("refused", "/referrer/organisation_id")]
    assert "referral_id" not in other_sender


async def test_every_wrong_field_is_named_as_over_http_and_nothing_is_changed_or_parked(senders):
    wrong = a_submission(patient=a_patient() | {"birth_date": "1944", "language": 5}, referrer={"type": "x"})
    told = await senders.send(wrong)
    answer = await senders.clinic.request("POST", "referral", "/referrals", "ines.park", json=wrong)
    assert (told["outcome"], told["source_id"]) == ("invalid", "R-1")
    assert told["fields"] == answer.json()["errors"] and len(told["fields"]) == 4
    assert await senders.parked() == [] and await senders.system.facts("referral") == []


async def test_days_that_are_still_to_come_are_named_as_over_http(senders):
    wrong = a_submission(patient=a_patient() | {"birth_date": "2099-01-01"}, onset={"began_on": "2030-01-01"})
    told = await senders.send(wrong)
    answer = await senders.clinic.request("POST", "referral", "/referrals", "ines.park", json=wrong)
    assert told["fields"] == answer.json()["errors"] and len(told["fields"]) == 2
    assert await senders.parked() == [] and await senders.system.facts("referral") == []


@pytest.mark.parametrize(
    "bad", [b"{", b'{"source_system":', b"\xff", b"[]", b"null", b"{}", msgspec.json.encode({"a": 1})]
)
async def test_one_bad_record_holds_nobody_up_who_has_the_same_key(senders, bad):
    for said in (a_submission("R-1"), bad, a_submission("R-2", patient=a_patient("P-2"))):
        senders.system.produce(
            REFERRAL_INTAKE.name, HOSPITAL, said if isinstance(said, bytes) else msgspec.json.encode(said)
        )
    await senders.system.settle()
    assert [each["outcome"] for each in senders.results()] == ["received", "invalid", "received"]
    assert [each["offset"] for each in senders.results()] == [0, 1, 2]


async def test_the_corrected_record_goes_on_at_once(senders):
    await senders.send(a_submission(patient=BROKEN_PATIENT))
    told = await senders.send(a_submission())
    assert told["outcome"] == "received"


async def test_what_is_no_json_is_parked_and_its_sender_told(senders):
    told = await senders.send(b'{"source_system": "ehr-main-street", "source_id": "R-1"')
    assert [field["code"] for field in told["fields"]] == ["unreadable"]
    assert await senders.parked() == [HOSPITAL]


@pytest.mark.parametrize(
    "other", [{"patient": BROKEN_PATIENT}, {"patient": a_patient("P-2")}, {"horoscope": 1}]
)
async def test_a_red_flag_of_what_was_not_taken_says_whom_to_call(senders, other):
    await senders.send(a_submission())
    flagged = a_submission(red_flag_screen=flags(cauda_equina_neuro="yes")) | other
    told = await senders.send(flagged)
    assert told["outcome"] in ("invalid", "refused")
    assert told["urgent"]["red_flags"] == {"cauda_equina_neuro": "emergency"}
    assert told["urgent"]["emergency"] == "911" and "nobody was told" in told["urgent"]["what_to_do"]
    assert "urgent" not in await senders.send(a_submission(red_flag_screen=flags()) | other)
    assert "urgent" in await senders.send(b"{"), "what can't be read may be an emergency"


async def test_nothing_of_what_the_sender_wrote_is_in_the_result(senders):
    answers: dict[str, Any] = {
        MARKER: MARKER,
        "red_flag_screen": {MARKER: "yes"},
        "reason_for_referral": MARKER,
    }
    for said in (a_submission(patient=BROKEN_PATIENT, **answers), {MARKER: MARKER}, MARKER, [MARKER]):
        told = await senders.send(said)
        assert told["outcome"] == "invalid" and MARKER not in str(told)
    assert "/patient/*" in {field["pointer"] for field in senders.results()[0]["fields"]}


async def test_a_record_that_comes_again_is_answered_once(senders):
    await senders.send(a_submission())
    await senders.send(a_submission(patient=BROKEN_PATIENT))
    senders.system.rewind(forgetting=False, topics=REFERRAL_INTAKE.name)
    await senders.system.settle()
    assert [each["outcome"] for each in senders.results()] == ["received", "invalid"]


async def test_thousands_of_wrong_fields_are_a_result_of_a_bounded_size(senders):
    told = await senders.send(a_submission(condition_codes=["?"] * 50_000))
    assert len(msgspec.json.encode(told)) < 50_000


class Moody:
    """An intake with a bug that comes and goes."""

    is_broken = True

    def orders(self, *given: Any) -> Any:
        if self.is_broken and given[0].source_id == "R-1":
            raise RuntimeError
        return INTAKES[0].orders(*given)


async def test_a_bug_of_ours_holds_up_one_referral_and_its_sender_hears_twice():
    moody = Moody()
    senders = Senders(replace(REFERRALS, intakes=(replace(INTAKES[0], orders=moody.orders),)))
    broken = await senders.send(a_submission("R-1"))
    behind = await senders.send(a_submission("R-1", history="diabetes"))
    other = await senders.send(a_submission("R-2", patient=a_patient("P-2")))
    assert [each["outcome"] for each in (broken, behind, other)] == ["set_aside", "set_aside", "received"]
    assert await senders.parked() == [f"{SYSTEM}/R-1"]
    moody.is_broken = False
    await senders.parking.retry(f"{SYSTEM}/R-1", OPERATOR)
    await senders.system.settle()
    assert [(each["outcome"], each["offset"]) for each in senders.results()[3:]] == [
        ("received", 0),
        ("amended", 1),
    ]


async def test_records_of_any_key_are_taken(senders):
    for number, key in enumerate(("", "\0", "x" * 5_000, "..", "🙂")):
        said = a_submission(f"R-{number}", patient=a_patient(f"P-{number}"))
        senders.system.produce(REFERRAL_INTAKE.name, key, msgspec.json.encode(said))
    await senders.system.settle()
    found = [
        each
        for (topic, _), all_ in senders.system.log.items()
        if topic == REFERRAL_INTAKE_RESULTS.name
        for each in all_
    ]
    assert len(found) == len(await senders.referrals()) == 5
    assert f"{REFERRAL_INTAKE.name}/{partition_of('', PARTITIONS)}/0" in {each.key for each in found}


async def test_only_its_own_organisation_finds_a_referral_by_the_senders_identifier(senders):
    told = await senders.send(a_submission())

    async def found_by(who: str) -> list[str]:
        query = {"source_system": SYSTEM, "source_id": "R-1"}
        answer = await senders.clinic.ask("GET", "referral", "/referrals", who, params=query)
        return [each["id"] for each in answer["referrals"]]

    assert await found_by("practice") == await found_by("ines.park") == [told["referral_id"]]
    assert await found_by("centre") == []


def with_a_fault() -> st.SearchStrategy[Any]:
    """A legal submission of which some part is something else."""
    legal = values(inlined(ReferralSubmission))
    other = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.booleans(), max_size=2)
    places = st.sampled_from(("source_system", "source_id", "patient", "referrer", "answers", "more"))
    return st.builds(lambda said, place, value: said | {place: value}, legal, places, other)


@pytest.mark.parametrize("examples", [EXAMPLES, pytest.param(LONG, marks=pytest.mark.long)])
def test_whatever_the_published_schema_allows_is_answered_with_ids_or_fields_and_parks_nobody(examples):
    with asyncio.Runner() as runner:
        senders, seen = Senders(), []

        def tell(said: Mapping[str, Any]) -> None:
            told = runner.run(senders.send(said))
            seen.append(told["outcome"])
            assert ("referral_id" in told and "patient_id" in told) != bool(told.get("fields")), told
            assert runner.run(senders.parked()) == []

        drawn(values(inlined(ReferralSubmission)), examples, tell)
        drawn(with_a_fault(), examples, tell)
        assert {"received", "invalid"} <= set(seen) and len(senders.results()) == len(seen)
