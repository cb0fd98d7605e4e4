"""A small service for tests of the runtime: boxes that are opened, counted and closed, and bells that ring late."""

import time
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from backbone.model import (
    Aggregate,
    Column,
    Columns,
    Command,
    Content,
    Decision,
    Effect,
    Event,
    Flag,
    Given,
    Head,
    Orders,
    Publication,
    Refused,
    Ruled,
    Service,
    State,
    Table,
    Timer,
    TooEarly,
    all_of,
    on,
    one,
    together,
)
from config.rules import Rule, Values
from schemas.fact import Fact, Id, Instant, PrivateFact


class Happened(Fact):
    """What the outside says. `what` decides what the sample does with it."""

    type: Literal["outside.happened.v1"] = "outside.happened.v1"
    box: Id
    what: Literal["open", "add", "close", "close_all", "raise", "both", "dawdle"]
    group: str = "g"


class BoxOpened(Fact):
    type: Literal["sample.box_opened.v1"] = "sample.box_opened.v1"
    group: str
    number: int


class BoxFilled(Fact):
    type: Literal["sample.box_filled.v1"] = "sample.box_filled.v1"
    count: int


class BoxChecked(PrivateFact):
    type: Literal["sample.box_checked.v1"] = "sample.box_checked.v1"
    due: Instant


CLOSING = Rule[Values](
    id="box.closing",
    version=1,
    jurisdiction="any",
    evidence=("C",),
    verified="U",
    effective_from=date(2026, 1, 1),
    values=Values(),
)


class BoxClosed(Fact):
    type: Literal["sample.box_closed.v1"] = "sample.box_closed.v1"


class NoteKept(PrivateFact):
    type: Literal["sample.note_kept.v1"] = "sample.note_kept.v1"
    ref: Id


class NoteAnnounced(PrivateFact):
    type: Literal["sample.note_announced.v1"] = "sample.note_announced.v1"
    attempt: int


for fact in (Happened, BoxOpened, BoxFilled, BoxChecked, BoxClosed, NoteKept, NoteAnnounced):
    fact.aggregate = "box"


class NoBox(State, tag="none"):
    pass


class Open(State, tag="open"):
    group: str
    number: int
    since: datetime
    count: int = 0
    checked: bool = False
    note: str | None = None
    announced: bool = False


class Closed(State, tag="closed"):
    group: str
    number: int
    count: int


class OpenBox(Command, tag="open_box"):
    group: str


class AddToBox(Command, tag="add_to_box"):
    amount: int = 1


class CloseBox(Command, tag="close_box"):
    pass


class CheckBox(Command, tag="check_box"):
    due: datetime


class KeepNote(Command, tag="keep_note"):
    text: str


class Announced(Command, tag="announced"):
    attempt: int


class Break(Command, tag="break"):
    pass


def open_box(state: NoBox | Closed, command: OpenBox, given: Given[Any]) -> Decision:
    number = state.number if isinstance(state, Closed) else given.number or 0
    return [BoxOpened(group=command.group, number=number)]


def open_again(state: Open, command: OpenBox, given: Given[Any]) -> Decision:
    return ()


def add(state: Open, command: AddToBox, given: Given[Any]) -> Decision:
    if given.rules and given.rules.get("breaks"):
        raise ZeroDivisionError("a bug")
    return [BoxFilled(count=state.count + command.amount)]


def add_too_early(state: NoBox, command: AddToBox, given: Given[Any]) -> Decision:
    return TooEarly("the box is not there yet")


def close(state: Open, command: CloseBox, given: Given[Any]) -> Decision:
    return [Ruled(BoxClosed(), (CLOSING,))]


def check(state: Open, command: CheckBox, given: Given[Any]) -> Decision:
    return [BoxChecked(due=command.due)]


def keep_note(state: Open, command: KeepNote, given: Given[Any]) -> Decision:
    if len(command.text) > 10:
        return Refused("too long", instead=("KeepNote",))
    ref = given.ref("note")
    return [Content(ref, "note", b'"%s"' % command.text.encode()), NoteKept(ref=ref)]


