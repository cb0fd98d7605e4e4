"""What must be true before a procedure: plans for antithrombotics, what is shown before and on the day, dates."""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from simulator.behaviour import rates
from simulator.chart import Told, Visit, instant
from simulator.desk import Json
from simulator.roles.people import COORDINATOR, NURSE, PHYSICIAN, PROCEDURALIST, Handler
from simulator.world import QUARTER, World

HOLD = "Take the last tablet as we wrote down together, and call us before you take any other."
HELD_HOURS = 24 * 5
"""Where the table leaves it to the proceduralist."""
GOOD, TOO_HIGH = "1.1", "1.6"
UNMET = ("open", "failed")
MOVED_BEFORE = timedelta(days=7)
FURTHER = timedelta(days=28)
LAST_MINUTE = timedelta(hours=1)
TWICE = 0.5
"""Of values that were too high the day before, those that still are."""


class Preparation:
    """Handlers by type of item. `hear` each fact, in its order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rates = rates()
        self._signed: set[str] = set()
        self._inr_from: dict[str, str] = {}
        self._of_gate: dict[str, str] = {}
        self._moved: set[str] = set()
        self.handlers: Mapping[str, Handler] = {
            "ANT_PLAN": self._plan,
            "HOLD_CALL": self._call_about_hold,
            "PROC_CHECKLIST": self._check,
            "GATE_RELEASE": self._release,
            "DAY_GATE": self._measure_again,
            "CONFLICT": self._settle,
        }

    def hear(self, told: Told) -> None:
        match told.name:
            case "gate_opened":
                self._of_gate[told.subject] = told.fact["procedure_id"]
            case "antithrombotic_plan_signed":
                self._expect_value(told.fact)
            case "appointment_booked" if told.fact.get("procedure_id") and self._is_moved(told.subject):
                at = self._world.opens(max(instant(told.fact["start"]) - MOVED_BEFORE, self._world.now))
                self._world.later(at, partial(self._move_once, told.subject))
            case _:
                return

    def _share(self, what: str, about: str) -> bool:
        return random.Random(f"{what} {about}").random() < self._rates[what]

    def _is_moved(self, visit: str) -> bool:
        return visit not in self._moved and self._share("moved_by_clinic", visit)

    async def _gates(self, procedure: str) -> Sequence[Json]:
        path = f"/procedures/{procedure}/gates"
        return list((await self._world.desk.get("scheduling", path, NURSE))["gates"])

    async def _shown(self, gate: str, **said: object) -> bool:
        path = f"/gates/{gate}/evidence"
        return await self._world.desk.offer("scheduling", path, NURSE, **said) is not None

    async def _plan(self, item: Json, who: str) -> bool:
        """Drafted and agreed to while there is no date; signed for the one that is held."""
        desk, path = self._world.desk, f"/procedures/{item['subject_id']}/antithrombotic-plan"
        plan = await desk.get("care_plan", path, PROCEDURALIST)
        await desk.act(item, "claim", PROCEDURALIST)
        if plan["status"] in ("requested", "invalidated"):
            drafted = await desk.offer("care_plan", f"{path}/draft", PROCEDURALIST)
            self._world.did("plans for antithrombotics drafted")
            if drafted is None:
                return False
            plan = await self._agreed(path, drafted)
        on = plan["known"].get("appointment")
        if plan["status"] not in ("drafted", "agreed") or on is None:
            return False
        said = {"appointment_id": on["id"], "appointment_version": on["version"], "text": HOLD}
        stopped = {"already_stopped": True} if item["subject_id"] in self._signed else {}
        signed = await desk.offer("care_plan", f"{path}/sign", PROCEDURALIST, **said, **stopped)
        self._world.desk.done["plans for antithrombotics signed"] += signed is not None
        return signed is not None

    async def _agreed(self, path: str, plan: Json) -> Json:
        """Every line has an answer, and whoever prescribes what is held agrees."""
        desk = self._world.desk
        choices = [
            {"drug": each["drug"], "hold_hours": HELD_HOURS}
            for each in plan.get("lines", ())
            if not each.get("settled")
        ]
        if choices:
            plan = await desk.offer("care_plan", f"{path}/draft", PROCEDURALIST, choices=choices) or plan
        for each in plan.get("lines", ()):
            if each.get("hold_hours") is not None:
                said = {"drug": each["drug"], "prescriber": "Dr Heart, Heart Centre"}
                plan = await desk.offer("care_plan", f"{path}/agree", PROCEDURALIST, **said) or plan
        return plan

    def _expect_value(self, plan: Json) -> None:
        procedure, since = plan["procedure_id"], plan.get("inr_from")
        self._signed.add(procedure)
        if since:
            self._inr_from[procedure] = since
            at = self._world.opens(max(instant(since) + 2 * QUARTER, self._world.now))
            self._world.later(at, partial(self._measure, procedure, since))

    async def _measure(self, procedure: str, since: str) -> None:
        """The day before, unless the plan is for another date by now."""
        if self._inr_from.get(procedure) == since:
            high = self._share("inr_too_high", procedure + since)
            await self._measured(procedure, TOO_HIGH if high else GOOD)

    async def _measured(self, procedure: str, value: str) -> bool:
        taken = (self._world.now - QUARTER).isoformat()
        for gate in await self._gates(procedure):
            if gate["kind"] == "inr" and gate["status"] in UNMET:
                self._world.did("INR too high" if value == TOO_HIGH else "INR measured")
                return await self._shown(gate["id"], met=value != TOO_HIGH, value=value, taken_at=taken)
        return False

    async def _measure_again(self, item: Json, who: str) -> bool:
        """On the day, an hour before; whoever still bleeds too easily comes on another day."""
        dice = random.Random(item["item_id"])
        if self._world.now < instant(item["due_at"]) - LAST_MINUTE or dice.random() < TWICE:
            return False
        await self._world.desk.act(item, "claim", who)
        return await self._measured(self._of_gate[item["subject_id"]], GOOD)

    async def _call_about_hold(self, item: Json, who: str) -> bool:
        """The nurse tells the patient that the plan does not hold any more."""
        await self._world.desk.act(item, "claim", who)
        whose = {"patient_id": item["patient_id"], "procedure_id": item["subject_id"]}
        said = {"kind": "hold_call", "result": "reached"}
        called = await self._world.desk.offer("care_plan", "/contacts", who, **whose, **said)
        self._world.did("calls about plans that hold no more")
        return called is not None

    async def _check(self, item: Json, who: str) -> bool:
        """The nurse telephones; some have nobody who takes them home, until the day before."""
        date = item["subject_id"]
        if self._share("no_escort", date):
            return False
        await self._world.desk.act(item, "claim", who)
        return await self._show_all(self._procedure_of(date), "pre")

    def _procedure_of(self, date: str) -> str:
        """Whether it is booked or held."""
        visit = self._world.chart.visits.get(date)
        return (visit and visit.procedure) or self._world.chart.held[date]

    async def _show_all(self, procedure: str, when: str) -> bool:
        """What a nurse can show; the rest follows from facts."""
        done = False
        for gate in await self._gates(procedure):
            if (gate["check_class"], gate["status"] in UNMET) == (when, True) and not gate["blocks_booking"]:
                done |= await self._shown(gate["id"], met=True)
        self._world.desk.done[f"checked {'before' if when == 'pre' else 'on the day'}"] += done
        return done

    async def _release(self, item: Json, who: str) -> bool:
        """Somebody was found in the end, or the date is let go."""
        date = item["subject_id"]
        await self._world.desk.act(item, "claim", who)
        if random.Random(date).random() < TWICE and await self._show_all(self._procedure_of(date), "pre"):
            self._world.did("escorts found in the end")
            return True
        path = f"/appointments/{date}/release"
        released = await self._world.desk.offer("scheduling", path, who)
        self._world.desk.done["dates let go"] += released is not None
        return released is not None

    async def _move_once(self, visit: str) -> None:
        """The proceduralist is away."""
        now = self._world.chart.visits[visit]
        if now.status == "booked" and visit not in self._moved and now.start > self._world.now:
            self._moved.add(visit)
            await self.move(now, "staff_absent")
            self._world.did("dates of procedures moved by the clinic")

    async def move(self, visit: Visit, reason: str) -> bool:
        """To what is free a week later."""
        since = max(visit.start, self._world.now) + MOVED_BEFORE
        window = {"from": since.isoformat(), "to": (since + FURTHER).isoformat(), "limit": 1}
        wanted = {"discipline": visit.discipline, "purpose": visit.purpose} | window
        found = await self._world.desk.get("scheduling", "/slots", COORDINATOR, **wanted)
        for slot in found["slots"]:
            chosen = {"clinician_id": slot["clinician_id"], "start": slot["start"]}
            said = {"slot": chosen, "by": "clinic", "reason": reason}
            path = f"/appointments/{visit.id}/move"
            return await self._world.desk.offer("scheduling", path, COORDINATOR, **said) is not None
        return False

    async def can_come(self, visit: Visit) -> bool:
        """Nobody is received whose value of the day is too high or not there: another date."""
        if visit.procedure is None:
            return True
        gates = await self._gates(visit.procedure)
        if any(each["kind"] == "inr" and each["status"] in UNMET for each in gates):
            await self.move(visit, "other")
            self._world.did("procedures put off on the day")
            return False
        return True

    async def received(self, visit: Visit) -> None:
        """Whoever is here is asked, measured and looked at."""
        if visit.procedure:
            await self._show_all(visit.procedure, "day_of")

    async def _settle(self, item: Json, who: str) -> bool:
        """Exercise waits until the patient may move again, where there is time for it; else a physician lets it be."""
        path = f"/conflicts/{item['subject_id']}"
        await self._world.desk.act(item, "claim", who)
        conflict = await self._world.desk.get("care_plan", path, who)
        done = False
        for visit in list(self._world.chart.visits.values()):
            same = visit.activity is not None and visit.activity == conflict.get("activity_id")
            if same and self._rests(visit, conflict.get("procedure_id")):
                done |= await self.move(visit, "other")
        self._world.desk.done["exercise put off"] += done
        if not done:
            await self._world.desk.offer("care_plan", f"{path}/accept", PHYSICIAN)
            self._world.did("conflicts accepted")
        return True

    def _rests(self, visit: Visit, procedure: str | None) -> bool:
        all_dates = self._world.chart.visits.values()
        dates = (each for each in all_dates if procedure and each.procedure == procedure)
        return visit.status == "booked" and any(
            timedelta(0) < visit.start - each.start < timedelta(days=8) for each in dates
        )
