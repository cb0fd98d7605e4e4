"""Whatever software proposes has an answer of a person, which names it (PRV-26). The table holds both ways: a proposal
without its answer, an opening fact that nobody sorted, and a line that is true no more are red."""

from collections import defaultdict
from collections.abc import Mapping

from schemas.care_plan.v1.activity import (
    ActivityCompleted,
    ActivityDeclined,
    ActivityInformationAsked,
    ActivityOrdered,
    ActivityReviewed,
    ActivityReviewFellDue,
    ActivityStopped,
)
from schemas.care_plan.v1.antithrombotic import (
    AntithromboticPlanInvalidated,
    AntithromboticPlanRequested,
    AntithromboticPlanSigned,
)
from schemas.care_plan.v1.conflict import ConflictDetected, ConflictResolved
from schemas.care_plan.v1.consultation import ConsultationCompleted
from schemas.care_plan.v1.contact import ContactFellDue
from schemas.care_plan.v1.discharge import (
    DischargeDeclined,
    DischargeProposed,
    PatientDischarged,
    PifuExpired,
    PifuUsed,
)
from schemas.care_plan.v1.goal import GoalAssessed
from schemas.care_plan.v1.investigation import InvestigationFellDue, InvestigationReported
from schemas.care_plan.v1.letter import LetterRecalled
from schemas.care_plan.v1.mdt import (
    MdtCaseDeferred,
    MdtCaseListed,
    MdtCaseRequested,
    MdtCaseWithdrawn,
    MdtDecisionRecorded,
)
from schemas.care_plan.v1.measure import (
    FindingReviewed,
    MeasureEnteredInError,
    MeasureNotReceived,
    MeasureScored,
)
from schemas.care_plan.v1.opioid import OpioidCheckFellDue, OpioidCheckRecorded
from schemas.care_plan.v1.override import OverrideLapsed, OverrideRecorded, OverrideRequested
from schemas.care_plan.v1.plan import (
    PlanClosed,
    PlanHandoverOffered,
    PlanNotDrafted,
    PlanReviewed,
    PlanReviewFellDue,
    PlanRevoked,
)
from schemas.care_plan.v1.procedure import ProcedureOrdered, ProcedureOutcomeNeeded, ProcedurePerformed
from schemas.care_plan.v1.safety import SafetyAlertAssessed, SafetyAlertClosed, SafetyAlertRaised
from schemas.fact import Fact
from schemas.generic import generic_facts
from schemas.notifications.v1.escalation import EscalationTimedOut
from schemas.notifications.v1.message import MessageFailed, MessageReplied, MessageSuppressed
from schemas.notifications.v1.roster import RosterFoundIncomplete
from schemas.proposal import Answer, Proposal
from schemas.referral.v1.duplicate import DuplicateDismissed, DuplicateLinked, DuplicateSuspected
from schemas.referral.v1.patient import DeathDoubted, DeathSettled
from schemas.referral.v1.referral import (
    CancellationRequested,
    FoundIncomplete,
    InformationNotReceived,
    InformationRequested,
    RedFlagRaised,
    RedFlagResolved,
    RedFlagUnclear,
    ReferralAmended,
    ReferralProgressed,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
    ReferralWithdrawn,
    TriageSuggested,
)
from schemas.referral.v1.wait import WaitBreached, WaitBreachForecast, WaitReviewed, WaitReviewFellDue
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentMoved,
    AttendanceCorrected,
    GateCheckFailed,
    PatientAttended,
    PatientDidNotAttend,
    SessionOutOfOrder,
    VisitsOverlap,
)
from schemas.scheduling.v1.attendance import AttendanceReviewed, AttendanceReviewRequested
from schemas.scheduling.v1.booking import BookingRequested
from schemas.scheduling.v1.gate import GateFailed, GateOpened
from schemas.scheduling.v1.group_time import GroupShort
from schemas.scheduling.v1.joint_day import JointDayBroken
from schemas.scheduling.v1.slot import FreedSlotLeft, SlotFreed
from schemas.scheduling.v1.unavailability import UnavailabilityRequested
from schemas.services import NAMES
from schemas.worklist.v1.episode import EpisodeUnowned
from services.care_plan.mdt.facts import ReasonAdded
from services.care_plan.plan.facts import SuggestionNoted
from services.referral.referral.facts import LinkedAsDuplicate
from services.worklist.catalogue.decide.table import CATALOGUE
from services.worklist.visit.facts import VisitBegan
from tests.support.services import ALL

Facts = Mapping[type[Fact], str]

