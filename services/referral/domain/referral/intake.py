"""Receipt and amendment (TID 01): the first delivery makes a referral, every later one is compared with
what is known."""

from collections.abc import Sequence
from datetime import date

import msgspec

from backbone.decision import Content, Decision, Given, Refused, Step
from backbone.table import Table
from schemas.referral.v1.referral import InformationSupplied, ReferralAmended, ReferralReceived
from services.referral.domain.completeness import missing
from services.referral.domain.facts import PackageFiled
from services.referral.domain.package import Package, changed_fields, decode, encode
from services.referral.domain.referral.commands import ReceiveReferral
from services.referral.domain.referral.evaluation import checked, listed, screened
from services.referral.domain.referral.states import (
    Accepted,
    AwaitingInformation,
    Course,
    Draft,
    Known,
    Received,
    Rejected,
)
from services.referral.domain.roles import SUBMITS, by
from services.referral.domain.rules import Rules
from services.referral.domain.suggestion import drug_classes, duration_months


@by(SUBMITS)
def receive(state: Draft, command: ReceiveReferral, given: Given[Rules]) -> Decision:
    """The referral exists from now on, however little of it is there: the clock starts."""
    package, age = command.package, command.age_years
    received = first_fact(command, given)
    course = first_course(received, given.lane_key)
    return [
        Content(
            given.ref("source"), "source_key", msgspec.json.encode([command.source_system, command.source_id])
        ),
        received,
        *filed(package, 1, age, given),
        listed(package),
        *screened(course, None, package, "referral", given),
        *checked(course, package, age, given),
    ]


@by(SUBMITS)
def amend(state: Received, command: ReceiveReferral, given: Given[Rules]) -> Decision:
    """The same key with new content. The same content changes nothing."""
    before = known_package(state, given)
    wrong = differs_in_kind(state, before, command, given)
    changed = changed_fields(before, command.package)
    if wrong or not changed:
        return wrong or ()
    course = with_next_version(state.course)
    return [
        *amended(state, command, changed, given),
        *screened(course, before, command.package, "amendment", given),
        *checked(course, command.package, command.age_years, given),
    ]


@by(SUBMITS)
def amend_while_waiting(
    state: AwaitingInformation, command: ReceiveReferral, given: Given[Rules]
) -> Decision:
    """An amendment that answers anything that was asked for is the answer (X02)."""
    before = known_package(state, given)
    wrong = differs_in_kind(state, before, command, given)
    changed = changed_fields(before, command.package)
    if wrong or not changed:
        return wrong or ()
    course = with_next_version(state.course)
    steps = [
        *amended(state, command, changed, given),
        *screened(course, before, command.package, "amendment", given),
    ]
    supplied = tuple(field for field in changed if field in state.asked)
    if not supplied:
        return steps
    still_missing = missing(command.package, given.rules)
    return [
        *steps,
        InformationSupplied(supplied=supplied, still_missing=still_missing),
        *checked(course, command.package, command.age_years, given, answered=True),
    ]


@by(SUBMITS)
def amend_after_decision(
    state: Accepted | Rejected, command: ReceiveReferral, given: Given[Rules]
) -> Decision:
    """Nothing is asked and nothing decided again, but it is kept, and a new red flag is raised whatever
    the state."""
    before = known_package(state, given)
    wrong = differs_in_kind(state, before, command, given)
    changed = changed_fields(before, command.package)
    if wrong or not changed:
        return wrong or ()
    return [
        *amended(state, command, changed, given),
        *screened(state.course, before, command.package, "amendment", given),
    ]


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
        clock_start=given.at,
        onset_month=date(onset.year, onset.month, 1) if onset else None,
        duration_months=duration_months(answers, today),
        body_sites=tuple(pain.site for pain in answers.pain_site_character or ()),
        condition_codes=answers.condition_codes or (),
        reason=answers.reason_for_referral,
        medication_flags=drug_classes(answers.medications or (), rules),
        payer_profile=answers.coverage.payer_profile if answers.coverage else None,
    )


def first_course(fact: ReferralReceived, patient_id: str | None) -> Course:
    return Course(
        patient_id=patient_id or "",
        source_system=fact.source_system,
        referrer_type=fact.referrer_type,
        referrer_org_id=fact.referrer_org_id,
        clock_start=fact.clock_start,
    )


def filed(package: Package, version: int, age: int | None, given: Given[Rules]) -> list[Step]:
    ref = given.ref("package")
    return [
        Content(ref, "referral_package", encode(package)),
        PackageFiled(package_ref=ref, version=version, age_years=age),
    ]


def amended(
    state: Known, command: ReceiveReferral, changed: Sequence[str], given: Given[Rules]
) -> list[Step]:
    version = state.course.package_version + 1
    steps: list[Step] = [
        ReferralAmended(changed=tuple(changed), version=version),
        *filed(command.package, version, command.age_years, given),
    ]
    return [*steps, listed(command.package)] if "medications" in changed else steps


def known_package(state: Known, given: Given[Rules]) -> Package:
    return decode(given.contents[state.course.package_ref])


def with_next_version(course: Course) -> Course:
    return msgspec.structs.replace(course, package_version=course.package_version + 1)


def differs_in_kind(
    state: Known, before: Package, command: ReceiveReferral, given: Given[Rules]
) -> Refused | None:
    """One identifier of the sender is one patient of one organisation, for ever."""
    if command.package.patient_key != before.patient_key:
        return Refused(
            "this identifier of the sender belongs to a referral of another patient", code="other-patient"
        )
    if command.package.referrer_org_id != state.course.referrer_org_id:
        return Refused(
            "this identifier belongs to a referral of another organisation", code="other-organisation"
        )
    return not_the_owner(state.course, given)


def not_the_owner(course: Course, given: Given[Rules]) -> Refused | None:
    """A referrer touches the referrals of their own organisation only (PRV-15). Over Kafka the topic's
    list decides."""
    if given.actor.kind == "referrer" and given.actor.id not in (None, course.referrer_org_id):
        return Refused("this referral belongs to another organisation", code="not-permitted")
    return None


INTAKE = Table(receive, amend, amend_while_waiting, amend_after_decision)
