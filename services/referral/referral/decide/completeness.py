"""Completeness (REF-01): which fields of the minimum data set are not answered. All of them at once."""

from services.referral.referral.content import Answers, Package
from services.referral.rules import Rules


def missing(package: Package, rules: Rules) -> tuple[str, ...]:
    """Codes of the unanswered fields, in the order in which the rules ask for them."""
    answers, rule = package.answers, rules.referral.completeness.values
    fields = [field for field in rule.mandatory if not is_answered(answers, field, rules)]
    if not reports_are_settled(answers):
        fields.append("reports")
    if rule.coverage_required and not is_covered(answers):
        fields.append("coverage")
    return tuple(fields)


def not_performed(package: Package) -> tuple[str, ...]:
    """Conditional fields that are settled because nothing was done."""
    return ("reports",) if package.answers.tests_performed is False else ()


def is_answered(answers: Answers, field: str, rules: Rules) -> bool:
    value = getattr(answers, field)
    match field:
        case "identity" | "referrer" | "consent_to_referral":
            return value is True
        case "onset":
            return duration_is_known(answers)
        case "red_flag_screen":
            return value is not None and set(rules.red_flags.red_flags.values.flags) <= set(value)
        case "pain_site_character":
            return bool(value)
        case _:
            return value is not None and value != ""


def duration_is_known(answers: Answers) -> bool:
    """It must be computable to months."""
    onset = answers.onset
    return onset is not None and (onset.began_on is not None or onset.months_ago is not None)


def reports_are_settled(answers: Answers) -> bool:
    """They are required if tests were performed; not having said so settles nothing."""
    return answers.tests_performed is False or bool(answers.reports)


def is_covered(answers: Answers) -> bool:
    return answers.coverage is not None and answers.coverage.payer_profile is not None
