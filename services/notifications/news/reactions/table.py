"""Who is told what of which fact: the one table. Class, audience and time of each template stand in
`domain/templates.py`, its words in `config/messages.toml`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from backbone.model import Event
from schemas.care_plan.v1.consultation import LetterSigned
from schemas.care_plan.v1.contact import ContactRecorded as Spoken
from schemas.care_plan.v1.discharge import PatientDischarged, PifuExpired, PifuOpened, PifuUsed
from schemas.care_plan.v1.mdt import MdtDecisionRecorded
from schemas.care_plan.v1.measure import MeasureRequested, MeasureScored
from schemas.care_plan.v1.plan import CareTeamChanged, PlanActivated, PlanUpdated
from schemas.fact import Fact
from schemas.notifications.v1.codes import Template
from schemas.referral.v1.referral import (
    InformationNotReceived,
    InformationRequested,
    ReferralAccepted,
    ReferralCompleted,
    ReferralReceived,
    ReferralRedirected,
    ReferralRejected,
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
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired, SlotOffered


def always(fact: Any) -> bool:
    return True


def about_aggregate(event: Event[Any]) -> str:
    return event.head.aggregate_id


def asked(event: Event[Any]) -> str:
    request_id: str = event.fact.request_id
    return request_id


def no_day(fact: Any) -> date | None:
    return None


def own_version(event: Event[Any]) -> int | None:
    return getattr(event.fact, "version", None)


def plan_version(event: Event[Any]) -> int | None:
    version: int = event.fact.plan_version
    return version


def place_in_life(event: Event[Any]) -> int | None:
    """Of what may happen to the same thing again: each time is told."""
    return event.head.sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`says`: the templates that follow. `ends`: why everything planned about the subject is cancelled first; with
    `everything`, whatever is planned for the patient; with `only`, messages of that template."""

    fact: type[Fact]
    says: tuple[Template, ...] = ()
    holds: Callable[[Any], bool] = always
    subject: Callable[[Event[Any]], str] = about_aggregate
    due_on: Callable[[Any], date | None] = no_day
    ends: str | None = None
    everything: bool = False
    only: Template | None = None
    team: bool = False
    """The fact says who works with the patient."""
    version: Callable[[Event[Any]], int | None] = own_version


def reminder_stage(fact: InformationNotReceived) -> bool:
    return fact.stage == "reminder"


def outcome(fact: LetterSigned) -> bool:
    return fact.kind == "outcome"


def by_message(fact: SlotOffered | JointDayProposed) -> bool:
    return fact.mode == "message"


def reached(fact: Spoken) -> bool:
    return fact.result == "reached"


TABLE: tuple[Row, ...] = (
    # the referral
    Row(fact=ReferralReceived, says=("REF_RECEIVED",)),
    Row(fact=InformationRequested, says=("REF_INFO_REQUEST", "REF_INFO_REQUEST_PT"), version=place_in_life),
    Row(
        fact=InformationNotReceived, says=("REF_INFO_REMINDER",), holds=reminder_stage, version=place_in_life
    ),
    Row(fact=ReferralAccepted, says=("REF_ACCEPTED", "REF_ACCEPTED_PT")),
    Row(fact=ReferralRejected, says=("REF_DECLINED", "REF_DECLINED_PT"), ends="declined", everything=True),
    Row(fact=ReferralRedirected, says=("REF_DECLINED", "REF_DECLINED_PT"), ends="declined", everything=True),
    # dates
    Row(fact=SlotOffered, says=("APPT_OFFER",), holds=by_message, version=place_in_life),
    Row(fact=JointDayProposed, says=("APPT_OFFER",), holds=by_message),
    Row(fact=OfferDeclined, ends="declined", everything=True, only="APPT_OFFER"),
    Row(fact=OfferExpired, ends="expired", everything=True, only="APPT_OFFER"),
    Row(
        fact=AppointmentBooked,
        says=("APPT_CONFIRMED", "APPT_D3", "APPT_D1", "APPT_DIGEST"),
        ends="booked",
        everything=True,
        only="APPT_OFFER",
    ),
    Row(fact=AppointmentMoved, says=("APPT_MOVED", "APPT_D3", "APPT_D1", "APPT_DIGEST"), ends="moved"),
    Row(fact=AppointmentCancelled, says=("APPT_CANCELLED",), ends="cancelled"),
    Row(fact=PatientAttended, ends="attended"),
    Row(fact=PatientDidNotAttend, says=("APPT_DNA",), ends="missed"),
    Row(fact=AttendanceCorrected, ends="corrected"),
    Row(fact=Spoken, holds=reached, ends="reached", everything=True, only="APPT_DNA"),
    # measures
    Row(
        fact=MeasureRequested,
        says=("MEASURE_INVITE", "MEASURE_D7", "MEASURE_D2"),
        subject=asked,
        due_on=lambda fact: fact.due_on,
    ),
    Row(fact=MeasureScored, subject=asked, ends="answered"),
    # consultation, plan, team
    Row(
        fact=LetterSigned, says=("OUTCOME_LETTER", "OUTCOME_LETTER_PT"), holds=outcome, version=place_in_life
    ),
    Row(fact=MdtDecisionRecorded, says=("MDT_OUTCOME_PT",)),
    Row(fact=PlanActivated, says=("PLAN_CHANGED",), team=True, version=plan_version),
    Row(fact=PlanUpdated, says=("PLAN_CHANGED",), version=plan_version),
    Row(fact=CareTeamChanged, team=True),
    # the end
    Row(
        fact=PatientDischarged,
        says=("DISCHARGE_LETTER", "DISCHARGE_LETTER_PT"),
        ends="discharged",
        everything=True,
    ),
    Row(fact=ReferralCompleted, ends="completed", everything=True),
    Row(fact=PifuOpened, says=("PIFU_ENDING_PT",), due_on=lambda fact: fact.ends_on),
    Row(fact=PifuUsed, ends="used"),
    Row(fact=PifuExpired, ends="expired"),
)


def rows_of(fact: type[Fact]) -> Iterable[Row]:
    return (row for row in TABLE if row.fact is fact)
