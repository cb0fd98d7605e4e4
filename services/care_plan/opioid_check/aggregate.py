"""The opioid checks of a referral as one aggregate: what each fact makes of it, and what follows from its state."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from msgspec.structs import replace

from backbone.model import Aggregate, Columns, Command, Head, Table, Timer, field
from schemas.care_plan.v1.opioid import OpioidCheckFellDue, OpioidCheckRecorded
from services.care_plan.opioid.states import opioids_seen
from services.care_plan.opioid_check.commands import AskAgain, FollowOpioids, LookAtOpioids, RecordCheck
from services.care_plan.opioid_check.decide.checks import DECIDE, LOOKS
from services.care_plan.opioid_check.facts import OpioidChecksEnded, OpioidsLookedAt, SecondReviewAsked
from services.care_plan.opioid_check.states import (
    Check,
    Ended,
    Followed,
    OpioidChecks,
    Settled,
    Unfollowed,
)
from services.care_plan.risk.states import risk_seen
from services.care_plan.rules import Rules


def looked_at(state: Unfollowed | Followed, fact: OpioidsLookedAt, head: Head) -> Followed:
    known = (
        state
        if isinstance(state, Followed)
        else Followed(patient_id=fact.patient_id, referral_id=fact.referral_id)
    )
    sooner = {each.check: each.again_on for each in fact.sooner}
    settled = tuple(
        replace(each, again_on=sooner.get(each.check, each.again_on))
        for each in known.settled
        if each.check not in fact.dropped
    )
    return replace(
        known,
        seen=fact.seen,
        begun=fact.begun,
        takes=fact.takes,
        mme_per_day=fact.mme_per_day,
        two_tapers=fact.two_tapers,
        sedating=fact.sedating,
        opioids=fact.opioids,
        doses=tuple((each.name, each.mme_per_day) for each in fact.doses),
        settled=settled,
        week_until=fact.week_until or known.week_until,
        reviewed_at=None if fact.calmed else known.reviewed_at,
        reviewed_by=fact.reviewed_by or known.reviewed_by,
    )


def second_review_asked(state: Followed, fact: SecondReviewAsked, head: Head) -> Followed:
    return replace(state, reviewed_at=fact.mme_per_day)


def fell_due(state: Followed, fact: OpioidCheckFellDue, head: Head) -> Followed:
    """Told again, it is due sooner than it was."""
    settled = tuple(each for each in state.settled if each.check != fact.check)
    before = next((each for each in state.open if each.id == fact.check_id), None)
    at = before.at if before else head.occurred_at
    others = tuple(each for each in state.open if each.id != fact.check_id)
    opened = (*others, Check(fact.check_id, fact.check, at, fact.due_on))
    return replace(state, open=opened, settled=settled, asked=state.asked + (before is None))


def recorded(state: Followed, fact: OpioidCheckRecorded, head: Head) -> Followed:
    left = tuple(each for each in state.open if each.id != fact.check_id)
    done = Settled(fact.check, fact.next_due, head.occurred_at)
    reviewed_by = fact.decided_by if fact.check in LOOKS else state.reviewed_by
    return replace(state, open=left, settled=(*state.settled, done), reviewed_by=reviewed_by)


def ended(state: Unfollowed | Followed, fact: OpioidChecksEnded, head: Head) -> Ended:
    return Ended()


def timers(state: OpioidChecks, rules: Rules) -> Mapping[str, Timer]:
    """The next check that recurs, announced some days before its date."""
    due_on = state.next_due() if isinstance(state, Followed) else None
    if due_on is None:
        return {}
    announced = rules.calendar.daily(due_on - timedelta(days=rules.opioid.checks.values.lead_days))
    return {"again": Timer(announced, AskAgain(due_on=due_on))}


def needs(state: OpioidChecks, command: Command) -> Iterable[tuple[str, str]]:
    """The person's opioids and tapers, of all their records; for what is recorded, whether treatment helps."""
    if isinstance(command, FollowOpioids | LookAtOpioids):
        yield from (*opioids_seen(command.patient_id), *risk_seen(command.patient_id))
    elif isinstance(state, Followed) and isinstance(command, RecordCheck):
        yield from (*opioids_seen(state.patient_id), *risk_seen(state.patient_id))
    if isinstance(state, Followed) and isinstance(command, RecordCheck):
        yield "history", state.referral_id


class CheckColumns(Columns):
    """How opioid checks are found."""

    patient_id = field("patient_id")


OPIOID_CHECKS = Aggregate[OpioidChecks](
    "opioid_checks",
    Unfollowed(),
    decide=DECIDE,
    evolve=Table(looked_at, second_review_asked, fell_due, recorded, ended),
    timers=timers,
    needs=needs,
    columns=CheckColumns,
)
