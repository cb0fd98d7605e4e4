"""The worklist's own figures, as its database has them."""

from backbone.telemetry import Metrics
from services.worklist.service import SERVICE
from tests.support import referral_facts as facts
from tests.support.desk import Desk


async def test_open_and_overdue_work_is_counted_where_it_waits(desk: Desk) -> None:
    metrics, worker = Metrics(), desk.system.workers["worklist"]
    await desk.tell(facts.triage_suggested())
    await desk.wait("2027-03-01 10:00")
    async with worker.store.connection() as connection:
        metrics.own.said = list(await SERVICE.figures(connection, desk.system.clock.now()))
    value, triage = metrics.registry.get_sample_value, {"item_type": "REF_TRIAGE", "safety": "no"}
    assert value("huddle_items_open", {"queue": "nursing", **triage}) == 1
    assert value("huddle_items_overdue", {"queue": "nursing", **triage}) == 1
    assert value("huddle_items_longest_wait_seconds", {"queue": "nursing", **triage}) == 49 * 86400
    assert value("huddle_episodes_unowned") == 0
