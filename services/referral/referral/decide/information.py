"""Asking for what is missing, and what follows: supplied, reminded, waited for in vain, gone on without
(X01-X03)."""

from datetime import timedelta
from typing import Literal

import msgspec

from backbone.model import Content, Decision, Given, Refused, Ruled, Step, Table, by
from schemas.referral.v1.referral import (
    InformationNotReceived,
    InformationRequested,
    InformationSupplied,
    ReferralProgressed,
)
from services.referral.patient.states import Registered
from services.referral.referral.commands import (
    AskForDecision,
    GoOnWithout,
    RemindOfInformation,
    RequestInformation,
    SupplyInformation,
)
from services.referral.referral.content import Answers, changed_fields, completed_by
from services.referral.referral.decide.amendment import (
    amended_course,
    filed,
    known_package,
    not_the_owner,
    proposed_afresh,
)
from services.referral.referral.decide.completeness import missing
from services.referral.referral.decide.evaluation import checked, listed
from services.referral.referral.decide.suspicion import screened_or_suspected
from services.referral.referral.facts import NoteFiled
from services.referral.referral.states import (
    AwaitingInformation,
    CancellationRequested,
    Draft,
    OnTheWay,
    Over,
    Received,
    VisitCompleted,
)
from services.referral.roles import ASKS_FOR_INFORMATION, CLINICIAN, SUPPLIES_INFORMATION
from services.referral.rules import Rules


@by(ASKS_FOR_INFORMATION)
def request_information(state: Received, command: RequestInformation, given: Given[Rules]) -> Decision:
    """X01, REF-01 and REF-08: everything at once, with the days of reminder and decision."""
    asked = command.fields or state.course.missing
    unknown = sorted(set(asked) - set(Answers.__struct_fields__))
    if unknown:
        return Refused(f"no such fields: {', '.join(unknown)}", code="unknown-code")
    if not asked:
        return Refused("nothing is missing: name the fields to ask for", instead=("Triage", "Accept"))
    settings = given.rules.referral
    rule, calendar = settings.information_requests, given.rules.calendar
    reminder_on = calendar.days_later(given.at, rule.values.reminder_after_days)
    requested = InformationRequested(
        missing=tuple(asked),
        reminder_on=reminder_on,
        decide_on=reminder_on + timedelta(days=rule.values.decision_after_days),
        clock=settings.completeness.values.while_information_is_requested,
    )
    return [
        Ruled(requested, (settings.completeness, rule)),
        *noted(command.note, "request_information", given),
    ]


@by(SUPPLIES_INFORMATION)
def supply_information(
    state: AwaitingInformation, command: SupplyInformation, given: Given[Rules]
) -> Decision:
    """X02. Red flags first, then what is still missing."""
    wrong = not_the_owner(state.course, given) or not_the_patient(given)
    before = known_package(state, given)
    after = completed_by(before, with_identity(state, command, given))
    supplied = changed_fields(before, after)
    if wrong or not supplied:
        return wrong or ()
    course = amended_course(state.course, command.age_years)
    still_missing = missing(after, given.rules)
    answered = InformationSupplied(supplied=tuple(supplied), still_missing=still_missing)
    return [
        *screened_or_suspected(course, before, after, "amendment", given),
        answered,
        *filed(course, after, given, submitted_ref=course.submitted_ref),
        *([listed(after)] if "medications" in supplied else ()),
        *checked(course, after, course.age_years, given, answered=True),
    ]


@by(CLINICIAN)
def go_on_without(state: AwaitingInformation, command: GoOnWithout, given: Given[Rules]) -> Decision:
    """X03: a clinician goes on with what is there, and triage is proposed as if it were all."""
    if not command.reason.strip():
        return Refused("a reason is mandatory", code="reason-missing")
    progressed = ReferralProgressed(from_="information_requested", to="received", tid="X03")
    return [progressed, *noted(command.reason, "go_on_without", given), proposed_afresh(state, given)]


def ask_again(state: AwaitingInformation, command: RequestInformation, given: Given[Rules]) -> Decision:
    """One request at a time: its answer, its decision or going on without it comes first."""
    return Refused(
        f"asked already, a decision is due on {state.decide_on}",
        instead=("SupplyInformation", "GoOnWithout", "Reject"),
    )


def with_identity(state: AwaitingInformation, command: SupplyInformation, given: Given[Rules]) -> Answers:
    """Whether the identity is settled now, as the registry says after the same request."""
    if not command.about_patient:
        return command.answers
    patient = given.others["patient", state.course.patient_id]
    is_identified = isinstance(patient, Registered) and patient.is_identified
    return msgspec.structs.replace(command.answers, identity=True if is_identified else None)


def remind(state: AwaitingInformation, command: RemindOfInformation, given: Given[Rules]) -> Decision:
    """REF-08, day 14."""
    if state.reminded or command.due_on != state.reminder_on:
        return ()
    return not_received("reminder", state, given)


def ask_for_decision(state: AwaitingInformation, command: AskForDecision, given: Given[Rules]) -> Decision:
    """REF-08, day 21: software asks, a clinician decides (X03 or X04)."""
    if state.overdue or command.due_on != state.decide_on:
        return ()
    return not_received("decision", state, given)


def no_longer_waiting(
    state: Draft | Received | OnTheWay | VisitCompleted | CancellationRequested | Over,
    command: RemindOfInformation | AskForDecision,
    given: Given[Rules],
) -> Decision:
    """The timer was overtaken."""
    return ()


def not_received(
    stage: Literal["reminder", "decision"], state: AwaitingInformation, given: Given[Rules]
) -> Decision:
    fact = InformationNotReceived(stage=stage, missing=state.asked)
    return [Ruled(fact, (given.rules.referral.information_requests,))]


def not_the_patient(given: Given[Rules]) -> Refused | None:
    """A patient speaks for themselves only."""
    if given.actor.kind == "patient" and given.actor.id != given.lane_key:
        return Refused("this referral is about somebody else", code="not-permitted")
    return None


def noted(text: str | None, about: str, given: Given[Rules]) -> list[Step]:
    """What a person wrote is content; the journal only knows that it is there."""
    if not text or not text.strip():
        return []
    ref = given.ref("note")
    return [Content(ref, "note", msgspec.json.encode({"text": text})), NoteFiled(note_ref=ref, about=about)]


INFORMATION = Table(
    request_information,
    ask_again,
    supply_information,
    go_on_without,
    remind,
    ask_for_decision,
    no_longer_waiting,
)
