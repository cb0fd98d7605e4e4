"""The patient registry: an opaque id; names and contacts are content and nothing else."""

from typing import Any

from schemas.referral.v1.intake import SubmittedPatient
from schemas.referral.v1.patient import PatientRegistered, PatientUpdated
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.facts import PatientFiled
from services.referral.patient.states import Registered, RegisterPatient
from services.referral.referral.reactions.intake import registration
from tests.support.deciding import TARGET, like, nothing, refused
from tests.support.submissions import a_patient
from tests.unit.referral.situations import CLERK, MANAGER, given_patient, rules


def register(**changes: Any) -> RegisterPatient:
    return registration(SubmittedPatient.model_validate({**a_patient(), **changes}), rules())


def test_the_first_contact_registers_the_person() -> None:
    given_patient().when(register()).then(
        like(
            PatientRegistered,
            is_adult=True,
            language="en",
            interpreter_needed=False,
            time_zone="America/New_York",
        ),
        like(PatientFiled, number=1),
    ).then_state(Registered)


def test_without_birth_date_nobody_is_taken_for_an_adult() -> None:
    given_patient().when(register(birth_date=None)).then(like(PatientRegistered, is_adult=None))
    given_patient().when(register(birth_date="2009-01-05")).then(like(PatientRegistered, is_adult=False))
    given_patient().when(register(birth_date="2009-01-04")).then(like(PatientRegistered, is_adult=True))


def test_the_same_again_changes_nothing() -> None:
    given_patient(register()).when(register()).then(nothing())


def test_what_a_later_sender_leaves_out_is_not_lost() -> None:
    given_patient(register()).when(register(contact=None, language=None, family_name=None)).then(nothing())


def test_what_changed_is_named_by_code_only() -> None:
    given_patient(register()).when(register(contact={"phone": "+1 212 555-0199"})).then(
        like(PatientUpdated, changed=("contact",))
    )
    given_patient(register()).when(register(language="es", interpreter_needed=True)).then(
        like(PatientUpdated, changed=("language",))
    )
    given_patient(register()).when(register(contact={"accessibility": ["wheelchair"]})).then(
        like(PatientUpdated, changed=("accessibility",))
    )


def test_a_corrected_birth_date_is_filed_but_not_published() -> None:
    given_patient(register()).when(register(birth_date="1975-05-18")).then(PatientFiled)


def test_the_contact_is_published_from_its_content() -> None:
    result = given_patient().when(register())
    [publication] = PATIENT.publications(result.state)
    assert (publication.topic, publication.key) == ("referral.contacts", TARGET)
    assert publication.content_ref is not None
    assert b"+12125550142" in result.world.contents[publication.content_ref]


def test_the_birth_date_is_not_among_what_is_published() -> None:
    result = given_patient().when(register())
    assert b"1975" not in result.world.contents[result.state.contact_ref]


def test_nothing_personal_stands_in_facts_or_state() -> None:
    result = given_patient().when(register())
    said = "".join(fact.model_dump_json() for fact in result.only_facts) + repr(result.state)
    for personal in ("Example", "Alex", "1975", "555", "P-1"):
        assert personal not in said


def test_a_manager_registers_nobody() -> None:
    given_patient().when(MANAGER, register()).then(refused(code="not-permitted"))


def test_intake_staff_may_submit_too() -> None:
    given_patient().when(CLERK, register()).then(PatientRegistered, PatientFiled)
