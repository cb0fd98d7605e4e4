"""What the rules propose to the triage clinician: a category of the scheme, and advisories (REF-04, REF-05).

A proposal decides nothing (REF-11). Where too little is known, the scheme's default category is proposed.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import get_args

from dateutil.relativedelta import relativedelta

from config.clinical_drugs import recognised
from config.diagnoses import any_begins
from config.urgency import Criterion
from schemas.codes import MedicationFlag
from services.referral.referral.content import Answers, Medication, Package
from services.referral.referral.states import Suggestion
from services.referral.rules import Exemption, Rules

FLAGS: tuple[MedicationFlag, ...] = get_args(MedicationFlag)


def duration_months(answers: Answers, today: date) -> int | None:
    onset = answers.onset
    if onset is None:
        return None
    if onset.began_on is not None:
        passed = relativedelta(today, onset.began_on)
        return max(passed.years * 12 + passed.months, 0)
    return onset.months_ago


def duration_days(answers: Answers, today: date, rules: Rules) -> int | None:
    onset = answers.onset
    if onset is not None and onset.began_on is not None:
        return (today - onset.began_on).days
    months = duration_months(answers, today)
    return None if months is None else months * rules.referral.onset.values.days_in_a_month


def has_condition(answers: Answers, codes: Iterable[str]) -> bool:
    return any_begins(answers.condition_codes or (), codes)


def drug_classes(medications: Iterable[Medication], rules: Rules) -> tuple[MedicationFlag, ...]:
    """Classes that any of the drugs belongs to, by the sender's word or by our tables."""
    table, found = rules.drugs.table.values, set[MedicationFlag]()
    for drug in medications:
        known = recognised(drug.code_system, drug.code, table, rules.clinical_drugs)
        found.update(drug.classes, known.classes if known else ())
    return tuple(name for name in FLAGS if name in found)


def suggest(
    package: Package, age: int | None, today: date, rules: Rules, *, high_dose: bool = False
) -> Suggestion:
    """`high_dose`: of opioids, as it was assessed from the list."""
    category, concerns = proposed_category(package, today, rules)
    advisories = (*duration_advisory(package.answers, today, rules), *eligibility(package, age, today, rules))
    drugs = (*(["mme_high"] if high_dose else []), *drug_advisories(package.answers, rules))
    return Suggestion(category, concerns, (*advisories, *drugs))


def proposed_category(package: Package, today: date, rules: Rules) -> tuple[str, tuple[str, ...]]:
    """The most urgent category one of whose criteria holds, with those criteria."""
    scheme = rules.scheme.values
    for category in scheme.categories:
        met = tuple(each.code for each in category.criteria if is_met(each, package, today, rules))
        if met:
            return category.code, met
    return scheme.default, ()


def is_met(criterion: Criterion, package: Package, today: date, rules: Rules) -> bool:
    if not has_condition(package.answers, criterion.conditions):
        return False
    if criterion.referrer_types and package.referrer_type not in criterion.referrer_types:
        return False
    if criterion.onset_within_days is None:
        return True
    days = duration_days(package.answers, today, rules)
    return days is not None and days < criterion.onset_within_days


def duration_advisory(answers: Answers, today: date, rules: Rules) -> Sequence[str]:
    """REF-04"""
    rule, months = rules.referral.minimum_duration.values, duration_months(answers, today)
    if months is None or months >= rule.months or any(exempts(each, answers, months) for each in rule.exempt):
        return ()
    return ("DURATION_BELOW_MIN",)


def exempts(exemption: Exemption, answers: Answers, months: int) -> bool:
    short_enough = exemption.below_months is None or months < exemption.below_months
    return short_enough and has_condition(answers, exemption.conditions)


def eligibility(package: Package, age: int | None, today: date, rules: Rules) -> Sequence[str]:
    """REF-05: one code for each thing that does not fit."""
    return [code for code, does_not_fit in MISMATCHES if does_not_fit(package, age, today, rules)]


def is_out_of_age_range(package: Package, age: int | None, today: date, rules: Rules) -> bool:
    rule = rules.referral.eligibility.values
    return age is not None and (age < rule.age_from or (rule.age_to is not None and age > rule.age_to))


def is_out_of_catchment(package: Package, age: int | None, today: date, rules: Rules) -> bool:
    return (
        rules.referral.eligibility.values.refuse_outside_catchment
        and package.answers.outside_catchment is True
    )


def is_not_an_allowed_referrer(package: Package, age: int | None, today: date, rules: Rules) -> bool:
    rule, coverage = rules.referral.eligibility.values, package.answers.coverage
    needs_pcp = coverage is not None and coverage.plan_type in rule.plans_that_need_a_pcp
    return package.referrer_type not in rule.allowed_referrers or (
        needs_pcp and package.referrer_type != "pcp"
    )


def lacks_authorisation(package: Package, age: int | None, today: date, rules: Rules) -> bool:
    rule, coverage = rules.referral.eligibility.values, package.answers.coverage
    needs_one = coverage is not None and coverage.plan_type in rule.plans_that_need_authorisation
    return needs_one and coverage is not None and not coverage.authorisation_number


def has_expired_authorisation(package: Package, age: int | None, today: date, rules: Rules) -> bool:
    coverage = package.answers.coverage
    return (
        coverage is not None
        and coverage.authorisation_ends_on is not None
        and coverage.authorisation_ends_on < today
    )


def is_compensable(package: Package, age: int | None, today: date, rules: Rules) -> bool:
    return (
        rules.referral.eligibility.values.refuse_compensable_claims
        and package.answers.compensable_claim is True
    )


def drug_advisories(answers: Answers, rules: Rules) -> Sequence[str]:
    """Combinations of drugs that the clinician should see before deciding."""
    present = set(drug_classes(answers.medications or (), rules))
    table = rules.referral.drug_advisories.values.advisories
    return [advisory for advisory, classes in table.items() if present.issuperset(classes)]


Mismatch = Callable[[Package, int | None, date, Rules], bool]

MISMATCHES: tuple[tuple[str, Mismatch], ...] = (
    ("AGE_OUT_OF_RANGE", is_out_of_age_range),
    ("OUT_OF_CATCHMENT", is_out_of_catchment),
    ("REFERRER_NOT_ELIGIBLE", is_not_an_allowed_referrer),
    ("AUTH_MISSING", lacks_authorisation),
    ("AUTH_EXPIRED", has_expired_authorisation),
    ("COMPENSABLE_CLAIM", is_compensable),
)
