"""What a later delivery under the same key changes. It is compared with what its sender said before, not with what
others have supplied since: the first version sent again takes nothing back."""

from collections.abc import Sequence
from typing import NamedTuple, cast

import msgspec

from backbone.model import Content, Given, Refused, Step, tag_of
from schemas.codes import ReferralStatus
from schemas.referral.v1.referral import ReferralAmended
from services.referral.referral.commands import ReceiveReferral
from services.referral.referral.content import Package, amended_by, changed_fields, decode, encode
from services.referral.referral.decide.evaluation import listed, suggested
from services.referral.referral.decide.suggestion import suggest
from services.referral.referral.decide.suspicion import screened_or_suspected
from services.referral.referral.facts import PackageFiled
from services.referral.referral.states import Course, Known
from services.referral.rules import Rules


class Amendment(NamedTuple):
    """The package as it is now, what changed in it, and the steps that every amendment takes."""

    course: Course
    after: Package
    changed: Sequence[str]
    steps: list[Step]


def compared(state: Known, command: ReceiveReferral, given: Given[Rules]) -> Amendment | Refused | None:
    """None: the sender said all of it before."""
    submitted = decode(given.contents[state.course.submitted_ref])
    if wrong := differs_in_kind(state.course, submitted, command.package) or not_the_owner(
        state.course, given
    ):
        return wrong
    if command.package == submitted:
        return None
    before = known_package(state, given)
    after = amended_by(before, submitted, command.package)
    changed = changed_fields(before, after)
    course = amended_course(state.course, command.age_years, is_changed=bool(changed))
    status = cast(ReferralStatus, tag_of(type(state)))
    amended = ReferralAmended(changed=tuple(changed), version=course.package_version, status=status)
    steps: list[Step] = [amended] if changed else []
    steps += [Content(given.ref("submitted"), "referral_package", encode(command.package))]
    steps += filed(course, after, given, submitted_ref=given.ref("submitted"))
    steps += [listed(after)] if "medications" in changed else []
    return Amendment(
        course, after, changed, [*steps, *screened_or_suspected(course, before, after, "amendment", given)]
    )


def filed(course: Course, package: Package, given: Given[Rules], *, submitted_ref: str) -> list[Step]:
    """The package as it is now."""
    ref = given.ref("package")
    fact = PackageFiled(
        package_ref=ref,
        submitted_ref=submitted_ref,
        version=course.package_version,
        age_years=course.age_years,
    )
    return [Content(ref, "referral_package", encode(package)), fact]


def amended_course(course: Course, age: int | None, *, is_changed: bool = True) -> Course:
    return msgspec.structs.replace(
        course,
        package_version=course.package_version + is_changed,
        age_years=course.age_years if age is None else age,
    )


def known_package(state: Known, given: Given[Rules]) -> Package:
    return decode(given.contents[state.course.package_ref])


def proposed_afresh(state: Known, given: Given[Rules]) -> Step:
    """What the rules propose of the package as it is now."""
    course, today = state.course, given.rules.calendar.day(given.at)
    package, rules = known_package(state, given), given.rules
    suggestion = suggest(package, course.age_years, today, rules, high_dose=course.high_dose)
    return suggested(suggestion, course.package_ref, rules)


def differs_in_kind(course: Course, before: Package, after: Package) -> Refused | None:
    """One identifier of the sender is one patient of one organisation, for ever."""
    if after.patient_key != before.patient_key:
        return Refused(
            "this identifier of the sender belongs to another patient's referral", code="other-patient"
        )
    if after.referrer_org_id != course.referrer_org_id:
        return Refused(
            "this identifier belongs to another organisation's referral", code="other-organisation"
        )
    return None


def not_the_owner(course: Course, given: Given[Rules]) -> Refused | None:
    """A referrer touches their own organisation's referrals only (PRV-15). Over Kafka the topic's list decides."""
    if given.actor.kind == "referrer" and given.actor.id not in (None, course.referrer_org_id):
        return Refused("this referral belongs to another organisation", code="not-permitted")
    return None
