"""What the clinic sets about procedures: families, what must be true before them, and what payers pay for (PRC-01 to
PRC-04, PRC-07, PRC-08). Families are Huddle's own; codes of others are a pack that the clinic supplies, never looked
into."""

from collections.abc import Mapping
from typing import NamedTuple, Self, get_args

from pydantic import Field, model_validator

from config.rules import Rule, RuleSet, Values
from schemas.care_plan.v1.codes import BleedingRisk, Circumstance, Place, SpinalRegion
from schemas.codes import PROCEDURE_FAMILY, GateKind, ProcedureFamily
from schemas.fact import Slug, Word

RISKS: tuple[BleedingRisk, ...] = get_args(BleedingRisk)


class Family(Values):
    """`group`: what payers count together. `line`: whose outcome must be known before the next one, where that is more
    than the group. `levels`: whether an order names vertebrae."""

    group: Word
    line: Word | None = None
    levels: bool
    regions: Mapping[SpinalRegion, BleedingRisk]


class Families(Values):
    families: Mapping[ProcedureFamily, Family]

    @model_validator(mode="after")
    def no_family_is_left_out(self) -> Self:
        if lacking := sorted(set(PROCEDURE_FAMILY) ^ set(self.families)):
            raise ValueError(f"families: not those of the published list: {', '.join(lacking)}")
        return self


class Codes(Values):
    """Opaque strings of the clinic's own licence; none are shipped."""

    codes: Mapping[ProcedureFamily, tuple[str, ...]]


class Gates(Values):
    """What must be true before a procedure: of every one, of a group besides, and in a patient's circumstances."""

    always: tuple[GateKind, ...]
    groups: Mapping[Word, tuple[GateKind, ...]]
    circumstances: Mapping[Circumstance, tuple[GateKind, ...]]


class Window(Values):
    """At most so many sessions in so many months."""

    months: int = Field(ge=1)
    sessions: int = Field(ge=1)


class Limit(Values):
    """What a payer pays for of one group: sessions of one region, the least time between two, and what the one before
    must have brought."""

    windows: tuple[Window, ...] = ()
    days_apart: int = Field(default=0, ge=0)
    months_apart: int = Field(default=0, ge=0)
    one_region: bool = False
    repeat_relief_pct: int = Field(default=0, ge=0, le=100)
    repeat_days: int = Field(default=0, ge=0)


class Blocks(Values):
    """What makes an earlier one count, and how many must. `analgesics_pct`: or so much less of them."""

    count: int = Field(ge=1)
    relief_pct: int = Field(ge=1, le=100)
    analgesics_pct: int | None = Field(default=None, ge=1, le=100)
    min_days: int = Field(ge=1)


class Authorised(Values):
    """What the payer wants to approve first, where it is done in such places."""

    groups: tuple[Word, ...]
    places: tuple[Place, ...]


class Payer(Values):
    """What is not stated is as with the default payer."""

    limits: Mapping[Word, Limit] = {}
    levels: Mapping[ProcedureFamily, int] = {}
    blocks: Blocks | None = None
    authorised: Authorised | None = None


class Sessions(Values):
    """PRC-01. Regions that stand together are one region to payers."""

    default_payer: Slug
    regions: tuple[tuple[SpinalRegion, ...], ...]
    not_counted: tuple[Word, ...]
    """Complications that say that it was no session."""


class Interval(Values):
    """PRC-02: of the same side and level."""

    groups: tuple[Word, ...]
    months: int = Field(ge=1)


class Before(Blocks):
    """PRC-03, PRC-07: which group needs which one before it, and whether at the same side and level."""

    groups: tuple[Word, ...]
    after: Word
    same_place: bool = True


class Needed(NamedTuple):
    """What comes before a group, as its payer counts it."""

    rule: Rule[Before]
    blocks: Blocks


class Calls(Values):
    """The first call after a procedure says nothing before so many hours."""

    first_after_hours: int = Field(ge=0)


class Procedures(Values):
    """`procedures.toml`"""

    rule_set: RuleSet
    families: Rule[Families]
    codes: Rule[Codes]
    gates: Rule[Gates]
    sessions: Rule[Sessions]
    interval: Rule[Interval]
    blocks: Rule[Before]
    trial: Rule[Before]
    twice: Rule[Values]
    outcome: Rule[Values]
    calls: Rule[Calls]
    payers: Mapping[Slug, Rule[Payer]]

    @model_validator(mode="after")
    def the_default_payer_states_everything(self) -> Self:
        default = self.payers.get(self.sessions.values.default_payer)
        if default is None or default.values.authorised is None:
            raise ValueError("payers: the default payer is not stated, or not what it wants to authorise")
        return self

    @model_validator(mode="after")
    def rules_that_may_be_departed_from_say_by_whom(self) -> Self:
        departed_from = (self.sessions, self.interval, self.blocks, self.trial, self.twice)
        if any(each.override_role is None for each in departed_from):
            raise ValueError("sessions, interval, blocks, trial and twice: name the override_role")
        return self

    @property
    def default(self) -> Rule[Payer]:
        return self.payers[self.sessions.values.default_payer]

    def family(self, name: ProcedureFamily) -> Family:
        return self.families.values.families[name]

    def payer(self, profile: str | None) -> tuple[Rule[Payer], bool]:
        """Who pays, and whether that is known: else it is judged as with the default payer."""
        known = self.payers.get(profile or "")
        return known or self.default, known is not None

    def limit(self, payer: Rule[Payer], group: str) -> Limit:
        return payer.values.limits.get(group) or self.default.values.limits.get(group) or Limit()

    def levels(self, payer: Rule[Payer], family: ProcedureFamily) -> int | None:
        return payer.values.levels.get(family) or self.default.values.levels.get(family)

    def needed(self, payer: Rule[Payer]) -> tuple[Needed, ...]:
        """Blocks before an ablation, a trial before a stimulator."""
        blocks = Needed(self.blocks, payer.values.blocks or self.blocks.values)
        return blocks, Needed(self.trial, self.trial.values)

    def needed_after(self, group: str, payer: Rule[Payer]) -> Needed | None:
        """For what one of this group counts."""
        return next((each for each in self.needed(payer) if each.rule.values.after == group), None)

    def wants_to_authorise(self, payer: Rule[Payer], group: str, place: str | None) -> bool:
        """PRC-05. A place that nobody stated counts as one where it does."""
        wanted = payer.values.authorised or self.default.values.authorised
        assert wanted is not None
        return group in wanted.groups and (place is None or place in wanted.places)
