"""What the infrastructure makes fail is tried again until it works, and said while that takes long."""

from backbone.errors import Outage
from backbone.log import patience
from backbone.log.patience import LONG_SECONDS, Patience


async def test_it_is_tried_until_it_works_and_said_only_while_it_takes_long(monkeypatch):
    monkeypatch.setattr(patience, "BACK_OFF_SECONDS", (0.0,))
    clock, said = [0.0], []
    waiting = Patience(now=lambda: clock[0])

    async def work() -> str:
        said.append(list(waiting.long()))
        clock[0] += LONG_SECONDS - 5
        if len(said) < 4:
            raise Outage("DiskFullError: no room")
        return "done"

    assert await waiting.outlast(work) == "done"
    assert [len(each) for each in said] == [0, 0, 1, 1]
    assert "for 50 s" in said[2][0] and "DiskFullError: no room" in said[2][0]
    assert list(waiting.long()) == [], "it works again"
