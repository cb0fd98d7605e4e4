"""When a log is not the one that positions count in: one suite for every store."""

import pytest

from backbone.errors import Stopped
from backbone.ids import derive
from tests.support.memory_system import MemorySystem
from tests.support.runtime_suite import PATIENT, happened

KNOWN, ANOTHER = derive(PATIENT, "a topic"), derive(PATIENT, "the topic made anew")


async def place_after_one_record(system: MemorySystem) -> tuple[str, int]:
    happened(system, "open")
    await system.settle()
    [place] = [place for place, sent in system.log.items() if place[0] == "outside.events" and sent]
    return place


@pytest.mark.parametrize(
    ("beginning", "end", "topic_id", "why"),
    [
        (0, 1, ANOTHER, "the topic was made anew"),
        (0, 0, KNOWN, "the log ends at 0, and everything below 1 was handled"),
        (3, 9, KNOWN, "retention deleted 2 records that were not handled"),
    ],
)
async def test_a_log_that_is_not_the_one_we_knew_is_not_read(system, beginning, end, topic_id, why):
    place = await place_after_one_record(system)
    consumer = system.workers["sample"].consumer
    assert await consumer.position(*place, 0, 1, KNOWN) == 1
    with pytest.raises(Stopped, match=f"{place[0]}/{place[1]}: .*{why}"):
        await consumer.position(*place, beginning, end, topic_id)


async def test_a_log_that_lost_its_end_is_not_read_either_when_it_has_grown_again(system):
    place = await place_after_one_record(system)
    consumer = system.workers["sample"].consumer
    with pytest.raises(Stopped):
        await consumer.position(*place, 0, 0, KNOWN)
    with pytest.raises(Stopped, match="it lost its end"):
        await consumer.position(*place, 0, 7, KNOWN)
