"""What is wrong with a hazard log, as sentences. Pure: tests, mutants and rules arrive as arguments."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.hazards.collected import NEVER_RUN
from tests.hazards.log import Hazard, Log

RULE = re.compile(r"\b[A-Z]{2,3}-\d{2}\b")
NO_RULES = frozenset({"ICD-10", "ICD-11"})
"""Other things that are written like rules."""


def twice(log: Log) -> list[str]:
    """Ids are for ever: each is one hazard."""
    ids = Counter(hazard.id for hazard in log.hazard)
    named = Counter(each.hazard for each in log.open)
    return [
        *(f"{each} is two hazards" for each, times in ids.items() if times > 1),
        *(f"{each} is open twice" for each, times in named.items() if times > 1),
        *(f"{each} is open and no hazard" for each in named if each not in ids),
    ]


def worse(log: Log) -> list[str]:
    """No control makes anything worse."""
    return [
        f"{hazard.id} is worse after its controls"
        for hazard in log.hazard
        if log.rating(hazard.after) > log.rating(hazard.before)
        or hazard.after.severity > hazard.before.severity
    ]


def defenceless(log: Log) -> list[str]:
    """What has no control, or is still not acceptable with them, is said to be open."""
    return [
        f"{hazard.id} is not said to be open"
        for hazard in log.hazard
        if hazard.id not in log.why_open and (not hazard.controls or log.rating(hazard.after) > 3)
    ]


def unshown(log: Log, tests: Mapping[str, frozenset[str]]) -> list[str]:
    """Controls whose test is not there, or is not run by `make test`."""
    return [
        f"{hazard.id}: {control.test} {problem}"
        for hazard, control in log.controls()
        if (problem := not_run(tests.get(without_parameters(control.test))))
    ]


def not_run(marks: frozenset[str] | None) -> str | None:
    if marks is None:
        return "does not exist"
    left_out = sorted(marks & NEVER_RUN)
    return f"may be left out ({', '.join(left_out)})" if left_out else None


def strange_mutants(log: Log, killers: Mapping[str, str]) -> list[str]:
    """Mutants that are not there, or that are killed by what shows no control of the hazard."""
    return [
        f"{hazard.id}: {control.mutant} {problem}"
        for hazard, control in log.controls()
        if control.mutant and (problem := not_killed(hazard, killers.get(control.mutant)))
    ]


def not_killed(hazard: Hazard, killer: str | None) -> str | None:
    if killer is None:
        return "is no mutant"
    if any(is_of(control.test, killer) for control in hazard.controls):
        return None
    return f"is killed by {killer}, which shows no control of this hazard"


def is_of(test: str, killer: str) -> bool:
    """A killer is a test, a file or a folder."""
    test, killer = without_parameters(test), without_parameters(killer)
    return test == killer or test.startswith((f"{killer}::", f"{killer}/"))


def without_parameters(test: str) -> str:
    return test.split("[")[0]


def unexplained_rules(log: Log, known: Iterable[str]) -> list[str]:
    """Each rule that the code knows is a control of some hazard, or says why it is none; and not both."""
    of_controls = {rule for _, control in log.controls() for rule in control.rules}
    of_none = Counter(rule for each in log.no_hazard for rule in each.rules)
    return [
        *(
            f"{rule} is a control of nothing and has no reason"
            for rule in sorted(set(known) - of_controls - set(of_none))
        ),
        *(f"{rule} is a control and said to be none" for rule in sorted(of_controls & set(of_none))),
        *(f"{rule} is said to be none twice" for rule, times in of_none.items() if times > 1),
    ]


def rules_in(files: Iterable[Path]) -> Iterator[str]:
    """The rules that source, configuration and documents name."""
    for file in files:
        yield from (rule for rule in RULE.findall(file.read_text("utf-8")) if rule not in NO_RULES)
