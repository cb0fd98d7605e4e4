"""The privacy officer decides who is forgotten, on a legal ground; the law's time and care come first (PRV-27, 28)."""

from datetime import timedelta

import msgspec

from backbone.ids import ROOT, derive
from backbone.model import Actor
from schemas.referral.v1.patient import ErasureRefused, PatientErased, PatientRegistered
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.facts import PatientFiled, PatientForgotten
from services.referral.patient.states import (
    FORGET,
    CloseReferral,
    Erase,
    Erased,
    FileReferral,
    NoteForgotten,
    RefuseErasure,
    Registered,
    Until,
)
from tests.support.deciding import START, like, nothing, refused
from tests.unit.referral.situations import MANAGER, REFERRER, given_patient
from tests.unit.referral.test_patient import register

OFFICER = Actor("user", derive(ROOT, "the privacy officer"), "privacy_officer")
ONE = derive(ROOT, "referral 1")
ENDED = (FileReferral(referral_id=ONE), CloseReferral(referral_id=ONE, on=START.date()))
ERASE = Erase(ground="consent_withdrawn")
THEN = START.replace(year=2033)
HOUR = START + timedelta(hours=1)
ERASED = (register(), OFFICER, ERASE)
FORGOTTEN = (*ERASED, NoteForgotten(keys=1))


def test_who_was_never_in_care_is_forgotten_when_the_officer_says_so() -> None:
    given_patient(register(), OFFICER).when(ERASE).then(
        PatientErased(ground="consent_withdrawn", decided_by=str(OFFICER.id))
    ).then_state(Erased)


def test_nobody_else_decides_it() -> None:
    given_patient(register(), MANAGER).when(ERASE).then(refused(code="not-permitted"))


def test_whose_care_goes_on_is_not_forgotten() -> None:
    given_patient(register(), ENDED[0], OFFICER).when(ERASE).then(refused(code="not-ended"))


def test_the_record_stays_as_long_as_the_law_wants_it_and_not_a_day_longer() -> None:
    given_patient(register(), *ENDED, OFFICER, THEN - timedelta(days=1)).when(ERASE).then(
        refused(code="must-be-kept")
    )
    given_patient(register(), *ENDED, OFFICER, THEN).when(ERASE).then(PatientErased)


def test_a_ground_is_one_of_the_list() -> None:
    given_patient(register(), OFFICER).when(Erase(ground="public_task")).then(refused(code="unknown-code"))
    given_patient(register(), OFFICER).when(RefuseErasure(ground="objection")).then(
        refused(code="unknown-code")
    )


def test_that_it_is_refused_is_a_decision_too() -> None:
    given_patient(register(), OFFICER).when(RefuseErasure(ground="legal_claims")).then(
        ErasureRefused(ground="legal_claims", decided_by=str(OFFICER.id))
    ).then_state(Registered)


def test_the_key_is_destroyed_once_and_nothing_is_published_any_more() -> None:
    state = Erased(number=1, at=START)
    assert PATIENT.effects(state)[FORGET].body == msgspec.json.encode(Until(START))
    assert [*PATIENT.publications(state)] == []
    given_patient(*ERASED).when(NoteForgotten(keys=1)).then(PatientForgotten(keys=1))
    given_patient(*FORGOTTEN).when(NoteForgotten(keys=1)).then(nothing())
    assert PATIENT.effects(msgspec.structs.replace(state, is_forgotten=True)) == {}


def test_the_same_decision_again_changes_nothing() -> None:
    given_patient(*ERASED).when(ERASE).then(nothing())


def test_who_comes_again_is_somebody_new_once_no_process_remembers_the_old_key() -> None:
    given_patient(*ERASED, REFERRER, HOUR).when(register()).then(refused(code="being-erased"))
    given_patient(*FORGOTTEN, REFERRER).when(register()).then(refused(code="being-erased"))
    given_patient(*FORGOTTEN, REFERRER, HOUR).when(register()).then(
        PatientRegistered, like(PatientFiled, number=1)
    ).then_state(Registered)
