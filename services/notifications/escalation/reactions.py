"""Facts that somebody has to answer, and those that say it was done → orders to escalations. Pure."""

from msgspec.structs import replace

from backbone.model import Event, On, Orders, Send, all_of, on, one
from schemas.care_plan.v1.contact import ContactRecorded as Spoken
from schemas.care_plan.v1.plan import PlanDrafted, PlanNotDrafted
from schemas.care_plan.v1.safety import (
    SafetyAlertAcknowledged,
    SafetyAlertAssessed,
    SafetyAlertClosed,
    SafetyAlertRaised,
)
from schemas.codes import LIVES, Queue
from schemas.fact import Fact
from schemas.notifications.v1.codes import EscalationSeverity
from schemas.notifications.v1.message import ContactRecorded
from schemas.referral.v1.duplicate import DuplicateLinked
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.referral.v1.patient import PatientDeceased
from schemas.referral.v1.referral import RedFlagRaised, RedFlagResolved, TargetChanged
from schemas.referral.v1.wait import WaitBreached
from schemas.scheduling.v1.appointment import AppointmentBooked, AttendanceCorrected, PatientAttended
from schemas.worklist.v1.item import ItemClaimed, ItemOpened, ItemReleased, TransitionUndone
from services.notifications.agenda.facts import CrisisWordsFound
from services.notifications.escalation.aggregate import ESCALATION, Escalations, escalation_id
from services.notifications.escalation.commands import (
    NoteAssessment,
    NoteClaim,
    NoteItem,
    NoteRelease,
    Raise,
    Resolve,
)
from services.notifications.escalation.states import Origin
from services.notifications.rules import Rules

CRISIS = "crisis_reply"
ITEMS = {"RED_FLAG": "red_flag", "SAFETY_ALERT": "safety_alert", "CRISIS_CALL": CRISIS}
"""Whose claim acknowledges, and what they are about."""


def origin(event: Event[Fact]) -> Origin:
    head = event.head
    return Origin(head.aggregate_type, head.aggregate_id, head.sequence or 0, head.occurred_at)


def raised(
    event: Event[Fact],
    subject_type: str,
    subject_id: str,
    severity: EscalationSeverity,
    queue: Queue,
    *,
    lives: bool = False,
) -> Send:
    command = Raise(
        origin=origin(event),
        subject_type=subject_type,
        subject_id=subject_id,
        severity=severity,
        queue=queue,
        patient_id=event.head.lane_key,
        lives=lives,
    )
    return ESCALATION.send(command, to=one(escalation_id(subject_type, subject_id)))


def raise_red_flag(event: Event[RedFlagRaised], rules: Rules) -> Orders:
    flag = event.fact
    queue, lives = rules.queue_of_flag(flag.flag), flag.because == LIVES
    yield raised(event, "red_flag", flag.flag_id, flag.severity, queue, lives=lives)


def raise_alert(event: Event[SafetyAlertRaised], rules: Rules) -> Orders:
    alert = event.fact
    lives = alert.because == LIVES
    yield raised(event, "safety_alert", alert.alert_id, alert.severity, alert.queue, lives=lives)


def raise_crisis(event: Event[CrisisWordsFound], rules: Rules) -> Orders:
    """A patient writes of dying. Each text is another warning; about the message that it answers, or the patient. Who
    writes from the number of somebody who died is heard like everybody."""
    fact, patient_id = event.fact, event.head.aggregate_id
    warned = raised(event, CRISIS, fact.message_id or patient_id, fact.severity, "nursing")
    text = Origin("text", fact.inbound_id, 0, event.head.occurred_at)
    yield Send(warned.aggregate, replace(warned.command, origin=text, patient_id=None), warned.to)


def resolve_crisis(event: Event[ContactRecorded | Spoken], rules: Rules) -> Orders:
    """Somebody spoke with the patient."""
    if event.head.lane_key and event.fact.result == "reached":
        about = Escalations.patient_id(event.head.lane_key), Escalations.subject_type(CRISIS)
        yield ESCALATION.send(Resolve(origin=origin(event)), to=all_of(*about, Escalations.open))


def raise_overdue_plan(event: Event[PlanNotDrafted], rules: Rules) -> Orders:
    warned = rules.escalation.warnings.values.overdue_plan
    yield raised(event, "overdue_plan", event.fact.consultation_id, warned.severity, warned.queue)


def raise_breach(event: Event[WaitBreached], rules: Rules) -> Orders:
    warned = rules.escalation.warnings.values.wait_breach
    yield raised(event, "wait_breach", event.head.aggregate_id, warned.severity, warned.queue)


def resolved(event: Event[Fact], subject_type: str, subject_id: str) -> Send:
    return ESCALATION.send(Resolve(origin=origin(event)), to=one(escalation_id(subject_type, subject_id)))


def resolve_red_flag(event: Event[RedFlagResolved], rules: Rules) -> Orders:
    yield resolved(event, "red_flag", event.fact.flag_id)


def resolve_alert(event: Event[SafetyAlertClosed], rules: Rules) -> Orders:
    yield resolved(event, "safety_alert", event.fact.alert_id)


