"""Facts of a referral, of its plan and of scores → its history."""

from backbone.model import Event, On, Orders, like, on, one
from config.diagnoses import any_begins
from schemas.care_plan.v1.activity import (
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityOrdered,
    ActivityStopped,
)
from schemas.care_plan.v1.measure import MeasureScored
from schemas.care_plan.v1.plan import PlanActivated, PlanReviewed
from schemas.fact import Fact
from schemas.referral.v1.referral import ReferralReceived
from services.care_plan.history.aggregate import (
    HISTORY,
    NotePlan,
    NoteReview,
    NoteScore,
    NoteSites,
)
from services.care_plan.history.states import Score
from services.care_plan.rules import Rules

Ended = ActivityDeclined | ActivityCompleted | ActivityStopped | ActivityCancelled


def note(event: Event[Fact], command: NotePlan | NoteReview | NoteScore) -> Orders:
    if event.head.pathway_id:
        yield HISTORY.send(command, to=one(event.head.pathway_id))


def note_sites(event: Event[ReferralReceived], rules: Rules) -> Orders:
    """Some instruments are for back pain only."""
    battery, fact = rules.measures.battery.values, event.fact
    sites = bool(set(fact.body_sites) & set(battery.back_pain_sites))
    coded = any_begins(fact.condition_codes, battery.back_pain_conditions)
    yield HISTORY.send(
        NoteSites(back_pain=sites or coded, referrer_org_id=fact.referrer_org_id),
        to=one(event.head.aggregate_id),
    )


def note_start(event: Event[PlanActivated], rules: Rules) -> Orders:
    yield from note(event, NotePlan(started_on=event.fact.start))


def note_review(event: Event[PlanReviewed], rules: Rules) -> Orders:
    yield from note(event, NoteReview(rules.calendar.day(event.head.occurred_at)))


def count_ordered(event: Event[ActivityOrdered], rules: Rules) -> Orders:
    yield from note(event, NotePlan(activity_id=event.fact.activity_id, running=True))


def count_ended(event: Event[Ended], rules: Rules) -> Orders:
    yield from note(event, NotePlan(activity_id=event.fact.activity_id, running=False))


def note_score(event: Event[MeasureScored], rules: Rules) -> Orders:
    yield from note(event, NoteScore(event.fact.request_id, like(Score, event.fact)))


REACTIONS: tuple[On, ...] = (
    on(ReferralReceived, note_sites),
    on(PlanActivated, note_start),
    on(PlanReviewed, note_review),
    on(ActivityOrdered, count_ordered),
    on(ActivityDeclined, count_ended),
    on(ActivityCompleted, count_ended),
    on(ActivityStopped, count_ended),
    on(ActivityCancelled, count_ended),
    on(MeasureScored, note_score),
)
