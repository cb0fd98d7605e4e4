"""Notifications alone, in memory: facts and contacts go in, texts and mails come out."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import httpx
import msgspec

from backbone.http.application import Hosting, build
from backbone.ids import ROOT, derive
from backbone.model import Actor, Handler, one, together
from backbone.telemetry import Metrics
from config.loading import SHIPPED
from schemas.care_plan.v1.mdt import MdtDecisionRecorded
from schemas.care_plan.v1.measure import MeasureRequested, MeasureScored
from schemas.referral.v1.referral import ReferralReceived
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    Series,
)
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.consent.aggregate import CONSENT, GiveConsent, WithdrawConsent, consent_id
from services.notifications.rules import Rules, load_rules
from services.notifications.service import SERVICE
from tests.support.feed import PATIENT, REFERRAL, Feed, clinic
from tests.support.memory_system import MemorySystem
from tests.support.promised import held
from tests.support.providers import Outside
from tests.support.referral_http import TrustingIdentity

NURSE = Actor("user", derive(ROOT, "a nurse"), "triage_nurse")
ENDS = {"message_sent", "message_suppressed", "message_cancelled", "message_failed"}
REQUEST = derive(ROOT, "measure request 1")


@cache
def shipped_rules() -> Rules:
    return load_rules(SHIPPED)


def visit(number: int) -> str:
    return derive(ROOT, f"appointment {number}")


class PostRoom(Feed):
    """A patient who agreed to text messages, unless it is said otherwise."""

    def __init__(
        self,
        start: str = "2027-01-04 09:00",
        store: Any = None,
        handlers: Mapping[str, Handler] | None = None,
    ) -> None:
        self.outside = Outside()
        stores = {"notifications": store} if store else None
        outside = {"notifications": {**self.outside.handlers, **(handlers or {})}}
        super().__init__(MemorySystem(clinic(start), {SERVICE: shipped_rules()}, stores, outside))
        worker = self.system.workers["notifications"]
        hosting = Hosting(lambda: True)
        self._app = build(worker.runtime, TrustingIdentity(), worker.parking, Metrics(), hosting)  # type: ignore[arg-type]
        self.outside.connect(self._app)

    def http(self, service: str = SERVICE.name) -> httpx.AsyncClient:
        """Its HTTP side; nothing settles by itself."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app),
            base_url=f"http://{service}",
            event_hooks={"response": [held(service)]},
        )

    async def ready(self, *channels: str, **contact: Any) -> "PostRoom":
        await self.contact(**contact)
        for channel in channels or ("sms",):
            await self.consent(channel)
        return self

    async def contact(self, key: str = PATIENT, **fields: Any) -> None:
        said = {"phone": "+1 212 555-0142", "time_zone": "America/New_York"} | fields
        pairs = ", ".join(f'"{name}": "{value}"' for name, value in said.items() if value)
        self.system.produce("referral.contacts", key, f"{{{pairs}}}".encode())
        await self.system.settle()

    async def consent(self, channel: Any, given: bool = True) -> None:
        command = (
            GiveConsent(channel=channel, purpose="care")
            if given
            else WithdrawConsent(channel=channel, purpose="care", via="staff")
        )
        send = CONSENT.send(command, to=one(consent_id(PATIENT, channel)))
        await self.system.order("notifications", together(send, about=one(PATIENT)), actor=NURSE)
        await self.system.settle()

    async def until(self, when: str) -> None:
        await self.system.advance(clinic(when))
        await self.system.settle()

    async def book(
        self,
        start: str,
        number: int = 1,
        *,
        at: str | None = None,
        series: int = 1,
        referral: str = REFERRAL,
        procedure_id: str | None = None,
    ) -> None:
        of = Series(id=derive(ROOT, "series"), no=number, of=series) if series > 1 else None
        fact = AppointmentBooked(
            version=1,
            purpose="session" if of else "initial_consultation",
            discipline="medical",
            start=clinic(start),
            end=clinic(start) + timedelta(hours=1),
            location="main",
            remote=False,
            series=of,
            notice_days=9,
            procedure_id=procedure_id,
        )
        await self.tell(fact, at=at, aggregate=visit(number), referral=referral)

    async def move(
        self,
        start: str,
        number: int = 1,
        *,
        at: str | None = None,
        version: int = 2,
        location: str | None = None,
        procedure_id: str | None = None,
    ) -> None:
        fact = AppointmentMoved(
            location=location,
            version=version,
            previous_version=version - 1,
            by="clinic",
            reason="staff_absent",
            previous_start=clinic(start),
            start=clinic(start),
            end=clinic(start) + timedelta(hours=1),
            status="booked",
            gates_reopened=(),
            procedure_id=procedure_id,
        )
        await self.tell(fact, at=at, aggregate=visit(number))

    async def cancel(self, number: int = 1, *, at: str | None = None) -> None:
        fact = AppointmentCancelled(
            version=2, by="clinic", reason="staff_absent", notice_hours=90, counts=False, cna_count=0
        )
        await self.tell(fact, at=at, aggregate=visit(number))

    async def ask(self, due_on: str, *, at: str | None = None) -> None:
        fact = MeasureRequested(
            request_id=REQUEST, occasion="review", instruments=("peg",), due_on=date.fromisoformat(due_on)
        )
        await self.tell(fact, at=at, aggregate=REQUEST)

    async def answered(self, *, at: str | None = None) -> None:
        fact = MeasureScored(
            request_id=REQUEST,
            submission_id=REQUEST,
            instrument="peg",
            instrument_version="1",
            score=Decimal("5.0"),
            findings=(),
            algorithm_version="1",
            taken_at=self.system.clock.now(),
        )
        await self.tell(fact, at=at, aggregate=REQUEST)

    async def by_post(self, address: str | None = "Main Street 1") -> str:
        """A practice that wants its letters by post has sent the patient. Its id."""
        practice = derive(ROOT, "a practice")
        await self.contact(practice, kind="organisation", channel="post", address=address, phone=None)
        received = ReferralReceived(
            source_system="ehr",
            source_key_ref=REFERRAL,
            referrer_type="pcp",
            referrer_org_id=practice,
            clock_start=self.system.clock.now(),
            body_sites=(),
            condition_codes=(),
            medication_flags=(),
        )
        await self.tell(received)
        return practice

    async def message(self, template: str) -> str:
        """The id of the first message of this kind."""
        planned = await self.system.journal("notifications", "notifications.message_scheduled.v1")
        return next(str(fact["message_id"]) for fact in planned if fact["template"] == template)

    async def visit_of(self, message_id: str) -> str:
        """The date that it is about, or the first of them."""
        planned = await self.system.journal("notifications", "notifications.message_scheduled.v1")
        return next(str(fact["subject_id"]) for fact in planned if fact["message_id"] == message_id)

    @property
    def texts(self) -> list[str]:
        return [text.body for text in self.outside.gateway.texts]

    async def planned(self) -> set[str]:
        """Templates of the messages that are still to go."""
        agenda = await self.system.workers["notifications"].runtime.load(AGENDA, PATIENT)
        return {note.template for note in agenda.state.notes.values() if note.is_planned} if agenda else set()

    async def ends(self) -> list[str]:
        """`sent APPT_D1`, `suppressed APPT_D3 cap_reserved` …: how messages went, in order."""
        rows = await self.system.workers["notifications"].tables.rows("journal")
        names = [(row["type"].split(".")[1], msgspec.json.decode(row["data"])) for row in rows]
        return [
            " ".join(filter(None, (name.removeprefix("message_"), fact["template"], fact.get("reason"))))
            for name, fact in names
            if name in ENDS
        ]

    async def news(self, number: int, *, at: str | None = None, **about: Any) -> None:
        """Something that the patient hears of at once, of the lowest rank."""
        case = derive(ROOT, f"case {number}")
        fact = MdtDecisionRecorded(
            case_id=case,
            meeting_id=case,
            decision="programme",
            attendees=("physician",),
            quorum_met=True,
            dissent=False,
            actions=(),
            note_ref=case,
        )
        await self.tell(fact, at=at, aggregate=case, **about)
