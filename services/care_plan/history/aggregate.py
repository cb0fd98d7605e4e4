"""The history of a referral: every score and step is noted once."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Decision, Given, Head, Table, like, updated
from schemas.care_plan.v1.codes import Instrument, ReviewResult
from services.care_plan.history.facts import (
    AttendanceNoted,
    EndNoted,
    FirstVisitNoted,
    FullTurnNoted,
    MissedSessionNoted,
    PlanNoted,
    ReviewNoted,
    ScoreNoted,
    ScoreTakenBack,
    SitesNoted,
    StepUpSuggested,
)
from services.care_plan.history.states import ATTENDANCE, History, Score
from services.care_plan.rules import Rules


class NoteSites(Command, tag="note_sites"):
    """The referral was received."""

    back_pain: bool
    referrer_org_id: str | None = None
    payer_profile: str | None = None


class NoteFirstVisit(Command, tag="note_first_visit", kw_only=True):
    """It has a date."""

    appointment_id: str
    version: int
    on: date


class MoveFirstVisit(Command, tag="move_first_visit", kw_only=True):
    """An appointment has another date: perhaps that of the first visit."""

    appointment_id: str
    version: int
    on: date


class NoteScore(Command, tag="note_score"):
    """The occasion is that of the request."""

    request_id: str
    score: Score


class TakeScoreBack(Command, tag="take_score_back", kw_only=True):
    """It was entered by mistake."""

    request_id: str
    instrument: Instrument


class NotePlan(Command, tag="note_plan"):
    """The plan began; or an activity of it is running, or not any more."""

    started_on: date | None = None
    activity_id: str | None = None
    running: bool | None = None


class NoteFullTurn(Command, tag="note_full_turn", kw_only=True):
    """The full battery was asked for."""

    on: date


class NoteMissedSession(Command, tag="note_missed_session", kw_only=True):
    """Without a discipline: it was not missed after all."""

    appointment_id: str
    discipline: str | None = None


class NoteReview(Command, tag="note_review"):
    on: date
    result: ReviewResult | None = None


class NoteEnd(Command, tag="note_end"):
    """The referral ended."""


class NoteAttendance(Command, tag="note_attendance"):
    """Of a visit, one of `ATTENDANCE`."""

    appointment_id: str
    how: str
    on: date


def note_sites(state: History, command: NoteSites, given: Given[Rules]) -> Decision:
    """Also where there is nothing special about them: from now on it is known whose referral it is."""
    said = (command.back_pain, command.referrer_org_id, command.payer_profile)
    known = state.patient_id is not None and (
        (state.back_pain, state.referrer_org_id, state.payer_profile) == said
    )
    return () if known else [like(SitesNoted, command)]


def note_first_visit(state: History, command: NoteFirstVisit, given: Given[Rules]) -> Decision:
    """An answered baseline stays valid for longer where the first visit was moved."""
    if (command.appointment_id, command.version) in state.first_visits:
        return ()
    battery = given.rules.measures.battery.values
    days = battery.baseline_days if not state.first_visits else battery.baseline_max_age_days
    since = given.rules.calendar.at(command.on - timedelta(days=days), time())
    return [like(FirstVisitNoted, command, baseline_since=since)]


def move_first_visit(state: History, command: MoveFirstVisit, given: Given[Rules]) -> Decision:
    if command.appointment_id not in dict(state.first_visits):
        return ()
    return note_first_visit(state, like(NoteFirstVisit, command), given)


def note_score(state: History, command: NoteScore, given: Given[Rules]) -> Decision:
    request = given.others.get(("measure_request", command.request_id))
    score = replace(command.score, occasion=getattr(request, "occasion", None))
    if score in [replace(each, in_error=False) for each in state.scores]:
        return ()
    return [like(ScoreNoted, score, occasion=score.occasion or "review")]


def take_score_back(state: History, command: TakeScoreBack, given: Given[Rules]) -> Decision:
    known = [each for each in state.scores if is_of(each, command) and not each.in_error]
    if not known:
        return ()
    last = state.latest(command.instrument, subscale=known[-1].subscale)
    return [like(ScoreTakenBack, command, lacking=last in known)]


def is_of(score: Score, said: TakeScoreBack | ScoreTakenBack) -> bool:
    return (score.request_id, score.instrument) == (said.request_id, said.instrument)


def note_plan(state: History, command: NotePlan, given: Given[Rules]) -> Decision:
    if command.activity_id is None:
        started = command.started_on
        if started is None or state.started_on == started:
            return ()
        until = given.rules.calendar.at(started + timedelta(days=1), time())
        return [like(PlanNoted, command, baseline_until=until)]
    known = state.running if command.running else state.ended
    if command.activity_id in known or command.activity_id in state.ended:
        return ()
    return [like(PlanNoted, command)]


def note_full_turn(state: History, command: NoteFullTurn, given: Given[Rules]) -> Decision:
    return () if state.full_on and command.on <= state.full_on else [like(FullTurnNoted, command)]


def note_missed_session(state: History, command: NoteMissedSession, given: Given[Rules]) -> Decision:
    """What was taken back is not missed when it is told again."""
    known = dict(state.missed)
    seen = command.appointment_id in known
    wanted = known[command.appointment_id] is not None if command.discipline is None and seen else not seen
    return [like(MissedSessionNoted, command)] if wanted else ()


def note_review(state: History, command: NoteReview, given: Given[Rules]) -> Decision:
    """OUT-05: what does not help somebody who comes is the team's matter, unless the review says so or ends it."""
    if command.on in state.reviews:
        return ()
    rule = given.rules.measures.step_up.values
    wanting = command.result not in ("step_up", "discharge") and state.comes(rule.attendance_percent)
    lacking = wanting and state.lacks_effect(command.on, rule.reviews, given.rules.calendar)
    return [like(ReviewNoted, command), *([StepUpSuggested(on=command.on)] if lacking else ())]


