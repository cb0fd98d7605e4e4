"""The vocabulary of service authors: what repeats is written once, and what is misspelt does not start."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from backbone.ids import derive
from backbone.model import (
    SYSTEM,
    Actor,
    Columns,
    Command,
    Decision,
    Flag,
    Given,
    Group,
    Refused,
    Rights,
    State,
    Table,
    all_of,
    by,
    field,
    ignores,
    like,
    one,
    permits,
    updated,
)
from config.files import ClinicFiles
from config.loading import SHIPPED, load
from schemas.fact import PrivateFact
from tests.support.sample import BOX, AddToBox, Boxes, CloseBox, Closed, KeepNote, NoBox, Open, OpenBox

ME = derive("33333333-3333-4333-8333-333333333333", "me")
NOW = datetime(2027, 1, 4, tzinfo=UTC)
RULES = load(SHIPPED, ClinicFiles)


class NoteSeat(Command, tag="note_seat"):
    row: str
    number: int
    note: str = ""


class SeatNoted(PrivateFact):
    type: Literal["sample.seat_noted.v1"] = "sample.seat_noted.v1"
    row: str
    number: int


class Seat(State, tag="seat"):
    row: str
    number: int
    taken: bool = False


def given(actor: Actor = SYSTEM, rights: Rights = Rights()) -> Given[ClinicFiles]:  # noqa: B008 (a constant)
    return Given("c", "t", NOW, actor, RULES, rights)


def test_what_repeats_is_copied_by_name() -> None:
    noted = like(SeatNoted, NoteSeat("F", 7, "at the aisle"))
    assert (noted.row, noted.number, noted.type) == ("F", 7, "sample.seat_noted.v1")
    seat = like(Seat, noted, taken=True)
    assert seat == Seat(row="F", number=7, taken=True)
    assert updated(seat, like(SeatNoted, noted, number=8)) == Seat(row="F", number=8, taken=True)


def test_what_is_missing_is_an_error() -> None:
    with pytest.raises(TypeError):
        like(Seat, CloseBox())


def test_a_selector_on_a_column_that_the_kind_has_not_does_not_start() -> None:
    class Others(Columns):
        colour = field("colour")
        round = Flag(lambda state: True)

    assert all_of(Boxes.open, Boxes.group_name("g")).columns == (("group_name", "g"), ("open", "true"))
    assert all_of(~Boxes.open).columns == (("open", "false"),)
    with pytest.raises(TypeError, match="no such columns"):
        BOX.send(CloseBox(), to=all_of(Others.colour("red")))
    with pytest.raises(AttributeError):
        all_of(Boxes.opne)  # type: ignore[attr-defined]


def test_a_command_that_the_kind_does_not_know_does_not_start() -> None:
    with pytest.raises(TypeError, match="box answers no NoteSeat"):
        BOX.send(NoteSeat("F", 7), to=one(ME))


def test_what_is_already_done_is_said_in_one_row_for_each_state() -> None:
    nurses = Group("a nurse", frozenset({"nurse"}))
    table = ignores(AddToBox, KeepNote, when=(NoBox, Closed), whom=nurses)
    assert set(table.rows) == {
        (state, command) for state in (NoBox, Closed) for command in (AddToBox, KeepNote)
    }
    decide = table.rows[NoBox, AddToBox]
    assert isinstance(decide(NoBox(), AddToBox(), given()), Refused)
    assert decide(NoBox(), AddToBox(), given(Actor("user", ME, "nurse"))) == ()
    assert ignores(OpenBox, when=(Open,)).rows[Open, OpenBox](None, None, given()) == ()


def test_who_may_can_follow_from_the_state() -> None:
    @by(lambda state, rules: Group("who sits there", persons=frozenset({state.row})))
    def stand_up(state: Seat, command: CloseBox, given: Given[ClinicFiles]) -> Decision:
        return ()

    table = Table(stand_up)
    decide = table.rows[Seat, CloseBox]
    assert decide(Seat(row=ME, number=1), CloseBox(), given(Actor("user", ME))) == ()
    refusal = decide(Seat(row="else", number=1), CloseBox(), given(Actor("user", ME)))
    assert refusal == Refused("only who sits there may do this", code="not-permitted")


@pytest.mark.parametrize(
    ("group", "rights"),
    [
        (Group("by role", roles=frozenset({"nurse"})), Rights(roles=("clerk", "nurse"))),
        (Group("by discipline", disciplines=frozenset({"nursing"})), Rights(disciplines=("nursing",))),
        (Group("by name", persons=frozenset({ME})), Rights()),
    ],
)
def test_every_role_and_discipline_of_the_token_counts(group: Group, rights: Rights) -> None:
    assert permits(group, Actor("user", ME), rights, RULES)
    assert not permits(group, Actor("user"), rights, RULES)
    assert not permits(group, Actor("patient", ME), rights, RULES)


def test_what_is_known_to_us_needs_the_secret_and_is_the_same_on_every_retry() -> None:
    def known(secret: bytes, command: str = "c", name: str = "code 1") -> str:
        return Given(command, "t", NOW, SYSTEM, RULES, secret=secret).known_to_us(name)

    assert known(b"ours") == known(b"ours", command="another")
    assert len({known(b"ours"), known(b"theirs"), known(b"ours", name="code 2")}) == 3
