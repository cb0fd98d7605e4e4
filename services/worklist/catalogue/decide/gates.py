"""Work that must be done before a procedure, and on its day."""

from datetime import datetime, timedelta
from typing import Any

from backbone.model import Event
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    GateCheckFailed,
    GatesCleared,
    PatientAttended,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.gate import GateClosed, GateFailed, GateOpened, GateSatisfied, GateWaived
from services.worklist.catalogue.decide.due import Within
from services.worklist.catalogue.decide.row import Detail, Row, When, named, of
from services.worklist.rules import Rules

PROCEDURE, VISIT, GATE = named("procedure", "procedure_id"), of("appointment"), named("gate", "gate_id")


def by_payer(fact: GateOpened | GateSatisfied | GateWaived | GateClosed) -> bool:
    return fact.kind == "authorisation"


def by_patient(fact: GateOpened | GateFailed | GateSatisfied | GateClosed) -> bool:
    return fact.kind == "procedure_consent"


def shown_before(fact: GatesCleared) -> bool:
    return fact.scope == "pre"


def checked_before(event: Event[AppointmentBooked | AppointmentMoved], rules: Rules) -> datetime:
    """PRC-06: by when everything is to be shown that is not of the day."""
    hours = rules.worklist.before_procedure.values.checklist_hours
    return event.fact.start - timedelta(hours=hours)


def still_checked(event: Event[GateCheckFailed], rules: Rules) -> datetime:
    return event.head.occurred_at


def released_before(event: Event[GateCheckFailed], rules: Rules) -> datetime:
    """As long before the start as somebody else needs to come instead; where the clinic is closed that day, on the last
    working day before."""
    hours, calendar = rules.worklist.before_procedure.values.release_hours, rules.calendar
    latest = (event.fact.start or event.head.occurred_at) - timedelta(hours=hours)
    is_worked = calendar.is_business_day(calendar.day(latest))
    return max(event.head.occurred_at, latest if is_worked else calendar.due_by(calendar.day(latest)))


def at_start(event: Event[GateFailed], rules: Rules) -> datetime:
    return event.fact.due_at or event.head.occurred_at


OVER = (AppointmentCancelled, PatientAttended, PatientDidNotAttend)


def consent(fact: type[Any], **more: Any) -> Row[Any]:
    """Who did not consent, or takes it back, is somebody's work until it is settled: nothing is booked meanwhile."""
    return Row(
        item="CONSENT_OBTAIN",
        queue="nursing",
        subject=GATE,
        opens=fact,
        when=by_patient,
        priority="urgent",
        due=Within(lambda due: due.consent_obtain),
        **more,
    )


def checklist(fact: type[Any], **more: Any) -> Row[Any]:
    return Row(item="PROC_CHECKLIST", queue="nursing", subject=VISIT, opens=fact, **more)


GATE_ROWS = (
    Row(
        item="AUTH_OBTAIN",
        queue="coordination",
        subject=PROCEDURE,
        opens=GateOpened,
        when=by_payer,
        priority="urgent",
        due=Within(lambda due: due.auth_obtain),
        closes=tuple(When(fact, by_payer) for fact in (GateSatisfied, GateWaived, GateClosed)),
    ),
    consent(GateOpened, closes=tuple(When(fact, by_patient) for fact in (GateSatisfied, GateClosed))),
    consent(GateFailed, closes=()),
    checklist(
        AppointmentBooked,
        when=lambda fact: fact.purpose == "procedure",
        priority="routine",
        due=checked_before,
        closes=(When(GatesCleared, shown_before), *OVER),
    ),
    checklist(
        AppointmentMoved,
        when=lambda fact: fact.procedure_id is not None and fact.status == "booked",
        priority="routine",
        due=checked_before,
        closes=(),
    ),
    checklist(
        GateCheckFailed,
        when=lambda fact: fact.checkpoint == "T-72",
        priority="urgent",
        due=still_checked,
        closes=(),
    ),
    Row(
        item="GATE_RELEASE",
        queue="coordination",
        subject=VISIT,
        opens=GateCheckFailed,
        when=lambda fact: fact.checkpoint == "T-24",
        priority="asap",
        due=released_before,
        closes=(When(GatesCleared, shown_before), AppointmentMoved, *OVER),
    ),
    Row(
        item="DAY_GATE",
        queue="nursing",
        subject=GATE,
        opens=GateFailed,
        when=lambda fact: fact.check_class == "day_of",
        priority="asap",
        due=at_start,
        detail=Detail("kind"),
        closes=(GateSatisfied, GateWaived, GateOpened, GateClosed),
    ),
)
