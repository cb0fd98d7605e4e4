"""The consultation: begun by a clinician, completed with checklist, coded diagnosis and outcome (CON-01 to CON-05)."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from backbone.model import Aggregate, Command, Content, Decision, Given, Head, Refused, Ruled, State, Timer
from backbone.model.column import Columns, Flag, field
from backbone.model.rights import by, decider
from backbone.model.table import Table
from schemas.care_plan.v1.codes import Audience, ConsultationKind, ConsultationOutcome, InvestigationResult
from schemas.care_plan.v1.consultation import (
    ConsultationCompleted,
    ConsultationStarted,
    Diagnosis,
    InvestigationResultRecorded,
    LetterSigned,
)
from schemas.care_plan.v1.plan import PlanNotDrafted
from services.care_plan.domain.facts import AddendumKept, ChecklistKept, ConsultationAbandoned, DraftNoted
from services.care_plan.domain.roles import CLINICIAN, PHYSICIAN
from services.care_plan.domain.rules import Rules

NEEDS_PLAN = frozenset({"MDT_PROGRAMME", "PROCEDURE_PATHWAY", "SINGLE_DISCIPLINE", "MEDICATION_REVIEW"})
CONTINUES = NEEDS_PLAN | {"FURTHER_INVESTIGATION", "PIFU"}
NEEDS_DETAIL = frozenset({"SINGLE_DISCIPLINE", "NOT_SUITABLE", "REDIRECT"})

Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+&-]{0,63}$")]


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item of the checklist: an answer, or why it does not apply."""

    answer: str | None = None
    not_applicable: str | None = None

    @property
    def settled(self) -> bool:
        return bool(self.answer or self.not_applicable)


class Coded(msgspec.Struct, frozen=True):
    system: Code
    code: Code


class NotBegun(State, tag="planned", frozen=True, kw_only=True):
    pass


class Started(State, tag="started", frozen=True, kw_only=True):
    appointment_id: str
    kind: ConsultationKind
    referral_id: str | None = None


class Completed(State, tag="completed", frozen=True, kw_only=True):
    kind: ConsultationKind
    outcome: ConsultationOutcome
    referral_id: str | None = None
    plan_due: date | None = None
    drafted: bool = False
    letter_signed: bool = False
    result: str | None = None
    addenda: int = 0


class Abandoned(State, tag="abandoned", frozen=True, kw_only=True):
    kind: ConsultationKind


class StartConsultation(Command, tag="start_consultation", kw_only=True, frozen=True):
    appointment_id: str
    kind: ConsultationKind


class CompleteConsultation(Command, tag="complete_consultation", kw_only=True, frozen=True):
    outcome: ConsultationOutcome
    outcome_detail: Code | None = None
    diagnoses: tuple[Coded, ...] = ()
    checklist: dict[str, Item] = msgspec.field(default_factory=dict)
    note: str | None = None


class AbandonConsultation(Command, tag="abandon_consultation", kw_only=True, frozen=True):
    reason: Code


class AddAddendum(Command, tag="add_addendum", kw_only=True, frozen=True):
    text: Text


class RecordResult(Command, tag="record_investigation_result", kw_only=True, frozen=True):
    result: InvestigationResult


class SignLetter(Command, tag="sign_outcome_letter", kw_only=True, frozen=True):
    audience: Annotated[tuple[Audience, ...], Meta(min_length=1)]
    text: Text


class NoteDraft(Command, tag="note_draft", kw_only=True, frozen=True):
    """The plan is drafted."""


class MissDraft(Command, tag="miss_draft", kw_only=True, frozen=True):
    """Timer, CON-01."""

    due: date


@by(CLINICIAN)
def start(state: NotBegun, command: StartConsultation, given: Given[Rules]) -> Decision:
    return [
        ConsultationStarted(
            consultation_id=given.target, appointment_id=command.appointment_id, kind=command.kind
        )
    ]


@by(CLINICIAN)
def start_again(state: Started, command: StartConsultation, given: Given[Rules]) -> Decision:
    return ()


@by(PHYSICIAN)
def complete(state: Started, command: CompleteConsultation, given: Given[Rules]) -> Decision:
    """CON-04: no outcome without checklist and coded diagnosis."""
    if refusal := incomplete(command, given.rules):
        return refusal
    rules, ref = given.rules, given.ref("checklist")
    today = rules.calendar.day(given.at)
    letter_due = rules.calendar.business_days_later(today, rules.care_plan.letters.values.business_days)
    needs_plan = command.outcome in NEEDS_PLAN
    fact = ConsultationCompleted(
        consultation_id=given.target,
        kind=state.kind,
        outcome=command.outcome,
        outcome_detail=command.outcome_detail,
        diagnoses=tuple(Diagnosis(system=each.system, code=each.code) for each in command.diagnoses),
        plan_due=today + timedelta(days=rules.care_plan.plan_draft.values.days) if needs_plan else None,
        letter_due=letter_due,
        decided_by=decider(given),
    )
    body = msgspec.json.encode({"checklist": command.checklist, "note": command.note})
    named = (rules.care_plan.diagnosis.named, rules.care_plan.letters.named)
    return [Content(ref, "consultation", body), ChecklistKept(ref=ref), Ruled(fact, named)]


