"""Facts → orders to items, derived from the catalogue. Within one fact: close, open, change, clean up."""

from collections.abc import Callable, Mapping
from typing import Any

from backbone.model import AllOf, Event, On, Orders, Send, all_of, marks_of, on, one
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.codes import Priority
from schemas.fact import Fact
from schemas.notifications.v1.escalation import (
    EscalationAcknowledged,
    EscalationRaised,
    EscalationResolved,
    EscalationTimedOut,
)
from schemas.referral.v1.duplicate import DuplicateLinked
from schemas.referral.v1.ends import MarkedInError
from schemas.referral.v1.patient import MergeUndone, PatientDeceased, PatientsMerged
from schemas.referral.v1.referral import (
    InformationNotReceived,
    ReferralCompleted,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
    ReferralWithdrawn,
    TargetChanged,
)
from schemas.scheduling.v1.appointment import AppointmentMoved
from schemas.scheduling.v1.booking import BookingFulfilled, BookingSuspended, BookingTakenUp
from schemas.scheduling.v1.waitlist import WaitlistJoined
from services.worklist.catalogue.decide.gates import checked_before
from services.worklist.catalogue.decide.referral import AFTER_REMINDER
from services.worklist.catalogue.decide.row import Row, When
from services.worklist.catalogue.decide.scheduling import TO_BOOK
from services.worklist.catalogue.decide.table import CALLED_ABOUT, CATALOGUE
from services.worklist.item.aggregate import ITEM, Items, item_id
from services.worklist.item.commands import (
    CancelItem,
    CancelReason,
    CompleteItem,
    EscalateByLadder,
    FollowLadder,
    OpenItem,
    RankItem,
    ReprioritiseItem,
    ShowApart,
    ShowUnder,
)
from services.worklist.item.states import Source
from services.worklist.rules import Rules

Reaction = Callable[[Event[Any], Rules], Orders]


def source(event: Event[Fact]) -> Source:
    """The fact behind a change; behind a private step the public fact that caused it."""
    head = event.head
    identity = head.event_id if event.fact.public else head.causation_id
    return Source(identity, head.occurred_at, head.aggregate_id, head.sequence, head.aggregate_type)


def open_about(item_type: str, subject_id: str) -> AllOf:
    """The open items of a type about a subject."""
    return all_of(Items.item_type(item_type), Items.subject_id(subject_id), Items.open)


def close_by(row: Row[Any], closing: When[Any]) -> Reaction:
    """WL-06: by subject. What may come before its opening is also told to the item to be (WL-04)."""
    remember = row.remembers(closing)

    def close_items(event: Event[Any], rules: Rules) -> Orders:
        if not closing.holds(event.fact):
            return
        subject_id = row.subject.id(event)
        command = CompleteItem(source(event), by=event.head.actor.id, remember=remember)
        yield ITEM.send(command, to=open_about(row.item, subject_id))
        if remember:
            yield ITEM.send(command, to=one(item_id(row.item, subject_id, row.queue_for(event, rules))))

    return close_items


def close_by_referral(row: Row[Any], closing: When[Any]) -> Reaction:
    """WL-06: the closing fact does not name the subject: every open item of the type of this referral."""

    def close_items(event: Event[Any], rules: Rules) -> Orders:
        if closing.holds(event.fact) and event.head.pathway_id:
            command = CompleteItem(source(event), by=event.head.actor.id)
            target = all_of(Items.item_type(row.item), Items.referral_id(event.head.pathway_id), Items.open)
            yield ITEM.send(command, to=target)

    return close_items


def open_by(row: Row[Any]) -> Reaction:
    """WL-01: the same type, subject and queue is the same item."""

    def open_items(event: Event[Any], rules: Rules) -> Orders:
        if row.when(event.fact):
            for part in row.each(event.fact):
                yield open_item(row, Event(event.head, part), source(event), rules)

    return open_items


