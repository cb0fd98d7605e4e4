"""Work that fails is taken apart only when it is to blame, and then only what fails alone is given up."""

from collections.abc import Iterable

import pytest

from backbone.errors import Outage, Retryable
from backbone.log import piecemeal
from backbone.log.piecemeal import PATIENCE, Piecemeal
from backbone.store.memory import MemoryStore


class AwayStore(MemoryStore):
    """Answers, or does not."""

    away = False

    async def answers(self) -> bool:
        return not self.away


class Load:
    """Numbers to be done in order. Some fail, with their error, whenever they are among those that are tried."""

    def __init__(self, count: int, bad: dict[int, Exception] | None = None) -> None:
        self.left = list(range(count))
        self.bad = bad or {}
        self.done: list[int] = []
        self.given_up: list[int] = []
        self.attempts = 0

    async def attempt(self, count: int) -> bool:
        self.attempts += 1
        part = self.left[:count]
        for number in part:
            if error := self.bad.get(number):
                raise error
        self.done += part
        del self.left[:count]
        return bool(self.left)

    async def give_up(self, error: Exception) -> bool:
        self.given_up.append(self.left.pop(0))
        return bool(self.left)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> AwayStore:
    monkeypatch.setattr(piecemeal, "PAUSE_SECONDS", 0)
    return AwayStore()


def without(count: int, bad: Iterable[int]) -> list[int]:
    return [number for number in range(count) if number not in bad]


async def until_done(work: Piecemeal, load: Load, times: int = 100) -> int:
    """As a lane repeats it. How often it was begun."""
    for begun in range(1, times + 1):
        try:
            await work.work_off("work", len(load.left), load.attempt, load.give_up)
        except Retryable:
            continue
        return begun
    return times


async def test_what_succeeds_is_done_at_once(store: AwayStore) -> None:
    load = Load(1_000)
    await Piecemeal(store).work_off("work", 1_000, load.attempt, load.give_up)
    assert (load.attempts, len(load.done)) == (1, 1_000)


@pytest.mark.parametrize("bad", [{0}, {999}, {499, 500}, {3, 500, 998}])
async def test_one_that_always_fails_is_given_up_and_the_others_are_done_in_order(
    store: AwayStore, bad: set[int]
) -> None:
    load = Load(1_000, {number: ValueError() for number in bad})
    assert await until_done(Piecemeal(store), load) == 1
    assert load.given_up == sorted(bad)
    assert load.done == without(1_000, bad)
    assert load.attempts < 30 * len(bad)


async def test_what_passes_is_tried_again_as_a_whole(store: AwayStore) -> None:
    load, work = Load(10, {3: Retryable("a deadlock")}), Piecemeal(store)
    for _ in range(PATIENCE - 1):
        with pytest.raises(Retryable):
            await work.work_off("work", 10, load.attempt, load.give_up)
    load.bad.clear()
    await work.work_off("work", 10, load.attempt, load.give_up)
    assert (load.given_up, load.done) == ([], without(10, ()))


async def test_what_never_passes_is_given_up_alone(store: AwayStore) -> None:
    load = Load(100, {42: Retryable("too slow")})
    assert await until_done(Piecemeal(store), load) == PATIENCE
    assert (load.given_up, load.done) == ([42], without(100, {42}))


async def test_what_passes_at_last_is_not_given_up(store: AwayStore) -> None:
    load, work = Load(1, {0: Retryable("too slow")}), Piecemeal(store)
    assert await until_done(work, load, PATIENCE - 1) == PATIENCE - 1
    attempt = load.attempt

    async def better_at_last(count: int) -> bool:
        if load.attempts == 2 * PATIENCE:
            load.bad.clear()
        return await attempt(count)

    load.attempt = better_at_last  # type: ignore[method-assign]
    assert await until_done(work, load) == 1
    assert (load.given_up, load.done) == ([], [0])


async def test_nothing_is_ever_given_up_while_the_database_does_not_answer(store: AwayStore) -> None:
    load, work = Load(10, {3: Retryable("the connection was lost")}), Piecemeal(store)
    store.away = True
    assert await until_done(work, load, 50) == 50
    store.away = False
    load.bad.clear()
    assert await until_done(work, load) == 1
    assert (load.given_up, load.done) == ([], without(10, ()))


async def test_an_outage_that_comes_while_work_is_taken_apart_gives_nothing_up(store: AwayStore) -> None:
    load, work = Load(10, {3: Retryable("the connection was lost")}), Piecemeal(store)
    assert await until_done(work, load, PATIENCE - 1) == PATIENCE - 1
    attempt = load.attempt

    async def away_after_the_first(count: int) -> bool:
        store.away = load.attempts > PATIENCE
        return await attempt(count)

    load.attempt = away_after_the_first  # type: ignore[method-assign]
    assert await until_done(work, load, 20) == 20
    assert load.given_up == []


async def test_what_no_work_can_cause_is_waited_out(store: AwayStore) -> None:
    load = Load(1, {0: Outage("no disk space is left")})
    assert await until_done(Piecemeal(store), load, 50) == 50
    assert load.given_up == []


async def test_errors_that_differ_from_time_to_time_are_not_the_same_error(store: AwayStore) -> None:
    work, errors = Piecemeal(store), (ConnectionResetError(), TimeoutError())
    load = Load(1, {0: Retryable("x")})
    for turn in range(20):
        load.bad[0].__cause__ = errors[turn % 2]
        with pytest.raises(Retryable):
            await work.work_off("work", 1, load.attempt, load.give_up)
    assert load.given_up == []
