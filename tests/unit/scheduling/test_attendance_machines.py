"""What counts, the review of it, and times of absence, whatever is told in whatever order and however often."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command
from schemas.scheduling.v1.attendance import AttendanceReviewed, AttendanceReviewRequested
from schemas.scheduling.v1.unavailability import (
    UnavailabilityRecorded,
    UnavailabilityRefused,
    UnavailabilityRequested,
)
from services.scheduling.appointment.states import Date, NoShow
from services.scheduling.attendance_case.aggregate import (
    ATTENDANCE_CASE,
    AskForReview,
    NoCase,
    ReviewAttendance,
    Reviewed,
)
from services.scheduling.referral_record.aggregate import (
    RECORD,
    CountCancellation,
    CountNonAttendance,
    CountRefusal,
    ForgetAppointment,
    NoteEnd,
    NoteReminder,
    NoteUrgency,
    UncountNonAttendance,
)
from services.scheduling.referral_record.states import Record
from services.scheduling.unavailability.aggregate import (
    UNAVAILABILITY,
    DecideAbsence,
    EndUnavailability,
    Period,
    RecordUnavailability,
)
from tests.support.deciding import START, TARGET
from tests.support.effort import explored
from tests.unit.scheduling.situations import (
    CLERK,
    COORDINATOR,
    DAY,
    EVERYBODY,
    FIRST_VISIT,
    IN_10_DAYS,
    NURSE,
    PATIENT,
    PAUL,
    PHYSICIAN,
    Steady,
    rules,
)

ONE, TWO, ALONE = (derive(ROOT, f"visit {number}") for number in range(3))
VISITS = st.sampled_from((ONE, TWO, ALONE))
DATE = Date(clinician_id=PAUL, start=IN_10_DAYS, end=IN_10_DAYS, location="main")
BESIDE = {
    visit: NoShow(matter=FIRST_VISIT, date=DATE, joint_day_id=day, counted=True)
    for visit, day in ((ONE, DAY), (TWO, DAY), (ALONE, None))
}
"""Two visits on one joint day, and another one."""
CATEGORIES = st.sampled_from(("cat_1", "cat_2"))
DAYS = st.dates(date(2027, 2, 1), date(2027, 3, 31))
actors = st.sampled_from((PHYSICIAN, PATIENT, *EVERYBODY))


class Records(Steady):
    """One referral's record beside plain sets that say what should stand in it."""

    @initialize()
    def nothing_counts(self) -> None:
        self.begin(RECORD, rules())
        self.world.others = BESIDE
        self.cancelled: set[str] = set()
        self.missed: set[str] = set()
        self.refused: set[str] = set()
        self.delivered: set[tuple[str, int]] = set()

    def tell(self, command: Command, changes: bool) -> None:
        assert bool(self.take(SYSTEM, command)) == changes, "each source counts once"

    @rule(visit=VISITS)
    def cancels(self, visit: str) -> None:
        self.tell(CountCancellation(appointment_id=visit), visit not in self.cancelled)
        self.cancelled.add(visit)

    @rule(visit=VISITS)
    def misses(self, visit: str) -> None:
        self.tell(CountNonAttendance(appointment_id=visit), visit not in self.missed)
        self.missed.add(visit)

    @rule(offer=VISITS)
    def declines(self, offer: str) -> None:
        self.tell(CountRefusal(offer_id=offer), offer not in self.refused)
        self.refused.add(offer)

    @rule(visit=VISITS)
    def was_there_after_all(self, visit: str) -> None:
        self.tell(UncountNonAttendance(appointment_id=visit), visit in self.missed)
        self.missed.discard(visit)

    @rule(visit=VISITS)
    def was_entered_in_error(self, visit: str) -> None:
        self.tell(ForgetAppointment(appointment_id=visit), visit in self.cancelled | self.missed)
        self.cancelled.discard(visit)
        self.missed.discard(visit)

    @rule()
    def ends(self) -> None:
        self.tell(NoteEnd(), not self.world.state.is_over)

    @rule(visit=VISITS, version=st.integers(1, 2), number=st.integers(1, 2), delivered=st.booleans())
    def is_reminded(self, visit: str, version: int, number: int, delivered: bool) -> None:
        message = derive(visit, f"reminder {number} of {version}")
        self.take(
            SYSTEM,
            NoteReminder(message_id=message, appointment_id=visit, version=version, delivered=delivered),
        )
        if delivered:
            self.delivered.add((message, version))
        for each in (1, 2):
            expected = {derive(visit, f"reminder {n} of {each}") for n in (1, 2)}
            reached = {known for known, _ in self.delivered} & expected
            assert self.world.state.reminders(visit, each) == len(reached), (
                "of this version, each message once"
            )

    @rule(category=CATEGORIES, on=DAYS)
    def is_ranked(self, category: str, on: date) -> None:
        self.take(SYSTEM, NoteUrgency(category=category, target_date=on))
        assert (self.world.state.category, self.world.state.target_date) == (category, on)

    @invariant()
    def what_counts_is_what_was_told(self) -> None:
        for kept, said in (
            (self.world.state.cancelled, self.cancelled),
            ([each.appointment_id for each in self.world.state.missed], self.missed),
            (self.world.state.refused, self.refused),
        ):
            assert sorted(kept) == sorted(said)

    @invariant()
    def a_joint_day_that_was_missed_is_one(self) -> None:
        days = bool({ONE, TWO} & self.missed) + (ALONE in self.missed)
        assert self.world.state.non_attendances() == days


