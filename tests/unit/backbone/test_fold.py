"""The fold alone: what it does about what is not loaded, and about what would belong to nobody."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from backbone.engine.fold import Fold
from backbone.engine.generic import kinds_of
from backbone.engine.wanted import Wanted
from backbone.engine.work import BelongsToNobody, Poisoned, Work
from backbone.engine.working_set import WorkingSet
from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Aggregate, Cause, Decision, Given, Send, Table, all_of, one, together
from backbone.model.aggregate import as_order
from tests.support.sample import (
    BOX,
    SAMPLE,
    AddToBox,
    Boxes,
    Break,
    CloseBox,
    Closed,
    KeepNote,
    NoBox,
    OpenBox,
)

NOW = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
PATIENT, BOX_1, BOX_2 = (derive(ROOT, name) for name in ("patient", "box 1", "box 2"))
IN_GROUP = all_of(Boxes.group_name("g"), Boxes.open)


def a_fold(kind: Aggregate[Any] = BOX, *loaded: str, rules: Any = None) -> Fold:
    """With these boxes loaded, and not there."""
    working = WorkingSet({**kinds_of(SAMPLE), "box": kind}, {"box": [1, 2, 3]}, {})
    for box in loaded:
        working.add("box", box, None)
    return Fold(SAMPLE, rules, NOW, working)


def works(*sends: Send, lane_key: str | None = PATIENT, pathway_id: str | None = None) -> list[Work]:
    """Each caused by something else."""
    causes = [derive(ROOT, f"cause {n}") for n, _ in enumerate(sends)]
    return [
        Work(Cause(cause, NOW, SYSTEM, cause, lane_key, pathway_id, source="fact"), [as_order(send)])
        for cause, send in zip(causes, sends, strict=True)
    ]


def test_all_that_is_not_loaded_is_named_in_one_pass() -> None:
    fold = a_fold()
    opened = [BOX.send(OpenBox("g"), to=one(box)) for box in (BOX_1, BOX_2)]
    made = fold.run(works(*opened, BOX.send(CloseBox(), to=IN_GROUP)))
    assert fold.working.missed == Wanted(
        {("box", BOX_1): None, ("box", BOX_2): None}, {("box", IN_GROUP.columns): None}
    )
    assert [event.fact.type for _, event in made.events][2:] == ["sample.box_closed.v1"] * 2
    assert fold.stands


def test_nothing_is_named_where_everything_is_loaded() -> None:
    fold = a_fold(BOX, BOX_1)
    fold.run(works(BOX.send(OpenBox("g"), to=one(BOX_1))))
    assert not fold.working.missed


def test_an_error_is_somebodys_fault_only_where_nothing_was_taken_for_not_there() -> None:
    guessing = a_fold(BOX, BOX_2)
    broken = BOX.send(Break(), to=one(BOX_1))
    guessing.run(works(broken, BOX.send(OpenBox("g"), to=one(BOX_2))))
    assert not guessing.stands
    assert guessing.working.entries["box", BOX_2].version == 1
    with pytest.raises(Poisoned):
        a_fold(BOX, BOX_1).run(works(broken))


def test_content_that_is_not_loaded_is_never_taken_for_empty() -> None:
    reading = replace(BOX, reads=lambda state, command: ["a note"] if isinstance(command, KeepNote) else [])
    fold = a_fold(reading, BOX_1)
    fold.run(works(reading.send(OpenBox("g"), to=one(BOX_1)), reading.send(KeepNote("x"), to=one(BOX_1))))
    assert list(fold.working.missed.contents) == ["a note"]
    assert not fold.stands
    assert fold.working.entries["box", BOX_1].version == 1


def test_a_number_is_taken_at_birth_and_given_back_when_that_is_undone() -> None:
    fold = a_fold(BOX, BOX_1, BOX_2)
    early, opening = BOX.send(AddToBox(), to=one(BOX_1)), BOX.send(OpenBox("g"), to=one(BOX_2))
    fold.run(works(early, opening))
    assert fold.working.numbers_used == {"box": 1}
    fold.working.undo(0)
    assert fold.working.numbers_used == {"box": 0}


@pytest.mark.parametrize(("lacking", "lane_key"), [("lane", None), ("pathway", PATIENT)])
def test_what_would_belong_to_nobody_is_not_born(lacking: str, lane_key: str | None) -> None:
    belonging = replace(BOX, has_pathway=True)
    opening = belonging.send(OpenBox("g"), to=one(BOX_1))
    with pytest.raises(Poisoned) as poisoned:
        a_fold(belonging, BOX_1).run(works(opening, lane_key=lane_key))
    assert isinstance(poisoned.value.error, BelongsToNobody)
    assert str(poisoned.value.error) == f"box born of OpenBox without a {lacking}"


@pytest.mark.parametrize("declared", ["if known", False])
def test_what_may_be_nobodys_is_born_without(declared: Any) -> None:
    anybodys = replace(BOX, has_lane=declared, has_pathway=declared)
    fold = a_fold(anybodys, BOX_1)
    fold.run(works(anybodys.send(OpenBox("g"), to=one(BOX_1)), lane_key=None))
    assert fold.working.entries["box", BOX_1].lane_key is None


def test_what_is_there_already_is_not_asked_where_it_belongs() -> None:
    """Rows of before this was checked go on."""
    fold = a_fold(BOX, BOX_1)
    fold.run(works(BOX.send(OpenBox("g"), to=one(BOX_1))))
    fold.working.entries["box", BOX_1].lane_key = None
    fold.run(works(BOX.send(AddToBox(), to=one(BOX_1)), lane_key=None)[:1])


@pytest.mark.parametrize(("second", "lost"), [(AddToBox(2), True), (AddToBox(1), False)])
def test_two_commands_of_one_name_in_a_group_are_a_bug_where_they_say_different_things(
    second: AddToBox, lost: bool
) -> None:
    """They share an id: the second one would be taken for the first again, and never be done."""
    both = together(*(BOX.send(each, to=one(BOX_1)) for each in (OpenBox("g"), AddToBox(1), second)))
    cause = Cause(ROOT, NOW, SYSTEM, ROOT, PATIENT, source="fact")
    fold = a_fold(BOX, BOX_1)
    if lost:
        with pytest.raises(Poisoned, match="says add_to_box to one box twice"):
            fold.run([Work(cause, [both])])
    else:
        fold.run([Work(cause, [both])])
        assert fold.working.entries["box", BOX_1].state.count == 1


def test_two_kinds_with_one_id_are_two_things_to_a_decider() -> None:
    """A referral's history and its record, a patient's risk and their crisis: ids are shared, kinds are not."""
    seen: list[Mapping[tuple[str, str], Any]] = []

    def look(state: NoBox, command: AddToBox, given: Given[Any]) -> Decision:
        seen.append(given.others)
        return ()

    twin = replace(BOX, kind="twin")
    looking = replace(BOX, decide=Table(look), needs=lambda state, command: [("box", BOX_2), ("twin", BOX_2)])
    working = WorkingSet({"box": looking, "twin": twin}, {"box": [1]}, {})
    for kind, box in (("box", BOX_1), ("box", BOX_2), ("twin", BOX_2)):
        working.add(kind, box, None)
    working.entries["twin", BOX_2].state = Closed(group="g", number=7, count=0)
    Fold(SAMPLE, None, NOW, working).run(works(looking.send(AddToBox(), to=one(BOX_1))))
    assert seen == [{("box", BOX_2): NoBox(), ("twin", BOX_2): Closed(group="g", number=7, count=0)}]
