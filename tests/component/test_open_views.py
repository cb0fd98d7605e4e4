"""Open views take seats: of a process, and of one caller. Who finds none is told what to do."""

from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import combinations

import pytest

from backbone.http import views
from backbone.http.frames import Drawn
from backbone.http.limits import Seats
from backbone.http.live import Channel
from backbone.http.problems import Problem
from schemas.topics import QUEUES, queue_topic
from services.worklist.service import SERVICE
from tests.component.access.test_worklist import NoPool, closed_feed
from tests.support.access import SilentStore
from tests.support.memory_clinic import MemoryClinic

NURSE, OTHER = "nora.quinn", "tomas.reyes"


@pytest.fixture
def clinic() -> MemoryClinic:
    clinic = MemoryClinic("2027-01-11 10:00", (SERVICE,), {}, {"worklist": SilentStore()})
    feed = clinic.apps["worklist"].state.feed = closed_feed()
    feed.seats = Seats(most=3, most_of_one=2)
    return clinic


async def follow(clinic: MemoryClinic, who: str) -> tuple[int, str]:
    answer = await clinic.request("GET", "worklist", "/queues/nursing/stream", who)
    return answer.status_code, "reset" if answer.is_success else answer.json()["type"].rpartition(":")[2]


async def test_a_caller_has_so_many_views_and_others_are_not_kept_out(clinic: MemoryClinic) -> None:
    seats: Seats = clinic.apps["worklist"].state.feed.seats
    with ExitStack() as open_views:
        for _ in range(2):
            open_views.enter_context(seats.taken(f"user:{clinic.staff(NURSE)}"))
        assert await follow(clinic, NURSE) == (429, "too-many-views")
        assert await follow(clinic, OTHER) == (200, "reset")
    assert await follow(clinic, NURSE) == (200, "reset")


async def test_a_process_has_so_many_views(clinic: MemoryClinic) -> None:
    seats: Seats = clinic.apps["worklist"].state.feed.seats
    with ExitStack() as open_views:
        for who in ("user:a", "user:b", "user:c"):
            open_views.enter_context(seats.taken(who))
        answer = await clinic.request("GET", "worklist", "/queues/nursing/stream", NURSE)
        assert (answer.status_code, answer.json()["status"]) == (503, 503)
        assert int(answer.headers["retry-after"]) > 0


async def test_a_view_that_ends_gives_its_seat_back(clinic: MemoryClinic) -> None:
    for _ in range(5):
        assert await follow(clinic, NURSE) == (200, "reset")


def test_a_view_that_fails_gives_its_seat_back() -> None:
    seats = Seats(most=1, most_of_one=1)
    for _ in range(2):
        with pytest.raises(ConnectionResetError), seats.taken("user:a"):
            raise ConnectionResetError
    with seats.taken("user:a"), pytest.raises(Problem):
        seats.taken("user:a").__enter__()


async def test_so_many_different_sets_of_queues_are_drawn_and_one_queue_or_all_always(
    clinic: MemoryClinic,
) -> None:
    """Each set draws its rows for itself: two to the nine would be the memory of the process."""
    feed = views.Feed(NoPool(), "", [queue_topic(queue) for queue in QUEUES])
    sets = [list(some) for some in combinations(map(queue_topic, QUEUES), 3)]
    kept = [channel_of(feed, some) for some in sets[: views.MOST_SETS]]
    with pytest.raises(Problem, match="Follow one queue, or all"):
        channel_of(feed, sets[views.MOST_SETS])
    assert channel_of(feed, sets[0]) is kept[0]
    usual = [[queue_topic(queue)] for queue in QUEUES] + [list(map(queue_topic, QUEUES))]
    assert len({id(each) for each in [channel_of(feed, some) for some in usual]}) == len(usual)
    del kept
    assert channel_of(feed, sets[views.MOST_SETS]) is not None


async def test_who_asks_for_one_set_too_many_is_told_what_else_there_is(clinic: MemoryClinic) -> None:
    feed = clinic.apps["worklist"].state.feed
    sets = list(combinations(map(queue_topic, QUEUES), 3))[: views.MOST_SETS]
    kept = [channel_of(feed, list(some)) for some in sets]
    answer = await clinic.request("GET", "worklist", "/stream?queues=nursing,medical", NURSE)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (503, "no-room-for-sets")
    assert len(kept) == views.MOST_SETS


def channel_of(feed: views.Feed, topics: list[str]) -> Channel:
    return feed.channel(topics, Drawn, lambda: datetime(2027, 1, 11, tzinfo=UTC))
