"""Who may do what: each decider of a person's command names whom it answers, and this guards it (REF-11)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from types import UnionType
from typing import Any, Protocol, TypeVar

from backbone.model.decision import Decision, Given, Refused
from backbone.model.head import Actor, Rights
from backbone.model.table import Table, members
from config.staff import StaffDirectory


class Staffed(Protocol):
    """Rules that know who works here."""

    @property
    def staff(self) -> StaffDirectory: ...


@dataclass(frozen=True, slots=True)
class Group:
    """Whom something is for: staff by role, by discipline or by name; `kinds` of callers besides staff."""

    name: str
    roles: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    disciplines: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    but: str | None = None
    """This one of them not."""


Whom = Group | Callable[[Any, Any], Group]
"""A group; or one that follows from the state and the rules."""

D = TypeVar("D", bound=Callable[..., Decision])


def by(whom: Whom, instead: tuple[str, ...] = ()) -> Callable[[D], D]:
    """The decider answers this group only; anybody else is refused as not permitted, and told what to do instead."""

    def guard(decide: D) -> D:
        @wraps(decide)
        def guarded(state: Any, command: Any, given: Given[Any]) -> Decision:
            return forbidden(guarded, state, given) or decide(state, command, given)

        guarded.whom, guarded.instead = whom, instead  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def forbidden(decide: Callable[..., Any], state: Any, given: Given[Any]) -> Refused | None:
    """The refusal of whom the decider does not answer. Asked before the version, which others must not learn."""
    group = group_of(decide, state, given.rules)
    if group is None or permits(group, given.actor, given.rights, given.rules):
        return None
    instead: tuple[str, ...] = getattr(decide, "instead", ())
    return Refused(f"only {group.name} may do this", instead, code="not-permitted")


def never_for(table: Table, command: type, given: Given[Any]) -> Refused | None:
    """The refusal of whom no decider of the command answers in any state."""
    deciders = deciders_of(table, command)
    if not all(isinstance(getattr(decide, "whom", None), Group) for decide in deciders):
        return None
    refusals = [forbidden(decide, None, given) for decide in deciders]
    return refusals[0] if all(refusals) else None


def deciders_of(table: Table, command: type) -> list[Callable[..., Any]]:
    """In whatever state it is asked."""
    return [decide for (_, asked), decide in table.rows.items() if asked is command]


def permits(group: Group, actor: Actor, rights: Rights, rules: Staffed) -> bool:
    """A role counts when the token or the staff directory gives it to a named person."""
    if actor.kind != "user":
        return actor.kind in group.kinds
    if actor.id is None or actor.id == group.but:
        return False
    roles = rules.staff.roles_of(actor.id).union(rights.roles, {actor.role})
    return (
        not group.roles.isdisjoint(roles)
        or not group.disciplines.isdisjoint(rights.disciplines)
        or actor.id in group.persons
    )


def group_of(decide: Callable[..., Any], state: Any = None, rules: Any = None) -> Group | None:
    """The group that a guarded decider answers in a state; None for what no person asks."""
    whom: Whom | None = getattr(decide, "whom", None)
    return whom if whom is None or isinstance(whom, Group) else whom(state, rules)


def decider(given: Given[Any]) -> str:
    """The named person who decides (REF-11). Only behind a guard for staff."""
    if given.actor.id is None:
        raise ValueError("a decision needs a named person")
    return given.actor.id


def ignores(*commands: type, when: Collection[type] | UnionType | type, whom: Whom | None = None) -> Table:
    """In these states the commands are already done: the answer is `()`. `whom` guards those that people give."""
    states = members(when) if isinstance(when, UnionType | type) else when

    def already_done(state: Any, command: Any, given: Given[Any]) -> Decision:
        return ()

    decide = by(whom)(already_done) if whom else already_done
    return Table.of({(state, command): decide for state in states for command in commands})
