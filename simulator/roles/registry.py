"""Who is who, and who is no longer to come: duplicates, deaths, referrals taken back, late amendments."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from simulator.behaviour import Plan
from simulator.desk import Json
from simulator.roles.people import COORDINATOR, REGISTRAR, Handler
from simulator.world import CLINIC, World

DIES_AFTER, TAKEN_BACK_AFTER = timedelta(days=24, hours=3), timedelta(days=11, hours=2)


class Registry:
    """Handlers by type of item."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.handlers: Mapping[str, Handler] = {
            "REF_DUPLICATE_CHECK": self._compare,
            "CANCEL_CONFIRM": self._confirm,
            "REF_AMENDED": self._read,
        }

    def register(self, patient: str, referral: str, story: Plan) -> None:
        """What is to come."""
        if "dies" in story.habits:
            at = self._world.opens(self._world.now + DIES_AFTER)
            self._world.later(at, partial(self._dies, patient))
        if "takes_back" in story.habits:
            self._world.later(self._world.now + TAKEN_BACK_AFTER, partial(self._take_back, referral, patient))

    async def _dies(self, patient: str) -> None:
        """The family calls."""
        yesterday = self._world.now.astimezone(CLINIC).date() - timedelta(days=1)
        said = {"source": "family", "died_on": yesterday.isoformat()}
        await self._world.desk.post("referral", f"/patients/{patient}/death", REGISTRAR, **said)
        self._world.dead.add(patient)
        self._world.did("died")

    async def _take_back(self, referral: str, patient: str) -> None:
        path = f"/referrals/{referral}/cancellation-requests"
        asked = await self._world.desk.offer("referral", path, f"patient:{patient}", reason="pain_resolved")
        self._world.desk.done["asked to take the referral back"] += asked is not None

    async def _confirm(self, item: Json, who: str) -> bool:
        await self._world.desk.act(item, "claim", who)
        seen = await self._world.desk.referral(item["subject_id"], who)
        await self._world.desk.decide(seen, "cancellation", who)
        self._world.did("taken back")
        return True

    async def _read(self, item: Json, who: str) -> bool:
        """What a sender changed when the clinic had decided already."""
        await self._world.desk.act(item, "claim", who)
        seen = await self._world.desk.referral(item["subject_id"], who)
        await self._world.desk.decide(seen, "amendment-review", who)
        self._world.did("late amendments looked at")
        return True

    async def _compare(self, item: Json, who: str) -> bool:
        """One matter goes on as one, with the records of the patient made one before; another goes on by itself."""
        await self._world.desk.act(item, "claim", who)
        referral = await self._world.desk.referral(item["subject_id"], who)
        others = [each["other_referral_id"] for each in referral["suspicions"] if not each.get("decided_by")]
        story = self._world.stories[referral["id"]]
        if story.twin == "same_matter":
            await self._link(referral, others[0])
            return True
        for other in others:
            seen = await self._world.desk.referral(referral["id"], who)
            await self._world.desk.decide(seen, "duplicate-dismissal", who, other_referral_id=other)
        self._world.did("duplicates dismissed")
        return True

    async def _link(self, duplicate: Json, kept_id: str) -> None:
        kept = await self._world.desk.referral(kept_id, COORDINATOR)
        if kept["patient_id"] != duplicate["patient_id"]:
            await self._merge(kept["patient_id"], duplicate["patient_id"])
        seen = await self._world.desk.referral(duplicate["id"], COORDINATOR)
        await self._world.desk.decide(seen, "duplicate-link", COORDINATOR, kept_id=kept_id)
        self._world.did("duplicates linked")

    async def _merge(self, surviving: str, other: str) -> None:
        """At first the wrong way round: undone, and once more."""
        post = partial(self._world.desk.post, "referral", who=REGISTRAR)
        await post(path=f"/patients/{other}/merge", merged_id=surviving)
        await post(path=f"/patients/{other}/merge-undo", restored_id=surviving)
        self._world.did("merges undone")
        await post(path=f"/patients/{surviving}/merge", merged_id=other)
        self._world.did("records merged")