def incomplete(command: CompleteConsultation, rules: Rules) -> Refused | None:
    """Everything that is missing, at once."""
    wanted = rules.care_plan.checklist.values.items
    unknown = sorted(set(command.checklist) - set(wanted))
    missing = [item for item in wanted if not command.checklist.get(item, Item()).settled]
    problems = [f"not on the checklist: {', '.join(unknown)}"] if unknown else []
    if missing:
        problems.append(f"not answered: {', '.join(missing)}")
    if not command.diagnoses:
        problems.append("a coded diagnosis is needed (CON-04)")
    rule = rules.care_plan.diagnosis.values
    problems.extend(
        f"{each.code} is no {rule.system} code"
        for each in command.diagnoses
        if each.system == rule.system and not re.fullmatch(rule.pattern, each.code)
    )
    if command.outcome in NEEDS_DETAIL and not command.outcome_detail:
        problems.append(f"{command.outcome} needs outcome_detail")
    return Refused("; ".join(problems), code="consultation-incomplete") if problems else None


@by(CLINICIAN)
def abandon(state: Started, command: AbandonConsultation, given: Given[Rules]) -> Decision:
    return [ConsultationAbandoned(reason=command.reason)]


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
    return [
        InvestigationResultRecorded(
            consultation_id=given.target, result=command.result, decided_by=decider(given)
        )
    ]


@by(PHYSICIAN)
def sign(state: Completed, command: SignLetter, given: Given[Rules]) -> Decision:
    """CON-02"""
    if state.letter_signed:
        return Refused("the outcome letter is signed: write an addendum", code="already-signed")
    ref = given.ref("letter")
    return [
        Content(ref, "letter", msgspec.json.encode(command.text)),
        LetterSigned(letter_ref=ref, kind="outcome", audience=command.audience, signed_by=decider(given)),
    ]


def note_draft(state: Completed, command: NoteDraft, given: Given[Rules]) -> Decision:
    return [DraftNoted()] if state.plan_due and not state.drafted else ()


def nothing_drafted(
    state: NotBegun | Started | Abandoned, command: NoteDraft, given: Given[Rules]
) -> Decision:
    return ()


def miss_draft(state: Completed, command: MissDraft, given: Given[Rules]) -> Decision:
    """CON-01: overdue is somebody's work."""
    if state.drafted or state.plan_due != command.due:
        return ()
    fact = PlanNotDrafted(consultation_id=given.target, due=command.due)
    return [Ruled(fact, (given.rules.care_plan.plan_draft.named,))]


def started(state: NotBegun, fact: ConsultationStarted, head: Head) -> Started:
    return Started(appointment_id=fact.appointment_id, kind=fact.kind, referral_id=head.pathway_id)


def kept(state: Started, fact: ChecklistKept, head: Head) -> Started:
    return state


def completed(state: Started, fact: ConsultationCompleted, head: Head) -> Completed:
    return Completed(
        kind=fact.kind, outcome=fact.outcome, plan_due=fact.plan_due, referral_id=state.referral_id
    )


def abandoned(state: Started, fact: ConsultationAbandoned, head: Head) -> Abandoned:
    return Abandoned(kind=state.kind)


def added(state: Completed, fact: AddendumKept, head: Head) -> Completed:
    return msgspec.structs.replace(state, addenda=state.addenda + 1)


def resulted(state: Completed, fact: InvestigationResultRecorded, head: Head) -> Completed:
    return msgspec.structs.replace(state, result=fact.result)


def signed(state: Completed, fact: LetterSigned, head: Head) -> Completed:
    return msgspec.structs.replace(state, letter_signed=True)


def drafted(state: Completed, fact: DraftNoted, head: Head) -> Completed:
    return msgspec.structs.replace(state, drafted=True)


def overdue(state: Completed, fact: PlanNotDrafted, head: Head) -> Completed:
    return msgspec.structs.replace(state, plan_due=None)


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    """CON-01: the morning after the plan was due."""
    if not isinstance(state, Completed) or state.plan_due is None or state.drafted:
        return {}
    after = rules.calendar.daily(state.plan_due + timedelta(days=1))
    return {"draft": Timer(after, MissDraft(due=state.plan_due))}


class Consultations(Columns):
    """How consultations are found."""

    referral_id = field("referral_id")
    plan_wanted = Flag(lambda state: bool(getattr(state, "plan_due", None)))


CONSULTATION = Aggregate(
    "consultation",
    NotBegun(),
    decide=Table(
        *(start, start_again, complete, abandon, add, record_result, sign),
        *(note_draft, nothing_drafted, miss_draft),
    ),
    evolve=Table(started, kept, completed, abandoned, added, resulted, signed, drafted, overdue),
    timers=timers,
    columns=Consultations,
)
