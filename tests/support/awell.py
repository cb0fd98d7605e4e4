"""A thousand random answers for each instrument that we and the library of Awell score; and what that library is told.

The answers follow from their number alone, so the library's scores stand in a file (`tests/unit/care_plan/awell.json`)
and the answers in none. `python -m tests.foreign.awell` writes the file.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from config.instruments import Scoring

FILE = Path("tests/unit/care_plan/awell.json")
SOURCE = "https://github.com/awell-health/awell-score"
TURNS = 1000

Answers = Sequence[int | None]


class Foreign(NamedTuple):
    """Where the library scores an instrument: module, name, and the names of its scores. `missing`: the most items that
    may be left out. `unasked`: items of theirs that ours has not, answered with 0.
    """

    module: str
    scores: Mapping[str, str]
    band: str | None = None
    missing: int = 0
    unasked: int = 0
    turned: tuple[int, ...] = ()
    """Items for which they are told what the answer counts for, instead of the answer."""

    @property
    def name(self) -> str:
        return self.module.rpartition("/")[2]


BOTH: Mapping[str, Foreign] = {
    "phq9": Foreign("phq_9/phq_9", {"": "PHQ9_SCORE"}, "PHQ9_INTERPRETATION"),
    "phq2": Foreign("phq_2/phq_2", {"": "PHQ2_SCORE"}),
    "gad7": Foreign("GAD_7/gad_7", {"": "GAD7_SCORE"}, "GAD7_INTERPRETATION"),
    "pcs": Foreign(
        "pcs/pcs",
        {
            "": "TOTAL",
            "rumination": "RUMINATION",
            "magnification": "MAGNIFICATION",
            "helplessness": "HELPLESSNESS",
        },
    ),
    "odi": Foreign("oswestry/oswestry", {"": "OSWESTRY"}, missing=2),
    "audit_c": Foreign("audit/audit", {"": "CONSUMPTION"}, unasked=7),
    "dast10": Foreign("dast_10/dast_10", {"": "DAST10_SCORE"}, "DAST10_DEGREE_OF_PROBLEMS", turned=(3,)),
    "start_back": Foreign(
        "start_back_screening_tool/start_back_screening_tool",
        {"": "START_BACK_TOTAL", "psychosocial": "START_BACK_SUBSCALE"},
        "START_BACK_RISK_CLASSIFICATION",
    ),
}


def answers(instrument: str, rule: Scoring) -> list[Answers]:
    """The same ones in every version of Python: only `random()` is promised to stay as it is."""
    dice = Random(f"awell {instrument}")
    return [turn(dice, rule, BOTH[instrument].missing) for _ in range(TURNS)]


def turn(dice: Random, rule: Scoring, missing: int) -> Answers:
    """Some people answer low, some high, some all over."""
    one, other = dice.random(), dice.random()
    given: list[int | None] = []
    for no in range(1, rule.items + 1):
        several = len(rule.points[no]) if no in rule.points else rule.highest + 1
        least, most = sorted((int(one * several), int(other * several)))
        given.append(least + int(dice.random() * (most - least + 1)))
    for _ in range(int(dice.random() * (missing + 1))):
        given[int(dice.random() * rule.items)] = None
    return given


def as_told(given: Answers, rule: Scoring, foreign: Foreign) -> list[int | None]:
    """In the order of the library's own items."""
    told = [
        rule.points[no][answer] if answer is not None and no in foreign.turned else answer
        for no, answer in enumerate(given, 1)
    ]
    return [*told, *[0] * foreign.unasked]
