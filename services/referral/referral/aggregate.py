"""The referral as one aggregate: its tables put together, and what follows from its state."""

from collections.abc import Iterable, Mapping
from typing import Any

from backbone.model import Aggregate, Column, Columns, Table, Timer
from services.referral.referral.commands import (
    Accept,
    AskForDecision,
    AskForTriage,
    GoOnWithout,
    KeepWithDuplicate,
    LinkAsDuplicate,
    NoteDose,
    ReceiveReferral,
    RemindOfInformation,
    Reopen,
    SupplyInformation,
    Triage,
)
from services.referral.referral.decide.cancellation import CANCELLATION
from services.referral.referral.decide.duplicates import DUPLICATES
from services.referral.referral.decide.ending import ENDING
from services.referral.referral.decide.information import INFORMATION
from services.referral.referral.decide.intake import INTAKE
from services.referral.referral.decide.outcome import OUTCOME
from services.referral.referral.decide.red_flags import FLAGS
from services.referral.referral.decide.reopening import REOPENING
from services.referral.referral.decide.triage import TRIAGE
from services.referral.referral.decide.visits import VISITING
from services.referral.referral.decide.waits import WAITS, ReviewWait
from services.referral.referral.decide.waits import timers as wait_timers
from services.referral.referral.evolve.table import EVOLVE
from services.referral.referral.states import AwaitingInformation, Draft
from services.referral.rules import Rules

READ_THE_PACKAGE = (SupplyInformation, GoOnWithout, AskForTriage, NoteDose, ReviewWait)


def reads(state: Any, command: Any) -> Iterable[str]:
    """The package as it is now, where a decision compares or evaluates it."""
    if isinstance(state, Draft):
        return ()
    if isinstance(command, ReceiveReferral):
        return state.course.package_ref, state.course.submitted_ref
    return (state.course.package_ref,) if isinstance(command, READ_THE_PACKAGE) else ()


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    """The person, where what is said about them may settle the identity; the other referral, and whose it is."""
    match command:
        case SupplyInformation(about_patient=True) if isinstance(state, AwaitingInformation):
            yield "patient", state.course.patient_id
        case Reopen() if not isinstance(state, Draft):
            yield "patient", state.course.patient_id
        case Triage() | Accept() if not isinstance(state, Draft):
            yield from (("referral", each) for each in state.course.told_before)
        case LinkAsDuplicate() if not isinstance(state, Draft):
            yield "patient", state.course.patient_id
            yield "referral", command.kept_id
        case KeepWithDuplicate():
            yield "referral", command.duplicate_id
        case _:
            pass


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    """What the wait will say; and while information is awaited, the reminder and then the decision (REF-08)."""
    due = dict(wait_timers(state, rules))
    if not isinstance(state, AwaitingInformation):
        return due
    if not state.reminded:
        due["reminder"] = Timer(
            rules.calendar.daily(state.reminder_on), RemindOfInformation(due_on=state.reminder_on)
        )
    if not state.overdue:
        due["decision"] = Timer(rules.calendar.daily(state.decide_on), AskForDecision(due_on=state.decide_on))
    return due


def organisation(state: Any) -> str | None:
    return None if isinstance(state, Draft) else state.course.referrer_org_id


def patient(state: Any) -> str | None:
    return None if isinstance(state, Draft) else state.course.patient_id


def system(state: Any) -> str | None:
    return None if isinstance(state, Draft) else state.course.source_system


def leads_to(state: Any) -> str | None:
    """What its sender says of one that ended by mistake is about the one that goes on."""
    return None if isinstance(state, Draft) else state.course.successor_id


class Referrals(Columns):
    """How referrals are found."""

    referrer_org_id = Column(organisation)
    patient_id = Column(patient)
    source_system = Column(system)


REFERRAL = Aggregate(
    "referral",
    initial=Draft(),
    decide=Table(
        *(INTAKE, FLAGS, INFORMATION, TRIAGE, DUPLICATES, ENDING),
        *(CANCELLATION, REOPENING, OUTCOME, VISITING, WAITS),
    ),
    evolve=EVOLVE,
    timers=timers,
    reads=reads,
    needs=needs,
    leads_to=leads_to,
    columns=Referrals,
)
