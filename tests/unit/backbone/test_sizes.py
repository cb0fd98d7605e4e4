"""A fact's size is limited when it is decided: what the broker would refuse later is nobody else's trouble."""

import pytest

from backbone.engine.writes import MOST_RECORD_BYTES
from backbone.errors import TooLarge
from backbone.ids import derive
from backbone.model import one
from tests.support.effects_suite import sample_system
from tests.support.runtime_suite import BOX_2, OTHER, PATIENT, happened, public, rows
from tests.support.sample import BOX, OpenBox

LARGE = "g" * MOST_RECORD_BYTES


async def test_a_fact_that_is_too_large_parks_its_record_and_no_other():
    system = sample_system(None)
    happened(system, "open", group=LARGE)
    happened(system, "open", box=derive(OTHER, "box"), patient=OTHER)
    await system.settle()
    assert public(system).count("box_opened") == 1
    [parked] = await rows(system, "parked")
    assert (parked["reason"], parked["key"]) == ("programming_error", PATIENT)
    assert "sample.box_opened.v1 would have" in parked["error"]


async def test_a_request_is_told_which_fact_it_is():
    system = sample_system(None)
    with pytest.raises(TooLarge, match=r"sample.box_opened.v1 would have \d+ bytes, and may have 262144"):
        await system.order("sample", BOX.send(OpenBox(LARGE), to=one(BOX_2)), about=OTHER)
