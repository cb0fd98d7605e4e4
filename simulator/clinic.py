"""The clinic plays: referrers send, staff work their queues in business hours, patients do what patients do."""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from aiokafka import AIOKafkaProducer

from config.phones import e164
from simulator.behaviour import Plan
from simulator.chart import Told
from simulator.clock_driver import TICK, ClockDriver, next_tick
from simulator.desk import Json, Unexpected, produce
from simulator.following import Follower
from simulator.roles.booking import Booking
from simulator.roles.care import Care
from simulator.roles.intake import Intake
from simulator.roles.management import Management
from simulator.roles.messages import Messages, Telephones
from simulator.roles.on_call import WARNED, OnCall
from simulator.roles.opioids import Opioids
from simulator.roles.patients import Patients
from simulator.roles.people import AT_WORK, Handler
from simulator.roles.preparation import Preparation
from simulator.roles.procedures import Procedures
from simulator.roles.registry import Registry
from simulator.roles.safety import Safety
from simulator.roles.visits import Visits
from simulator.world import World

MINUTE = timedelta(minutes=1)
AT_ONCE = 8
"""Items that one queue's staff finish in a tick of 15 minutes."""
ROUNDS = 4
"""Of work in a tick, each after what the last one brought about."""
NEW = timedelta(days=14)
"""Within that it may be that nobody can do anything yet."""
PLAYED = (
    *("sent over HTTP", "sent over Kafka", "repeated over HTTP", "repeated over Kafka", "amended"),
    *("asked for information", "replied in time", "replied after the reminder", "went on without"),
    *("rejected: no reply", "red flags assessed", "unclear flags settled by phone"),
    *("accepted", "accepted later", "rejected", "redirected", "advice only"),
    *("claimed", "claims lost to a colleague", "released", "transferred", "undone"),
    *("offered by message", "took an offered date", "answered an offer too late", "declined an offer"),
    *("first visits booked", "dates booked", "joint days booked", "cancelled by the patient"),
    *("moved by the patient", "arrived", "did not come", "missed visits reviewed", "sessions"),
    *("answered in time", "answered late", "answered by telephone", "declined to answer"),
    *("safety alerts assessed", "findings looked at", "plans drafted", "plans activated", "cases decided"),
    *("cases deferred", "activities accepted", "activities declined", "activities looked at"),
    *("letters signed", "reviews: continue", "reviews: discharge", "discharged"),
    *("called instead of a message", "cancelled by text", "replies read", "confirmed by text", "wrote STOP"),
    "spoke with who wrote of dying",
    *("pages answered in time", "pages answered late", "pages answered by taking the item", "pages missed"),
    *("went up the ladder", "items escalated", "duplicates suspected", "duplicates linked"),
    *("duplicates dismissed", "records merged", "merges undone", "died"),
    *("asked to take the referral back", "taken back", "late amendments looked at"),
    *("waits forecast to be too long", "waits too long", "long waits looked at", "waiting patients called"),
    *("reminded of a plan", "glass broken", "broken glass reviewed"),
    *("procedures ordered", "procedures performed", "procedures judged", "calls after procedures"),
    *("plans for antithrombotics signed", "overrides granted", "procedures approved by payers"),
)
"""What a whole clinic shows: each of them at least once."""
SEEN: Mapping[str, str] = {
    "escalation_timed_out": "went up the ladder",
    "item_escalated": "items escalated",
    "duplicate_suspected": "duplicates suspected",
    "wait_breach_forecast": "waits forecast to be too long",
    "wait_breached": "waits too long",
}
"""Facts that are counted as what was played."""


