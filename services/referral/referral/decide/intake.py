"""Receipt and amendment (TID 01): the first delivery makes a referral, every later one is compared with
what is known."""

from datetime import date, datetime, timedelta

import msgspec

from backbone.model import Content, Decision, Given, Ruled, Table, by
from schemas.referral.v1.referral import InformationSupplied, ReferralReceived
from services.referral.referral.commands import ReceiveReferral
from services.referral.referral.content import encode
from services.referral.referral.decide.amendment import Amendment, compared
from services.referral.referral.decide.completeness import missing
from services.referral.referral.decide.evaluation import checked, listed
from services.referral.referral.decide.reopening import continued
from services.referral.referral.decide.suggestion import drug_classes, duration_months
from services.referral.referral.decide.suspicion import screened_or_suspected
from services.referral.referral.facts import PackageFiled
from services.referral.referral.states import (
    AwaitingInformation,
    CancellationRequested,
    Course,
    Draft,
    OnTheWay,
    Over,
    Received,
    VisitCompleted,
)
from services.referral.roles import SUBMITS
from services.referral.rules import Rules


@by(SUBMITS)
def receive(state: Draft, command: ReceiveReferral, given: Given[Rules]) -> Decision:
    """The referral exists from now on, however little of it is there: the clock starts."""
    package, age = command.package, command.age_years
    received = first_fact(command, given)
    course = first_course(received, given.lane_key)
    if command.goes_on_from:
        course = msgspec.structs.replace(course, unclear=command.goes_on_from.unclear)
    return [
        Content(
            given.ref("source"), "source_key", msgspec.json.encode([command.source_system, command.source_id])
        ),
        Ruled(received, (given.rules.drugs.table, given.rules.referral.clock)),
        Content(given.ref("package"), "referral_package", encode(package)),
        PackageFiled(
            package_ref=given.ref("package"), submitted_ref=given.ref("package"), version=1, age_years=age
        ),
        *continued(command.goes_on_from),
        listed(package),
        *screened_or_suspected(course, None, package, "referral", given),
        *checked(course, package, age, given),
    ]


@by(SUBMITS)
def amend(state: Received, command: ReceiveReferral, given: Given[Rules]) -> Decision:
    """The same key with new content. The same content changes nothing."""
    found = compared(state, command, given)
    if not isinstance(found, Amendment):
        return found or ()
    return [*found.steps, *checked(found.course, found.after, found.course.age_years, given)]


@by(SUBMITS)
def amend_while_waiting(
    state: AwaitingInformation, command: ReceiveReferral, given: Given[Rules]
) -> Decision:
    """An amendment that answers anything that was asked for is the answer (X02)."""
    found = compared(state, command, given)
    if not isinstance(found, Amendment):
        return found or ()
    supplied = tuple(field for field in found.changed if field in state.asked)
    if not supplied:
        return found.steps
    return [
        *found.steps,
        InformationSupplied(supplied=supplied, still_missing=missing(found.after, given.rules)),
        *checked(found.course, found.after, found.course.age_years, given, answered=True),
    ]


@by(SUBMITS)
def amend_after_decision(
    state: OnTheWay | VisitCompleted | CancellationRequested | Over,
    command: ReceiveReferral,
    given: Given[Rules],
) -> Decision:
    """Nothing is asked or decided again, but it is kept, and a new red flag is raised whatever the state."""
    found = compared(state, command, given)
    return found.steps if isinstance(found, Amendment) else found or ()


def first_fact(command: ReceiveReferral, given: Given[Rules]) -> ReferralReceived:
    package, rules = command.package, given.rules
    answers, today = package.answers, given.rules.calendar.day(given.at)
    onset = answers.onset.began_on if answers.onset else None
    return ReferralReceived(
        source_system=command.source_system,
        source_key_ref=given.ref("source"),
        referrer_type=package.referrer_type,
        referrer_org_id=package.referrer_org_id,
        predecessor_id=package.predecessor_id,
        clock_start=clock_start(command, given),
        onset_month=date(onset.year, onset.month, 1) if onset else None,
        duration_months=duration_months(answers, today),
        body_sites=tuple(pain.site for pain in answers.pain_site_character or ()),
        condition_codes=answers.condition_codes or (),
        reason=answers.reason_for_referral,
        medication_flags=drug_classes(answers.medications or (), rules),
        payer_profile=answers.coverage.payer_profile if answers.coverage else None,
    )


def clock_start(command: ReceiveReferral, given: Given[Rules]) -> datetime:
    """On the day that the referral bears, else when it was received, not when it was handled: neither the way to us
    nor an outage of ours shortens a wait. What can't be is not believed. After a mistake the clock goes on; whoever was
    seen waits anew."""
    if command.goes_on_from and command.goes_on_from.clock_start:
        return command.goes_on_from.clock_start
    on_its_way = timedelta(days=given.rules.referral.clock.values.on_its_way_days)
    received, day, calendar = command.received_at, command.referred_on, given.rules.calendar
    if received is None or not given.at - on_its_way <= received <= given.at:
        received = given.at
    written = day is not None and calendar.day(received) - on_its_way <= day < calendar.day(received)
    return calendar.daily(day) if day is not None and written else received


def first_course(fact: ReferralReceived, patient_id: str | None) -> Course:
    return Course(
        patient_id=patient_id or "",
        source_system=fact.source_system,
        referrer_type=fact.referrer_type,
        referrer_org_id=fact.referrer_org_id,
        clock_start=fact.clock_start,
    )


INTAKE = Table(receive, amend, amend_while_waiting, amend_after_decision)
