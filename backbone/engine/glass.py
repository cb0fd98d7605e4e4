"""The runtime's third aggregate: somebody opened what is not for them, for a reason and for a time, and somebody else
looked at that afterwards (PRV-12)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from backbone.model.aggregate import Aggregate
from backbone.model.column import Columns, field
from backbone.model.decision import Command, Content, Decision, Given, State
from backbone.model.head import Head
from backbone.model.rights import Group, by, decider
from backbone.model.snapshot import Snapshot
from backbone.model.table import Table
from config.access import AccessRights
from config.staff import StaffDirectory
from schemas.generic import GenericFacts


class Guarding(Protocol):
    """Rules that know who may break the glass, and who looks at it."""

    @property
    def staff(self) -> StaffDirectory: ...

    @property
    def access(self) -> AccessRights: ...


class Whole(State, tag="whole"):
    """Nobody broke it."""


class Broken(State, tag="broken"):
    broken_by: str
    until: datetime
    note_ref: str


class Reviewed(State, tag="reviewed"):
    broken_by: str
    note_ref: str
    reviewed_by: str
    finding: str


Glass = Whole | Broken | Reviewed


class BreakGlass(Command, tag="break_glass"):
    reason: str


class ReviewGlass(Command, tag="review_glass"):
    finding: str


def opens(state: Any, rules: Guarding) -> Group:
    access = rules.access
    return Group("whoever may break the glass", access.members(access.break_glass.values.opens))


def reviews(state: Any, rules: Guarding) -> Group:
    """Somebody else than who broke it."""
    access = rules.access
    reviewers = access.members(access.break_glass.values.reviews)
    own = state.broken_by if isinstance(state, Broken | Reviewed) else None
    return Group("whoever reviews broken glass, and not who broke it", reviewers, but=own)


def holds(glass: Snapshot[Any], lane_key: str, now: datetime) -> bool:
    """It opens this person's record, still."""
    return isinstance(glass.state, Broken) and glass.lane_key == lane_key and now < glass.state.until


class BrokenGlass(Columns):
    """How it is found."""

    broken_by = field("broken_by")


def glass_of(facts: GenericFacts) -> Aggregate[Glass]:
    @by(opens)
    def break_glass(state: Whole, command: BreakGlass, given: Given[Guarding]) -> Decision:
        ref, rule = given.ref("reason"), given.rules.access.break_glass
        until = given.at + timedelta(minutes=rule.values.minutes)
        opened = facts.glass_broken(broken_by=decider(given), until=until, note_ref=ref)
        return [Content(ref, "reason", msgspec.json.encode(command.reason)), opened]

    @by(reviews)
    def review(state: Broken, command: ReviewGlass, given: Given[Guarding]) -> Decision:
        return [facts.glass_reviewed(reviewed_by=decider(given), finding=command.finding)]

    def broken(state: Whole, fact: facts.glass_broken, head: Head) -> Broken:  # type: ignore[name-defined]
        return Broken(broken_by=fact.broken_by, until=fact.until, note_ref=fact.note_ref)

    def reviewed(state: Broken, fact: facts.glass_reviewed, head: Head) -> Reviewed:  # type: ignore[name-defined]
        return Reviewed(
            broken_by=state.broken_by,
            note_ref=state.note_ref,
            reviewed_by=fact.reviewed_by,
            finding=fact.finding,
        )

    return Aggregate[Glass](
        "break_glass",
        Whole(),
        decide=Table(break_glass, review),
        evolve=Table(broken, reviewed),
        columns=BrokenGlass,
        has_pathway=False,
    )


def latest_end(open_now: Sequence[Snapshot[Any]]) -> Snapshot[Any] | None:
    """Of several, the one that lasts longest."""
    return max(open_now, key=lambda glass: glass.state.until, default=None)
