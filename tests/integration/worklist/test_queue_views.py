"""Open views of queues on PostgreSQL: they miss nothing, and are told what time alone changes."""

import json
from collections.abc import AsyncIterator
from typing import Any

from backbone.http.live import Channel
from backbone.http.views import Feed
from schemas.topics import queue_topic
from services.worklist.queue.live import drawing
from tests.support import referral_facts as facts
from tests.support.desk import Desk


async def next_frame(frames: AsyncIterator[bytes]) -> tuple[str, Any, str]:
    """(event, data, id) of the next frame that is no beat; of several that come together, the first."""
    while True:
        first, *_ = (await anext(frames)).decode().strip().split("\n\n")
        lines = dict(line.split(": ", 1) for line in first.split("\n"))
        if lines["event"] != "beat":
            return lines["event"], json.loads(lines["data"]), lines.get("id", "")


def following(desk: Desk, feed: Feed, name: str) -> Channel:
    runtime = desk.system.workers["worklist"].runtime
    return feed.channel([queue_topic(name)], drawing(runtime), runtime.clock.now)


async def test_an_open_view_is_told_every_change_and_resumes_without_a_gap(desk: Desk, database: str) -> None:
    worker = desk.system.workers["worklist"]
    feed = Feed(worker.store.pool, database)
    await desk.tell(facts.triage_suggested())
    event, data, place = await next_frame(following(desk, feed, "nursing").frames(None))
    assert (event, [row["item_type"] for row in data["items"]]) == ("reset", ["REF_TRIAGE"])
    item_id = data["items"][0]["item_id"]
    await desk.tell(facts.triage_suggested("cat_1"))
    resumed = following(desk, feed, "nursing").frames(place)
    event, data, place = await next_frame(resumed)
    assert (event, data["priority"], data["overdue"]) == ("item", "asap", False)
    await desk.tell(facts.triaged())
    event, data, _ = await next_frame(following(desk, feed, "nursing").frames(place))
    assert (event, data["key"]) == ("gone", item_id)


async def test_what_becomes_overdue_by_time_alone_is_pushed(desk: Desk, database: str) -> None:
    worker = desk.system.workers["worklist"]
    await desk.tell(facts.found_incomplete())
    view = following(desk, Feed(worker.store.pool, database), "coordination").frames(None)
    event, data, _ = await next_frame(view)
    assert (event, [row["overdue"] for row in data["items"]]) == ("reset", [False])
    await desk.wait("2027-01-12 17:00")
    event, late, place = await next_frame(view)
    assert (event, late["item_type"], late["overdue"], place) == ("item", "REF_COMPLETE", True, "")
    assert late["order"] < data["items"][0]["order"]
