"""Red flags, whatever happens: of a screen that can not be evaluated, what it does not deny is raised (PRV-34)."""

from typing import get_args

from backbone.model import Given, Ruled, Step, safely
from backbone.model.safely import RULE_FAILED
from schemas.codes import RedFlag, RedFlagSource, Severity
from schemas.referral.v1.referral import RedFlagRaised
from services.referral.referral.content import Package
from services.referral.referral.decide.evaluation import screened
from services.referral.referral.states import Course
from services.referral.rules import Rules

WORST: Severity = "emergency"


def screened_or_suspected(
    course: Course, before: Package | None, after: Package, source: RedFlagSource, given: Given[Rules]
) -> list[Step]:
    rule = given.rules.red_flags.red_flags
    return safely(
        rule,
        lambda: screened(course, before, after, source, given),
        lambda: suspected(course, after, source, given),
    )


def suspected(course: Course, package: Package, source: RedFlagSource, given: Given[Rules]) -> list[Step]:
    """What is open already is not raised again; what the sender denied is not suspected."""
    rule, said = given.rules.red_flags.red_flags, package.answers.red_flag_screen or {}
    already_open = {flag.flag for flag in course.open_flags}
    flags: tuple[RedFlag, ...] = get_args(RedFlag)
    return [
        Ruled(
            RedFlagRaised(
                flag_id=given.ref(f"flag:{flag}"),
                flag=flag,
                severity=rule.values.flags[flag].severity if flag in rule.values.flags else WORST,
                source=source,
                inputs=(given.ref("package"),),
                because=RULE_FAILED,
            ),
            (rule,),
        )
        for flag in flags
        if flag not in already_open and said.get(flag) != "no"
    ]
