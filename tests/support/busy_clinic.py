"""A clinic in which all kinds of things happen, as the dice have it: referrals come, people take and leave work."""

import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from backbone.ids import random_id
from cli.people import members
from tests.support.shaken_clinic import Shaken
from tests.support.submissions import a_submission, flags, somebody
from tests.support.told import at_clinic, local

ACTING: Mapping[str, tuple[str, ...]] = {
    "coordination": ("cora.lind", "ines.park"),
    "nursing": ("nora.quinn", "tomas.reyes"),
    "medical": ("paul.okafor", "maya.stein"),
}
"""Who works in which queue."""
REFUSALS = (403, 409, 412, 422)


class Busy:
    """A clinic in which all kinds of things happen, as the dice have it."""

    def __init__(self, shaken: Shaken, dice: random.Random, start: str) -> None:
        self._shaken, self._dice = shaken, dice
        self._referrals = 0
        self._logins = {member.id: member.login for member in members()}
        self._now = local(at_clinic(start).isoformat())
        self.done: dict[str, int] = {}

    async def some_things(self) -> None:
        for _ in range(self._dice.randint(1, 4)):
            await self.something()

    async def something(self) -> None:
        kinds: dict[Callable[[], Awaitable[Any]], int] = {
            self.refer: 4,
            self.act: 14,
            self.triage: 3,
            self.later: 3,
        }
        [what] = self._dice.choices(list(kinds), list(kinds.values()))
        await what()

    async def refer(self) -> None:
        """Complete or not, with a red flag or without."""
        self._referrals += 1
        without, screen = self._dice.choice([((), {}), (("function",), {}), ((), {"fracture": "yes"})])
        sent = a_submission(
            f"R-{self._referrals}",
            patient=somebody(self._referrals),
            without=without,
            red_flag_screen=flags(**screen),
        )
        self.note(await self._shaken.answer("POST", "referral", "/referrals", "pcp", json=sent), "refer")

    async def act(self) -> None:
        """With an item, as it stands. Whoever has it goes on with it, first with what nobody has done yet. What is
        refused is refused."""
        queue = self._dice.choice(list(ACTING))
        if not (items := await self.rows(queue)):
            return
        item = self._dice.choice(items)
        who = self._logins.get(item.get("claimed_by", ""), self._dice.choice(ACTING[queue]))
        until = {"reason": "waits_for_patient", "resume_on": f"{self._now + timedelta(days=2):%F}"}
        elsewhere = {
            "queue": self._dice.choice([each for each in ACTING if each != queue]),
            "reason": "workload",
        }
        more = [("release", None), ("hold", until), ("transfer", elsewhere), ("undo", None)]
        undone = [each for each in more if not self.done.get(each[0])]
        able = (undone or more) if "claimed_by" in item else [("claim", None), ("claim", None), *more]
        action, body = self._dice.choice(able)
        await self.command("worklist", f"/items/{item['item_id']}", action, who, item["version"], body)

    async def triage(self) -> None:
        """What waits for it in nursing: its item is done."""
        for item in await self.rows("nursing"):
            if item["item_type"] == "REF_TRIAGE":
                path = f"/referrals/{item['referral_id']}"
                seen = await self._shaken.answer("GET", "referral", path, "nora.quinn")
                said = {"category": self._dice.choice(["cat_1", "cat_2"]), "comment": "Seen."}
                await self.command("referral", path, "triage", "nora.quinn", seen.json()["version"], said)
                return

    async def later(self) -> None:
        self._now += timedelta(minutes=self._dice.choice([15, 60, 240, 720]))
        await self._shaken.at(f"{self._now:%F %H:%M}")
        self.done["later"] = self.done.get("later", 0) + 1

    async def rows(self, queue: str) -> list[dict[str, Any]]:
        answer = await self._shaken.answer("GET", "worklist", f"/queues/{queue}?limit=500", ACTING[queue][0])
        return list(answer.json()["items"])

    async def command(self, service: str, path: str, action: str, who: str, version: int, body: Any) -> None:
        headers = {"if-match": f'"{version}"', "idempotency-key": random_id()}
        more = {"json": body} if body else {}
        answer = await self._shaken.answer("POST", service, f"{path}/{action}", who, headers=headers, **more)
        self.note(answer, action)

    def note(self, answer: Any, what: str) -> None:
        assert answer.is_success or answer.status_code in (403, 409, 412, 422), answer.text
        self.done[what] = self.done.get(what, 0) + answer.is_success