def resolve_breach(event: Event[AppointmentBooked | PatientAttended], rules: Rules) -> Orders:
    """The first visit has a date, or took place. It comes over another topic than the breach, and may come first."""
    if event.head.pathway_id and event.fact.purpose == "initial_consultation":
        yield resolved(event, "wait_breach", event.head.pathway_id)


def resolve_breach_of_seen(event: Event[AttendanceCorrected], rules: Rules) -> Orders:
    """The first visit was found to have taken place."""
    if event.head.pathway_id:
        yield resolved(event, "wait_breach", event.head.pathway_id)


def resolve_moved_breach(event: Event[TargetChanged], rules: Rules) -> Orders:
    """By the new target nobody is late."""
    if event.fact.standing in ("in_time", "short"):
        yield resolved(event, "wait_breach", event.head.aggregate_id)


def resolve_open(event: Event[Fact], referral_id: str | None, *subject_types: str) -> Orders:
    """What is open about the referral."""
    for subject_type in subject_types if referral_id else ():
        about = Escalations.subject_type(subject_type), Escalations.referral_id(str(referral_id))
        yield ESCALATION.send(Resolve(origin=origin(event)), to=all_of(*about, Escalations.open))


def resolve_overdue_plan(event: Event[PlanDrafted], rules: Rules) -> Orders:
    """The draft does not name the consultation."""
    yield from resolve_open(event, event.head.pathway_id, "overdue_plan")


def resolve_waits(event: Event[ReferralEnd], rules: Rules) -> Orders:
    """The referral is over. What is about safety ends by its own fact."""
    yield from resolve_open(event, event.head.pathway_id, "overdue_plan", "wait_breach")


def resolve_waits_of_duplicate(event: Event[DuplicateLinked], rules: Rules) -> Orders:
    """The one that is kept waits on, the duplicate no longer."""
    yield from resolve_open(event, event.fact.duplicate_id, "wait_breach")


def resolve_all(event: Event[PatientDeceased], rules: Rules) -> Orders:
    """Nobody is called about whoever has died, whatever it was about."""
    if event.head.lane_key:
        about = Escalations.patient_id(event.head.lane_key)
        yield ESCALATION.send(Resolve(origin=origin(event)), to=all_of(about, Escalations.open))


def note_assessment(event: Event[SafetyAlertAssessed], rules: Rules) -> Orders:
    command = NoteAssessment(origin=origin(event), by_id=event.fact.decided_by)
    yield ESCALATION.send(command, to=one(escalation_id("safety_alert", event.fact.alert_id)))


def note_acknowledgement(event: Event[SafetyAlertAcknowledged], rules: Rules) -> Orders:
    """Where the alert itself is shown, it can be taken up too."""
    command = NoteClaim(by_id=event.fact.by_id, at=event.fact.at)
    yield ESCALATION.send(command, to=one(escalation_id("safety_alert", event.fact.alert_id)))


def note_item(event: Event[ItemOpened], rules: Rules) -> Orders:
    """A claim names the item only."""
    if subject_type := ITEMS.get(event.fact.item_type):
        target = one(escalation_id(subject_type, event.fact.subject_id))
        yield ESCALATION.send(NoteItem(item_id=event.fact.item_id), to=target)


def note_claim(event: Event[ItemClaimed], rules: Rules) -> Orders:
    if event.fact.item_type in ITEMS:
        command = NoteClaim(by_id=event.fact.by_id, at=event.head.occurred_at)
        yield ESCALATION.send(command, to=all_of(Escalations.item_id(event.fact.item_id)))


def note_release(event: Event[ItemReleased | TransitionUndone], rules: Rules) -> Orders:
    """By a person: a claim that only rests is no sign that nobody is with the patient."""
    fact = event.fact
    rests = fact.reason == "idle" if isinstance(fact, ItemReleased) else fact.restored_state == "claimed"
    if fact.item_type in ITEMS and not rests:
        command = NoteRelease(at=event.head.occurred_at)
        yield ESCALATION.send(command, to=all_of(Escalations.item_id(fact.item_id)))


REACTIONS: tuple[On, ...] = (
    on(RedFlagRaised, raise_red_flag),
    on(SafetyAlertRaised, raise_alert),
    on(PlanNotDrafted, raise_overdue_plan),
    on(WaitBreached, raise_breach),
    on(RedFlagResolved, resolve_red_flag),
    on(SafetyAlertAcknowledged, note_acknowledgement),
    on(SafetyAlertAssessed, note_assessment),
    on(SafetyAlertClosed, resolve_alert),
    on(PlanDrafted, resolve_overdue_plan),
    on(AppointmentBooked, resolve_breach),
    on(PatientAttended, resolve_breach),
    on(AttendanceCorrected, resolve_breach_of_seen),
    on(TargetChanged, resolve_moved_breach),
    *(on(fact, resolve_waits) for fact in ENDS),
    on(DuplicateLinked, resolve_waits_of_duplicate),
    on(PatientDeceased, resolve_all),
    on(ItemOpened, note_item),
    on(ItemClaimed, note_claim),
    on(ItemReleased, note_release),
    on(TransitionUndone, note_release),
    on(Spoken, resolve_crisis),
)
OWN: tuple[On, ...] = (on(CrisisWordsFound, raise_crisis), on(ContactRecorded, resolve_crisis))
"""Handled in the transaction that writes the facts."""