SPOKEN = ("safeguarding", "minor")


class Cases(Steady):
    """A clinician looks, once."""

    @initialize()
    def nobody_asked(self) -> None:
        self.begin(ATTENDANCE_CASE, rules())
        self.world.others = {TARGET: Record()}

    @rule()
    def the_referral_ends(self) -> None:
        self.world.others = {TARGET: Record(is_over=True)}

    @rule(trigger=st.sampled_from(("ATT-03", "ATT-04")), exempt=st.sampled_from(((), SPOKEN, SPOKEN[:1])))
    def ask(self, trigger: Any, exempt: Any) -> None:
        before = self.world.state
        asked = AskForReview(trigger=trigger, dna_count=1, exemptions=exempt)
        assert bool(self.take(SYSTEM, asked)) == isinstance(before, NoCase)

    @rule(
        actor=actors,
        decision=st.sampled_from(("reoffer", "reset_clock", "refer_back", "discharge")),
        despite=st.sampled_from(((), SPOKEN, SPOKEN[1:])),
    )
    def review(self, actor: Actor, decision: Any, despite: Any) -> None:
        """Nothing follows from a missed visit but what a clinician decided (ATT-04), who looked at what speaks for the
        patient before they let them go (ATT-07)."""
        before = self.world.state
        for fact in self.take(actor, ReviewAttendance(decision=decision, note="looked at", despite=despite)):
            assert decision != "discharge" or before.trigger == "ATT-03" or {*before.exemptions} <= {*despite}
            assert isinstance(fact, AttendanceReviewed) and not self.world.others[TARGET].is_over
            assert actor in (PHYSICIAN, NURSE) and fact.decided_by == actor.id
            assert fact.decision == self.world.state.decision == decision
            assert fact.note_ref in self.world.contents, "the note itself is no part of the fact"

    @invariant()
    def it_is_asked_for_once_and_reviewed_once(self) -> None:
        told = [type(fact) for fact, _ in self.world.facts]
        assert told == [AttendanceReviewRequested, AttendanceReviewed][: len(told)]
        assert (len(told) == 2) == isinstance(self.world.state, Reviewed)


class Absences(Steady):
    """A time in which the patient is not available (ATT-06)."""

    @initialize()
    def available(self) -> None:
        self.begin(UNAVAILABILITY, rules())

    @rule(actor=actors, start=DAYS, days=st.none() | st.sampled_from((-1, 0, 3, 90, 91, 200)))
    def record(self, actor: Actor, start: date, days: int | None) -> None:
        end = None if days is None else start + timedelta(days=days)
        self.ask(actor, RecordUnavailability(kind="medical", start=start, end=end))

    @rule(actor=actors, days=st.sampled_from((-1, 0, 2, 3, 90, 91, 200, 300)))
    def end(self, actor: Actor, days: int) -> None:
        start = getattr(self.world.state, "start", START.date())
        self.ask(actor, EndUnavailability(end=start + timedelta(days=days)))

    @rule(actor=actors, decision=st.sampled_from(("grant", "refuse")))
    def decide(self, actor: Actor, decision: Any) -> None:
        wished = getattr(self.world.state, "wished", None)
        if self.take(actor, DecideAbsence(decision=decision)):
            assert wished and actor == COORDINATOR
            assert (self.world.state.end == wished) == (decision == "grant")

    def ask(self, actor: Actor, command: Command) -> None:
        made = self.take(actor, command)
        assert not made or actor in (COORDINATOR, CLERK, PHYSICIAN, NURSE, PATIENT, SYSTEM)

    @invariant()
    def what_was_told_last_is_the_period_and_it_is_never_empty(self) -> None:
        told = [fact for fact, _ in self.world.facts]
        assert [type(fact) for fact in told[:1]] == [UnavailabilityRecorded] * bool(told)
        if isinstance(self.world.state, Period):
            period, wishes = self.world.state, (UnavailabilityRequested, UnavailabilityRefused)
            last: Any = [fact for fact in told if not isinstance(fact, wishes)][-1]
            assert (period.start, period.end) == (last.start, last.end)
            assert last.end is None or last.end > last.start
            assert (period.wished is not None) == isinstance(told[-1], UnavailabilityRequested)
            assert period.wished is None or period.end is None or period.wished > period.end


TestRecords, TestCases, TestAbsences = Records.TestCase, Cases.TestCase, Absences.TestCase
TestRecords.settings = TestCases.settings = TestAbsences.settings = explored(80, steps=20)
