"""What everybody in the simulation shares: the time, the desk, the chart, the stories, what is to happen later."""

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from simulator.behaviour import Plan
from simulator.chart import Chart
from simulator.desk import Desk, Json

CLINIC = ZoneInfo("America/New_York")
OPENS, CLOSES = 8, 17
"""Clinic hours, Monday to Friday, local time."""
LOOKS = (8, 13)
"""Hours at which staff go through what could not be done before."""
QUARTER = timedelta(minutes=15)
SATURDAY = 5
Action = Callable[[], Awaitable[None]]


class World:
    """`now` is the simulated time, in UTC as all instants here. `logins` are staff by id, `phones` by number."""

    def __init__(
        self,
        desk: Desk,
        chart: Chart,
        start: datetime,
        logins: Mapping[str, str],
        phones: Mapping[str, str] | None = None,
    ) -> None:
        self.now = start.astimezone(UTC)
        self.desk = desk
        self.chart = chart
        self.logins = logins
        self.phones = phones or {}
        self.stories: dict[str, Plan] = {}
        """By referral."""
        self.of_patient: dict[str, Plan] = {}
        self.dead: set[str] = set()
        self._agenda: list[tuple[datetime, int, Action]] = []
        self._minutes: list[datetime] = []
        self._numbers = count()
        self._turns: Counter[str] = Counter()

    def later(self, at: datetime, action: Action) -> None:
        heapq.heappush(self._agenda, (at.astimezone(UTC), next(self._numbers), action))

    def promptly(self, at: datetime, action: Action) -> None:
        """To the minute, where all else waits for the next quarter of an hour."""
        heapq.heappush(self._minutes, at.astimezone(UTC))
        self.later(at, action)

    @property
    def next_minute(self) -> datetime | None:
        """When somebody acts who does not wait for a quarter of an hour."""
        while self._minutes and self._minutes[0] <= self.now:
            heapq.heappop(self._minutes)
        return self._minutes[0] if self._minutes else None

    @property
    def next_action(self) -> datetime | None:
        return self._agenda[0][0] if self._agenda else None

    def due(self) -> list[Action]:
        """Everything whose time has come, taken off the agenda."""
        actions = []
        while self._agenda and self._agenda[0][0] <= self.now:
            actions.append(heapq.heappop(self._agenda)[2])
        return actions

    def turn(self, story: Plan) -> int:
        """How often the patient has answered, this time included."""
        self._turns[story.source_id] += 1
        return self._turns[story.source_id]

    def did(self, what: str) -> None:
        self.desk.done[what] += 1

    def story(self, row: Json) -> Plan | None:
        return self.stories.get(row.get("referral_id") or "")

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(CLINIC)
        return local.weekday() < SATURDAY and OPENS <= local.hour < CLOSES

    def opens(self, at: datetime) -> datetime:
        """`at`, or as many quarters of an hour later as it takes until the clinic is open."""
        if self.is_open(at):
            return at
        return at + -((at - first_after(at, OPENS)) // QUARTER) * QUARTER

    @property
    def next_look(self) -> datetime:
        """When staff go through what can't be done now: all of it at the same hours, on a working day."""
        return first_after(self.now, *LOOKS)


def first_after(at: datetime, *hours: int) -> datetime:
    """The first of these hours of a working day that is still to come."""
    days = (at.astimezone(CLINIC).date() + timedelta(days=number) for number in count())
    times = (
        datetime.combine(day, time(hour), CLINIC).astimezone(UTC)
        for day in days
        if day.weekday() < SATURDAY
        for hour in hours
    )
    return next(each for each in times if each > at)
