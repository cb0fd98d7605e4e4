"""The consultation as one aggregate: what each fact makes of it, and what follows from its state."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from msgspec.structs import replace

from backbone.model import Aggregate, Columns, Command, Flag, Head, Table, Timer, field, like
from schemas.care_plan.v1.consultation import (
    ConsultationCompleted,
    ConsultationStarted,
    InvestigationResultRecorded,
    LetterSigned,
)
from schemas.care_plan.v1.plan import PlanNotDrafted
from services.care_plan.consultation.commands import (
    CompleteConsultation,
    MissDraft,
    RecordResult,
    StartConsultation,
)
from services.care_plan.consultation.decide import DECIDE
from services.care_plan.consultation.facts import (
    AddendumKept,
    ChecklistKept,
    ConsultationAbandoned,
    DraftNoted,
    DraftNotWanted,
    LetterTakenBack,
)
from services.care_plan.consultation.states import (
    Abandoned,
    Completed,
    Consultation,
    Diagnosed,
    NotBegun,
    Started,
)
from services.care_plan.rules import Rules


def started(state: NotBegun, fact: ConsultationStarted, head: Head) -> Started:
    return like(Started, fact, referral_id=head.pathway_id)


def kept(state: Started, fact: ChecklistKept, head: Head) -> Started:
    return state


def completed(state: Started, fact: ConsultationCompleted, head: Head) -> Completed:
    diagnoses = tuple(like(Diagnosed, each) for each in fact.diagnoses)
    return like(Completed, fact, referral_id=state.referral_id, diagnoses=diagnoses)


def abandoned(state: Started, fact: ConsultationAbandoned, head: Head) -> Abandoned:
    return Abandoned(kind=state.kind)


def added(state: Completed, fact: AddendumKept, head: Head) -> Completed:
    return replace(state, addenda=state.addenda + 1)


def resulted(state: Completed, fact: InvestigationResultRecorded, head: Head) -> Completed:
    return replace(state, result=fact.result)


def signed(state: Completed, fact: LetterSigned, head: Head) -> Completed:
    return replace(state, letter_signed=True, letter_ref=fact.letter_ref)


def taken_back(state: Completed, fact: LetterTakenBack, head: Head) -> Completed:
    return replace(state, letter_signed=False, letter_ref=None)


def drafted(state: Completed, fact: DraftNoted, head: Head) -> Completed:
    return replace(state, drafted=True)


def overdue(state: Completed, fact: PlanNotDrafted | DraftNotWanted, head: Head) -> Completed:
    return replace(state, plan_due=None)


def timers(state: Consultation, rules: Rules) -> Mapping[str, Timer]:
    """CON-01: the morning after the plan was due."""
    if not isinstance(state, Completed) or state.plan_due is None or state.drafted:
        return {}
    after = rules.calendar.daily(state.plan_due + timedelta(days=1))
    return {"draft": Timer(after, MissDraft(due=state.plan_due))}


def needs(state: Consultation, command: Command) -> Iterable[tuple[str, str]]:
    """What the visit was booked for; whether the referral goes on."""
    if isinstance(command, StartConsultation):
        yield "visit", command.appointment_id
    referral_id = getattr(state, "referral_id", None)
    if isinstance(command, CompleteConsultation | RecordResult) and referral_id:
        yield "history", referral_id


class Consultations(Columns):
    """How consultations are found."""

    referral_id = field("referral_id")
    plan_wanted = Flag(lambda state: bool(getattr(state, "plan_due", None)))


CONSULTATION = Aggregate[Consultation](
    "consultation",
    NotBegun(),
    decide=DECIDE,
    evolve=Table(started, kept, completed, abandoned, added, resulted, signed, taken_back, drafted, overdue),
    timers=timers,
    needs=needs,
    columns=Consultations,
)
