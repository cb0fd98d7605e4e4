"""Open views take seats: of a process, and of one caller. Who finds none is told what to do."""

from contextlib import ExitStack

import pytest

from backbone.http.limits import Seats
from backbone.http.problems import Problem
from services.worklist.service import SERVICE
from tests.component.access.test_worklist import closed_feed
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
