"""A ward in which procedures are ordered, dated, done and judged, with the queues beside it."""

from datetime import timedelta
from typing import Any

from backbone.ids import ROOT, derive
from backbone.model import Service
from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from schemas.referral.v1.patient import PatientsMerged
from schemas.scheduling.v1.appointment import AppointmentBooked, AppointmentMoved
from services.worklist.service import SERVICE as WORKLIST
from tests.support.feed import PATIENT, REFERRAL
from tests.support.told import at_clinic
from tests.support.ward import EXERCISE, HERS, RECEIVED, THEIRS, Ward

NURSE, NOBODYS = "nora.quinn", derive(ROOT, "nobody's")
WARFARIN = MedicationItem(
    code="11289", code_system="http://www.nlm.nih.gov/research/umls/rxnorm", as_needed=False
)
BLOCK: dict[str, Any] = {
    "family": "mbb_ct",
    "region": "cervical",
    "side": "right",
    "levels": ["C4-C5"],
    "place": "hospital_outpatient",
    "circumstances": [],
}
ABLATION = BLOCK | {"family": "rfa_ct"}


class Rooms(Ward):
    """A ward with a plan and the queues."""

    plan_id: str

    def __init__(self, *beside: Service) -> None:
        super().__init__(beside=(WORKLIST, *beside))

    async def begin(self) -> "Rooms":
        await self.open()
        self.plan_id = (await self.plan())["plan_id"]
        return self

    async def order(self, body: dict[str, Any], **more: Any) -> str:
        made = await self.asks(f"/plans/{self.plan_id}/procedures", **body | more)
        return str(made["procedure_id"])

    async def date(self, procedure: str, on: str, visit: str) -> None:
        at = at_clinic(on)
        booked = AppointmentBooked(
            version=1,
            purpose="procedure",
            discipline="medical",
            start=at,
            end=at + timedelta(minutes=30),
            location="main",
            remote=False,
            procedure_id=procedure,
            notice_days=4,
        )
        await self.feed.tell(booked, aggregate=derive(ROOT, visit))

    async def done(self, procedure: str, on: str, visit: str) -> None:
        """At half an hour after the start, recorded at once."""
        await self.date(procedure, on, visit)
        ended = at_clinic(on) + timedelta(minutes=30)
        await self.clinic.at(later(on))
        body = {"appointment_id": derive(ROOT, visit), "ended_at": ended.isoformat()}
        await self.asks(f"/procedures/{procedure}/performed", NURSE, **body)

    async def brought(self, procedure: str, relief: int) -> None:
        await self.asks(f"/procedures/{procedure}/outcome", relief_pct=relief)

    def items(self, queue: str) -> dict[str, Any]:
        rows = self.clinic.table(f"worklist.queue.{queue}").values()
        return {row["item_type"]: row for row in rows}

    def has(self, item: str) -> int:
        rows = (
            row
            for name in ("medical", "nursing")
            for row in self.clinic.table(f"worklist.queue.{name}").values()
        )
        return sum(row["item_type"] == item for row in rows)

    def asked(self) -> list[str]:
        return [fact.fact["rule"] for fact in self.clinic.facts() if fact.name == "override_requested"]


def later(on: str) -> str:
    """Half an hour later."""
    day, clock = on.split()
    return f"{day} {int(clock[:2]):02}:{int(clock[3:]) + 30:02}"


async def called(rooms: Rooms, procedure: str | None, kind: str, **more: Any) -> None:
    said: dict[str, Any] = {"kind": kind, "result": "spoken", **HERS} | more
    await rooms.asks("/contacts", NURSE, **said | ({"procedure_id": procedure} if procedure else {}))


async def move(rooms: Rooms, visit: str, to: str, version: int) -> None:
    at = at_clinic(to)
    moved = AppointmentMoved(
        version=version,
        previous_version=version - 1,
        by="clinic",
        reason="ill",
        previous_start=at,
        start=at,
        end=at + timedelta(minutes=30),
        status="booked",
        gates_reopened=(),
    )
    await rooms.feed.tell(moved, aggregate=derive(ROOT, visit))


