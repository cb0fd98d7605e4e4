"""The red-flag screen (REF-02, REF-03). It runs before everything that can delay. "unknown" is not "no"."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from schemas.codes import RedFlag, Severity
from services.referral.referral.content import Package
from services.referral.referral.states import Course
from services.referral.rules import Rules

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The worst first."""


def screen_of(package: Package | None) -> Mapping[RedFlag, str]:
    return (package.answers.red_flag_screen or {}) if package else {}


def newly_present(before: Package | None, after: Package, rules: Rules) -> Sequence[RedFlag]:
    """Flags that say `yes` now and did not before, or were less pressing, in the order of the screen."""
    earlier, now = screen_of(before), screen_of(after)
    return [
        flag
        for flag, answer in now.items()
        if answer == "yes"
        and (
            earlier.get(flag) != "yes"
            or is_worse(severity_of(flag, after, rules), severity_of(flag, before, rules))
        )
    ]


def severity_of(flag: RedFlag, package: Package | None, rules: Rules) -> Severity:
    """As its sender says. What they leave out is as if it were now."""
    is_past = package is not None and package.answers.overdose_is_past is True
    return rules.red_flags.red_flags.values.flags[flag].severe(is_past=is_past)


def is_worse(now: Severity, before: Severity) -> bool:
    return SEVERITIES.index(now) < SEVERITIES.index(before)


def is_known(course: Course, flag: RedFlag, severity: Severity) -> bool:
    """Somebody has it, and is called as soon as that."""
    return any(each.flag == flag and not is_worse(severity, each.severity) for each in course.open_flags)


def unclear(package: Package, rules: Rules) -> tuple[RedFlag, ...]:
    """Flags of the table that are unknown or unanswered: missing data fails closed."""
    answers = screen_of(package)
    return tuple(
        flag for flag in rules.red_flags.red_flags.values.flags if answers.get(flag, "unknown") == "unknown"
    )


UNHEARD = (
    "This referral was not taken and nobody was told of its red flags. In an emergency send the patient to emergency"
    " care now; then send it again, or call the clinic."
)
UNREAD = (
    "Nothing of this could be read and nobody was told of it. If it is about an emergency send the patient to emergency"
    " care now; then send it again, or call the clinic."
)


def unheard(body: Any, rules: Rules) -> Mapping[str, Any]:
    """What is said besides to who sent what was not taken. None: nothing of it could be read."""
    flags = flags_said(body, rules)
    whom = {"red_flags": flags, "emergency": rules.clinic.emergency_contacts.emergency}
    if flags:
        return whom | {"what_to_do": UNHEARD}
    return whom | {"what_to_do": UNREAD} if body is None else {}


def flags_said(body: Any, rules: Rules) -> Mapping[RedFlag, Severity]:
    """Flags that a submission raises that could not be taken: whatever JSON it was."""
    answers = body.get("answers") if isinstance(body, dict) else None
    said = answers.get("red_flag_screen") if isinstance(answers, dict) else None
    flags = rules.red_flags.red_flags.values.flags
    return {
        flag: flags[flag].severity for flag in flags if isinstance(said, dict) and said.get(flag) == "yes"
    }