def open_item(row: Row[Any], event: Event[Any], opened: Source, rules: Rules) -> Send:
    subject, queue = (row.subject.kind, row.subject.id(event)), row.queue_for(event, rules)
    itself = subject == (event.head.aggregate_type, event.head.aggregate_id)
    command = OpenItem(
        source=opened,
        item_type=row.item,
        queue=queue,
        subject_type=row.subject.kind,
        subject_id=row.subject.id(event),
        subject_version=event.head.sequence if itself else None,
        priority=row.priority_for(event, rules),
        due_at=row.due(event, rules),
        ack_due_at=row.ack(event, rules) if row.ack else None,
        category=row.category(event.fact),
        detail=row.detail and row.detail.of(event.fact),
        about=row.about and row.about.of(event.fact),
        place=row.place(event),
        unverified=marks_of(event, rules.unverified_anywhere),
        referral_id=event.head.pathway_id if row.cleaned_up else None,
        patient_id=event.head.lane_key,
        lives=row.lives(event.fact),
    )
    return ITEM.send(command, to=one(item_id(row.item, command.subject_id, queue)))


def press_for_information(event: Event[InformationNotReceived], rules: Rules) -> Orders:
    """REF-08: after the reminder the item waits on; at the decision it becomes urgent."""
    command = ReprioritiseItem(source(event), "information_not_received", "urgent")
    if event.fact.stage == "reminder":
        due_at = AFTER_REMINDER(event, rules)
        command = ReprioritiseItem(source(event), "information_not_received", due_at=due_at)
    yield ITEM.send(command, to=open_about("REF_INFO_WAIT", event.head.aggregate_id))


def wait_with_booking(event: Event[BookingSuspended | BookingTakenUp], rules: Rules) -> Orders:
    """While no date may be given nobody is late with one: it is due when its plan is looked at again, if ever,
    else not at all; and anew when dates may be given."""
    fact = event.fact
    if isinstance(fact, BookingTakenUp):
        command = ReprioritiseItem(source(event), "taken_up", due_at=TO_BOOK(event, rules))
    else:
        due_at = rules.calendar.due(fact.until) if fact.until else None
        command = ReprioritiseItem(source(event), "suspended", due_at=due_at, waits=True)
    yield ITEM.send(command, to=open_about("BOOK_VISIT", fact.booking_request_id))


