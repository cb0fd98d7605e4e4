"""One time of a group: who has a place of it, and whether it takes place with fewer than a group needs (ADR 66).

It follows its slots, in the transactions in which they are sold and given back.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Head,
    One,
    Refused,
    Ruled,
    Step,
    Table,
    Timer,
    by,
    decider,
    ignores,
    like,
    one,
)
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import DateReason, KeptBecause
from schemas.scheduling.v1.group_time import GroupSettled, GroupShort
from services.scheduling.group_time.facts import PlaceGivenBack, PlaceSold
from services.scheduling.group_time.states import (
    CalledOff,
    GroupTime,
    Kept,
    Live,
    NoGroup,
    Planned,
    Short,
    group_id,
)
from services.scheduling.roles import DECIDES_GROUPS
from services.scheduling.rules import Rules

TOO_FEW: DateReason = "group_too_small"
"""Why the appointments of a time are cancelled that is called off."""
OFF = "called-off"


class SellPlace(Command, tag="sell_place", kw_only=True, frozen=True):
    clinician_id: str
    discipline: Discipline
    start: datetime
    place: int
    appointment_id: str


class GivePlaceBack(Command, tag="give_place_back", kw_only=True, frozen=True):
    place: int
    appointment_id: str


class LookAtGroup(Command, tag="look_at_group", kw_only=True, frozen=True):
    """Timer: so near to the start a small group is somebody's work."""


class BeginGroup(Command, tag="begin_group", kw_only=True, frozen=True):
    """Timer: it has begun, and nobody has decided."""


class KeepGroup(Command, tag="keep_group", kw_only=True, frozen=True):
    """It takes place with as few as have a place."""

    reason: KeptBecause


class CallOffGroup(Command, tag="call_off_group", kw_only=True, frozen=True):
    """It does not take place: these, who have a place, are cancelled with it."""

    appointment_ids: tuple[str, ...]


def sell(state: NoGroup | Live, command: SellPlace, given: Given[Rules]) -> Decision:
    if not isinstance(state, NoGroup) and state.places.get(command.place) == command.appointment_id:
        return ()
    known = like(Planned, command) if isinstance(state, NoGroup) else state
    places = {**known.places, command.place: command.appointment_id}
    return [like(PlaceSold, command), *what_follows(known, len(places), given)]


def give_back(state: Live, command: GivePlaceBack, given: Given[Rules]) -> Decision:
    """What asks for it may have been told late: somebody else has the place by then."""
    if state.places.get(command.place) != command.appointment_id:
        return ()
    return [PlaceGivenBack(place=command.place), *what_follows(state, len(state.places) - 1, given)]


def what_follows(state: Live, sold: int, given: Given[Rules]) -> list[Step]:
    """Of so many having a place now."""
    least = given.rules.scheduling.groups.values.least
    if isinstance(state, Short):
        settled = "empty" if sold == 0 else "filled" if sold >= least else None
        return [ruled(settled, sold, given)] if settled else []
    enough = state.kept if isinstance(state, Kept) else least
    is_near = given.rules.group_asked_at(state.start) <= given.at < state.start
    if not is_near or not 0 < sold < min(enough, least):
        return []
    short = like(GroupShort, state, group_id=given.target, sold=sold, least=least)
    return [Ruled(short, (given.rules.scheduling.groups,))]


def ruled(
    outcome: str, sold: int, given: Given[Rules], reason: str | None = None, who: str | None = None
) -> Ruled:
    settled = GroupSettled.model_validate(
        {"group_id": given.target, "outcome": outcome, "sold": sold, "reason": reason, "decided_by": who}
    )
    return Ruled(settled, (given.rules.scheduling.groups,))


def look(state: Planned, command: LookAtGroup, given: Given[Rules]) -> Decision:
    return what_follows(state, len(state.places), given)


def begin(state: Short, command: BeginGroup, given: Given[Rules]) -> Decision:
    return [ruled("begun", len(state.places), given)] if state.start <= given.at else ()


@by(DECIDES_GROUPS)
def keep(state: Short, command: KeepGroup, given: Given[Rules]) -> Decision:
    return [ruled("kept", len(state.places), given, command.reason, decider(given))]


@by(DECIDES_GROUPS)
def call_off(state: Short | Kept, command: CallOffGroup, given: Given[Rules]) -> Decision:
    """Everybody who has a place, or nobody."""
    if state.start <= given.at:
        return Refused("it has begun: whoever is not there did not attend", code="begun")
    if set(command.appointment_ids) != set(state.places.values()):
        return Refused("somebody came or went meanwhile: look again who has a place", code="others-by-now")
    return [ruled("called_off", len(state.places), given, who=decider(given))]


@by(DECIDES_GROUPS)
def nothing_asked(
    state: NoGroup | Planned, command: KeepGroup | CallOffGroup, given: Given[Rules]
) -> Decision:
    return Refused("nobody asks whether this time takes place", code="nothing-asked")


@by(DECIDES_GROUPS)
def too_late(state: CalledOff, command: KeepGroup, given: Given[Rules]) -> Decision:
    return off()


def not_sold(state: CalledOff, command: SellPlace, given: Given[Rules]) -> Decision:
    return off()


def off() -> Refused:
    return Refused("it was called off, and everybody who had a place was told", code=OFF)


def sold(state: NoGroup | Live, fact: PlaceSold, head: Head) -> Live:
    known = like(Planned, fact) if isinstance(state, NoGroup) else state
    return replace(known, places={**known.places, fact.place: fact.appointment_id})


def given_back(state: Live, fact: PlaceGivenBack, head: Head) -> Live:
    places = {each: who for each, who in state.places.items() if each != fact.place}
    return replace(state, places=places, left=(*state.left, state.places[fact.place]))


def short(state: Planned | Kept, fact: GroupShort, head: Head) -> Short:
    return like(Short, state)


def settled(state: Short | Kept, fact: GroupSettled, head: Head) -> Planned | Kept | CalledOff:
    """Who had a place of what is called off is cancelled in the same act."""
    match fact.outcome:
        case "kept":
            return like(Kept, state, kept=fact.sold)
        case "called_off":
            return like(CalledOff, state, places={})
        case _:
            return like(Planned, state)


def timers(state: GroupTime, rules: Rules) -> Mapping[str, Timer]:
    match state:
        case Planned():
            return {"look": Timer(rules.group_asked_at(state.start), LookAtGroup())}
        case Short():
            return {"begin": Timer(state.start, BeginGroup())}
        case _:
            return {}


GROUP_TIME = Aggregate[GroupTime](
    "group_time",
    NoGroup(),
    decide=Table(
        *(sell, not_sold, give_back, look, begin, keep, call_off, nothing_asked, too_late),
        ignores(GivePlaceBack, when=(NoGroup, CalledOff)),
        ignores(LookAtGroup, when=(NoGroup, Short, Kept, CalledOff)),
        ignores(BeginGroup, when=(NoGroup, Planned, Kept, CalledOff)),
        ignores(KeepGroup, when=(Kept,), whom=DECIDES_GROUPS),
        ignores(CallOffGroup, when=(CalledOff,), whom=DECIDES_GROUPS),
    ),
    evolve=Table(sold, given_back, short, settled),
    timers=timers,
    has_pathway=False,
    has_lane=False,
)


def group_at(clinician_id: str, start: datetime) -> One:
    """The group of this clinician at this time."""
    return one(group_id(clinician_id, start))