async def is_treated(rooms: Rooms) -> None:
    """First by nobody knows whom, then by a payer that asks for less; again, on another day, under a draft."""
    block = await rooms.order(BLOCK)
    await rooms.date(block, "2027-03-10 10:00", "one")
    path, on = f"/procedures/{block}/performed", at_clinic("2027-03-10 10:30").isoformat()
    await rooms.clinic.at("2027-03-10 10:30")
    for visit in (NOBODYS, derive(ROOT, "one")):
        await rooms.tries(path, appointment_id=visit, ended_at=on)
    for procedure in (NOBODYS, block):
        await rooms.tries("/contacts", kind="welfare", result="reached", **HERS, procedure_id=procedure)
    await rooms.brought(block, 10)
    await rooms.feed.tell(RECEIVED.model_copy(update={"payer_profile": "bcbs_nd"}), referral=REFERRAL)
    await rooms.brought(block, 60)
    first = await rooms.order(ABLATION)
    await rooms.done(first, "2027-03-20 10:00", "two")
    again = await rooms.order(ABLATION, not_before="2027-12-01")
    await rooms.date(again, "2027-04-01 10:00", "three")
    refused = [fact for fact in rooms.clinic.facts() if fact.name == "override_requested"]
    for fact in refused:
        await rooms.asks(f"/overrides/{fact.subject}/decide", granted=False, reason="not_justified")
    await move(rooms, "three", "2027-04-02 10:00", version=2)
    draft = await rooms.plan(active=False, activities=[{**EXERCISE, "again": True}])
    await rooms.tries(f"/plans/{draft['plan_id']}/procedures", **BLOCK)


async def is_looked_at_again(rooms: Rooms) -> None:
    """Two records of one person, and a payer by whom less relief is enough: an outcome counts for what is ordered."""
    other = THEIRS["patient_id"]
    for record in (PATIENT, other):
        merged = PatientsMerged(surviving_id=other, merged_id=PATIENT)
        await rooms.feed.tell(merged, patient=record, referral=None, aggregate=record)
    await rooms.feed.tell(RECEIVED.model_copy(update={"payer_profile": "bcbs_nd"}), referral=REFERRAL)
    first = await rooms.order(BLOCK)
    await rooms.done(first, "2027-03-05 10:00", "five")
    await rooms.brought(first, 60)
    second = await rooms.order(BLOCK)
    await rooms.done(second, "2027-03-25 10:00", "six")
    ablation = await rooms.order(ABLATION)
    await rooms.brought(second, 60)
    await rooms.asks(f"/procedures/{ablation}/cancel", reason="not_needed")


async def is_on_warfarin(rooms: Rooms) -> None:
    """First by no list, then by one that may hide something: who may depart from the rule is asked."""
    block = await rooms.order(BLOCK)
    await rooms.date(block, "2027-04-22 10:00", "four")
    await rooms.feed.tell(MedicationsListed(items=(), complete=False))
    await rooms.feed.tell(MedicationsListed(items=(WARFARIN,), complete=False))
    path, proceduralist = f"/procedures/{block}/antithrombotic-plan", "maya.stein"
    await rooms.asks(f"{path}/draft", proceduralist)
    await rooms.asks(f"{path}/agree", drug="warfarin", prescriber="Harbor Cardiology")
    signing = {"appointment_id": derive(ROOT, "four"), "appointment_version": 1, "text": "Until Saturday."}
    await rooms.tries(f"{path}/sign", proceduralist, **signing)
    [asked] = [fact for fact in rooms.clinic.facts() if fact.name == "override_requested"]
    answer = {"granted": True, "reason": "clinical_need"}
    await rooms.asks(f"/overrides/{asked.subject}/decide", "edith.brandt", **answer)
    await rooms.asks(f"{path}/sign", proceduralist, **signing)
    await rooms.order(BLOCK, side="left")