def move_checklist(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    """What is open of it is due before the new date."""
    if event.fact.procedure_id:
        moved = ReprioritiseItem(source(event), "moved", due_at=checked_before(event, rules))
        yield ITEM.send(moved, to=open_about("PROC_CHECKLIST", event.head.aggregate_id))


def rank_booking(event: Event[WaitlistJoined], rules: Rules) -> Orders:
    """The urgency of a first visit stands on the waiting list."""
    if event.fact.category and event.fact.target_date:
        command = RankItem(source(event), event.fact.category, event.fact.target_date)
        yield ITEM.send(command, to=open_about("BOOK_VISIT", event.fact.booking_request_id))


def rank_open_items(event: Event[ReferralTriaged], rules: Rules) -> Orders:
    """A decision on urgency orders all open work of the referral (REF-06); who is urgent is booked soon, and who is not
    any more waits like others."""
    whose = Items.referral_id(event.head.aggregate_id)
    command = RankItem(source(event), event.fact.category, event.fact.target_date)
    yield ITEM.send(command, to=all_of(whose, Items.open))
    priority: Priority = "urgent" if rules.is_soon(event.fact.category) else "routine"
    booked = ReprioritiseItem(source(event), "triaged", priority, decides=True)
    yield ITEM.send(booked, to=all_of(Items.item_type("BOOK_VISIT"), whose, Items.open))


def rank_by_target(event: Event[TargetChanged], rules: Rules) -> Orders:
    """The date by which the patient should be seen moved (REF-06)."""
    command = RankItem(source(event), target_date=event.fact.target_date)
    yield ITEM.send(command, to=all_of(Items.referral_id(event.head.aggregate_id), Items.open))


def follow_ladder(
    event: Event[EscalationRaised | EscalationAcknowledged | EscalationResolved], rules: Rules
) -> Orders:
    """Until when somebody has to answer; nobody has to any more when somebody did."""
    due = event.fact.ack_due_at if isinstance(event.fact, EscalationRaised) else None
    for item_type in CALLED_ABOUT:
        yield ITEM.send(FollowLadder(source(event), due), to=open_about(item_type, event.fact.subject_id))


def escalate(event: Event[EscalationTimedOut], rules: Rules) -> Orders:
    for item_type in CALLED_ABOUT:
        command = EscalateByLadder(source(event), event.fact.ack_due_at)
        yield ITEM.send(command, to=open_about(item_type, event.fact.subject_id))


CLEANUP: Mapping[type[Fact], CancelReason] = {
    ReferralRejected: "rejected",
    ReferralRedirected: "redirected",
    ReferralCompleted: "completed",
    ReferralWithdrawn: "withdrawn",
    MarkedInError: "marked_in_error",
    PatientDischarged: "discharged",
}
"""Facts that end a referral, and with it all its work that is cleaned up."""


def clean_up(event: Event[Fact], rules: Rules) -> Orders:
    """The referral is over: so is all its work but safety items."""
    command = CancelItem(source(event), CLEANUP[type(event.fact)])
    referral_id = event.head.pathway_id or event.head.aggregate_id
    yield ITEM.send(command, to=all_of(Items.referral_id(referral_id), Items.ends_with_referral))


def drop_booking(event: Event[BookingFulfilled], rules: Rules) -> Orders:
    """Nothing more is to be booked: that was nobody's doing."""
    if event.fact.reason:
        command = CancelItem(source(event), "withdrawn")
        yield ITEM.send(command, to=open_about("BOOK_VISIT", event.fact.booking_request_id))


def clean_up_duplicate(event: Event[DuplicateLinked], rules: Rules) -> Orders:
    """The duplicate ended; the one that is kept goes on."""
    command = CancelItem(source(event), "linked")
    yield ITEM.send(command, to=all_of(Items.referral_id(event.fact.duplicate_id), Items.ends_with_referral))


def rank_after_link(event: Event[DuplicateLinked], rules: Rules) -> Orders:
    """The higher urgency of both."""
    if event.fact.category:
        command = RankItem(source(event), event.fact.category)
        yield ITEM.send(command, to=all_of(Items.referral_id(event.head.aggregate_id), Items.open))


def clean_up_after_death(event: Event[PatientDeceased], rules: Rules) -> Orders:
    """All of it, safety items too; letters are still written."""
    command = CancelItem(source(event), "deceased")
    yield ITEM.send(command, to=all_of(Items.patient_id(event.head.aggregate_id), Items.open))


def show_under_survivor(event: Event[PatientsMerged], rules: Rules) -> Orders:
    """Told under both keys; each item hears of it once."""
    fact = event.fact
    if event.head.aggregate_id == fact.merged_id:
        command = ShowUnder(source(event), fact.surviving_id)
        yield ITEM.send(command, to=all_of(Items.patient_id(fact.merged_id)))


def show_apart(event: Event[MergeUndone], rules: Rules) -> Orders:
    fact = event.fact
    if event.head.aggregate_id == fact.restored_id:
        command = ShowApart(source(event), fact.restored_id)
        yield ITEM.send(command, to=all_of(Items.patient_id(fact.surviving_id)))


ITEMS: tuple[On, ...] = (
    *(
        on(closing.fact, (close_by_referral if closing.by_referral else close_by)(row, closing))
        for row in CATALOGUE
        for closing in row.closings
    ),
    *(on(row.opens, open_by(row)) for row in CATALOGUE),
    on(InformationNotReceived, press_for_information),
    on(BookingSuspended, wait_with_booking),
    on(BookingTakenUp, wait_with_booking),
    on(WaitlistJoined, rank_booking),
    on(AppointmentMoved, move_checklist),
    on(ReferralTriaged, rank_open_items),
    on(TargetChanged, rank_by_target),
    on(EscalationRaised, follow_ladder),
    on(EscalationAcknowledged, follow_ladder),
    on(EscalationTimedOut, escalate),
    on(EscalationResolved, follow_ladder),
    *(on(fact, clean_up) for fact in CLEANUP),
    on(BookingFulfilled, drop_booking),
    on(DuplicateLinked, clean_up_duplicate, rank_after_link),
    on(PatientDeceased, clean_up_after_death),
    on(PatientsMerged, show_under_survivor),
    on(MergeUndone, show_apart),
)
"""In the order in which the reactions to one fact run."""