PROPOSED: Mapping[type[Proposal], tuple[type[Answer], ...]] = {
    TriageSuggested: (ReferralTriaged, ReferralRejected, ReferralRedirected),
    InformationNotReceived: (ReferralProgressed, ReferralRejected, ReferralRedirected),
    RedFlagRaised: (RedFlagResolved,),
    DuplicateSuspected: (DuplicateLinked, DuplicateDismissed, LinkedAsDuplicate),
    WaitReviewFellDue: (WaitReviewed,),
    AttendanceReviewRequested: (AttendanceReviewed,),
    MeasureScored: (FindingReviewed, MeasureEnteredInError),
    SafetyAlertRaised: (SafetyAlertAssessed,),
    ActivityReviewFellDue: (ActivityReviewed, ActivityCompleted, ActivityStopped),
    PlanReviewFellDue: (PlanReviewed,),
    OpioidCheckFellDue: (OpioidCheckRecorded,),
    GoalAssessed: (PlanReviewed,),
    ConflictDetected: (ConflictResolved,),
    DischargeProposed: (PatientDischarged, DischargeDeclined),
    PifuExpired: (PatientDischarged, PifuUsed),
    MdtCaseRequested: (MdtDecisionRecorded, MdtCaseWithdrawn),
    OverrideRequested: (OverrideRecorded,),
}
"""Which fact of software asks, and with which facts a person answers."""
ONE_MORE: Mapping[type[Proposal], type[Proposal]] = {
    ReasonAdded: MdtCaseRequested,
    SuggestionNoted: GoalAssessed,
}
"""Private steps, and the public proposal of which they are one more."""
NO_PROPOSAL: Facts = {
    **dict.fromkeys(
        (BookingRequested, ActivityOrdered, ActivityInformationAsked, InformationRequested),
        "work that a person asked for",
    ),
    **dict.fromkeys((ActivityDeclined, MdtCaseDeferred, MdtCaseListed), "what a person decided about work"),
    **dict.fromkeys(
        (
            ConsultationCompleted,
            DeathSettled,
            DuplicateLinked,
            LetterRecalled,
            MdtDecisionRecorded,
            MeasureEnteredInError,
            ProcedureOrdered,
            ProcedurePerformed,
        ),
        "a person's decision, and the work it makes",
    ),
    **dict.fromkeys((ReferralAmended, CancellationRequested, UnavailabilityRequested), "from outside"),
    **dict.fromkeys(
        (DeathDoubted, FoundIncomplete, ProcedureOutcomeNeeded, RedFlagUnclear),
        "says what is not known; going on without is PRV-25",
    ),
    **dict.fromkeys(
        (WaitBreachForecast, WaitBreached, PlanNotDrafted, MeasureNotReceived, ContactFellDue),
        "says what is late or due",
    ),
    **dict.fromkeys((MessageSuppressed, MessageFailed, MessageReplied), "somebody is spoken with"),
    **dict.fromkeys((EscalationTimedOut, RosterFoundIncomplete), "nobody could be called"),
    **dict.fromkeys(
        (
            *(VisitBegan, PatientDidNotAttend, JointDayBroken, GroupShort),
            *(SlotFreed, FreedSlotLeft, SessionOutOfOrder, VisitsOverlap),
        ),
        "what happened to dates",
    ),
    **dict.fromkeys(
        (AppointmentBooked, AppointmentMoved), "a date that a person gave, and what comes before it"
    ),
    **dict.fromkeys(
        (GateOpened, GateFailed, GateCheckFailed), "says what is not shown; a person shows it or decides"
    ),
    InvestigationFellDue: "what a clinician asked for is not there",
    InvestigationReported: "a result, for whom the clinician named to read it",
    PlanHandoverOffered: "one clinician asks another",
    AntithromboticPlanRequested: "asks a proceduralist to look: what the table proposes stands in the draft",
    AntithromboticPlanInvalidated: "what was signed holds no longer",
    AntithromboticPlanSigned: "another text than the one that was signed first: the patient is called",
    **dict.fromkeys(
        (EpisodeUnowned, *(fact for name in NAMES for fact in generic_facts(name))), "the runtime's"
    ),
}
"""Facts that open work without proposing anything, and why not."""
NO_ANSWER: Facts = {
    **dict.fromkeys(
        (
            *(InformationRequested, ReferralWithdrawn, AttendanceCorrected, PatientAttended),
            *(OverrideLapsed, PlanClosed, PlanRevoked),
        ),
        "overtaken",
    ),
    **dict.fromkeys((ActivityOrdered, MdtCaseListed), "a step towards it"),
    SafetyAlertClosed: "comes after the assessment, which is the answer",
    PlanReviewed: "of a finding: the plan is looked at as a whole",
}
"""Facts that close the work of a proposal without answering it, and why not."""


KINDS = [frozenset(aggregate.evolve.rights) for service in ALL for aggregate in service.aggregates]
"""The facts of each kind of aggregate."""


def test_every_proposal_is_answered_by_the_facts_of_the_table() -> None:
    answered = defaultdict(set)
    for answer in {fact for kind in KINDS for fact in kind if issubclass(fact, Answer)}:
        for proposal in answer.answers_to:
            answered[proposal].add(answer)
    assert answered == {proposal: set(facts) for proposal, facts in PROPOSED.items()}


def test_every_proposing_fact_of_a_service_is_in_the_table() -> None:
    proposing = {fact for kind in KINDS for fact in kind if issubclass(fact, Proposal)}
    assert proposing == {*PROPOSED, *ONE_MORE}
    assert {fact: fact.instead_of for fact in ONE_MORE} == ONE_MORE


def test_whoever_is_answered_knows_what_was_proposed() -> None:
    """Of another aggregate's proposals one learns by a private step, or no answer could name them."""
    unknown = [
        (proposal.__name__, answer.__name__)
        for proposal, facts in PROPOSED.items()
        for answer in facts
        for kind in KINDS
        if answer in kind
        and kind.isdisjoint({proposal, *(step for step in ONE_MORE if ONE_MORE[step] is proposal)})
    ]
    assert not unknown


def test_whatever_opens_work_is_a_proposal_or_says_why_not() -> None:
    opening = {row.opens for row in CATALOGUE}
    unsorted = [
        fact.__name__ for fact in opening if not issubclass(fact, Proposal) and fact not in NO_PROPOSAL
    ]
    assert not unsorted, "new work: is it proposed by a rule? Then its fact is a Proposal, and has an Answer"
    assert not [fact.__name__ for fact in NO_PROPOSAL if issubclass(fact, Proposal)]


def test_whatever_ends_the_work_of_a_proposal_answers_it_or_says_why_not() -> None:
    closing = {
        closed.fact
        for row in CATALOGUE
        if issubclass(row.opens, Proposal)
        for closed in row.closings
        if closed.fact not in PROPOSED[row.opens]
    }
    assert closing == set(NO_ANSWER)
