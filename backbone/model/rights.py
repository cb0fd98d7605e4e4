"""Who may do what: each decider of a person's command names its group, and this guards it (REF-11)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, TypeVar

from backbone.model.decision import Decision, Given, Refused
from backbone.model.head import Actor
from config.staff import StaffDirectory


class Staffed(Protocol):
    """Rules that know who works here."""

    @property
    def staff(self) -> StaffDirectory: ...


@dataclass(frozen=True, slots=True)
class Group:
    """Staff by role; `kinds` of actors besides staff."""

    name: str
    roles: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


D = TypeVar("D", bound=Callable[..., Decision])


def by(group: Group) -> Callable[[D], D]:
    """The decider answers this group only; anybody else is refused as not permitted."""

    def guard(decide: D) -> D:
        @wraps(decide)
        def guarded(state: Any, command: Any, given: Given[Any]) -> Decision:
            if not permits(group, given.actor, given.rules):
                return Refused(f"only {group.name} may do this", code="not-permitted")
            return decide(state, command, given)

        guarded.group = group  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def permits(group: Group, actor: Actor, rules: Staffed) -> bool:
    """A role counts when the token or the staff directory gives it to a named person."""
    if actor.kind != "user":
        return actor.kind in group.kinds
    if actor.id is None:
        return False
    return not group.roles.isdisjoint(rules.staff.roles_of(actor.id) | {actor.role})


def group_of(decide: Callable[..., Any]) -> Group | None:
    """The group that a guarded decider answers."""
    return getattr(decide, "group", None)


def decider(given: Given[Any]) -> str:
    """The named person who decides (REF-11). Only behind a guard for staff."""
    if given.actor.id is None:
        raise ValueError("a decision needs a named person")
    return given.actor.id
