"""What is given at birth, and what is kept beside facts: one suite for every store. Each level runs it with its own
`system` fixture."""

from datetime import timedelta

import pytest

from backbone.ids import derive
from backbone.model import one
from backbone.model.person import PERSON, JoinPerson
from backbone.store.rows import EffectRow, RuleUse, TimerRow, Writes
from tests.support.runtime_suite import BOX_1, BOX_2, OTHER, PATIENT, START, happened
from tests.support.sample import BOX, BoxClosed, BoxOpened, Break, CloseBox, KeepNote, OpenBox


async def test_only_what_is_born_has_a_number(system):
    """What is refused or too early takes none, whatever comes in one run: else the same facts would give others."""
    boxes = [derive(PATIENT, f"box {n}") for n in range(4)]
    for box in boxes[:2]:
        happened(system, "close", box)
    happened(system, "both", boxes[2])
    for box in boxes[:2]:
        happened(system, "open", box)
    await system.settle()
    happened(system, "open", boxes[3])
    await system.settle()
    opened = await system.journal("sample", "sample.box_opened.v1")
    assert [fact["number"] for fact in opened] == [1, 2, 3]


async def test_a_number_is_not_given_twice_when_its_run_came_to_nothing(system):
    with pytest.raises(ZeroDivisionError):
        await system.order(
            "sample",
            BOX.send(OpenBox("g"), to=one(BOX_2)),
            BOX.send(Break(), to=one(BOX_1)),
            about=PATIENT,
        )
    boxes = [derive(PATIENT, f"box {n}") for n in range(4)]
    for box in boxes:
        await system.order("sample", BOX.send(OpenBox("g"), to=one(box)), about=PATIENT)
    opened = await system.journal("sample", "sample.box_opened.v1")
    assert len({fact["number"] for fact in opened}) == len(boxes)


async def test_what_is_written_about_somebody_is_found_by_its_kind_and_read_by_its_ref(system):
    notes = ("hello", "and more")
    for box, text in zip((BOX_1, BOX_2), notes, strict=True):
        await system.order("sample", BOX.send(OpenBox("g"), to=one(box)), about=PATIENT)
        await system.order("sample", BOX.send(KeepNote(text), to=one(box)))
    runtime = system.workers["sample"].runtime
    listed = await runtime.writings([PATIENT], ["note"], 10)
    assert [(each.kind, each.lane_key, each.body) for each in listed] == [("note", PATIENT, None)] * 2
    found = [await runtime.writing(each.ref) for each in listed]
    assert sorted(each.body for each in found) == [b'"and more"', b'"hello"']
    assert {each.lane_key for each in found} == {PATIENT}
    assert await runtime.writings([PATIENT], ["letter"], 10) == []
    assert len(await runtime.writings([PATIENT], ["note"], 1)) == 1
    assert await runtime.writing(derive(PATIENT, "no such ref")) is None


async def test_what_has_begun_of_somebody_is_listed_in_order_page_by_page_and_what_became_of_it(system):
    runtime = system.workers["sample"].runtime
    boxes, theirs = sorted(derive(PATIENT, f"box {n}") for n in range(3)), derive(OTHER, "box")
    for box in boxes:
        await system.order("sample", BOX.send(OpenBox("g"), to=one(box)), about=PATIENT)
    await system.order("sample", BOX.send(OpenBox("g"), to=one(theirs)), about=OTHER)
    system.clock.move(system.clock.now() + timedelta(minutes=1))
    await system.order("sample", BOX.send(CloseBox(), to=one(boxes[2])), about=PATIENT)
    page = await runtime.begun(BOX, [PATIENT], None, 2)
    assert [(each.id, each.lane_key) for each, _ in page] == [(box, PATIENT) for box in boxes[:2]]
    [(last, changed_at)] = await runtime.begun(BOX, [PATIENT], page[-1][0].id, 2)
    assert (last.id, last.version, changed_at) == (boxes[2], 2, START + timedelta(minutes=1))
    assert [each.id for each, _ in await runtime.begun(BOX, [OTHER], None, 9)] == [theirs]
    told = await runtime.told(boxes, BoxClosed)
    assert [(each.aggregate_id, each.occurred_at) for each in told] == [
        (boxes[2], START + timedelta(minutes=1))
    ]
    assert [each.fact.number for each in await runtime.told(boxes[1:], BoxOpened)] == [2, 3]


async def test_the_last_fact_that_names_a_rule_is_found_and_those_of_an_aggregate(system):
    store = system.workers["sample"].store
    assert await store.rules_used() == []
    for box in (BOX_1, BOX_2):
        await system.order("sample", BOX.send(OpenBox("g"), to=one(box)), about=PATIENT)
        await system.order("sample", BOX.send(CloseBox(), to=one(box)), about=PATIENT)
        system.clock.move(system.clock.now() + timedelta(minutes=1))
    last = START + timedelta(minutes=1)
    assert await store.rules_used() == [RuleUse("box.closing@1", "sample.box_closed.v1", last)]
    async with store.transaction() as tx:
        [fact] = await tx.ruled([BOX_1])
    assert fact[:4] == ("box", BOX_1, "sample.box_closed.v1", "box.closing@1")


async def test_two_things_of_one_id_are_two(system):
    """As a patient's agenda and which records are the same person's: the first version of both, at the same moment."""
    box, person = (
        BOX.send(OpenBox("g"), to=one(PATIENT)),
        PERSON.send(JoinPerson(other_id=BOX_1, heard=1), to=one(PATIENT)),
    )
    await system.order("sample", box, person, about=PATIENT)
    assert len(await system.journal("sample", "sample.box_opened.v1")) == 1
    assert len(await system.journal("sample", "backbone.person_joined.v1")) == 1


async def test_two_things_of_one_id_have_each_their_own_timers_and_effects(system):
    """Setting, dropping and calling those of one leaves the other's alone."""
    store = system.workers["sample"].store
    kinds = ("box", "person")
    timers = [TimerRow(kind, PATIENT, "check", 3, START, PATIENT, None, b"{}") for kind in kinds]
    effects = [
        EffectRow(derive(PATIENT, kind), kind, PATIENT, "tell", "test", [], b"{}", PATIENT, None)
        for kind in kinds
    ]
    async with store.transaction() as tx:
        await tx.write(Writes(timers_set=timers, effects_set=effects))
        assert [row.aggregate_kind for row in await tx.due_timers(3, START, 9)] == ["box", "person"]
        await tx.write(Writes(timers_dropped=[timers[0].place], effects_dropped=[effects[0].place]))
        assert await tx.due_timers(3, START, 9) == [timers[1]]
    [claimed] = await store.claim_effects("test", START, START + timedelta(minutes=1), 9)
    assert claimed.row == effects[1]
