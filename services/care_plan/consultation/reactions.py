"""A drafted plan, or the end of a referral → the consultation that wanted one. And how a visit becomes one."""

from backbone.ids import derive
from backbone.model import Event, On, Order, Orders, Snapshot, all_of, on, one, together_for
from schemas.care_plan.v1.codes import ConsultationKind
from schemas.care_plan.v1.plan import PlanDrafted
from schemas.referral.v1.ends import ENDS, ReferralEnd
from services.care_plan.consultation.aggregate import CONSULTATION, Consultations
from services.care_plan.consultation.commands import DropDraft, NoteDraft, StartConsultation
from services.care_plan.rules import Rules
from services.care_plan.visit.states import Visit


def note_draft(event: Event[PlanDrafted], rules: Rules) -> Orders:
    if event.head.pathway_id:
        target = all_of(Consultations.referral_id(event.head.pathway_id), Consultations.plan_wanted)
        yield CONSULTATION.send(NoteDraft(), to=target)


def drop_draft(event: Event[ReferralEnd], rules: Rules) -> Orders:
    target = all_of(Consultations.referral_id(event.head.aggregate_id), Consultations.plan_wanted)
    yield CONSULTATION.send(DropDraft(), to=target)


def begin(visit: Snapshot[Visit], kind: ConsultationKind) -> Order:
    """One for each appointment, for the patient of the appointment."""
    command = StartConsultation(appointment_id=visit.id, kind=kind)
    return together_for(visit, CONSULTATION.send(command, to=one(consultation_id(visit.id))))


def consultation_id(appointment_id: str) -> str:
    return derive(appointment_id, "consultation")


REACTIONS: tuple[On, ...] = (
    on(PlanDrafted, note_draft),
    *(on(fact, drop_draft) for fact in ENDS),
)
