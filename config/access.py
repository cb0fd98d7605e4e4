"""`access.toml`: who may read what of patients, and why. One table for the clinic; what is not in it is refused."""

from collections.abc import Iterable, Mapping
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from config.rules import Rule, RuleSet, Values
from config.staff import Role

Purpose = Literal["treatment", "coordination", "payment", "operations", "research", "patient_access"]
"""PRV-11, in the order in which they are assumed of whoever does not say."""
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
Outsider = Literal["patient", "referrer", "partner"]
PURPOSE_OF: Mapping[str, Purpose] = {
    "patient": "patient_access",
    "referrer": "treatment",
    "partner": "treatment",
}
"""What callers who are not staff read their own things for."""
Label = Literal["N", "R", "V", "ETH", "PSY", "HIV", "42CFRPart2"]
Kind = str
ROLES: frozenset[str] = frozenset(get_args(Role))


class Right(Values):
    """Of one kind of content: by purpose, the roles or groups of roles that may read it."""

    about: str = Field(min_length=1)
    may: Mapping[Purpose, tuple[str, ...]]
    outside: frozenset[Outsider] = frozenset()
    security: tuple[Label, ...] = ("N",)
    says_why: frozenset[str] = frozenset()
    glass: bool = False


class BreakGlass(Values):
    """PRV-12"""

    minutes: int = Field(ge=1, le=24 * 60)
    opens: tuple[str, ...] = Field(min_length=1)
    reviews: tuple[str, ...] = Field(min_length=1)


class Accounting(Values):
    """How far back a person may ask to whom something was disclosed, and for which purposes it need not be named."""

    years: int = Field(ge=1, le=100)
    exempt: frozenset[Purpose]


class AccessRights(Values):
    """The table. Nobody may what it does not say."""

    rule_set: RuleSet
    groups: Mapping[str, frozenset[Role]]
    break_glass: Rule[BreakGlass]
    accounting: Rule[Accounting]
    kinds: Mapping[Kind, Right]

    def members(self, named: Iterable[str]) -> frozenset[str]:
        """Roles, with groups taken apart."""
        return frozenset(role for name in named for role in self.groups.get(name, (name,)))

    def purpose(self, kind: Kind, roles: frozenset[str], said: Purpose | None) -> Purpose | None:
        """What somebody with these roles may read it for: what they say; unsaid, the first that fits. None: nothing."""
        right = self.kinds[kind]
        for purpose in PURPOSES if said is None else (said,):
            fits = self.members(right.may.get(purpose, ())) & roles
            if fits - (right.says_why if said is None else frozenset()):
                return purpose
        return None

    def must_say(self, roles: frozenset[str]) -> tuple[Purpose, ...]:
        """What somebody with these roles reads for only where they say so: nobody assumes it of them."""
        return tuple(
            purpose
            for purpose in PURPOSES
            if any(
                self.purpose(kind, roles, None) is None and self.purpose(kind, roles, purpose)
                for kind in self.kinds
            )
        )

    def is_for(self, kind: Kind, outsider: str, said: Purpose | None) -> bool:
        """Is it for such callers, of what is theirs, and for that purpose?"""
        return outsider in self.kinds[kind].outside and said in (None, PURPOSE_OF[outsider])

    def may_break_glass(self, kind: Kind, roles: frozenset[str]) -> bool:
        opens = self.members(self.break_glass.values.opens)
        return self.kinds[kind].glass and not opens.isdisjoint(roles)

    @model_validator(mode="after")
    def names_roles(self) -> Self:
        glass = self.break_glass.values
        named = {*glass.opens, *glass.reviews}
        for right in self.kinds.values():
            named |= {*right.says_why, *(name for names in right.may.values() for name in names)}
        if unknown := sorted(named - self.groups.keys() - ROLES):
            raise ValueError(f"neither roles nor groups: {', '.join(unknown)}")
        return self
