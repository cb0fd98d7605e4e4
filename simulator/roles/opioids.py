"""Opioids: checks that fall due, and doses that are lowered step by step, now and then faster than was agreed."""

import random
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from simulator.behaviour import rates
from simulator.desk import Json
from simulator.roles.people import PHYSICIAN, Handler
from simulator.world import CLINIC, World

CHECKED: Mapping[str, str] = {
    "naloxone_offer": "ordered",
    "co_prescription": "prescribers_warned",
    "registry_check": "as_expected",
    "toxicology": "as_expected",
    "treatment_agreement": "signed",
    "unexpected_finding": "explained",
    "oud_assessment": "treatment_arranged",
    "acute_supply": "documented",
}
"""What comes of an opioid check; of any other: it goes on."""
TAPERED = ("opioid_review", "dose_change_review")
TAKES = {"mme_per_day": "90", "has_buprenorphine": False}
STEPS = (("75", timedelta(days=7)), ("60", timedelta(days=21)))
"""What the patient takes, and how it is lowered: morphine milligram equivalents per day."""
ALL_AT_ONCE = "20"
HALF_AN_HOUR = timedelta(minutes=30)


class Opioids:
    """Handlers by type of item."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rates = rates()
        self._tapering: set[str] = set()
        self.handlers: Mapping[str, Handler] = {"OPI_CHECK": self._check}

    def _share(self, what: str, about: str) -> bool:
        return random.Random(f"{what} {about}").random() < self._rates[what]

    async def _check(self, item: Json, who: str) -> bool:
        """A review may end with a taper that the patient agrees to."""
        await self._world.desk.act(item, "claim", who)
        path = f"/referrals/{item['referral_id']}/opioid-checks/{item['subject_id']}/record"
        lowered = item["detail"] in TAPERED and await self._lower(item["patient_id"])
        result = "taper_agreed" if lowered else CHECKED.get(item["detail"], "continued")
        done = await self._world.desk.offer("care_plan", path, who, result=result)
        self._world.did("opioid checks recorded")
        return done is not None

    async def _lower(self, patient: str) -> bool:
        """What they take is stated first."""
        if patient in self._tapering or not self._share("tapers", patient):
            return False
        self._tapering.add(patient)
        path = f"/patients/{patient}/opioid-exposure"
        stated = await self._world.desk.offer("care_plan", path, PHYSICIAN, **TAKES)
        self._world.later(self._world.now + HALF_AN_HOUR, partial(self._start, patient))
        return stated is not None

    async def _start(self, patient: str) -> None:
        today = self._world.now.astimezone(CLINIC).date()
        steps = [{"on": (today + after).isoformat(), "mme": mme} for mme, after in STEPS]
        path = f"/patients/{patient}/taper/start"
        if await self._world.desk.offer("care_plan", path, PHYSICIAN, agreed=True, steps=steps) is None:
            return
        self._world.did("tapers begun")
        for mme, after in STEPS:
            at = self._world.opens(self._world.now + after)
            self._world.later(at, partial(self._step, patient, mme))

    async def _step(self, patient: str, mme: str) -> None:
        """The patient says so by telephone."""
        if patient in self._world.dead:
            return
        fast = self._share("falls_fast", f"{patient} {mme}")
        path, taken = f"/patients/{patient}/taper", ALL_AT_ONCE if fast else mme
        stepped = await self._world.desk.offer("care_plan", f"{path}/steps", PHYSICIAN, mme=taken)
        self._world.desk.done["tapers that went too fast" if fast else "taper steps"] += stepped is not None
        if fast or mme == STEPS[-1][0]:
            reason = "harm" if fast else "completed"
            await self._world.desk.offer("care_plan", f"{path}/end", PHYSICIAN, reason=reason)
