"""What a request is told: of what it addressed, whatever else its transaction loaded."""

from datetime import UTC, datetime

from backbone.engine.runtime import Outcome
from backbone.engine.work import Work
from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Cause, one, together
from tests.support.memory_system import MemorySystem
from tests.support.sample import BOX, SAMPLE, AddToBox, Open, OpenBox

NOW = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
PATIENT, BOX_1, BOX_2 = (derive(ROOT, name) for name in ("patient", "box 1", "box 2"))


async def too_early(system: MemorySystem) -> None:
    """A fact asks for something of both boxes; the first is not there yet."""
    worker = system.workers["sample"]
    identity = derive(ROOT, "a fact")
    cause = Cause(identity, NOW, SYSTEM, identity, PATIENT, source="fact")
    group = together(*(BOX.send(AddToBox(), to=one(box)) for box in (BOX_1, BOX_2)))
    async with worker.store.transaction() as tx:
        result = await worker.engine.carry_out(tx, [Work(cause, [group])], NOW)
        await tx.write(result.writes)


async def test_a_request_is_told_of_its_own_box_though_another_had_waited_for_it() -> None:
    system = MemorySystem(NOW, {SAMPLE: {}})
    await system.order("sample", BOX.send(OpenBox("g"), to=one(BOX_2)), about=PATIENT)
    await too_early(system)
    outcome: Outcome = await system.order("sample", BOX.send(OpenBox("g"), to=one(BOX_1)), about=PATIENT)
    assert outcome.one(BOX).id == BOX_1
    state = outcome.one(BOX).state
    assert isinstance(state, Open) and state.count == 1
