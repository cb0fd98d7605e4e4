"""Acceptance, the first consultation from its beginning, doses and ends → the opioid checks of a referral. Pure."""

from backbone.model import Event, On, Orders, PersonJoined, PersonParted, all_of, on, one
from schemas.care_plan.v1.consultation import ConsultationCompleted, ConsultationStarted
from schemas.fact import Fact
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.referral.v1.referral import ReferralAccepted
from services.care_plan.opioid_check.aggregate import OPIOID_CHECKS, CheckColumns
from services.care_plan.opioid_check.commands import EndChecks, FollowOpioids, LookAtOpioids
from services.care_plan.opioid_check.states import checks_id
from services.care_plan.risk.facts import DoseNoted, MoodNoted, TaperNoted
from services.care_plan.rules import Rules


def follow_from_acceptance(event: Event[ReferralAccepted], rules: Rules) -> Orders:
    yield from follow(event)


def follow_from_beginning(event: Event[ConsultationStarted], rules: Rules) -> Orders:
    """Whoever is about to prescribe looks into the registry first."""
    yield from follow(event, begun=True)


def follow_from_consultation(event: Event[ConsultationCompleted], rules: Rules) -> Orders:
    """From now on every check counts."""
    yield from follow(event, seen=True, held_by=event.fact.decided_by)


def follow(
    event: Event[Fact], *, begun: bool = False, seen: bool = False, held_by: str | None = None
) -> Orders:
    patient_id, referral_id = event.head.lane_key, event.head.pathway_id
    if patient_id and referral_id:
        command = FollowOpioids(
            patient_id=patient_id, referral_id=referral_id, begun=begun, seen=seen, held_by=held_by
        )
        yield OPIOID_CHECKS.send(command, to=one(checks_id(referral_id)))


def look(event: Event[DoseNoted | MoodNoted | TaperNoted], rules: Rules) -> Orders:
    """The dose of one record, its taper, and what questionnaires show, concern all referrals of the person."""
    for patient_id in (event.head.aggregate_id, *event.fact.also):
        yield from look_for(patient_id)


def look_for_person(event: Event[PersonJoined | PersonParted], rules: Rules) -> Orders:
    """Together they take what either does; apart each takes their own."""
    for patient_id in (event.head.aggregate_id, event.fact.other_id):
        yield from look_for(patient_id)


def look_for(patient_id: str) -> Orders:
    target = all_of(CheckColumns.patient_id(patient_id))
    yield OPIOID_CHECKS.send(LookAtOpioids(patient_id=patient_id), to=target)


def end(event: Event[ReferralEnd], rules: Rules) -> Orders:
    yield OPIOID_CHECKS.send(EndChecks(), to=one(checks_id(event.head.aggregate_id)))


REACTIONS: tuple[On, ...] = (
    on(ReferralAccepted, follow_from_acceptance),
    on(ConsultationStarted, follow_from_beginning),
    on(ConsultationCompleted, follow_from_consultation),
    *(on(fact, end) for fact in ENDS),
)

OWN: tuple[On, ...] = (
    on(DoseNoted, look),
    on(MoodNoted, look),
    on(TaperNoted, look),
    on(PersonJoined, look_for_person),
    on(PersonParted, look_for_person),
)
"""Handled in the transaction that writes the facts."""
