"""The care plan service over HTTP, with what it learns from the others: referrals that came, appointments that were
booked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from backbone.ids import ROOT, derive
from backbone.model import Service
from config.loading import SHIPPED
from schemas.referral.v1.referral import ReferralReceived
from schemas.scheduling.v1.appointment import AppointmentBooked, PatientDidNotAttend
from services.care_plan.service import SERVICE
from tests.support.feed import PATIENT, REFERRAL, Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import PRACTICE
from tests.support.told import Told, at_clinic

OTHER_PATIENT, OTHER_REFERRAL = derive(ROOT, "patient 2"), derive(ROOT, "referral 2")
VISIT, OTHER_VISIT = derive(ROOT, "visit 1"), derive(ROOT, "visit 2")
PHYSICIAN, PHYSIOTHERAPIST, COORDINATOR = "paul.okafor", "fay.dunn", "cora.lind"
GOAL = {"text": "Walk to the shop", "baseline_level": -1, "domain": "walking", "target_on": "2027-06-24"}
EXERCISE = {"discipline": "physiotherapy", "kind": "graded_exercise", "sessions": 8}
SEEN_TO = ["medication_handover", "flare_up_plan", "rereferral_route"]
LEAVING: dict[str, Any] = {
    "reason": "COMPLETED_GOALS",
    "checklist": SEEN_TO,
    "no_final_measures": "patient_declined",
}
HERS = {"patient_id": PATIENT, "referral_id": REFERRAL}
THEIRS = {"patient_id": OTHER_PATIENT, "referral_id": OTHER_REFERRAL}
RECEIVED = ReferralReceived(
    source_system="ehr",
    source_key_ref=derive(ROOT, "key"),
    referrer_type="pcp",
    referrer_org_id=PRACTICE,
    clock_start=datetime(2027, 1, 4, tzinfo=UTC),
    body_sites=(),
    condition_codes=(),
    medication_flags=(),
)


class Ward:
    """Two patients with a referral and a first visit each. `asks` succeed; `tries` may not."""

    def __init__(self, store: Any = None, beside: tuple[Service, ...] = (), folder: Path = SHIPPED) -> None:
        stores = {SERVICE.name: store} if store else None
        self.clinic = MemoryClinic("2027-02-25 13:00", (SERVICE, *beside), {}, stores, folder)
        self.feed = Feed(self.clinic.system)

    async def open(self) -> "Ward":
        for patient, referral, visit in (
            (PATIENT, REFERRAL, VISIT),
            (OTHER_PATIENT, OTHER_REFERRAL, OTHER_VISIT),
        ):
            await self.feed.tell(RECEIVED, patient=patient, referral=referral)
            await self.book(visit, patient=patient, referral=referral)
        return self

    async def book(
        self, visit: str, purpose: Any = "initial_consultation", on: str = "2027-03-01 10:00", **about: Any
    ) -> None:
        at = at_clinic(on)
        booked = AppointmentBooked(
            version=1,
            purpose=purpose,
            discipline="medical",
            start=at,
            end=at + timedelta(hours=1),
            location="main",
            remote=False,
            notice_days=4,
        )
        await self.feed.tell(booked, aggregate=visit, **about)

    async def asks(self, path: str, who: str = PHYSICIAN, **body: Any) -> Any:
        return await self.clinic.ask("POST", SERVICE.name, path, who, json=body)

    async def tries(self, path: str, who: str = PHYSICIAN, **body: Any) -> httpx.Response:
        return await self.clinic.request("POST", SERVICE.name, path, who, json=body)

    async def refuses(self, path: str, who: str = PHYSICIAN, **body: Any) -> str:
        """The code of the problem; nothing may be left of the request."""
        tables = self.clinic.system.workers[SERVICE.name].store.tables
        before = tables.copied()
        answer = await self.tries(path, who, **body)
        assert answer.status_code == 409, answer.text
        left = [
            name
            for name in type(tables).__slots__
            if name != "numbers" and getattr(tables, name) != getattr(before, name)
        ]
        assert not left, f"refused, and left {left}"
        return str(answer.json()["type"].removeprefix("urn:huddle:problem:"))

    async def reads(self, path: str, who: str = PHYSICIAN) -> httpx.Response:
        return await self.clinic.request("GET", SERVICE.name, path, who)

    async def plan(self, *, active: bool = True, **body: Any) -> Any:
        """Ids of a plan with a goal and an activity."""
        ids = await self.asks("/plans", **{**HERS, "goals": [GOAL], "activities": [EXERCISE]} | body)
        if active:
            await self.asks(f"/plans/{ids['plan_id']}/activate", patient_agreement=True)
        return ids

    async def comes_to_discharge(self, plan_id: str) -> str:
        """Proposed by a review, and its letter signed; the path of what confirms it."""
        await self.asks(f"/plans/{plan_id}/review", result="discharge", checklist=SEEN_TO)
        letter: dict[str, Any] = {"audience": ["referrer", "patient"], "text": "Dear colleague"}
        await self.asks(f"/plans/{plan_id}/discharge/letter/sign", **letter)
        return f"/plans/{plan_id}/discharge"

    async def in_session(self) -> dict[str, str]:
        """Ids of a case before the team and of the meeting that is open."""
        checklist = self.clinic.system.workers[SERVICE.name].runtime.rules.care_plan.checklist.values.items
        held = await self.asks("/consultations", appointment_id=VISIT, kind="initial")
        await self.asks(
            f"/consultations/{held['consultation_id']}/complete",
            outcome="MDT_PROGRAMME",
            diagnoses=[{"system": "ICD-11", "code": "MG30.02"}],
            checklist={item: {"answer": "asked"} for item in checklist},
        )
        case = self.last("mdt_case_requested").subject
        made = await self.asks("/mdt/meetings", COORDINATOR, start="2027-02-25T18:00:00Z")
        listing = {"meeting_id": made["meeting_id"], "prep_queues": ["medical"]}
        await self.asks(f"/mdt/cases/{case}/list", COORDINATOR, **listing)
        await self.asks(f"/mdt/meetings/{made['meeting_id']}/open")
        return {"case": case, "meeting": made["meeting_id"]}

    async def answered(self, occasion: str, **answers: Sequence[int | None]) -> None:
        """By the patient, asked for and given at once."""
        asked: dict[str, Any] = {"occasion": occasion, "instruments": [*answers], "due_on": "2027-12-01"}
        request = (await self.asks("/measure-requests", **asked, **HERS))["request_id"]
        await self.asks(f"/measure-requests/{request}/answers", answers=answers)

    def told(self, name: str, **fields: Any) -> list[Told]:
        """Facts of this name that say at least this, in order."""
        return [
            each
            for each in self.clinic.facts()
            if each.name == name and fields.items() <= dict(each.fact).items()
        ]

    def last(self, name: str) -> Told:
        return self.told(name)[-1]


def session_missed(activity_id: str) -> PatientDidNotAttend:
    """It counts."""
    counted: dict[str, Any] = {"version": 1, "reminders_delivered": 1, "counts": True, "exemptions": ()}
    return PatientDidNotAttend(
        purpose="session", reason="UNKNOWN", activity_id=activity_id, dna_count=1, **counted
    )
