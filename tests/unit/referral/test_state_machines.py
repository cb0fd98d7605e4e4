"""Whatever happens in whatever order: a referral holds what it promises."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command
from schemas.fact import Fact
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.commands import (
    AskForTriage,
    ConfirmCancellation,
    DismissDuplicate,
    EndWithDeath,
    FollowOutside,
    MarkInError,
    NoteInterim,
    RaiseRedFlag,
    RecordOutcome,
    RequestCancellation,
    ResolveRedFlag,
    SuspectDuplicate,
)
from services.referral.referral.content import decode
from services.referral.referral.decide.red_flags import unclear_flag_id
from services.referral.referral.states import (
    Accepted,
    Active,
    AwaitingInformation,
    CancellationRequested,
    Draft,
    OnTheWay,
    Over,
    Received,
    Rejected,
    StillWaiting,
)
from tests.support.deciding import TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.support.submissions import COMPLETE_ANSWERS, DIAZEPAM, NO_FLAGS, OXYCODONE
from tests.unit.referral.situations import (
    ACCEPT,
    ASK,
    CLOSES,
    COORDINATOR,
    ENDS_THE_CALL,
    GO_ON,
    MANAGER,
    NURSE,
    OPENS,
    PHYSICIAN,
    REFERRER,
    REGISTRAR,
    STRANGER,
    receive,
    redirect,
    reject,
    rules,
    supply,
    triage,
)

ACTORS = st.sampled_from((NURSE, PHYSICIAN, COORDINATOR, MANAGER, REFERRER, STRANGER, SYSTEM))
ADAPTER = Actor("partner", derive(ROOT, "an outside system"))
PEOPLE = st.sampled_from((NURSE, REGISTRAR, REFERRER))
CLINICIANS = st.sampled_from((NURSE, PHYSICIAN, PHYSICIAN, COORDINATOR))
FIELDS = st.sets(st.sampled_from(sorted(COMPLETE_ANSWERS)), max_size=3).map(tuple)
ANSWER = st.sampled_from(("yes", "no", "unknown", "unknown"))
SCREENS = st.dictionaries(st.sampled_from(sorted(NO_FLAGS)), ANSWER, max_size=3).map(
    lambda said: {**NO_FLAGS, **said}
)
DRUGS = st.lists(st.sampled_from((OXYCODONE, DIAZEPAM)), max_size=2)
OTHERS = st.sampled_from([derive(ROOT, name) for name in ("a referral", "another")])
FLAGS = st.sampled_from(sorted(NO_FLAGS))
RESULTS = st.sampled_from(("emergency_care", "other_specialty", "assessed_continue", "not_present"))


class Referrals(Machine):
    """Anybody does anything to one referral."""

    open_items: set[str]
    call_is_open: bool

    @initialize()
    def nothing_has_arrived(self) -> None:
        self.begin(REFERRAL, rules())
        self.world.actor = REFERRER
        self.open_items = set()
        self.call_is_open = False

    @rule(actor=ACTORS, without=FIELDS, screen=SCREENS, drugs=DRUGS)
    def send(self, actor: Actor, without: tuple[str, ...], screen: dict[str, str], drugs: list[Any]) -> None:
        command = receive(red_flag_screen=screen, medications=drugs, without=without)
        self.work(self.take(actor, command))
        assert not self.take(actor, command), "the same again changes nothing"

    @rule(actor=ACTORS)
    def ask(self, actor: Actor) -> None:
        self.work(self.take(actor, ASK))

    @rule(actor=ACTORS, screen=SCREENS)
    def answer(self, actor: Actor, screen: dict[str, str]) -> None:
        everything = {**COMPLETE_ANSWERS, "red_flag_screen": screen, "mechanism": "found out"}
        self.work(self.take(actor, supply(**everything)))

    @rule(actor=ACTORS, field=st.sampled_from(("function", "social", "history")))
    def answer_one(self, actor: Actor, field: str) -> None:
        self.work(self.take(actor, supply(**{field: "more about it"})))

    @rule()
    def wait(self) -> None:
        timers = self.world.aggregate.timers(self.world.state, rules())
        for timer in sorted(timers.values(), key=lambda timer: timer.due)[:1]:
            self.world.take(max(timer.due, self.world.at))
            assert self.take(SYSTEM, timer.command), "a due timer does something"

    @rule(days=st.integers(0, 40))
    def time_passes(self, days: int) -> None:
        self.world.take(self.world.at + timedelta(days=days))

    @rule(actor=ACTORS, category=st.sampled_from(("cat_1", "cat_2", "cat_3", "cat_9")))
    def decide_urgency(self, actor: Actor, category: str) -> None:
        """By name, a category that there is, and never while a flag that stops triage is open."""
        before = self.world.state
        made = self.take(actor, triage(category))
        self.work(made)
        if made:
            assert actor in (NURSE, PHYSICIAN) and category != "cat_9"
            assert isinstance(before, Received | OnTheWay) and type(self.world.state) is type(before)
            assert not {"cauda_equina_neuro", "vascular"} & {flag.flag for flag in before.course.open_flags}
        assert not self.take(actor, triage(category, comment=" ")), "a comment is mandatory (REF-12)"

    @rule(
        actor=st.sampled_from((ADAPTER, NURSE, SYSTEM)),
        move=st.sampled_from(("visit_scheduled", "interim_note")),
    )
    def follow_outside(self, actor: Actor, move: Any) -> None:
        """TID 31, 32: from accepted, by an outside system only; from there on it waits, ends and is told as ours."""
        before = self.world.state
        made = self.take(actor, FollowOutside(move=move))
        self.work(made)
        if made:
            assert actor == ADAPTER and isinstance(before, Accepted)
            assert isinstance(self.world.state, Active)

    @rule(actor=ACTORS, command=st.sampled_from((ACCEPT, GO_ON, AskForTriage(), reject(), redirect())))
    def decide(self, actor: Actor, command: Command) -> None:
        self.work(self.take(actor, command))

    @rule(
        actor=ACTORS,
        command=st.sampled_from(
            (
                RequestCancellation(reason="moved_away", by="patient"),
                ConfirmCancellation(),
                NoteInterim(note="we go on"),
                RecordOutcome(outcome="advice_given", note="by telephone"),
                MarkInError(reason="test_data"),
            )
        ),
    )
    def take_back(self, actor: Actor, command: Command) -> None:
        self.work(self.take(actor, command))

    @rule(other=OTHERS, reason=st.sampled_from(("same_body_site", "same_condition")))
    def suspect(self, other: str, reason: str) -> None:
        command = SuspectDuplicate(other_referral_id=other, basis=(reason,))
        self.work(self.take(SYSTEM, command))
        assert not self.take(SYSTEM, command), "the same again changes nothing"

    @rule(actor=ACTORS, other=OTHERS)
    def dismiss(self, actor: Actor, other: str) -> None:
        self.work(self.take(actor, DismissDuplicate(other_referral_id=other)))

    @rule()
    def die(self) -> None:
        self.work(self.take(SYSTEM, EndWithDeath(decided_by=str(NURSE.id))))
        assert isinstance(self.world.state, Draft | Over)

    @rule(actor=ACTORS, flag=FLAGS)
    def call(self, actor: Actor, flag: Any) -> None:
        self.work(self.take(actor, RaiseRedFlag(flag=flag)))

    @rule(actor=CLINICIANS, pick=st.integers(0, 9), result=RESULTS)
    def resolve(self, actor: Actor, pick: int, result: Any) -> None:
        if not isinstance(self.world.state, Draft):
            course = self.world.state.course
            known = [flag.flag_id for flag in course.flags]
            known += [unclear_flag_id(TARGET, flag) for flag in course.unclear]
            flag_id = known[pick % len(known)] if known else TARGET
            self.work(self.take(actor, ResolveRedFlag(flag_id=flag_id, result=result)))

    def work(self, facts: list[Fact]) -> None:
        """Open work as the worklist's catalogue has it, of the items that carry a referral forward."""
        for fact in facts:
            name = fact.wire_type.split(".")[1]
            self.call_is_open = name == "red_flag_unclear" or (
                self.call_is_open
                and (name not in ENDS_THE_CALL or bool(getattr(fact, "still_unclear", None)))
            )
            self.open_items -= CLOSES.get(name, set())
            self.open_items |= OPENS.get(name, set())

    @invariant()
    def an_undecided_referral_is_always_somebody_s_work(self) -> None:
        state = self.world.state
        if isinstance(state, Received | AwaitingInformation) and state.course.urgency is None:
            assert self.open_items

    @invariant()
    def what_nobody_could_answer_is_somebody_s_call_until_nothing_is_unclear(self) -> None:
        state = self.world.state
        if not isinstance(state, Draft) and state.course.unclear:
            assert self.call_is_open

    @invariant()
    def what_may_be_a_duplicate_is_somebody_s_work_and_is_not_accepted(self) -> None:
        state = self.world.state
        if isinstance(state, Received | AwaitingInformation) and state.course.suspected:
            assert "REF_DUPLICATE_CHECK" in self.open_items

    @invariant()
    def what_was_taken_back_waits_for_a_coordinator(self) -> None:
        waits = isinstance(self.world.state, CancellationRequested)
        assert waits == ("CANCEL_CONFIRM" in self.open_items)

    @invariant()
    def what_is_answered_yes_was_raised(self) -> None:
        if not isinstance(self.world.state, Draft):
            course = self.world.state.course
            package = decode(self.world.contents[course.package_ref])
            present = {
                flag for flag, answer in (package.answers.red_flag_screen or {}).items() if answer == "yes"
            }
            assert present <= {flag.flag for flag in course.flags}

    @invariant()
    def nothing_is_accepted_without_triage_or_while_answers_are_missing(self) -> None:
        if isinstance(self.world.state, Accepted):
            course = self.world.state.course
            assert course.urgency is not None
            assert set(course.missing) <= set(course.waived)

    @invariant()
    def timers_run_only_while_somebody_waits(self) -> None:
        timers = set(self.world.aggregate.timers(self.world.state, rules()))
        if not isinstance(self.world.state, AwaitingInformation):
            assert not timers & {"reminder", "decision"}
        if not isinstance(self.world.state, StillWaiting):
            assert not timers

    @invariant()
    def who_waits_is_reviewed_in_the_end_and_a_target_speaks(self) -> None:
        state = self.world.state
        if isinstance(state, StillWaiting):
            timers = self.world.aggregate.timers(state, rules())
            assert "wait_review" in timers
            urgency = state.course.urgency
            told = urgency and state.course.wait.breached_for == urgency.target_date
            assert urgency is None or told or "breach" in timers

    @invariant()
    def the_end_is_the_end(self) -> None:
        ended = [type(fact).__name__ for fact, _ in self.world.facts].count("ReferralRejected")
        redirected = [type(fact).__name__ for fact, _ in self.world.facts].count("ReferralRedirected")
        assert (ended + redirected == 1) == isinstance(self.world.state, Rejected)


TestReferrals = Referrals.TestCase
TestReferrals.settings = explored(60, steps=25)
