"""The watch: which facts give an episode a next step and which take one away. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from backbone.model import Event, On, Orders, on, one
from schemas.care_plan.v1.discharge import PatientDischarged, PifuExpired, PifuOpened, PifuUsed
from schemas.care_plan.v1.plan import (
    PlanActivated,
    PlanClosed,
    PlanHeld,
    PlanResumed,
    PlanReviewed,
    PlanRevoked,
)
from schemas.fact import Fact
from schemas.referral.v1.referral import (
    FoundComplete,
    InformationRequested,
    InformationSupplied,
    ReferralCompleted,
    ReferralReceived,
    ReferralRedirected,
    ReferralRejected,
)
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AttendanceCorrected,
    PatientArrived,
    PatientAttended,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.booking import BookingFulfilled, BookingRequested
from schemas.scheduling.v1.waitlist import WaitlistJoined, WaitlistLeft
from schemas.worklist.v1.item import ItemCancelled, ItemCompleted, ItemOpened, ItemReopened
from services.worklist.episode.aggregate import EPISODE, Begin, EndEpisode, GainStep, LoseStep
from services.worklist.rules import Rules
from services.worklist.visit.aggregate import VISIT, BeginVisit, DateVisit, MoveVisit

Reaction = Callable[[Event[Any], Rules], Orders]


def begin(event: Event[ReferralReceived], rules: Rules) -> Orders:
    yield EPISODE.send(Begin(), to=one(event.head.aggregate_id))


def end(event: Event[Any], rules: Rules) -> Orders:
    if event.head.pathway_id:
        yield EPISODE.send(EndEpisode(event.head.occurred_at), to=one(event.head.pathway_id))


def gains(
    kind: str,
    until: Callable[[Any], datetime | None] = lambda fact: None,
    holds: Callable[[Any], bool] = lambda fact: True,
) -> Reaction:
    """The fact gives a step of this kind, named by its aggregate."""

    def gain(event: Event[Any], rules: Rules) -> Orders:
        if event.head.pathway_id and holds(event.fact):
            name = f"{kind}:{event.head.aggregate_id}"
            command = GainStep(name, event.head.type, event.head.sequence or 0, until(event.fact))
            yield EPISODE.send(command, to=one(event.head.pathway_id))

    return gain


def loses(kind: str, holds: Callable[[Any], bool] = lambda fact: True) -> Reaction:
    """The fact takes it away."""

    def lose(event: Event[Any], rules: Rules) -> Orders:
        if event.head.pathway_id and holds(event.fact):
            name = f"{kind}:{event.head.aggregate_id}"
            command = LoseStep(name, event.head.type, event.head.sequence or 0)
            yield EPISODE.send(command, to=one(event.head.pathway_id))

    return lose


def item_opened(event: Event[ItemOpened | ItemReopened], rules: Rules) -> Orders:
    """Any work but the one that says that there is none."""
    if event.fact.item_type != "NEXT_STEP_MISSING":
        yield from gains("item")(event, rules)


def date_visit(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    command = DateVisit(event.fact.discipline, event.fact.start, event.fact.version)
    yield VISIT.send(command, to=one(event.head.aggregate_id))


def move_visit(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    yield VISIT.send(MoveVisit(event.fact.start, event.fact.version), to=one(event.head.aggregate_id))


def begin_visit(event: Event[PatientArrived | AttendanceCorrected], rules: Rules) -> Orders:
    yield VISIT.send(BeginVisit(), to=one(event.head.aggregate_id))


def nothing_next(fact: PlanReviewed) -> bool:
    return fact.next_review is None


def something_next(fact: PlanReviewed) -> bool:
    return fact.next_review is not None


APPOINTMENT, REQUEST, ENTRY, PLAN, PIFU, ASKED = "appointment", "booking", "waiting", "plan", "pifu", "asked"

WATCHED: tuple[tuple[type[Fact], Reaction], ...] = (
    (ReferralReceived, begin),
    (ReferralRejected, end),
    (ReferralRedirected, end),
    (ReferralCompleted, end),
    (InformationRequested, gains(ASKED)),
    (InformationSupplied, loses(ASKED)),
    (FoundComplete, loses(ASKED)),
    (BookingRequested, gains(REQUEST)),
    (BookingFulfilled, loses(REQUEST)),
    (WaitlistJoined, gains(ENTRY)),
    (WaitlistLeft, loses(ENTRY)),
    (AppointmentBooked, gains(APPOINTMENT, lambda fact: fact.end)),
    (AppointmentBooked, date_visit),
    (AppointmentMoved, gains(APPOINTMENT, lambda fact: fact.end)),
    (AppointmentMoved, move_visit),
    (AppointmentCancelled, loses(APPOINTMENT)),
    (PatientArrived, begin_visit),
    (AttendanceCorrected, begin_visit),
    (PatientAttended, loses(APPOINTMENT)),
    (PatientDidNotAttend, loses(APPOINTMENT)),
    (PlanActivated, gains(PLAN)),
    (PlanHeld, gains(PLAN)),
    (PlanResumed, gains(PLAN)),
    (PlanReviewed, loses(PLAN, nothing_next)),
    (PlanReviewed, gains(PLAN, holds=something_next)),
    (PlanClosed, loses(PLAN)),
    (PlanRevoked, loses(PLAN)),
    (PifuOpened, gains(PIFU)),
    (PifuUsed, loses(PIFU)),
    (PifuExpired, loses(PIFU)),
    (PatientDischarged, end),
)
"""Facts of other services, in the order of the catalogue."""

OWN: tuple[On, ...] = (
    on(ItemOpened, item_opened),
    on(ItemReopened, item_opened),
    on(ItemCompleted, loses("item")),
    on(ItemCancelled, loses("item")),
)
"""Facts of its own items, handled in the transaction that writes them."""
