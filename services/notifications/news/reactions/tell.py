"""What the table says of a fact: to the patient's agenda, and to the referral's circle. Pure."""

from backbone.model import Event, On, Orders, like, on, one
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.fact import Fact
from schemas.notifications.v1.codes import MessageAudience, Template
from schemas.referral.v1.duplicate import DuplicateLinked
from schemas.referral.v1.patient import DeathSettled, PatientDeceased
from schemas.scheduling.v1.appointment import AppointmentBooked, AppointmentCancelled, AppointmentMoved
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.commands import Hear, NoteDeath, NoteLife, Source
from services.notifications.agenda.states import Visit
from services.notifications.circle.aggregate import CIRCLE, Tell
from services.notifications.news.reactions.table import BY_FACT, TABLE, Team
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS


def told(event: Event[Fact], *audiences: MessageAudience) -> tuple[Template, ...]:
    row = BY_FACT[type(event.fact)]
    unsaid = row.unsaid(event.fact)
    return tuple(each for each in row.says if KINDS[each].audience in audiences and each not in unsaid)


def source_of(event: Event[Fact]) -> Source:
    return Source(event.head.aggregate_id, event.head.sequence or 0, event.head.occurred_at)


def tell_patient(event: Event[Fact], rules: Rules) -> Orders:
    row, says, patient_id = BY_FACT[type(event.fact)], told(event, "pt"), event.head.lane_key
    if patient_id and row.when(event.fact) and (says or row.ends):
        command = Hear(
            patient_id=patient_id,
            referral_id=event.head.pathway_id,
            source=source_of(event),
            subject_id=row.subject(event),
            subject_version=row.version(event),
            ends=row.ends,
            scope=row.scope,
            only=row.only,
            visit=visit_of(event, rules),
            moved_to=event.fact.start if isinstance(event.fact, AppointmentMoved) else None,
            location=event.fact.location if isinstance(event.fact, AppointmentMoved) else None,
            depends_on=row.depends_on(event.fact),
            due_on=row.due_on(event.fact),
            own=isinstance(event.fact, AppointmentCancelled) and event.fact.by == "patient",
            says=says,
        )
        yield AGENDA.send(command, to=one(patient_id))


def visit_of(event: Event[Fact], rules: Rules) -> Visit | None:
    """A date that is booked. Of a series is who has several (NOT-16)."""
    fact = event.fact
    if not isinstance(fact, AppointmentBooked):
        return None
    series = fact.series is not None and fact.series.of >= rules.notifications.digest.values.series_of
    return like(Visit, fact, series=series, referral_id=event.head.pathway_id)


def tell_professionals(event: Event[Fact], rules: Rules) -> Orders:
    row, says, referral_id = BY_FACT[type(event.fact)], told(event, "ref", "staff"), event.head.pathway_id
    team = row.team(event.fact)
    if referral_id and row.when(event.fact) and (says or team):
        command = Tell(
            source=source_of(event),
            subject_id=row.subject(event),
            subject_version=row.version(event),
            referrer_id=row.referrer(event.fact),
            **(team or Team())._asdict(),
            author=event.head.actor.id,
            says=says,
        )
        yield CIRCLE.send(command, to=one(referral_id))


def note_death(event: Event[PatientDeceased | PatientDischarged], rules: Rules) -> Orders:
    """Before anything is told: also where a discharge says it first."""
    died = isinstance(event.fact, PatientDeceased) or event.fact.reason == "DIED"
    if died and event.head.lane_key:
        yield AGENDA.send(NoteDeath(), to=one(event.head.lane_key))


def note_life(event: Event[DeathSettled], rules: Rules) -> Orders:
    if event.fact.lives and event.head.lane_key:
        yield AGENDA.send(NoteLife(), to=one(event.head.lane_key))


def tell_duplicate_s_referrer(event: Event[DuplicateLinked], rules: Rules) -> Orders:
    """Both referrers: the one of the referral that is kept stands in the table."""
    command = Tell(
        source=source_of(event),
        subject_id=event.head.aggregate_id,
        subject_version=event.head.sequence,
        says=("REF_DUPLICATE",),
    )
    yield CIRCLE.send(command, to=one(event.fact.duplicate_id))


DEATH: tuple[On, ...] = (
    on(PatientDeceased, note_death),
    on(PatientDischarged, note_death),
    on(DeathSettled, note_life),
)
REACTIONS: tuple[On, ...] = (
    *DEATH,
    *(on(row.fact, tell_patient, tell_professionals) for row in TABLE),
    on(DuplicateLinked, tell_duplicate_s_referrer),
)
