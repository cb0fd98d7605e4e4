"""The clinic plays: referrers send and reply as planned, staff work their queues during business hours."""

import heapq
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from aiokafka import AIOKafkaProducer

from simulator.behaviour import Plan
from simulator.clock_driver import TICK, ClockDriver, next_tick
from simulator.desk import Desk, Json, Unexpected, produce
from simulator.staff import Staff

RECOGNISED = 200
PLAYED = (
    *("sent over HTTP", "sent over Kafka", "repeated over HTTP", "repeated over Kafka", "amended"),
    *("asked for information", "replied in time", "replied after the reminder", "went on without"),
    *("rejected: no reply", "red flags assessed", "unclear flags settled by phone"),
    *("accepted", "accepted later", "rejected", "redirected", "advice only"),
    *("claimed", "claims lost to a colleague", "released", "transferred", "undone"),
)
"""What a whole clinic shows: each of them at least once."""
Action = Callable[[], Awaitable[None]]


class Clinic:
    """One run. `now` is the simulated time; every step happens on a tick of 15 minutes."""

    def __init__(
        self,
        plans: Sequence[Plan],
        desk: Desk,
        clock: ClockDriver,
        producer: AIOKafkaProducer,
        start: datetime,
    ) -> None:
        self.now = start
        self.ticks = 0
        self.sent: list[str] = []
        self._desk = desk
        self._clock = clock
        self._producer = producer
        self._agenda: list[tuple[datetime, int, Action]] = []
        self._numbers = count()
        self._of_referral: dict[str, Plan] = {}
        self._staff = Staff(desk, self._of_referral, self._expect_reply)
        for plan in plans:
            self._later(start + timedelta(minutes=plan.sent_after_minutes), partial(self._send, plan))

    async def run(self, until: datetime) -> None:
        """Play until everybody is done, or `until`."""
        while self.now < until:
            due = await self._clock.settle()
            busy = await self._work()
            await self._clock.settle()
            following = self._following(due, busy)
            if following is None:
                return
            self.now = max(next_tick(following), self.now + TICK)
            self.ticks += 1
            await self._clock.move(self.now)
            await self._clock.settle()

    def _following(self, due: datetime | None, busy: bool) -> datetime | None:
        """The next time at which anything can happen; None when nothing will."""
        times = [self._agenda[0][0]] if self._agenda else []
        times += [self._staff.opens(self.now + TICK)] if busy else []
        if self._staff.waits_for_replies:
            times += [due] if due else []
        return min(times, default=None)

    async def _work(self) -> bool:
        while self._agenda and self._agenda[0][0] <= self.now:
            await heapq.heappop(self._agenda)[2]()
        await self._clock.settle()
        return await self._staff.work(self.now)

    def _later(self, at: datetime, action: Action) -> None:
        heapq.heappush(self._agenda, (at, next(self._numbers), action))

    async def _send(self, plan: Plan) -> None:
        await self._deliver(plan, plan.submission, over_kafka=plan.over_kafka)
        self.sent.append(plan.source_id)
        self._desk.done["sent over Kafka" if plan.over_kafka else "sent over HTTP"] += 1
        if plan.repeated:
            self._later(self.now + timedelta(hours=2), lambda: self._repeat(plan))
        if plan.amended:
            self._later(self.now + timedelta(minutes=30), lambda: self._amend(plan))

    async def _repeat(self, plan: Plan) -> None:
        """The same again: recognised, and nothing changes. After an amendment the old text would be one more."""
        await self._deliver(
            plan, amended(plan) if plan.amended else plan.submission, over_kafka=plan.repeated == "kafka"
        )
        self._desk.done[f"repeated over {'Kafka' if plan.repeated == 'kafka' else 'HTTP'}"] += 1

    async def _amend(self, plan: Plan) -> None:
        await self._deliver(plan, amended(plan), over_kafka=False)
        self._desk.done["amended"] += 1

    async def _deliver(self, plan: Plan, submission: Any, *, over_kafka: bool) -> None:
        """Over Kafka nobody answers: the id is learnt by sending the same over HTTP, which changes nothing."""
        if over_kafka:
            await produce(self._producer, submission)
            await self._clock.settle()
        status, referral = await self._desk.submit(submission, plan.submission["referrer"]["organisation_id"])
        if over_kafka and status != RECOGNISED:
            raise Unexpected(f"{plan.source_id} was not recognised: {status}")
        self._of_referral[referral["id"]] = plan

    def _expect_reply(self, referral: Json, plan: Plan) -> None:
        if plan.reply in ("in_time", "late"):
            self._later(self.now + timedelta(days=plan.reply_days), lambda: self._reply(referral["id"], plan))

    async def _reply(self, referral_id: str, plan: Plan) -> None:
        who = plan.submission["referrer"]["organisation_id"]
        seen = await self._desk.referral(referral_id, who)
        await self._desk.decide(seen, "information", who, answers=dict(plan.withheld))
        self._desk.done["replied in time" if plan.reply == "in_time" else "replied after the reminder"] += 1


def amended(plan: Plan) -> Json:
    """The same referral with one thing more."""
    answers = dict(plan.submission["answers"]) | {"history": "as sent before; sleeps badly since"}
    return dict(plan.submission) | {"answers": answers}
