"""The consultation and what it leads to: nothing without checklist and diagnosis, always an owned next step (CON-01 to
CON-05)."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from backbone.model import Event, Head, Send
from schemas.care_plan.v1.consultation import (
    ConsultationCompleted,
    ConsultationStarted,
    Diagnosis,
    InvestigationResultRecorded,
    LetterSigned,
)
from schemas.care_plan.v1.plan import PlanNotDrafted
from services.care_plan.consultation.aggregate import CONSULTATION
from services.care_plan.consultation.commands import (
    AbandonConsultation,
    AddAddendum,
    Coded,
    CompleteConsultation,
    Item,
    MissDraft,
    NoteDraft,
    RecordResult,
    SignLetter,
    StartConsultation,
)
from services.care_plan.consultation.states import Abandoned, Completed
from services.care_plan.history.states import History
from services.care_plan.mdt.commands import RequestCase
from services.care_plan.opioid.aggregate import AssessAgain
from services.care_plan.opioid_check.commands import FollowOpioids
from services.care_plan.plan.commands import OpenPifuAtOnce
from services.care_plan.service import SERVICE
from tests.support.deciding import TARGET, Deciding, Situation, deciding, like, nothing, refused, ruled
from tests.unit.care_plan.plans import a_visit
from tests.unit.care_plan.situations import COORDINATOR, NURSE, OUTSIDERS, PHYSICIAN, rules, some_id

WANTED = rules().care_plan.checklist.values.items
ANSWERED = dict.fromkeys(WANTED, Item(answer="asked and answered"))
PAIN = (Coded("ICD-11", "MG30.02"),)
DAY = datetime(2027, 2, 16, 16, 0, tzinfo=UTC)
DUE = date(2027, 3, 2)
START = StartConsultation(appointment_id=some_id("a visit"), kind="initial")
SIGN = SignLetter(audience=("referrer", "pcp", "patient"), letter_ref=some_id("a letter"))
NEEDS_PLAN = ("MDT_PROGRAMME", "PROCEDURE_PATHWAY", "SINGLE_DISCIPLINE", "MEDICATION_REVIEW")
NO_PLAN = ("FURTHER_INVESTIGATION", "ADVICE_AND_GUIDANCE", "DISCHARGE_TO_PCP", "PIFU", "PATIENT_DECLINED")
FIRST_VISIT, LATER_VISIT = some_id("a visit"), some_id("another")
VISITS = {
    FIRST_VISIT: a_visit(purpose="initial_consultation"),
    LATER_VISIT: a_visit(purpose="review"),
    TARGET: History(),
}
"""And its referral, which goes on."""
given: Deciding = deciding(CONSULTATION, rules(), actor=PHYSICIAN, at=DAY, others=VISITS)


def complete(outcome: Any = "MDT_PROGRAMME", **changes: Any) -> CompleteConsultation:
    said = {"diagnoses": PAIN, "checklist": ANSWERED, "outcome_detail": "psychology"} | changes
    return CompleteConsultation(outcome=outcome, **said)


def completed(outcome: Any = "MDT_PROGRAMME", *steps: Any) -> Situation:
    return given(START, complete(outcome), *steps)


@pytest.mark.parametrize("outcome", NEEDS_PLAN)
def test_care_that_goes_on_needs_a_draft_within_fourteen_days(outcome: Any) -> None:
    result = given(START).when(complete(outcome))
    expected = like(ConsultationCompleted, outcome=outcome, plan_due=DUE, decided_by=PHYSICIAN.id)
    result.then(ruled(expected, "CON-02", "CON-04"))
    [timer] = result.timers.values()
    assert rules().calendar.day(timer.due) == date(2027, 3, 3)


@pytest.mark.parametrize("outcome", [*NO_PLAN, "NOT_SUITABLE", "REDIRECT"])
def test_other_outcomes_need_no_draft(outcome: Any) -> None:
    assert not given(START).when(complete(outcome)).then(like(ConsultationCompleted, plan_due=None)).timers


def test_a_draft_that_nobody_made_is_somebody_s_work_once() -> None:
    overdue = MissDraft(due=DUE)
    completed().when(overdue).then(ruled(like(PlanNotDrafted, due=DUE), "CON-01"))
    completed("MDT_PROGRAMME", overdue).when(overdue).then(nothing())


def test_a_draft_in_time_is_never_overdue() -> None:
    assert not completed().when(NoteDraft()).timers
    completed("MDT_PROGRAMME", NoteDraft()).when(MissDraft(due=DUE)).then(nothing())


@pytest.mark.parametrize("outcome", [*NEEDS_PLAN, *NO_PLAN, "NOT_SUITABLE", "REDIRECT"])
def test_every_outcome_has_its_letter_within_ten_business_days(outcome: Any) -> None:
    given(START).when(complete(outcome)).then(like(ConsultationCompleted, letter_due=DUE))
    signed = like(LetterSigned, kind="outcome", audience=SIGN.audience, signed_by=PHYSICIAN.id)
    completed(outcome).when(SIGN).then(signed)


@pytest.mark.parametrize("without", SIGN.audience)
def test_an_outcome_letter_is_for_referrer_practice_and_patient_or_says_why_not(without: Any) -> None:
    audience = tuple(each for each in SIGN.audience if each != without)
    some = msgspec.structs.replace(SIGN, audience=audience)
    completed().when(some).then(refused(without, code="audience-lacking"))
    why = msgspec.structs.replace(some, left_out="serious_harm")
    signed = like(LetterSigned, audience=audience, left_out="serious_harm")
    completed().when(why).then(ruled(signed, "CON-02"))


def test_a_letter_is_signed_once_and_by_a_physician() -> None:
    completed("MDT_PROGRAMME", SIGN).when(SIGN).then(refused("addendum", code="already-signed"))
    completed().when(NURSE, SIGN).then(refused(code="not-permitted"))


@pytest.mark.parametrize("outcome", ["NOT_SUITABLE", "REDIRECT", "SINGLE_DISCIPLINE"])
def test_some_outcomes_say_why_or_where(outcome: Any) -> None:
    situation = given(START)
    situation.when(complete(outcome, outcome_detail=None)).then(refused("outcome_detail"))
    situation.when(complete(outcome, outcome_detail="NOT_READY")).then(
        like(ConsultationCompleted, outcome=outcome, outcome_detail="NOT_READY")
    )


def test_without_a_coded_diagnosis_there_is_no_outcome() -> None:
    result = given(START).when(complete(diagnoses=()))
    result.then(refused("a diagnosis coded by ICD-11", code="consultation-incomplete"))


@pytest.mark.parametrize("code", ["MG30", "MG30.02", "MG30.0&XS5W", "ME84", "MG30.51/MG30.02", "mg30.02"])
def test_codes_and_clusters_of_icd_11_are_taken(code: str) -> None:
    told = like(ConsultationCompleted, diagnoses=(Diagnosis(system="ICD-11", code=code.upper()),))
    given(START).when(complete(diagnoses=(Coded("ICD-11", code),))).then(told)


def test_a_diagnosis_of_another_system_is_no_outcome_by_itself_and_none_beside_one() -> None:
    other = (Coded("ICD-10-CM", "G89.29"),)
    given(START).when(complete(diagnoses=other)).then(
        refused("a diagnosis coded by ICD-11", code="consultation-incomplete")
    )
    given(START).when(complete(diagnoses=(*other, *PAIN))).then(ConsultationCompleted)


@pytest.mark.parametrize(("visit", "kind"), [(FIRST_VISIT, "review"), (LATER_VISIT, "initial")])
def test_a_first_visit_is_an_initial_consultation_and_nothing_else_is(visit: str, kind: Any) -> None:
    given().when(StartConsultation(appointment_id=visit, kind=kind)).then(refused(code="other-kind"))
    given().when(StartConsultation(appointment_id=LATER_VISIT, kind="review")).then(ConsultationStarted)


@pytest.mark.parametrize("code", ["M54.5", "MG30.", "MG30.02&S5W", "low back pain"])
def test_what_is_no_code_of_icd_11_is_refused(code: str) -> None:
    given(START).when(complete(diagnoses=(*PAIN, Coded("ICD-11", code)))).then(refused("is no ICD-11 code"))


def test_everything_that_is_missing_is_named_at_once() -> None:
    left = {name: item for name, item in ANSWERED.items() if name not in ("history", "examination")}
    command = complete(diagnoses=(), checklist=left | {"shoe_size": Item(answer="42")})
    result = given(START).when(command)
    for part in ("history", "examination", "shoe_size", "a diagnosis coded by ICD-11"):
        result.then(refused(part, code="consultation-incomplete"))


def test_an_item_that_does_not_apply_says_why() -> None:
    no_answer = {"antithrombotic_status": Item()}
    given(START).when(complete(checklist=ANSWERED | no_answer)).then(refused("antithrombotic_status"))
    reason = {"antithrombotic_status": Item(not_applicable="takes none")}
    given(START).when(complete(checklist=ANSWERED | reason)).then(ConsultationCompleted)


def test_what_was_said_is_content() -> None:
    result = given(START).when(complete(note="She wants to walk again."))
    [body] = result.world.contents.values()
    assert b"asked and answered" in body and b"walk again" in body
    assert not any(b"walk again" in fact.model_dump_json().encode() for fact in result.only_facts)


LOOKS = (AssessAgain, FollowOpioids)
"""Asked for by every consultation, whatever its outcome."""


def follow(outcome: Any) -> list[Send]:
    """What the outcome leads to in this service."""
    fact = ConsultationCompleted(
        consultation_id=TARGET,
        kind="initial",
        outcome=outcome,
        diagnoses=(),
        letter_due=DUE,
        decided_by=TARGET,
    )
    world = given(START).world
    head: Head = world.head(fact, TARGET, ())
    reactions = SERVICE.reactions_by_type[ConsultationCompleted.wire_type]
    orders = [order for react in reactions for order in react(Event(head, fact), rules())]
    return [each for each in orders if isinstance(each, Send) and not isinstance(each.command, LOOKS)]


def test_a_programme_goes_before_the_team_and_patient_initiated_follow_up_opens_its_window() -> None:
    case = RequestCase(reason="new_programme", referral_id=TARGET)
    assert [send.command for send in follow("MDT_PROGRAMME")] == [case]
    assert [send.command for send in follow("PIFU")] == [OpenPifuAtOnce(referral_id=TARGET)]
    assert not follow("FURTHER_INVESTIGATION") and not follow("NOT_SUITABLE")


def test_an_investigation_that_was_asked_for_has_a_result() -> None:
    result = RecordResult(result="no_finding")
    completed("FURTHER_INVESTIGATION").when(result).then(
        like(InvestigationResultRecorded, result="no_finding")
    )
    completed("FURTHER_INVESTIGATION", result).when(result).then(nothing())
    completed().when(result).then(refused("no investigation"))


def test_a_clinician_begins_it_once() -> None:
    given(NURSE).when(START).then(like(ConsultationStarted, kind="initial"))
    given(START).when(START).then(nothing())


def test_a_consultation_that_was_left_has_no_outcome() -> None:
    left = given(START, AbandonConsultation(reason="emergency"))
    left.when(complete()).then(refused("not possible")).then_state(Abandoned)


def test_what_is_completed_is_amended_and_never_edited() -> None:
    completed().when(complete("PIFU")).then(refused("not possible", instead="AddAddendum"))
    result = completed().when(NURSE, AddAddendum(text="She called later.")).then_state(Completed)
    assert b"called later" in list(result.world.contents.values())[-1]


@pytest.mark.parametrize(
    "actor", [*OUTSIDERS, COORDINATOR, NURSE], ids=lambda actor: actor.role or actor.kind
)
def test_nobody_but_a_physician_completes_it(actor: Any) -> None:
    given(START, actor).when(complete()).then(refused(code="not-permitted"))
