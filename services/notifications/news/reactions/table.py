"""Who is told what of which fact: the one table. Class, audience and time of each template stand in
`templates/content.py`, its words in `config/messages.toml`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from backbone.model import Event
from schemas.care_plan.v1.antithrombotic import AntithromboticPlanInvalidated, AntithromboticPlanSigned
from schemas.care_plan.v1.consultation import LetterSigned
from schemas.care_plan.v1.contact import ContactRecorded
from schemas.care_plan.v1.discharge import PatientDischarged, PifuExpired, PifuOpened, PifuUsed
from schemas.care_plan.v1.letter import LetterRecalled
from schemas.care_plan.v1.mdt import MdtDecisionRecorded
from schemas.care_plan.v1.measure import MeasureNotScored, MeasureRequested, MeasureScored
from schemas.care_plan.v1.plan import CareTeamChanged, PlanActivated, PlanUpdated
from schemas.codes import Discipline
from schemas.fact import Fact
from schemas.notifications.v1.codes import Template
from schemas.referral.v1.duplicate import DuplicateLinked
from schemas.referral.v1.ends import MarkedInError
from schemas.referral.v1.referral import (
    InformationNotReceived,
    InformationRequested,
    ReferralAccepted,
    ReferralCompleted,
    ReferralReceived,
    ReferralRedirected,
    ReferralRejected,
    ReferralWithdrawn,
)
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AttendanceCorrected,
    PatientAttended,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.joint_day import JointDayProposed
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired, SlotOffered, WaitlistOfferMade
from services.notifications.agenda.commands import Scope

F = TypeVar("F", bound=Fact)
VisitFact = TypeVar(
    "VisitFact",
    AppointmentBooked,
    AppointmentMoved,
    AppointmentCancelled,
    PatientAttended,
    PatientDidNotAttend,
    AttendanceCorrected,
)
MeasureFact = TypeVar("MeasureFact", MeasureRequested, MeasureScored, MeasureNotScored)
PlanFact = TypeVar("PlanFact", PlanActivated, PlanUpdated)


class Team(NamedTuple):
    """What a fact says of who works with the patient."""

    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    disciplines: tuple[Discipline, ...] = ()


def always(fact: Fact) -> bool:
    return True


def nothing(fact: Fact) -> None:
    return None


def no_templates(fact: Fact) -> tuple[Template, ...]:
    return ()


def itself(event: Event[Fact]) -> str:
    return event.head.aggregate_id


def no_version(event: Event[Fact]) -> int | None:
    return None


def each_time(event: Event[Fact]) -> int | None:
    """Of what may happen to the same thing again: each time is told."""
    return event.head.sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[F]):
    """`says`: the templates that follow. `ends`: why what is planned about the subject is cancelled first; in a wider
    `scope`, every reminder; with `only`, messages of that template. `depends_on`: the visit with which they end too."""

    fact: type[F]
    when: Callable[[F], bool] = always
    says: tuple[Template, ...] = ()
    unsaid: Callable[[F], tuple[Template, ...]] = no_templates
    """What of it does not follow from this very fact."""
    subject: Callable[[Event[F]], str] = itself
    version: Callable[[Event[F]], int | None] = no_version
    due_on: Callable[[F], date | None] = nothing
    depends_on: Callable[[F], str | None] = nothing
    ends: str | None = None
    scope: Scope = "subject"
    only: Template | None = None
    referrer: Callable[[F], str | None] = nothing
    team: Callable[[F], Team | None] = nothing


def of_visit(fact: type[VisitFact], says: tuple[Template, ...] = (), **more: Any) -> Row[VisitFact]:
    """About a date: each of its versions is told."""
    return Row(fact=fact, says=says, version=lambda event: event.fact.version, **more)


def of_measure(fact: type[MeasureFact], **more: Any) -> Row[MeasureFact]:
    return Row(fact=fact, subject=lambda event: event.fact.request_id, **more)


def of_plan(fact: type[PlanFact], **more: Any) -> Row[PlanFact]:
    return Row(fact=fact, says=("PLAN_CHANGED",), version=lambda event: event.fact.plan_version, **more)


REMINDERS: tuple[Template, ...] = ("PROC_PREP_D7", "APPT_D3", "APPT_D1", "APPT_DIGEST")
OUTCOME: tuple[Template, ...] = ("OUTCOME_LETTER", "OUTCOME_LETTER_PT")
SUMMARY: tuple[Template, ...] = ("DISCHARGE_LETTER", "DISCHARGE_LETTER_PT")
DECLINED: tuple[Template, ...] = ("REF_DECLINED", "REF_DECLINED_PT")


def not_of(fact: AppointmentBooked | AppointmentMoved) -> tuple[Template, ...]:
    """Who has a procedure prepares for it. One is reminded of a date when nothing must be true any more before it."""
    if isinstance(fact, AppointmentMoved) and fact.status == "pending":
        return REMINDERS
    return () if fact.procedure_id else ("PROC_PREP_D7",)


TABLE: tuple[Row[Any], ...] = (
    # the referral
    Row(fact=ReferralReceived, says=("REF_RECEIVED",), referrer=lambda fact: fact.referrer_org_id),
    Row(fact=InformationRequested, says=("REF_INFO_REQUEST", "REF_INFO_REQUEST_PT"), version=each_time),
    Row(
        fact=InformationNotReceived,
        when=lambda fact: fact.stage == "reminder",
        says=("REF_INFO_REMINDER",),
        version=each_time,
    ),
    Row(fact=ReferralAccepted, says=("REF_ACCEPTED", "REF_ACCEPTED_PT")),
    Row(fact=ReferralRejected, says=DECLINED, ends="declined", scope="referral"),
    Row(fact=ReferralRedirected, says=DECLINED, ends="declined", scope="referral"),
    Row(fact=ReferralWithdrawn, says=DECLINED, ends="withdrawn", scope="referral"),
    Row(fact=MarkedInError, ends="withdrawn", scope="referral"),
    Row(fact=DuplicateLinked, says=("REF_DUPLICATE",), version=each_time),
    # dates
    Row(fact=SlotOffered, when=lambda fact: fact.mode == "message", says=("APPT_OFFER",), version=each_time),
    Row(
        fact=WaitlistOfferMade,
        when=lambda fact: fact.mode == "message",
        says=("WAITLIST_OFFER",),
        version=each_time,
    ),
    Row(fact=JointDayProposed, when=lambda fact: fact.mode == "message", says=("APPT_OFFER",)),
    Row(fact=OfferDeclined, ends="declined", scope="referral", only="APPT_OFFER"),
    Row(fact=OfferExpired, ends="expired", scope="referral", only="APPT_OFFER"),
    of_visit(
        AppointmentBooked,
        ("APPT_CONFIRMED", *REMINDERS),
        unsaid=not_of,
        ends="booked",
        scope="referral",
        only="APPT_OFFER",
    ),
    of_visit(
        AppointmentMoved,
        ("APPT_MOVED", *REMINDERS),
        unsaid=not_of,
        ends="moved",
    ),
    of_visit(AppointmentCancelled, ("APPT_CANCELLED",), ends="cancelled"),
    of_visit(PatientAttended, ends="attended"),
    of_visit(PatientDidNotAttend, ("APPT_DNA",), ends="missed"),
    of_visit(AttendanceCorrected, ends="corrected"),
    Row(
        fact=ContactRecorded,
        when=lambda fact: fact.result == "reached",
        ends="reached",
        scope="patient",
        only="APPT_DNA",
    ),
    # measures
    of_measure(
        MeasureRequested,
        when=lambda fact: not fact.interview,
        says=("MEASURE_INVITE", "MEASURE_D7", "MEASURE_D2"),
        due_on=lambda fact: fact.due_on,
        depends_on=lambda fact: fact.appointment_id,
    ),
    of_measure(MeasureScored, ends="answered"),
    of_measure(MeasureNotScored, when=lambda fact: fact.reason in ("declined", "dropped"), ends="not_needed"),
    # consultation, plan, team
    Row(
        fact=LetterSigned,
        when=lambda fact: fact.kind == "outcome" or bool(fact.after_discharge),
        says=(*OUTCOME, *SUMMARY),
        unsaid=lambda fact: OUTCOME if fact.after_discharge else SUMMARY,
        version=each_time,
    ),
    Row(fact=LetterRecalled, when=lambda fact: "referrer" in fact.audience, says=("LETTER_RECALLED",)),
    Row(fact=MdtDecisionRecorded, says=("MDT_OUTCOME_PT",)),
    of_plan(PlanActivated, team=lambda fact: Team((fact.lead_id,), (), fact.disciplines)),
    of_plan(PlanUpdated),
    Row(fact=CareTeamChanged, team=lambda fact: Team(fact.joined, fact.left, fact.disciplines)),
    # drugs around a procedure
    Row(fact=AntithromboticPlanSigned, says=("HOLD_PLAN_READY",), version=each_time),
    Row(
        fact=AntithromboticPlanInvalidated,
        when=lambda fact: fact.was_signed,
        says=("HOLD_PLAN_CANCELLED",),
        version=each_time,
        ends="cancelled",
    ),
    # the end
    Row(
        fact=PatientDischarged,
        says=SUMMARY,
        ends="discharged",
        scope="referral",
    ),
    Row(fact=ReferralCompleted, ends="completed", scope="referral"),
    Row(fact=PifuOpened, says=("PIFU_ENDING_PT",), due_on=lambda fact: fact.ends_on),
    Row(fact=PifuUsed, ends="used"),
    Row(fact=PifuExpired, ends="expired"),
)

BY_FACT: Mapping[type[Fact], Row[Any]] = {row.fact: row for row in TABLE}
