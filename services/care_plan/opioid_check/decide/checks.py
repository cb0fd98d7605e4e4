"""What falls due when what is known changes, what recurs, and what somebody records."""

from collections.abc import Iterable
from datetime import timedelta

from backbone.ids import derive
from backbone.model import Decision, Given, Refused, Ruled, Table, by, decider, ignores, like
from schemas.care_plan.v1.opioid import OpioidCheckFellDue, OpioidCheckRecorded
from services.care_plan.history.states import history_of
from services.care_plan.opioid.facts import DrugDose
from services.care_plan.opioid.states import Assessed
from services.care_plan.opioid_check.commands import (
    AskAgain,
    EndChecks,
    FollowOpioids,
    LookAtOpioids,
    RecordCheck,
)
from services.care_plan.opioid_check.decide.reasons import (
    Due,
    Exposed,
    again_on,
    exposed,
    first_week,
    meet,
    of_change,
    reasons,
    recurring,
    within_first_week,
)
from services.care_plan.opioid_check.facts import (
    OpioidChecksEnded,
    OpioidsLookedAt,
    SecondReviewAsked,
    Sooner,
)
from services.care_plan.opioid_check.states import Check, Ended, Followed, Stage, Unfollowed
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import Rules

REVIEWS = ("opioid_review", "dose_change_review")
LOOKS = (*REVIEWS, "mme_reassessment")
"""Whoever recorded it has reviewed these opioids (OPI-02)."""


def follow(state: Unfollowed, command: FollowOpioids, given: Given[Rules]) -> Decision:
    begun = Followed(patient_id=command.patient_id, referral_id=command.referral_id)
    return looked_at(begun, reached(begun, command), given, command.held_by, is_new=True)


def go_on(state: Followed, command: FollowOpioids, given: Given[Rules]) -> Decision:
    return looked_at(state, reached(state, command), given, command.held_by or state.reviewed_by)


def look(state: Followed, command: LookAtOpioids, given: Given[Rules]) -> Decision:
    return looked_at(state, state.stage, given, state.reviewed_by)


def reached(state: Followed, command: FollowOpioids) -> Stage:
    """What was held has begun; nothing goes back."""
    if state.seen or command.seen:
        return "seen"
    return "begun" if state.begun or command.begun else "accepted"


def looked_at(
    state: Followed, stage: Stage, given: Given[Rules], by_id: str | None, is_new: bool = False
) -> Decision:
    """What has a reason now and is not being done falls due; what was done and lost its reason is forgotten."""
    now, second = exposed(given), given.rules.opioid.second_review
    high = stage == "seen" and second.values.asks(now.mme_per_day)
    asked = high and (state.reviewed_at is None or (now.mme_per_day or 0) > state.reviewed_at)
    calmed = state.reviewed_at is not None and not high
    standing, changed = list(reasons(now, stage, given.rules)), list(of_change(state, now, given.rules))
    changes = [each for each in changed if not state.is_open(each.check)]
    wanted = {each.check for each in standing}
    dropped = tuple(each.check for each in state.settled if each.check not in wanted)
    dates = sooner(state, now, dropped, given)
    said = OpioidsLookedAt(
        patient_id=state.patient_id,
        referral_id=state.referral_id,
        seen=stage == "seen",
        begun=stage != "accepted",
        takes=now.takes,
        mme_per_day=now.mme_per_day,
        calmed=calmed,
        dropped=dropped,
        sooner=dates,
        two_tapers=now.tapers > 1,
        sedating=tuple(sorted(now.sedating)),
        opioids=tuple(sorted(now.opioids)),
        doses=doses_of(now),
        week_until=first_week(state, now, given),
        reviewed_by=by_id,
    )
    known = (state.stage, *known_of(state)) == (stage, *known_of(said)) and dict(state.doses) == now.doses
    due = {
        each.check: each
        for each in (*(each for each in standing if not state.is_quiet(each.check)), *changes)
    }
    earlier = [*due_sooner(state, now, given), *changed_sooner(state, changed, given)]
    if known and not (dropped or due or is_new or asked or calmed or dates or earlier):
        return ()
    review = [Ruled(second_review(said, by_id, given), (second,))] if asked else []
    return [said, *review, *earlier, *falling_due(state, due.values(), given)]


def second_review(said: OpioidsLookedAt, by_id: str | None, given: Given[Rules]) -> SecondReviewAsked:
    return like(SecondReviewAsked, said, first_by=first_by(by_id, given))


def doses_of(now: Exposed) -> tuple[DrugDose, ...]:
    return tuple(DrugDose(name=name, mme_per_day=dose) for name, dose in sorted(now.doses.items()))


def known_of(known: Followed | OpioidsLookedAt) -> tuple[object, ...]:
    amount = known.takes, known.mme_per_day, known.opioids
    return *amount, known.two_tapers, known.sedating, known.reviewed_by


def first_by(by_id: str | None, given: Given[Rules]) -> tuple[str, ...]:
    """Who looked at the opioids last, and who said the dose: a second review is of another (OPI-02)."""
    profiles = (each for each in given.others.values() if isinstance(each, Assessed))
    return tuple(sorted({each for each in (by_id, *(one.stated_by for one in profiles)) if each}))


