"""The clock moves everywhere at once, and only who may have something to do is waited for."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from simulator.clock_driver import ClockDriver, next_tick

START = datetime(2027, 1, 4, 13, tzinfo=UTC)
LATER = START + timedelta(minutes=15)
URLS = ("http://a", "http://b")


class Processes:
    """Each has a clock and a timer, and answers that it is at rest when it is not busy."""

    def __init__(self, **timers: datetime) -> None:
        self.timers = {f"http://{name}": due for name, due in timers.items()}
        self.clocks = dict.fromkeys(URLS, START)
        self.asked: list[str] = []
        self.busy = 0

    def app(self, url: str) -> FastAPI:
        app = FastAPI()

        @app.put("/development/clock")
        async def clock(request: Request) -> Response:
            to = datetime.fromisoformat((await request.json())["now"])
            if to < self.clocks[url]:
                return Response(status_code=409)
            self.clocks[url] = to
            return Response()

        @app.post("/development/rest")
        async def rest() -> Any:
            if self.busy:
                self.busy -= 1
                return Response('{"detail": "3 rows to send"}', 503)
            self.asked.append(url)
            if url in self.timers and self.timers[url] <= self.clocks[url]:
                del self.timers[url]
            due = self.timers.get(url)
            return {"term": url, "reads": [], "sent": {}, "next_due": due.isoformat() if due else None}

        @app.api_route("/things", methods=["GET", "POST"])
        async def things() -> None: ...

        return app


def client(processes: Processes) -> httpx.AsyncClient:
    mounts = {url: httpx.ASGITransport(processes.app(url)) for url in (*URLS, "http://sinks")}
    return httpx.AsyncClient(mounts=mounts)


async def test_who_was_told_something_is_asked_and_nobody_else() -> None:
    processes = Processes()
    async with client(processes) as http:
        clock = ClockDriver(http, URLS)
        await clock.settle()
        processes.asked.clear()
        await http.get("http://a/things")
        await clock.settle()
        assert processes.asked == []
        await http.post("http://a/things")
        await clock.settle()
        assert processes.asked == ["http://a"]


async def test_what_somebody_else_is_told_may_reach_any_of_them() -> None:
    processes = Processes()
    async with client(processes) as http:
        clock = ClockDriver(http, URLS)
        await clock.settle()
        processes.asked.clear()
        await http.post("http://sinks/things")
        await clock.settle()
        assert sorted(processes.asked) == sorted(URLS)


async def test_who_has_a_timer_that_is_due_is_asked() -> None:
    processes = Processes(a=LATER, b=LATER + timedelta(hours=1))
    async with client(processes) as http:
        clock = ClockDriver(http, URLS)
        assert await clock.settle() == LATER
        processes.asked.clear()
        await clock.move(LATER)
        assert set(processes.clocks.values()) == {LATER}
        assert await clock.settle() == LATER + timedelta(hours=1)
        assert processes.asked == ["http://a"]


async def test_who_was_started_again_at_a_later_time_stays_there() -> None:
    processes = Processes()
    processes.clocks["http://a"] = LATER
    async with client(processes) as http:
        await ClockDriver(http, URLS).move(START)
        assert processes.clocks == {"http://a": LATER, "http://b": START}


async def test_who_is_not_at_rest_in_time_is_named() -> None:
    processes = Processes()
    processes.busy = 1_000_000
    async with client(processes) as http:
        clock = ClockDriver(http, URLS, patience=0.2)
        with pytest.raises(TimeoutError, match="http://a: 3 rows to send; http://b: 3 rows to send"):
            await clock.settle()


async def test_who_is_busy_for_long_is_asked_again() -> None:
    processes = Processes()
    processes.busy = 3
    async with client(processes) as http:
        await ClockDriver(http, URLS).settle()
    assert set(processes.asked) == set(URLS)


def test_ticks_are_in_utc_whatever_zone_somebody_acts_by() -> None:
    at_the_clinic = datetime(2027, 1, 7, 13, 20, tzinfo=timezone(timedelta(hours=-5)))
    tick = next_tick(at_the_clinic)
    assert tick == datetime(2027, 1, 7, 18, 30, tzinfo=UTC) and tick.tzinfo is UTC
