"""Lanes: one task for each partition number, one thing after another. Knows the core, and of its host only `seek`.

A lane handles the runs of its partition of all topics of the service, and the due timers of its keys. Infrastructure
errors are waited out and the same run is done again; a Fatal error ends the process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from backbone.clock import monotonic
from backbone.errors import Retryable, Stopped
from backbone.log.lane import Lane, weight
from backbone.log.patience import LONG_SECONDS, Patience
from backbone.log.progress import Progress
from backbone.log.records import Core, Host, Run
from backbone.telemetry import Metrics

Place = tuple[str, int]
T = TypeVar("T")

IN_FLIGHT = 4
"""Transactions at once in one process."""
QUEUED = 2_000
"""Records that wait in one process before the host stops fetching."""
TIMER_LOOK_SECONDS = 0.25
ENDING_SECONDS = 1.5
"""How long a transaction under way may take to be undone when its partition goes. Its commit would be fenced anyway."""


class Lanes:
    """All lanes of a process."""

    def __init__(self, core: Core, metrics: Metrics) -> None:
        self.core = core
        self._metrics = metrics
        self._lanes: dict[int, Lane] = {}
        self._positioning: dict[Place, asyncio.Task[None]] = {}
        self._positioned: set[Place] = set()
        self._gate = asyncio.Semaphore(IN_FLIGHT)
        self._patience = Patience()
        self._room = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self.host: Host | None = None
        self.queued = 0
        self.durable: dict[Place, int] = {}
        self.fatal: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Fails with the error that ends the process."""
        self.joined = False
        self.member = False
        """The group has told us what is ours. False from the start, and while it is divided anew."""
        self.topic_ids: dict[str, str] = {}
        """Kafka's own, of each topic as it was when a partition of it was positioned."""
        self.stopped: dict[Place, str] = {}
        """Ours, but not read: its log is not the one that the position counts in. Why."""
        self.missing: Sequence[str] = ()
        """What Kafka lacks of what we read, a sentence each."""
        self.heard: float | None = None
        """When a broker last said which topics there are; None before it ever did."""
        self._busy = 0
        self.progress = Progress()

    def assign(self, places: Iterable[Place]) -> None:
        """These partitions are ours now: find their positions in the background."""
        self._metrics.rebalances.inc()
        self.joined = self.member = True
        if self._keeper is None:
            self._keeper = self._watched(self._keep_timers())
        for place in places:
            lane = self._lanes.setdefault(place[1], Lane())
            lane.take(place[0])
            if lane.task is None:
                lane.task = self._watched(self._work(place[1], lane))
            self._begin(place)

    def doubt(self, topic: str) -> None:
        """It was made anew: what waits of it is dropped, and its positions are looked at once more."""
        for place in [place for place in self._positioned if place[0] == topic]:
            self._begin(place)

    def _begin(self, place: Place) -> None:
        if task := self._forget(place):
            task.cancel()
        self._positioning[place] = self._watched(self._position(place))

    async def revoke(self, places: Iterable[Place]) -> None:
        """These are no longer ours: what is under way in their lanes is ended, what waits is dropped."""
        self.member = False
        gone = set(places)
        ending = [task for place in gone if (task := self._forget(place))]
        for number in {number for _, number in gone} & self._lanes.keys():
            lane = self._lanes[number]
            lane.queues = {
                topic: queue for topic, queue in lane.queues.items() if (topic, number) not in gone
            }
            if lane.task and (not lane.queues or lane.in_hand not in lane.queues):
                ending.append(lane.task)
                del self._lanes[number]
                if lane.queues:
                    self._lanes[number] = self._successor(number, lane)
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending, timeout=ENDING_SECONDS)

    def _forget(self, place: Place) -> asyncio.Task[None] | None:
        """Its position is no longer known, and what waits is dropped. The task that may still look for the position."""
        self._positioned.discard(place)
        self.stopped.pop(place, None)
        self.durable.pop(place, None)
        self._drop(place)
        return self._positioning.pop(place, None)

    def _successor(self, number: int, old: Lane) -> Lane:
        """A lane that goes on with what is left."""
        lane = Lane()
        lane.queues, lane.timers_due = old.queues, old.timers_due
        lane.task = self._watched(self._work(number, lane))
        return lane

    def idle(self, place: Place) -> bool:
        """Nothing of the partition waits or is under way. False without a position."""
        lane = self._lanes.get(place[1])
        return (
            place in self._positioned
            and lane is not None
            and lane.in_hand != place[0]
            and not lane.queues.get(place[0])
        )

    def offer(self, run: Run) -> None:
        """A fetched run. Dropped while its partition has no position: it will be fetched again."""
        place = (run.topic, run.partition)
        if place not in self._positioned or not run.records:
            return
        lane = self._lanes[run.partition]
        lane.queues[run.topic].append(run)
        self.queued += weight(run.records)
        lane.wake.set()

    async def room(self) -> None:
        """Wait until fewer records wait than the limit."""
        while self.queued >= QUEUED:
            self._room.clear()
            await self._room.wait()

    async def close(self) -> None:
        """End everything."""
        if self._keeper:
            self._keeper.cancel()
        await self.revoke(
            [*self._positioning, *((topic, n) for n, lane in self._lanes.items() for topic in lane.queues)]
        )

    def still(self, handled: Mapping[Place, int]) -> bool:
        """Nothing is under way here, and of what we read everything below these offsets is handled."""
        if not self.member or self.under_way() or self._positioning.keys() != self._positioned:
            return False
        read = [place for place in handled if place[0] in self.core.topics]
        return all(self.durable.get(place, -1) >= handled[place] for place in read)

    async def at_ends(self) -> bool:
        """Everything that the broker has now is handled."""
        places, host = list(self._positioned), self.host
        assert host is not None
        return await host.at_end(places) and all(host.handed_out(*p) == self.durable.get(p) for p in places)

    def strange(self) -> list[str]:
        """What keeps us from reading what is ours, a sentence each."""
        said = [f"kafka: {each}" for each in self.missing] + list(self._patience.long())
        if self.heard is not None and (silent := monotonic() - self.heard) > LONG_SECONDS:
            said.append(f"kafka: for {silent:.0f} s no broker has answered: what others tell does not arrive")
        if self.stopped:
            first, *others = sorted(self.stopped)
            more = f", and {len(others)} other partitions are not read either" if others else ""
            said.append(
                f"kafka: {self.stopped[first]}{more}. See huddle positions, and docs/runbook.md before any command"
            )
        return said

    def under_way(self) -> bool:
        return bool(self._busy or self.queued or any(lane.timers_due for lane in self._lanes.values()))

    def _watched(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) and not self.fatal.done():
            self.fatal.set_exception(error)

    async def _position(self, place: Place) -> None:
        host = self.host
        assert host is not None

        async def position() -> int:
            seen = (await host.seen([place[0]])).get(place[0])
            if seen is None:
                raise Retryable(f"there is no topic {place[0]}")
            self.topic_ids[place[0]] = seen.id
            try:
                return await self.core.position(*place, *await host.bounds(*place), seen.id)
            except Stopped as error:
                self.stopped[place] = str(error)
                raise

        offset = await self._patience.outlast(position)
        self.stopped.pop(place, None)
        self._positioned.add(place)
        self.durable[place] = offset
        await host.seek(*place, offset)

    async def _work(self, number: int, lane: Lane) -> None:
        while True:
            lane.wake.clear()
            if lane.timers_due:
                lane.timers_due = False
                await self._at_the_gate(lambda: self.core.fire_timers(number))
            if any(lane.queues.values()):
                await self._handle(lane)
            elif not lane.timers_due:
                await lane.wake.wait()

    async def _handle(self, lane: Lane) -> None:
        run: Run | None = None

        async def handled() -> int:
            # Taken at the gate, not before it: what comes in while the lane waits goes into the same transaction.
            nonlocal run
            if run is None:
                run = lane.next_run()
                if run is None:
                    return 0
                lane.in_hand = run.topic
                self._taken(weight(run.records))
            return await self.core.handle(run)

        next_offset = await self._at_the_gate(handled)
        lane.in_hand = None
        if run is None:
            return
        place = (run.topic, run.partition)
        if self._lanes.get(run.partition) is not lane or place not in self._positioned:
            return
        self.durable[place] = next_offset
        if next_offset != run.records[-1].offset + 1:
            self._drop(place)
            assert self.host is not None
            await self.host.seek(*place, next_offset)

    def _drop(self, place: Place) -> None:
        lane = self._lanes.get(place[1])
        queue = lane.queues.get(place[0]) if lane else None
        if queue:
            self._taken(sum(weight(run.records) for run in queue))
            queue.clear()

    def _taken(self, count: int) -> None:
        self.queued -= count
        self._room.set()

    async def _at_the_gate(self, work: Callable[[], Awaitable[T]]) -> T:
        async def gated() -> T:
            async with self._gate:
                self._busy += 1
                try:
                    return await work()
                finally:
                    self._busy -= 1
                    self.progress.made()

        return await self._patience.outlast(gated)

    async def _keep_timers(self) -> None:
        """One look a quarter of a second for all lanes; those with due timers wake."""
        while True:
            await asyncio.sleep(TIMER_LOOK_SECONDS)
            if self._lanes:
                await self.fire_timers()

    async def fire_timers(self) -> None:
        """Every lane with due timers fires them now."""
        for number in await self._patience.outlast(lambda: self.core.due_lanes(list(self._lanes))):
            if lane := self._lanes.get(number):
                lane.timers_due = True
                lane.wake.set()
