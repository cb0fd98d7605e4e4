"""The hazard log as it is stated: what can go wrong, what comes of it, what stands against it."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "docs/safety/hazards.toml"

Theme = Literal[
    "referral",
    "waiting",
    "booking",
    "procedures",
    "medicines",
    "mental health",
    "identity",
    "messages",
    "escalation",
    "records and privacy",
    "runtime",
    "operations",
    "people",
]
HazardId = Annotated[str, Field(pattern=r"^HAZ-\d{3}$")]
RuleId = Annotated[str, Field(pattern=r"^[A-Z]{2,3}-\d{2}$")]
TestId = Annotated[str, Field(pattern=r"^tests/[\w/]+/test_\w+\.py::\w+(\[[^]]+\])?$")]
Sentence = Annotated[str, Field(min_length=5)]
Level = Annotated[int, Field(ge=1, le=5)]
Row = tuple[Level, Level, Level, Level, Level]


class Stated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scheme(Stated):
    """How risks are scored. Rows are likelihoods, columns severities, both from the least on."""

    name: Sentence
    source: Sentence
    scored_by: Sentence
    severity: tuple[str, str, str, str, str]
    likelihood: tuple[str, str, str, str, str]
    grid: tuple[Row, Row, Row, Row, Row]
    meaning: tuple[str, str, str, str, str]


class Score(Stated):
    severity: Level
    likelihood: Level


class Control(Stated):
    """What stands against a hazard, the test that shows it, and the mutant that takes it away, where there is one."""

    what: Sentence
    rules: tuple[RuleId, ...] = ()
    test: TestId
    mutant: str | None = None


class Hazard(Stated):
    id: HazardId
    theme: Theme
    title: Sentence
    cause: Sentence
    effect: Sentence
    harm: Sentence
    before: Score
    after: Score
    controls: tuple[Control, ...] = ()
    residual: Sentence


class Open(Stated):
    """A hazard against which not enough stands yet."""

    hazard: HazardId
    why: Sentence


class NoHazard(Stated):
    """Rules that are no control of a hazard, and why."""

    rules: tuple[RuleId, ...]
    why: Sentence


class Log(Stated):
    scheme: Scheme
    untried: tuple[Sentence, ...]
    open: tuple[Open, ...]
    no_hazard: tuple[NoHazard, ...]
    hazard: tuple[Hazard, ...]

    def rating(self, score: Score) -> int:
        return self.scheme.grid[score.likelihood - 1][score.severity - 1]

    @property
    def why_open(self) -> Mapping[str, str]:
        return {each.hazard: each.why for each in self.open}

    def controls(self) -> Iterator[tuple[Hazard, Control]]:
        yield from ((hazard, control) for hazard in self.hazard for control in hazard.controls)


def read(text: str) -> Log:
    return Log.model_validate(tomllib.loads(text))


@cache
def stated() -> Log:
    """As it stands in the repository."""
    return read(FILE.read_text("utf-8"))
