"""Begun by a clinician, completed with checklist, coded diagnosis and outcome (CON-01 to CON-05)."""

import re
from datetime import timedelta

import msgspec

from backbone.model import Content, Decision, Given, Refused, Ruled, Table, by, decider, ignores, like
from schemas.care_plan.v1.consultation import (
    ConsultationCompleted,
    ConsultationStarted,
    Diagnosis,
    InvestigationResultRecorded,
    LetterSigned,
)
from schemas.care_plan.v1.plan import PlanNotDrafted
from services.care_plan.consultation.commands import (
    AbandonConsultation,
    AddAddendum,
    CompleteConsultation,
    DropDraft,
    Item,
    MissDraft,
    NoteDraft,
    RecordResult,
    SignLetter,
    StartConsultation,
    TakeLetterBack,
)
from services.care_plan.consultation.facts import (
    AddendumKept,
    ChecklistKept,
    ConsultationAbandoned,
    DraftNoted,
    DraftNotWanted,
    LetterTakenBack,
)
from services.care_plan.consultation.states import Abandoned, Completed, NotBegun, Started
from services.care_plan.history.states import is_over
from services.care_plan.roles import CLINICIAN, PHYSICIAN
from services.care_plan.rules import Rules
from services.care_plan.visit.states import Noted

NEEDS_PLAN = frozenset({"MDT_PROGRAMME", "PROCEDURE_PATHWAY", "SINGLE_DISCIPLINE", "MEDICATION_REVIEW"})
FIRST_VISIT = "initial_consultation"
NEEDS_DETAIL = frozenset({"SINGLE_DISCIPLINE", "NOT_SUITABLE", "REDIRECT"})


@by(CLINICIAN)
def start(state: NotBegun, command: StartConsultation, given: Given[Rules]) -> Decision:
    """A first visit is an initial consultation, and nothing else is: the referral waits for its outcome."""
    visit = given.others.get(("visit", command.appointment_id))
    first = isinstance(visit, Noted) and visit.purpose == FIRST_VISIT
    if first != (command.kind == "initial"):
        which = "the first visit is" if first else "only the first visit is"
        return Refused(f"{which} an initial consultation", code="other-kind")
    return [like(ConsultationStarted, command, consultation_id=given.target)]


@by(PHYSICIAN)
def complete(state: Started, command: CompleteConsultation, given: Given[Rules]) -> Decision:
    """CON-04: no outcome without checklist and coded diagnosis. What is told after the end of the referral is kept, and
    its letter written; a plan is not asked for any more."""
    if refusal := incomplete(command, given.rules):
        return refusal
    calendar, settings = given.rules.calendar, given.rules.care_plan
    today, ref = calendar.day(given.at), given.ref("checklist")
    needs_plan = command.outcome in NEEDS_PLAN and not is_over(state.referral_id, given)
    fact = ConsultationCompleted(
        consultation_id=given.target,
        kind=state.kind,
        outcome=command.outcome,
        outcome_detail=command.outcome_detail,
        diagnoses=tuple(like(Diagnosis, each, code=each.code.upper()) for each in command.diagnoses),
        plan_due=today + timedelta(days=settings.plan_draft.values.days) if needs_plan else None,
        letter_due=calendar.business_days_later(today, settings.letters.values.business_days),
        decided_by=decider(given),
    )
    body = msgspec.json.encode({"checklist": command.checklist, "note": command.note})
    completed = Ruled(fact, (settings.diagnosis, settings.letters))
    return [Content(ref, "consultation", body), ChecklistKept(ref=ref), completed]


def incomplete(command: CompleteConsultation, rules: Rules) -> Refused | None:
    """Everything that is missing, at once."""
    wanted = rules.care_plan.checklist.values.items
    unknown = sorted(set(command.checklist) - set(wanted))
    missing = [item for item in wanted if not command.checklist.get(item, Item()).settled]
    problems = [f"not on the checklist: {', '.join(unknown)}"] if unknown else []
    if missing:
        problems.append(f"not answered: {', '.join(missing)}")
    rule = rules.care_plan.diagnosis.values
    if all(each.system != rule.system for each in command.diagnoses):
        problems.append(f"a diagnosis coded by {rule.system} is needed")
    problems.extend(
        f"{each.code} is no {rule.system} code"
        for each in command.diagnoses
        if each.system == rule.system and not re.fullmatch(rule.pattern, each.code.upper())
    )
    if command.outcome in NEEDS_DETAIL and not command.outcome_detail:
        problems.append(f"{command.outcome} needs outcome_detail")
    return Refused("; ".join(problems), code="consultation-incomplete") if problems else None


@by(CLINICIAN)
def abandon(state: Started, command: AbandonConsultation, given: Given[Rules]) -> Decision:
    return [like(ConsultationAbandoned, command)]


@by(CLINICIAN)
def add(state: Completed, command: AddAddendum, given: Given[Rules]) -> Decision:
    """A completed consultation is never edited."""
    ref = given.ref("addendum")
    body = msgspec.json.encode(command.text)
    return [Content(ref, "addendum", body), AddendumKept(ref=ref, by_id=decider(given))]


@by(CLINICIAN)
def record_result(state: Completed, command: RecordResult, given: Given[Rules]) -> Decision:
    if state.outcome != "FURTHER_INVESTIGATION":
        return Refused("no investigation was asked for", code="refused")
    if state.result == command.result:
        return ()
    if command.result == "back_to_clinic" and is_over(state.referral_id, given):
        return Refused("the referral is over: care goes on under another one", code="referral-over")
    person = decider(given)
    return [like(InvestigationResultRecorded, command, consultation_id=given.target, decided_by=person)]


@by(PHYSICIAN)
def sign(state: Completed, command: SignLetter, given: Given[Rules]) -> Decision:
    """CON-02"""
    if state.letter_signed:
        return Refused("the outcome letter is signed: write an addendum", code="already-signed")
    rule = given.rules.care_plan.letters
    lacking = [each for each in rule.values.audience if each not in command.audience]
    if lacking and command.left_out is None:
        said = f"audience: the outcome letter is for {', '.join(lacking)} too; say in left_out why it is not"
        return Refused(said, code="audience-lacking")
    return [Ruled(like(LetterSigned, command, kind="outcome", signed_by=decider(given)), (rule,))]


def take_back(state: Completed, command: TakeLetterBack, given: Given[Rules]) -> Decision:
    return [LetterTakenBack()] if state.letter_ref == command.letter_ref else ()


def note_draft(state: Completed, command: NoteDraft, given: Given[Rules]) -> Decision:
    return [DraftNoted()] if state.plan_due and not state.drafted else ()


def drop_draft(state: Completed, command: DropDraft, given: Given[Rules]) -> Decision:
    return [DraftNotWanted()] if state.plan_due and not state.drafted else ()


def miss_draft(state: Completed, command: MissDraft, given: Given[Rules]) -> Decision:
    """CON-01: overdue is somebody's work."""
    if state.drafted or state.plan_due != command.due:
        return ()
    fact = like(PlanNotDrafted, command, consultation_id=given.target)
    return [Ruled(fact, (given.rules.care_plan.plan_draft,))]


DECIDE = Table(
    *(start, complete, abandon, add, record_result, sign, take_back, note_draft, drop_draft, miss_draft),
    ignores(StartConsultation, when=Started, whom=CLINICIAN),
    ignores(NoteDraft, DropDraft, TakeLetterBack, when=(NotBegun, Started, Abandoned)),
)
