"""Procedures: ordered one after another, paid for, allowed in spite of a rule, asked about afterwards, judged."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from simulator.behaviour import rates
from simulator.chart import Told, Visit
from simulator.desk import Json
from simulator.roles.people import AT_WORK, DIRECTOR, NURSE, PHYSICIAN, PROCEDURALIST, Handler
from simulator.treatments import ORDERS
from simulator.world import CLINIC, World

HOUR, HALF_AN_HOUR = timedelta(hours=1), timedelta(minutes=30)
PAYER_ANSWERS, PAYER_IS_LATE, ASKED_AGAIN = timedelta(days=2), timedelta(days=9), timedelta(days=5)
APPROVED_FOR = timedelta(days=120)
BETWEEN = timedelta(days=14)
"""Two blocks before an ablation are at least that far apart (PRC-03)."""
FIRST_CALL, SECOND_CALL, JUDGED = timedelta(hours=24), timedelta(days=12), timedelta(days=7)
"""After the procedure."""
DECIDES: Mapping[str, str] = {
    "medical_director": DIRECTOR,
    "physician": PHYSICIAN,
    "proceduralist": PROCEDURALIST,
    "pharmacist": AT_WORK["pharmacy"],
}
"""Who answers a rule that asks somebody of a role."""


class Procedures:
    """Handlers by type of item. `hear` each fact, in its order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rates = rates()
        self._plans: dict[str, str] = {}
        self._left: dict[str, Sequence[str]] = {}
        """What is still to be ordered, by referral."""
        self._roles: dict[str, tuple[str, str]] = {}
        """Who is asked about which procedure, by override."""
        self._performed: dict[str, datetime] = {}
        self._asked_payer: dict[str, datetime] = {}
        self._called: set[tuple[str, str]] = set()
        self.handlers: Mapping[str, Handler] = {
            "OVERRIDE": self._decide,
            "AUTH_OBTAIN": self._ask_payer,
            "PROC_OUTCOME": self._judge,
            "POST_PROC_CALL_1": partial(self._call, "post_procedure_24_72h", FIRST_CALL),
            "POST_PROC_CALL_2": partial(self._call, "post_procedure_2w", SECOND_CALL),
            "MONTHLY_CONTACT": self._stay_in_touch,
        }

    def hear(self, told: Told) -> None:
        referral = told.referral or ""
        match told.name:
            case "plan_activated" if story := self._world.stories.get(referral):
                self._plans[referral], self._left[referral] = told.subject, story.course
                self._order_next(referral, None)
            case "procedure_ordered":
                self._world.later(self._world.now + HALF_AN_HOUR, partial(self._consent, told.subject))
            case "override_requested":
                self._roles[told.subject] = told.fact["role"], told.fact["subject_id"]
            case "procedure_performed":
                self._performed[told.subject] = told.at
            case _:
                return

    def _share(self, what: str, about: str) -> bool:
        """Drawn for each thing by itself."""
        return random.Random(f"{what} {about}").random() < self._rates[what]

    def _order_next(self, referral: str, not_before: str | None) -> None:
        family, *left = self._left.get(referral) or (None,)
        if family:
            self._left[referral] = left
            at = self._world.opens(self._world.now + HOUR)
            self._world.later(at, partial(self._order, referral, family, not_before))

    async def _order(self, referral: str, family: str, not_before: str | None) -> None:
        path = f"/plans/{self._plans[referral]}/procedures"
        later = {"not_before": not_before} if not_before else {}
        said = {"family": family, **ORDERS[family], **later}
        ordered = await self._world.desk.offer("care_plan", path, PHYSICIAN, **said)
        self._world.desk.done["procedures ordered"] += ordered is not None

    async def _consent(self, procedure: str) -> None:
        """The physician has explained it; a nurse keeps what the patient signed."""
        path = f"/procedures/{procedure}/gates"
        for gate in (await self._world.desk.get("scheduling", path, NURSE))["gates"]:
            if gate["kind"] == "procedure_consent" and gate["status"] in ("open", "failed"):
                evidence = f"/gates/{gate['id']}/evidence"
                await self._world.desk.offer("scheduling", evidence, NURSE, met=True)
                self._world.did("consents to procedures")

    async def _decide(self, item: Json, who: str) -> bool:
        """What is refused does not go ahead."""
        override = item["subject_id"]
        role, procedure = self._roles[override]
        by = DECIDES[role]
        await self._world.desk.act(item, "claim", by)
        refused = self._share("override_refused", override)
        said = {"granted": not refused, "reason": "not_justified" if refused else "benefit_outweighs_risk"}
        done = await self._world.desk.offer("care_plan", f"/overrides/{override}/decide", by, **said)
        self._world.did(f"overrides {'refused' if refused else 'granted'}")
        if refused:
            path = f"/procedures/{procedure}/cancel"
            await self._world.desk.offer("care_plan", path, PHYSICIAN, reason="not_indicated")
            self._world.did("procedures cancelled")
        return done is not None

    async def _ask_payer(self, item: Json, who: str) -> bool:
        """It answers when it likes, and says yes in the end."""
        procedure = item["subject_id"]
        if procedure not in self._asked_payer:
            await self._world.desk.act(item, "claim", who)
            late = self._share("payer_is_late", procedure)
            self._asked_payer[procedure] = self._world.now + (PAYER_IS_LATE if late else PAYER_ANSWERS)
            self._world.did("payers that are late" if late else "payers asked")
            await self._payer_says(procedure, who, status="pending")
            return False
        if self._world.now < self._asked_payer[procedure]:
            return False
        if self._share("not_the_payer_at_first", procedure) and ("denied", procedure) not in self._called:
            self._called.add(("denied", procedure))
            self._asked_payer[procedure] = self._world.now + ASKED_AGAIN
            self._world.did("payers that said no at first")
            await self._payer_says(procedure, who, status="denied")
            return False
        today = self._world.now.astimezone(CLINIC).date()
        until = {"valid_from": today.isoformat(), "valid_to": (today + APPROVED_FOR).isoformat()}
        done = await self._payer_says(procedure, who, status="approved", **until)
        self._world.desk.done["procedures approved by payers"] += done
        return done

    async def _payer_says(self, procedure: str, who: str, **said: str) -> bool:
        path = f"/procedures/{procedure}/authorisation"
        return await self._world.desk.offer("scheduling", path, who, **said) is not None

    async def perform(self, visit: Visit, who: str) -> None:
        """As soon as it is over."""
        path = f"/procedures/{visit.procedure}/performed"
        said = {"appointment_id": visit.id, "ended_at": self._world.now.isoformat()}
        done = await self._world.desk.offer("care_plan", path, who, **said)
        self._world.desk.done["procedures performed"] += done is not None

    def _since(self, procedure: str) -> timedelta:
        return self._world.now - self._performed.get(procedure, self._world.now)

    async def _call(self, kind: str, after: timedelta, item: Json, who: str) -> bool:
        """Whoever is not reached is called again; whoever has a warning sign becomes somebody's work at once."""
        procedure = item["subject_id"]
        if self._since(procedure) < after:
            return False
        about = f"{kind} {procedure}"
        await self._world.desk.act(item, "claim", who)
        first = ("called", about) not in self._called
        self._called.add(("called", about))
        missed = first and self._share("not_reached_at_first", about)
        warned = not missed and self._share("warning_afterwards", about)
        said = {"result": "not_reached" if missed else "reached", "warnings": ["fever"] if warned else []}
        whose = {"patient_id": item["patient_id"], "procedure_id": procedure, "kind": kind}
        called = await self._world.desk.offer("care_plan", "/contacts", who, **whose, **said)
        self._world.did("warning signs after procedures" if warned else "calls after procedures")
        return called is not None and not missed

    async def _stay_in_touch(self, item: Json, who: str) -> bool:
        await self._world.desk.act(item, "claim", who)
        whose = {"patient_id": item["patient_id"], "about": item["subject_id"]}
        said = {"kind": "monthly", "result": "reached"}
        called = await self._world.desk.offer("care_plan", "/contacts", who, **whose, **said)
        return called is not None

    async def _judge(self, item: Json, who: str) -> bool:
        """What is next is ordered as soon as it is known what this one brought."""
        procedure, referral = item["subject_id"], item["referral_id"]
        if self._since(procedure) < JUDGED:
            return False
        await self._world.desk.act(item, "claim", who)
        relief = random.Random(procedure).choice((60, 80, 85, 90))
        path = f"/procedures/{procedure}/outcome"
        judged = await self._world.desk.offer("care_plan", path, who, relief_pct=relief)
        self._world.desk.done["procedures judged"] += judged is not None
        today = self._world.now.astimezone(CLINIC).date()
        apart = self._performed[procedure].astimezone(CLINIC).date() + BETWEEN
        self._order_next(referral, max(today, apart).isoformat())
        return judged is not None