def sooner(
    state: Followed, now: Exposed, dropped: tuple[str, ...], given: Given[Rules]
) -> tuple[Sooner, ...]:
    """OPI-07, OPI-15: what is looked at more closely now is not asked again as late as was set. Never later."""
    found = [
        (each, again_on(each.check, now, given, each.at))
        for each in state.settled
        if each.at and each.again_on and each.check not in dropped
    ]
    return tuple(
        Sooner(check=each.check, again_on=day) for each, day in found if day and day < (each.again_on or day)
    )


def due_sooner(state: Followed, now: Exposed, given: Given[Rules]) -> list[Ruled]:
    """The same of what somebody has to do already; which of two tapers goes on is said today."""
    today, found = given.rules.calendar.day(given.at), list[Ruled]()
    opioid = given.rules.opioid
    for each in state.open:
        day = again_on(each.check, now, given, each.at) if each.at and each.due_on else None
        two = each.check == "taper_followup" and meet(state, now)
        due_on = today if two else max(day, today) if day else None
        if due_on and each.due_on and due_on < each.due_on:
            closely = now.intensified and not two
            rule = opioid.intensified if closely else recurring(given.rules)[each.check]
            fact = OpioidCheckFellDue(check_id=each.id, check=each.check, due_on=due_on, rule=rule.id)
            found.append(Ruled(fact, (rule,)))
    return found


def changed_sooner(state: Followed, changed: Iterable[Due], given: Given[Rules]) -> list[Ruled]:
    """OPI-06: where a change is still to be looked at, another one that asks for it sooner moves it."""
    due = {each.check: each for each in changed if each.check == "dose_change_review"}
    found = [(each, due[each.check]) for each in state.open if each.check in due and each.due_on]
    days = [(each, why, why.on(given.at, given.rules)) for each, why in found]
    return [
        Ruled(
            OpioidCheckFellDue(check_id=each.id, check=each.check, due_on=day, rule=why.rule.id), (why.rule,)
        )
        for each, why, day in days
        if each.due_on and day < each.due_on
    ]


def falling_due(state: Followed, due: Iterable[Due], given: Given[Rules]) -> list[Ruled]:
    return [
        Ruled(
            OpioidCheckFellDue(
                check_id=derive(given.target, f"check {number}"),
                check=each.check,
                due_on=each.on(given.at, given.rules),
                rule=each.rule.id,
            ),
            (each.rule,),
        )
        for number, each in enumerate(due, state.asked)
    ]


def ask_again(state: Followed, command: AskAgain, given: Given[Rules]) -> Decision:
    """What is near its date. Whatever lost its reason was forgotten when that came to be known."""
    calendar, rules = given.rules.calendar, given.rules
    lead = timedelta(days=rules.opioid.checks.values.lead_days)
    today = calendar.day(given.at)
    near = [
        (each.check, each.again_on)
        for each in state.settled
        if each.again_on and each.again_on - lead <= today
    ]
    due = (Due(check, recurring(rules)[check], max((on - today).days, 0)) for check, on in near)
    return falling_due(state, due, given)


@by(CLINICIAN)
def record(state: Followed, command: RecordCheck, given: Given[Rules]) -> Decision:
    check = next((each for each in state.open if each.id == command.check_id), None)
    if check is None:
        return Refused("this check is not open, or not any more", code="check-not-open")
    allowed = given.rules.opioid.checks.values.results[check.check]
    if command.result not in allowed:
        reason = f"a {check.check} has one of these results: {', '.join(allowed)}"
        return Refused(reason, code="not-a-result")
    now = exposed(given)
    week = within_first_week(state, now, given) if check.check == "dose_change_review" else None
    fact = OpioidCheckRecorded(
        check_id=check.id,
        check=check.check,
        result=command.result,
        next_due=week or again_on(check.check, now, given),
        decided_by=decider(given),
    )
    change = given.rules.opioid.dose_change
    again = [Due(check.check, change, change.values.methadone_days)] if week else []
    return [fact, *falling_due(state, (*again, *followups(state, check, command, given)), given)]


def followups(state: Followed, check: Check, command: RecordCheck, given: Given[Rules]) -> list[Due]:
    """What the result asks for, as far as nobody has it to do (OPI-10, OPI-13, OPI-14)."""
    opioid, found = given.rules.opioid, list[Due]()
    if command.result == "unexpected":
        found.append(Due("unexpected_finding", opioid.unexpected, opioid.unexpected.values))
    if (command.criteria or 0) >= opioid.use_disorder.values.criteria:
        found.append(Due("oud_assessment", opioid.use_disorder, opioid.use_disorder.values))
    peg = history_of(state.referral_id, given).latest("peg")
    tapers = command.result == "taper_agreed" or exposed(given).tapering
    if check.check in REVIEWS and peg is not None and peg.responder is False and not tapers:
        found.append(Due("no_benefit_discussion", opioid.no_benefit, opioid.no_benefit.values))
    return [each for each in found if not state.is_open(each.check)]


def end(state: Unfollowed | Followed, command: EndChecks, given: Given[Rules]) -> Decision:
    return [OpioidChecksEnded()]


DECIDE: Table = Table(
    *(follow, go_on, look, ask_again, record, end),
    ignores(FollowOpioids, when=(Ended,)),
    ignores(LookAtOpioids, when=(Unfollowed, Ended)),
    ignores(AskAgain, when=(Unfollowed, Ended)),
    ignores(EndChecks, when=(Ended,)),
)