def note_end(state: History, command: NoteEnd, given: Given[Rules]) -> Decision:
    return () if state.is_over else [EndNoted()]


def note_attendance(state: History, command: NoteAttendance, given: Given[Rules]) -> Decision:
    """From the beginning of the plan on."""
    known = dict(state.visits).get(command.appointment_id)
    before_plan = state.started_on is None or command.on < state.started_on
    if before_plan or (known and ATTENDANCE.index(command.how) <= ATTENDANCE.index(known)):
        return ()
    return [like(AttendanceNoted, command)]


def sites_noted(state: History, fact: SitesNoted, head: Head) -> History:
    return updated(state, fact, patient_id=head.lane_key)


def first_visit_noted(state: History, fact: FirstVisitNoted, head: Head) -> History:
    known = (*state.first_visits, (fact.appointment_id, fact.version))
    return replace(state, first_visits=known, baseline_since=fact.baseline_since)


def score_noted(state: History, fact: ScoreNoted, head: Head) -> History:
    ordered = sorted((*state.scores, like(Score, fact)), key=lambda each: each.taken_at)
    return replace(state, scores=tuple(ordered))


def score_taken_back(state: History, fact: ScoreTakenBack, head: Head) -> History:
    scores = (replace(each, in_error=True) if is_of(each, fact) else each for each in state.scores)
    return replace(state, scores=tuple(scores))


def plan_noted(state: History, fact: PlanNoted, head: Head) -> History:
    if fact.activity_id is None:
        return replace(state, started_on=fact.started_on, baseline_until=fact.baseline_until)
    if fact.running:
        return replace(state, running=(*state.running, fact.activity_id))
    left = tuple(each for each in state.running if each != fact.activity_id)
    return replace(state, running=left, ended=(*state.ended, fact.activity_id))


def full_turn_noted(state: History, fact: FullTurnNoted, head: Head) -> History:
    return replace(state, full_on=fact.on)


def missed_session_noted(state: History, fact: MissedSessionNoted, head: Head) -> History:
    known = {**dict(state.missed), fact.appointment_id: fact.discipline}
    return replace(state, missed=tuple(known.items()))


def review_noted(state: History, fact: ReviewNoted, head: Head) -> History:
    return replace(state, reviews=(*state.reviews, fact.on))


def attendance_noted(state: History, fact: AttendanceNoted, head: Head) -> History:
    return replace(state, visits=tuple({**dict(state.visits), fact.appointment_id: fact.how}.items()))


def ended(state: History, fact: EndNoted, head: Head) -> History:
    return replace(state, is_over=True)


def step_up_suggested(state: History, fact: StepUpSuggested, head: Head) -> History:
    return state


def needs(state: History, command: Command) -> Iterable[tuple[str, str]]:
    if isinstance(command, NoteScore):
        yield "measure_request", command.request_id


HISTORY = Aggregate[History](
    "history",
    History(),
    decide=Table(
        *(note_sites, note_first_visit, move_first_visit, note_score, take_score_back),
        *(note_plan, note_review, note_attendance, note_missed_session, note_full_turn),
        note_end,
    ),
    needs=needs,
    evolve=Table(
        sites_noted,
        first_visit_noted,
        score_noted,
        score_taken_back,
        plan_noted,
        full_turn_noted,
        missed_session_noted,
        review_noted,
        attendance_noted,
        step_up_suggested,
        ended,
    ),
)
