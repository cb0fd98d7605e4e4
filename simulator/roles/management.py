"""The manager and whoever is reminded: waits that are too long, plans that nobody drafts, broken glass, no answer."""

from collections.abc import Mapping
from datetime import timedelta

from simulator.behaviour import FLAGS
from simulator.chart import Visit
from simulator.desk import Json
from simulator.roles.people import COORDINATOR, DIRECTOR, Handler
from simulator.world import World

NOTICE = timedelta(days=3)


class Management:
    """Handlers by type of item."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._looked: set[str] = set()
        self.handlers: Mapping[str, Handler] = {
            "WAIT_FORECAST": self._look,
            "WAIT_BREACH": self._bring_forward,
            "WAIT_RECHECK": self._ask_how_they_are,
            "ESCALATION_EXHAUSTED": self._telephone,
            "BREAK_GLASS_REVIEW": self._review_glass,
        }

    async def _look(self, item: Json, who: str) -> bool:
        """Once: a date ends it, and coordination looks for one."""
        if item["item_id"] not in self._looked:
            self._looked.add(item["item_id"])
            await self._world.desk.act(item, "claim", who)
            self._world.did("long waits looked at")
        return False

    async def _bring_forward(self, item: Json, who: str) -> bool:
        """Now that it is too late, the visit moves to what is free next; only the visit itself ends the item."""
        if item["item_id"] not in self._looked:
            await self._look(item, who)
            for visit in list(self._world.chart.visits.values()):
                if (visit.referral, visit.status) == (item["referral_id"], "booked"):
                    await self._sooner(visit)
        return False

    async def _sooner(self, visit: Visit) -> None:
        window = {"from": (self._world.now + NOTICE).isoformat(), "to": visit.start.isoformat(), "limit": 1}
        wanted = {"discipline": visit.discipline, "purpose": visit.purpose} | window
        found = await self._world.desk.get("scheduling", "/slots", COORDINATOR, **wanted)
        for slot in found["slots"]:
            chosen = {"clinician_id": slot["clinician_id"], "start": slot["start"]}
            said = {"slot": chosen, "by": "clinic", "reason": "other"}
            path = f"/appointments/{visit.id}/move"
            moved = await self._world.desk.offer("scheduling", path, COORDINATOR, **said)
            self._world.desk.done["visits brought forward"] += moved is not None

    async def _ask_how_they_are(self, item: Json, who: str) -> bool:
        """REF-10: by telephone, with the screen once more."""
        await self._world.desk.act(item, "claim", who)
        path = f"/referrals/{item['subject_id']}/wait-reviews"
        said = {"result": "unchanged", "red_flag_screen": dict.fromkeys(FLAGS, "no")}
        reviewed = await self._world.desk.offer("referral", path, who, **said)
        self._world.desk.done["waiting patients called"] += reviewed is not None
        return reviewed is not None

    async def _telephone(self, item: Json, who: str) -> bool:
        """Nobody answered pages: somebody goes on calling until the director picks up."""
        await self._world.desk.act(item, "claim", who)
        [director] = [staff for staff, login in self._world.logins.items() if login == DIRECTOR]
        path = f"/escalations/{item['subject_id']}/calls"
        taken = await self._world.desk.offer("notifications", path, who, by_id=director)
        self._world.desk.done["reached by telephone at last"] += taken is not None
        return taken is not None

    async def _review_glass(self, item: Json, who: str) -> bool:
        await self._world.desk.act(item, "claim", who)
        path = f"/break-glass/{item['subject_id']}/review"
        await self._world.desk.post("care_plan", path, who, finding="justified")
        self._world.did("broken glass reviewed")
        return True