def announce(state: Open, command: Announced, given: Given[Any]) -> Decision:
    if given.rules and given.rules.get("unable"):
        raise ZeroDivisionError("a bug")
    return () if state.announced else [NoteAnnounced(attempt=command.attempt)]


def break_down(state: NoBox | Open | Closed, command: Break, given: Given[Any]) -> Decision:
    if given.rules and given.rules.get("mended"):
        return ()
    raise ZeroDivisionError("a bug")


def opened(state: NoBox | Closed, fact: BoxOpened, head: Head) -> Open:
    return Open(group=fact.group, number=fact.number, since=head.occurred_at)


def filled(state: Open, fact: BoxFilled, head: Head) -> Open:
    return Open(
        group=state.group, number=state.number, since=state.since, count=fact.count, checked=state.checked
    )


def checked(state: Open, fact: BoxChecked, head: Head) -> Open:
    return Open(group=state.group, number=state.number, since=state.since, count=state.count, checked=True)


def noted(state: Open, fact: NoteKept, head: Head) -> Open:
    return Open(group=state.group, number=state.number, since=state.since, count=state.count, note=fact.ref)


def announced(state: Open, fact: NoteAnnounced, head: Head) -> Open:
    return msgspec.structs.replace(state, announced=True)


def closed(state: Open, fact: BoxClosed, head: Head) -> Closed:
    return Closed(group=state.group, number=state.number, count=state.count)


def timers(state: State, rules: Any) -> Mapping[str, Timer]:
    if isinstance(state, Open) and not state.checked:
        due = state.since + timedelta(hours=1)
        return {"check": Timer(due, CheckBox(due))}
    return {}


def effects(state: State) -> Mapping[str, Effect]:
    if isinstance(state, Open) and state.note and not state.announced:
        return {"announce": Effect("announcement", reads=(state.note,))}
    return {}


def publications(state: State) -> Iterable[Publication]:
    if isinstance(state, Open):
        yield Publication("sample.boxes", str(state.number), b'{"count":%d}' % state.count)


class Boxes(Columns):
    """How boxes are found."""

    group_name = Column(lambda s: getattr(s, "group", None))
    open = Flag(lambda s: isinstance(s, Open))


BOX = Aggregate(
    "box",
    NoBox(),
    decide=Table(open_box, open_again, add, add_too_early, close, check, keep_note, announce, break_down),
    evolve=Table(opened, filled, checked, noted, announced, closed),
    timers=timers,
    publications=publications,
    effects=effects,
    columns=Boxes,
    numbered=True,
    has_pathway=False,
)


def follow(event: Event[Happened], rules: Any) -> Orders:
    fact = event.fact
    to = one(fact.box)
    if fact.what == "open":
        yield BOX.send(OpenBox(fact.group), to=to)
    elif fact.what == "add":
        yield BOX.send(AddToBox(), to=to)
    elif fact.what == "close":
        yield BOX.send(CloseBox(), to=to)
    elif fact.what == "dawdle":
        time.sleep(rules["dawdles_seconds"])  # a decider that computes for too long
        yield BOX.send(AddToBox(), to=to)
    elif fact.what == "close_all":
        yield BOX.send(CloseBox(), to=all_of(Boxes.group_name(fact.group), Boxes.open))
    elif fact.what == "both":
        yield together(
            BOX.send(OpenBox(fact.group), to=to), BOX.send(KeepNote("much too long a note"), to=to)
        )
    else:
        yield BOX.send(Break(), to=to)


SAMPLE = Service(
    "sample", aggregates=(BOX,), reactions=(on(Happened, follow),), live=frozenset({"sample.boxes"})
)

SAMPLE_SQL = """
CREATE TABLE box (
    id uuid PRIMARY KEY, lane_key uuid, pathway_id uuid, version int NOT NULL, sequence int NOT NULL,
    status text NOT NULL, body jsonb NOT NULL, updated_at timestamptz NOT NULL, group_name text, open text
);
CREATE INDEX box_by_group ON box (group_name) WHERE open = 'true';
CREATE SEQUENCE box_number;
"""