class Clinic:
    """One run; every step happens on a tick of 15 minutes."""

    def __init__(
        self,
        plans: Sequence[Plan],
        world: World,
        clock: ClockDriver,
        follower: Follower,
        telephones: Telephones,
        producer: AIOKafkaProducer,
    ) -> None:
        self.world = world
        self.ticks = 0
        self.after_death = 0
        """Texts to telephones of the dead."""
        self.sent: list[str] = []
        self._clock = clock
        self._follower = follower
        self.telephones = telephones
        self._producer = producer
        self._procedures, self._preparation = Procedures(world), Preparation(world)
        self._patients, self._visits = Patients(world), Visits(world, self._procedures, self._preparation)
        self._resting: dict[str, datetime] = {}
        self._numbers: dict[str, str] = {}
        self._on_call, self._registry = OnCall(world, telephones.reply), Registry(world)
        roles = (
            *(Intake(world), self._registry, Booking(world), Care(world), Safety(world), Messages(world)),
            *(Management(world), Opioids(world), self._visits, self._procedures, self._preparation),
        )
        self._handlers: Mapping[str, Handler] = {
            item: handler for role in roles for item, handler in role.handlers.items()
        }
        for plan in plans:
            world.later(world.now + timedelta(minutes=plan.sent_after_minutes), partial(self._send, plan))

    async def run(self, until: datetime) -> None:
        """Play until then."""
        while self.world.now < until:
            due, left = await self._tick()
            times = [self.world.now] if left else []
            times += [time for time in (due, self.world.next_action, self._rested()) if time]
            tick = next_tick(max(min(times, default=until), self.world.now + MINUTE))
            self.world.now = min(tick, self.world.next_minute or until, until)
            self.ticks += 1
            await self._clock.move(self.world.now)
        await self._clock.settle(to_the_ends=True)
        await self._look()

    async def _tick(self) -> tuple[datetime | None, bool]:
        """What leads to more work is followed up at once, a few times. The next timer; whether anything is left."""
        for _ in range(ROUNDS):
            due = await self._clock.settle()
            await self._look()
            if not await self._act():
                return due, False
        return due, True

    async def _act(self) -> bool:
        """Whether anything was done that others may have to do with."""
        actions = self.world.due()
        for action in actions:
            await self._done(action())
        return bool(actions) | await self._work()

    async def _done(self, what: Awaitable[bool | None]) -> bool:
        """Whether it led to anything. Raises Unexpected."""
        return bool(await what)

    async def _work(self) -> bool:
        """Everybody at their queue, the first things first."""
        busy = False
        for queue, who in AT_WORK.items():
            rows = sorted(self.world.chart.queues[queue].values(), key=urgency)
            mine = [(row, by) for row in rows if (by := self._by(row, who))]
            for row, by in mine[:AT_ONCE]:
                done = await self._done(self._handlers[row["item_type"]](row, by))
                if not done:
                    self._resting[row["item_id"]] = self.world.next_look
                busy = busy or done
            busy = busy or len(mine) > AT_ONCE
        return busy

    def _by(self, row: Json, who: str) -> str | None:
        """Who does this now; None: nobody."""
        if row["item_type"] not in self._handlers:
            return None
        if self._resting.get(row["item_id"], self.world.now) > self.world.now:
            return None
        if row["item_type"] in WARNED:
            return self._on_call.by(row, who)
        return who if self.world.is_open(self.world.now) else None

    def _rested(self) -> datetime | None:
        """When somebody looks at anything that is open."""
        rows = [row for queue in AT_WORK for row in self.world.chart.queues[queue].values()]
        times = (self._next_look(row) for row in rows if row["item_type"] in self._handlers)
        return min((time for time in times if time), default=None)

    def _next_look(self, row: Json) -> datetime | None:
        if (resting := self._resting.get(row["item_id"])) and resting > self.world.now:
            return resting
        if row["item_type"] in WARNED:
            return self._on_call.next_look(row)
        return self.world.opens(self.world.now + TICK)

    @property
    def left_undone(self) -> Mapping[str, int]:
        """Types of items of which none was ever done, and how many there were; what is new has time."""
        chart, long_ago = self.world.chart, self.world.now - NEW
        return {
            name: count
            for name, count in chart.opened.items()
            if not chart.ended[name] and chart.opened_first[name] < long_ago
        }

    async def _look(self) -> None:
        """What has happened since, and what it makes people do."""
        texted = False
        for told in await self._follower.news(self._clock.rest.sent):
            texted = texted or told.name == "message_sent"
            self._react(told)
        if texted:
            for text in await self.telephones.rung():
                if login := self.world.phones.get(text["to"]):
                    self._on_call.paged(text, login)
                elif patient := self._numbers.get(text["to"]):
                    self._texted(text, patient)

    def _texted(self, text: Json, patient: str) -> None:
        if patient in self.world.dead:
            self.after_death += 1
        self._patients.texted(text, patient, self._reply)

    def _react(self, told: Told) -> None:
        if what := SEEN.get(told.name):
            self.world.did(what)
        self._procedures.hear(told)
        self._preparation.hear(told)
        match told.name:
            case "received" if told.patient:
                story = self.world.stories[told.subject]
                self._numbers[number_of(story)] = told.patient
                self._patients.register(told.patient, story)
                self._registry.register(told.patient, told.subject, story)
            case "appointment_booked" | "appointment_moved":
                visit = self.world.chart.visits[told.subject]
                self._visits.expect(visit)
                self._patients.dated(visit)
            case "measure_requested":
                self._patients.asked(told)
            case "slot_offered" | "waitlist_offer_made":
                self._patients.offered(told)
            case _:
                return

    async def _reply(self, number: str, text: str) -> None:
        await self.telephones.reply(number, text)
        done = {"CONFIRM": "confirmed by text", "STOP": "wrote STOP"}
        self.world.did(done.get(text, "wrote back"))

    async def _send(self, plan: Plan) -> None:
        await self._deliver(plan, plan.submission, over_kafka=plan.over_kafka)
        self.sent.append(plan.source_id)
        self.world.did("sent over Kafka" if plan.over_kafka else "sent over HTTP")
        if plan.repeated:
            self.world.later(self.world.now + timedelta(hours=2), partial(self._repeat, plan))
        if plan.amended:
            self.world.later(self.world.now + timedelta(minutes=30), partial(self._amend, plan))
        elif "amends_late" in plan.habits:
            self.world.later(self.world.now + timedelta(days=9), partial(self._amend, plan))

    async def _repeat(self, plan: Plan) -> None:
        """The same again: recognised, and nothing changes. After an amendment the old text would be one more."""
        submission = amended(plan) if plan.amended else plan.submission
        await self._deliver(plan, submission, over_kafka=plan.repeated == "kafka")
        self.world.did(f"repeated over {'Kafka' if plan.repeated == 'kafka' else 'HTTP'}")

    async def _amend(self, plan: Plan) -> None:
        await self._deliver(plan, amended(plan), over_kafka=False)
        self.world.did("amended")

    async def _deliver(self, plan: Plan, submission: Any, *, over_kafka: bool) -> None:
        """The id is in the answer; over Kafka, in the result."""
        if over_kafka:
            referral_id = await self._told_over_kafka(submission)
        else:
            practice = plan.submission["referrer"]["organisation_id"]
            referral_id = (await self.world.desk.submit(submission, practice))["id"]
        self.world.stories[referral_id] = plan

    async def _told_over_kafka(self, submission: Json) -> str:
        """Raises Unexpected where the result names wrong fields, or there is none."""
        topic, partition, offset = await produce(self._producer, submission)
        self._clock.written({(topic, partition, ""): offset + 1})
        await self._clock.settle()
        result = await self._follower.result(self._clock.rest.sent, (topic, partition, offset))
        if result is None or "referral_id" not in result:
            raise Unexpected(f"{topic}/{partition}/{offset} was not taken: {result}")
        return str(result["referral_id"])


def urgency(row: Json) -> tuple[int, str]:
    return ("stat", "asap", "urgent", "routine").index(row["priority"]), row["waiting_since"]


def number_of(plan: Plan) -> str:
    """As the gateway writes it."""
    return str(e164(plan.submission["patient"]["contact"]["phone"], "US"))


def amended(plan: Plan) -> Json:
    """The same referral with one thing more."""
    answers = dict(plan.submission["answers"]) | {"history": "as sent before; sleeps badly since"}
    return dict(plan.submission) | {"answers": answers}
