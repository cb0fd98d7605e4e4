"""What gives an episode a next step and what takes one away. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backbone.model import Cause, Event, On, Orders, on, one
from schemas.care_plan.v1.discharge import (
    DischargeDeclined,
    PatientDischarged,
    PifuExpired,
    PifuOpened,
    PifuUsed,
)
from schemas.care_plan.v1.plan import (
    PlanActivated,
    PlanClosed,
    PlanHeld,
    PlanResumed,
    PlanReviewed,
    PlanRevoked,
)
from schemas.fact import Fact
from schemas.referral.v1.duplicate import DuplicateLinked
from schemas.referral.v1.ends import ENDS
from schemas.referral.v1.referral import (
    FoundComplete,
    InformationRequested,
    InformationSupplied,
    ReferralReceived,
)
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    PatientAttended,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.booking import BookingFulfilled, BookingRequested
from schemas.scheduling.v1.waitlist import WaitlistJoined, WaitlistLeft
from schemas.worklist.v1.item import ItemCancelled, ItemCompleted, ItemOpened, ItemReopened
from services.worklist.episode.aggregate import EPISODE
from services.worklist.episode.states import Begin, EndEpisode, GainStep, LoseStep
from services.worklist.rules import Rules


def always(fact: Any) -> bool:
    return True


def for_ever(fact: Any) -> datetime | None:
    return None


@dataclass(frozen=True)
class NextStep:
    """A kind of next step: the facts that give it, and those that take it away, as far as they say so.

    With `until` a step counts until then. Raises TypeError for facts of several kinds of aggregates: only within one
    do their numbers tell which came first.
    """

    name: str
    given_by: tuple[type[Fact], ...]
    taken_by: tuple[type[Fact], ...]
    gives: Callable[[Any], bool] = always
    takes: Callable[[Any], bool] = always
    until: Callable[[Any], datetime | None] = for_ever

    def __post_init__(self) -> None:
        kinds = {fact.aggregate for fact in self.facts}
        if len(kinds) > 1:
            raise TypeError(f"the step {self.name} is told by several kinds: {', '.join(sorted(kinds))}")

    @property
    def facts(self) -> tuple[type[Fact], ...]:
        return (*self.given_by, *self.taken_by)

    @property
    def rows(self) -> tuple[On, ...]:
        gained = (on(fact, self.gain) for fact in self.given_by)
        return (*gained, *(on(fact, self.lose) for fact in self.taken_by))

    def gain(self, event: Event[Any], rules: Rules) -> Orders:
        if event.head.pathway_id and self.gives(event.fact):
            command = GainStep(*self.told(event), self.until(event.fact))
            yield EPISODE.send(command, to=one(event.head.pathway_id))

    def lose(self, event: Event[Any], rules: Rules) -> Orders:
        if event.head.pathway_id and self.takes(event.fact):
            yield EPISODE.send(LoseStep(*self.told(event)), to=one(event.head.pathway_id))

    def told(self, event: Event[Any]) -> tuple[str, str, int]:
        """Which step, by what fact, and its number within its aggregate."""
        head = event.head
        return f"{self.name}:{head.aggregate_id}", head.type, head.sequence or 0


def begin(event: Event[ReferralReceived], rules: Rules) -> Orders:
    yield EPISODE.send(Begin(), to=one(event.head.aggregate_id))


def end(event: Event[Fact], rules: Rules) -> Orders:
    if event.head.pathway_id:
        yield EPISODE.send(EndEpisode(event.head.occurred_at), to=one(event.head.pathway_id))


def end_duplicate(event: Event[DuplicateLinked], rules: Rules) -> Orders:
    """The duplicate's; the other one's goes on."""
    yield EPISODE.send(EndEpisode(event.head.occurred_at), to=one(event.fact.duplicate_id))


STEPS = (
    NextStep("asked", (InformationRequested,), (InformationSupplied, FoundComplete)),
    NextStep("booking", (BookingRequested,), (BookingFulfilled,)),
    NextStep("waiting", (WaitlistJoined,), (WaitlistLeft,)),
    NextStep(
        "appointment",
        (AppointmentBooked, AppointmentMoved),
        (AppointmentCancelled, PatientAttended, PatientDidNotAttend),
        until=lambda fact: fact.end,
    ),
    NextStep("plan", (PlanActivated, PlanHeld, PlanResumed), (PlanClosed, PlanRevoked)),
    NextStep(
        "plan",
        (PlanReviewed, DischargeDeclined),
        (PlanReviewed,),
        gives=lambda fact: fact.next_review is not None,
        takes=lambda fact: fact.next_review is None,
    ),
    NextStep("pifu", (PifuOpened,), (PifuUsed, PifuExpired)),
)
"""By facts of other services."""

OWN_ITEMS = NextStep(
    "item",
    (ItemOpened, ItemReopened),
    (ItemCompleted, ItemCancelled),
    gives=lambda fact: fact.item_type != "NEXT_STEP_MISSING",
)
"""Any work but the one that says that there is none. Heard in the transaction that writes it."""

ENDINGS: tuple[type[Fact], ...] = (*ENDS, PatientDischarged)

EPISODES: tuple[On, ...] = (
    on(ReferralReceived, begin),
    *(on(fact, end) for fact in ENDINGS),
    on(DuplicateLinked, end_duplicate),
    *(row for step in (*STEPS, OWN_ITEMS) for row in step.rows),
)


def episode_of(cause: Cause) -> Iterable[tuple[str, str]]:
    """Whatever becomes of an item, the episode of the referral hears of it in the same transaction."""
    return ((EPISODE.kind, cause.pathway_id),) if cause.pathway_id else ()
