"""Who is called when a warning waits: they answer by text or take the item, late now and then, or not at all."""

import random
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from simulator.behaviour import rates
from simulator.chart import instant
from simulator.clock_driver import next_tick
from simulator.desk import Json
from simulator.roles.people import AT_WORK, PHYSICIANS
from simulator.world import World

Reply = Callable[[str, str], Awaitable[None]]
"""Writes back: the number, the text."""
CODE = re.compile(r"OK (\d{6})")
SAFETY = ("RED_FLAG", "SAFETY_ALERT", "CRISIS_CALL")
"""Items that may be taken instead of answering."""
WARNED = (*SAFETY, "PLAN_OVERDUE", "WAIT_BREACH")
"""Items that wait until somebody has taken up their warning."""
QUARTER_MINUTES = 15


class OnCall:
    """Staff with their telephones, at any hour."""

    def __init__(self, world: World, reply: Reply) -> None:
        self._world = world
        self._reply = reply
        self._rates = rates()

    def paged(self, text: Json, login: str) -> None:
        """What they will do about it is drawn for each page."""
        escalation = self._world.chart.pages.get(text["call"].partition("/")[0])
        said = self._world.chart.unanswered.get(escalation or "")
        code = CODE.search(text["body"])
        if escalation is None or said is None or code is None:
            return
        dice = random.Random(text["call"])
        drawn = dice.random()
        if drawn < self._rates["page_missed"]:
            self._world.did("pages missed")
            return
        late = drawn < self._rates["page_missed"] + self._rates["page_answered_late"]
        since = instant(said.fact["ack_due_at"]) if late else self._world.now
        at = since + timedelta(minutes=dice.randrange(3, 13))
        claims = dice.random() < self._rates["page_claimed"]
        answer = partial(self._answer, escalation, text["to"], login, code[0], claims, late)
        self._world.promptly(at, answer)

    async def _answer(
        self, escalation: str, number: str, login: str, code: str, claims: bool, late: bool
    ) -> None:
        """Nobody answers what another has taken up meanwhile."""
        said = self._world.chart.unanswered.get(escalation)
        if said is None:
            return
        item = self._item(said.fact["subject_id"]) if claims and login in PHYSICIANS else None
        if item is not None and await self._world.desk.act(item, "claim", login) is not None:
            self._world.did("pages answered by taking the item")
        else:
            await self._reply(number, code)
            self._world.did("pages answered late" if late else "pages answered in time")

    def _item(self, subject: str) -> Json | None:
        rows = (self._world.chart.item(queue, item, subject) for queue in AT_WORK for item in SAFETY)
        return next((row for row in rows if row is not None and row["status"] == "waiting"), None)

    def by(self, row: Json, who: str) -> str | None:
        """Who does this now: a physician who took it up, else who is at work, from the next quarter of an hour on.
        None: nobody yet."""
        taken = self._world.chart.taken_up.get(row["subject_id"])
        if taken is None or self._world.now.minute % QUARTER_MINUTES:
            return None
        return self._physician(row) or (who if self._world.is_open(self._world.now) else None)

    def _physician(self, row: Json) -> str | None:
        if row["item_type"] not in SAFETY:
            return None
        taken = row.get("claimed_by"), self._world.chart.taken_up.get(row["subject_id"])
        logins = (self._world.logins.get(each or "") for each in taken)
        return next((login for login in logins if login in PHYSICIANS), None)

    def next_look(self, row: Json) -> datetime | None:
        """When somebody can do it; None while nobody has taken it up: a page or the ladder brings them."""
        if row["subject_id"] not in self._world.chart.taken_up:
            return None
        quarter = next_tick(self._world.now)
        return quarter if self._physician(row) else self._world.opens(quarter)
