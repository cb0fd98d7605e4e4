"""The order of evaluation on every receipt, amendment and supplied information: red flags, completeness,
suggestion."""

from collections.abc import Iterable, Sequence

from backbone.model import Given, Ruled, Step
from schemas.codes import RedFlag, RedFlagSource, Severity
from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from schemas.referral.v1.referral import (
    FoundComplete,
    FoundIncomplete,
    RedFlagRaised,
    RedFlagUnclear,
    TriageSuggested,
)
from services.referral.referral.content import Medication, Package
from services.referral.referral.decide.completeness import missing, not_performed
from services.referral.referral.decide.screening import is_known, newly_present, severity_of, unclear
from services.referral.referral.decide.suggestion import suggest
from services.referral.referral.states import Course, Suggestion
from services.referral.rules import Rules


def screened(
    course: Course, before: Package | None, after: Package, source: RedFlagSource, given: Given[Rules]
) -> list[Step]:
    """Red flags first: incompleteness never delays them."""
    rules = given.rules
    present = {
        flag: severity
        for flag in newly_present(before, after, rules)
        if not is_known(course, flag, severity := severity_of(flag, after, rules))
    }
    newly = newly_unclear(course, before, after, given)
    questions = tuple(flag for flag in dict.fromkeys((*course.unclear, *newly)) if flag not in present)
    package = (given.ref("package"),)
    steps: list[Step] = [
        raise_flag(flag, severity, source, given, questions, package) for flag, severity in present.items()
    ]
    if questions and (newly or before is None):
        steps.append(Ruled(RedFlagUnclear(flags=questions), (given.rules.referral.unclear_flags,)))
    return steps


def raise_flag(
    flag: RedFlag,
    severity: Severity,
    source: RedFlagSource,
    given: Given[Rules],
    unclear: tuple[RedFlag, ...],
    inputs: tuple[str, ...] | None = None,
) -> Step:
    """`unclear`: what nobody could answer yet. `inputs`: the package, where it says so."""
    rule = given.rules.red_flags.red_flags
    raised = RedFlagRaised(
        flag_id=given.ref(f"flag:{flag}"),
        flag=flag,
        severity=severity,
        source=source,
        still_unclear=unclear or None,
        inputs=inputs,
    )
    return Ruled(raised, (rule,))


def newly_unclear(
    course: Course, before: Package | None, after: Package, given: Given[Rules]
) -> Sequence[RedFlag]:
    """REF-03. What a person has cleared is not asked again, unless the answer changed to unknown."""
    if course.urgency is not None:
        return ()
    earlier = unclear(before, given.rules) if before else ()
    return [flag for flag in unclear(after, given.rules) if flag not in earlier]


def unclear_of_both(course: Course, duplicate: Course, given: Given[Rules]) -> list[Step]:
    """What nobody could answer about a duplicate is still not known where it goes on (REF-03)."""
    known = {*course.unclear, *(flag.flag for flag in course.open_flags)}
    questions = tuple(flag for flag in duplicate.unclear if flag not in known)
    if not questions:
        return []
    asked = RedFlagUnclear(flags=(*course.unclear, *questions))
    return [Ruled(asked, (given.rules.referral.unclear_flags,))]


def checked(
    course: Course, after: Package, age: int | None, given: Given[Rules], *, answered: bool = False
) -> list[Step]:
    """Completeness, then the triage suggestion. `answered`: an information request was just answered."""
    rule, unanswered = given.rules.referral.completeness, missing(after, given.rules)
    lacking = tuple(field for field in unanswered if field not in course.waived)
    if lacking:
        if lacking == course.missing and not answered:
            return []
        settled = not_performed(after) or None
        return [Ruled(FoundIncomplete(missing=lacking, not_performed=settled), (rule,))]
    steps: list[Step] = []
    if not unanswered and not course.complete:
        steps.append(Ruled(FoundComplete(version=course.package_version), (rule,)))
    today = given.rules.calendar.day(given.at)
    suggestion = suggest(after, age, today, given.rules, high_dose=course.high_dose)
    if steps or answered or (suggestion != course.suggestion and course.urgency is None):
        steps.append(suggested(suggestion, given.ref("package"), given.rules))
    return steps


def suggested(suggestion: Suggestion, package_ref: str, rules: Rules) -> Step:
    """A proposal only: the clinician decides (REF-11). `package_ref`: what it was made of."""
    fact = TriageSuggested(
        category=suggestion.category,
        concerns=suggestion.concerns,
        advisories=suggestion.advisories,
        inputs=(package_ref,),
    )
    settings = rules.referral
    helped = (
        rules.scheme,
        settings.onset,
        settings.minimum_duration,
        settings.eligibility,
        rules.drugs.table,
        settings.drug_advisories,
    )
    return Ruled(fact, helped)


def listed(package: Package) -> MedicationsListed:
    """The drugs, coded. A list that was not given is not a complete list."""
    drugs = package.answers.medications
    return MedicationsListed(items=tuple(items(drugs or ())), complete=drugs is not None)


def items(drugs: Iterable[Medication]) -> Iterable[MedicationItem]:
    for drug in drugs:
        yield MedicationItem(
            code=drug.code,
            code_system=drug.code_system,
            dose=drug.dose,
            dose_unit=drug.dose_unit,
            per_day=drug.per_day,
            route=drug.route,
            as_needed=drug.as_needed,
            supply_days=drug.supply_days,
        )
