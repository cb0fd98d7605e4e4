"""Red flags: signs that need emergency or specialist care before pain care, how severe each is, and who
looks at it."""

from collections.abc import Mapping
from typing import Self, get_args

from pydantic import Field, model_validator

from config.rules import Rule, RuleSet, Values, Verified
from schemas.codes import Queue, Severity
from schemas.codes import RedFlag as RedFlagCode


class RedFlag(Values):
    severity: Severity
    queue: Queue
    if_past: Severity | None = None
    """Where it is known to lie in the past. What nobody says is as if it were now."""
    stops_triage: bool = False
    """While it is open, nobody triages or accepts the referral."""
    verified: Verified

    def severe(self, *, is_past: bool) -> Severity:
        return self.if_past if is_past and self.if_past else self.severity


class RedFlagTable(Values):
    flags: Mapping[RedFlagCode, RedFlag]

    @model_validator(mode="after")
    def no_flag_is_left_out(self) -> Self:
        missing = sorted(set(get_args(RedFlagCode)) - set(self.flags))
        if missing:
            raise ValueError(f"no severity for {', '.join(missing)}")
        return self

    @model_validator(mode="after")
    def only_of_an_overdose_it_is_asked_whether_it_is_past(self) -> Self:
        asked = [name for name, flag in self.flags.items() if flag.if_past and name != "opioid_overdose"]
        if asked:
            raise ValueError(f"nobody says whether it lies in the past: {', '.join(asked)}")
        return self


class RedFlags(Values):
    """`red_flags.toml`"""

    rule_set: RuleSet
    red_flags: Rule[RedFlagTable] = Field(alias="rule")
