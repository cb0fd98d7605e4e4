"""A clinic in memory whose scheduling hears of procedures, plans and outcomes as care_plan would tell them."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from backbone.ids import ROOT, derive
from backbone.model import Service
from config.loading import SHIPPED
from schemas.care_plan.v1.antithrombotic import (
    AntithromboticPlanInvalidated,
    AntithromboticPlanRequested,
    AntithromboticPlanSigned,
)
from schemas.care_plan.v1.override import OverrideRecorded
from schemas.care_plan.v1.procedure import ProcedureOrdered, ProcedureOutcomeRecorded
from services.scheduling.gate.states import gate_id
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.feed import Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.told import at_clinic

CORA, NURSE, PROCEDURALIST = "cora.lind", "nora.quinn", "maya.stein"
MBB, PLAN, RFA = (derive(ROOT, name) for name in ("a block", "a plan for drugs", "an ablation"))
HELD = "2027-04-22 10:30"
EVERYTHING = ("antithrombotic_plan", "authorisation", "escort", "inr", "infection")


class ProcedureClinic(MemoryClinic):
    """A cervical block is ordered on 2027-03-30 for a patient on warfarin (journey 2)."""

    def __init__(
        self, services: tuple[Service, ...] = (SCHEDULING, WORKLIST), config: Path = SHIPPED
    ) -> None:
        super().__init__("2027-03-30 15:00", services, {}, config=config)
        self.feed = Feed(self.system)
        self.visit = ""

    async def order(self, *gates: str, procedure: str = MBB, **more: Any) -> "ProcedureClinic":
        said = {"family": "mbb_ct", "sequence_role": "mbb_1", "region": "cervical", **more}
        await self.feed.tell(
            ProcedureOrdered(
                procedure_id=procedure,
                side="right",
                levels=("C4-C5",),
                bleeding_risk="intermediate",
                gates=gates,
                **said,
            ),
            aggregate=procedure,
        )
        return self

    async def request_plan(self, blocking: bool = True) -> None:
        asked = AntithromboticPlanRequested(
            antithrombotic_plan_id=PLAN,
            procedure_id=MBB,
            risk="intermediate",
            drug_count=1,
            blocking=blocking,
        )
        await self.feed.tell(asked, aggregate=PLAN)

    async def sign(self, version: int = 1, start: str = HELD) -> None:
        """For this version of the appointment that is held, and its start."""
        noon = at_clinic(start)
        signed = AntithromboticPlanSigned(
            antithrombotic_plan_id=PLAN,
            procedure_id=MBB,
            appointment_id=self.visit,
            appointment_version=version,
            inr_from=noon.replace(day=noon.day - 1),
            inr_max=Decimal("1.2"),
            prescriber_agreed=True,
            signed_by=self.staff(PROCEDURALIST),
        )
        await self.feed.tell(signed, aggregate=PLAN)

    async def invalidate(self, cause: str = "drugs_changed") -> None:
        fact = AntithromboticPlanInvalidated(
            antithrombotic_plan_id=PLAN, cause=cause, was_signed=True, hold_running=False
        )
        await self.feed.tell(fact, aggregate=PLAN)

    async def outcome(self, procedure: str = MBB) -> None:
        fact = ProcedureOutcomeRecorded(procedure_id=procedure, relief_pct=85, qualifies=True)
        await self.feed.tell(fact, aggregate=procedure)

    async def answer_override(self, override: str, granted: bool) -> None:
        fact = OverrideRecorded(
            override_id=override,
            granted=granted,
            reason="clinical_need",
            decided_by=self.staff(PROCEDURALIST),
        )
        await self.feed.tell(fact, aggregate=override)

    async def post(self, path: str, who: str = CORA, **body: Any) -> Any:
        return await self.ask("POST", "scheduling", path, who, json=body)

    async def refused(self, path: str, who: str = CORA, **body: Any) -> str:
        """The code of the refusal."""
        answer = await self.request("POST", "scheduling", path, who, json=body)
        assert answer.status_code in (403, 409), answer.text
        return str(answer.json()["type"].rpartition(":")[2])

    async def authorise(self, until: str = "2027-07-04", procedure: str = MBB) -> None:
        body = {"status": "approved", "valid_from": "2027-04-05", "valid_to": until}
        await self.post(f"/procedures/{procedure}/authorisation", **body)

    def slot(self, when: str) -> dict[str, str]:
        return {"clinician_id": self.staff(PROCEDURALIST), "start": at_clinic(when).isoformat()}

    @property
    def dates(self) -> str:
        """Where the open request of the procedure gets its dates."""
        request = self.last("booking_requested").fact["booking_request_id"]
        return f"/booking-requests/{request}/appointments"

    async def book(self, when: str = HELD) -> str:
        made = await self.post(self.dates, slots=[self.slot(when)], short_notice_accepted=True)
        [self.visit] = made["appointment_ids"]
        return self.visit

    async def move(self, when: str) -> None:
        await self.post(f"/appointments/{self.visit}/move", by="clinic", reason="ill", slot=self.slot(when))

    async def show(
        self, kind: str, who: str = NURSE, procedure: str = MBB, *, met: bool = True, **said: Any
    ) -> None:
        await self.post(f"/gates/{gate_id(procedure, kind)}/evidence", who, met=met, **said)

    async def inr(self, value: str, taken_at: str) -> None:
        await self.show("inr", value=value, taken_at=at_clinic(taken_at).isoformat())

    def named(self, name: str) -> list[Any]:
        return [each.fact for each in self.facts("scheduling") if each.name == name]

    def last(self, name: str) -> Any:
        return [each for each in self.facts("scheduling") if each.name == name][-1]

    def kinds(self, name: str) -> list[str]:
        """Of the gates' facts of this name, in order."""
        return [each["kind"] for each in self.named(name)]

    def items(self, *types: str) -> list[str]:
        return [line for line in self.open() if any(each in line.split() for each in types)]

    async def status(self) -> str:
        return str((await self.ask("GET", "scheduling", f"/appointments/{self.visit}", CORA))["status"])


async def held() -> ProcedureClinic:
    """Everything is asked for; the payer has approved; the date is held, for want of a plan."""
    clinic = await ProcedureClinic().order(*EVERYTHING)
    await clinic.request_plan()
    await clinic.at("2027-04-05 11:00")
    await clinic.authorise()
    await clinic.book()
    return clinic


async def booked() -> ProcedureClinic:
    clinic = await held()
    await clinic.sign()
    return clinic
