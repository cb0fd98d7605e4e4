"""What is remembered of a referral's measures and work: facts told again in any order change nothing."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Command
from services.care_plan.history.aggregate import (
    HISTORY,
    NoteAttendance,
    NoteEnd,
    NoteFullTurn,
    NoteMissedSession,
    NotePlan,
    NoteReview,
    NoteScore,
    NoteSites,
)
from services.care_plan.history.states import ATTENDANCE, Score
from services.care_plan.measures.states import Requested
from tests.support.deciding import START
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.situations import rules, some_id

DAY = START.date()
PLAN = DAY + timedelta(days=30)
WORK = st.sampled_from(("physiotherapy", "psychology")).map(some_id)
REQUESTS = {
    some_id(occasion): Requested(occasion=occasion, due_on=DAY, outstanding=("peg",))
    for occasion in ("baseline", "review", "end")
}


class Histories(Machine):
    told: list[tuple[Command, str]]

    @initialize(back_pain=st.booleans())
    def a_referral_comes(self, back_pain: bool) -> None:
        self.begin(HISTORY, rules())
        self.world.others = REQUESTS
        self.told = []
        self.tell(NoteSites(back_pain=back_pain))
        self.tell(NotePlan(started_on=PLAN))

    @rule(total=st.integers(0, 30), request=st.sampled_from(sorted(REQUESTS)), days=st.integers(0, 200))
    def a_score_is_told(self, total: int, request: str, days: int) -> None:
        score = Score(
            instrument="peg",
            instrument_version="1",
            score=Decimal(total),
            item_sum=total,
            taken_at=START + timedelta(days=days),
        )
        self.tell(NoteScore(request_id=request, score=score))

    @rule(activity=WORK, running=st.booleans())
    def work_begins_or_ends(self, activity: str, running: bool) -> None:
        ended = activity in self.world.state.ended
        if not running and activity not in self.world.state.running:
            return
        self.tell(NotePlan(activity_id=activity, running=running))
        assert not (ended and activity in self.world.state.running), "what ended stays ended"

    @rule()
    def the_referral_ends(self) -> None:
        self.tell(NoteEnd())
        assert self.world.state.is_over

    @rule(days=st.integers(0, 200))
    def a_review_is_told(self, days: int) -> None:
        self.tell(NoteReview(on=DAY + timedelta(days=days)))

    @rule(days=st.integers(0, 200))
    def the_full_battery_is_asked_for(self, days: int) -> None:
        before = self.world.state.full_on or DAY
        self.tell(NoteFullTurn(on=DAY + timedelta(days=days)))
        assert self.world.state.full_on == max(before, DAY + timedelta(days=days))

    @rule(visit=WORK, discipline=st.sampled_from(("physiotherapy", "psychology", None)))
    def a_session_is_missed_or_was_not(self, visit: str, discipline: str | None) -> None:
        known = dict(self.world.state.missed)
        self.tell(NoteMissedSession(appointment_id=visit, discipline=discipline))
        now = dict(self.world.state.missed)[visit]
        assert now == (discipline and known.get(visit, discipline)), "what was taken back is not missed again"

    @rule(visit=WORK, how=st.sampled_from(ATTENDANCE), days=st.integers(0, 200))
    def a_visit_is_told(self, visit: str, how: str, days: int) -> None:
        known = dict(self.world.state.visits).get(visit)
        self.tell(NoteAttendance(appointment_id=visit, how=how, on=DAY + timedelta(days=days)))
        now = dict(self.world.state.visits).get(visit)
        in_plan = DAY + timedelta(days=days) >= PLAN
        better = known is None or ATTENDANCE.index(how) > ATTENDANCE.index(known)
        assert now == (how if in_plan and better else known)

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        before = len(self.world.facts)
        self.world.command(*data.draw(st.sampled_from(self.told)))
        assert len(self.world.facts) == before

    def tell(self, command: Command) -> None:
        cause = some_id(f"fact {len(self.told)}")
        self.hear(command, cause)
        self.told.append((command, cause))

    @invariant()
    def scores_stand_in_the_order_of_their_taking(self) -> None:
        taken = [score.taken_at for score in self.world.state.scores]
        assert taken == sorted(taken)
        baselines = [
            score
            for score in self.world.state.scores
            if score.occasion == "baseline" and rules().calendar.day(score.taken_at) <= PLAN
        ]
        assert self.world.state.base("peg") == (baselines[-1] if baselines else None)

    @invariant()
    def no_work_runs_and_has_ended(self) -> None:
        assert not set(self.world.state.running) & set(self.world.state.ended)


TestHistories = Histories.TestCase
TestHistories.settings = explored(60, steps=40)
