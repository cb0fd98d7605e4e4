"""A clinic in memory with one patient who has one of everything that scheduling keeps, by the names of the paths."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from backbone.model import One, Send, Service, one, together
from services.scheduling.attendance_case.aggregate import ATTENDANCE_CASE, AskForReview
from services.scheduling.authorisation.aggregate import AUTHORISATION, NeedAuthorisation
from services.scheduling.authorisation.states import authorisation_id
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    RequestBooking,
)
from services.scheduling.booking_request.reactions.requests import first_visit
from services.scheduling.booking_request.states import Wish
from services.scheduling.gate.aggregate import GATE
from services.scheduling.gate.commands import OpenGate
from services.scheduling.gate.states import gate_id
from services.scheduling.group_time.aggregate import group_at
from services.scheduling.referral_record.aggregate import RECORD, NoteUrgency
from services.scheduling.service import SERVICE
from services.scheduling.slot.aggregate import slot_at
from services.scheduling.slot.states import SlotTime
from tests.support.access import SilentStore
from tests.support.feed import PATIENT, REFERRAL
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import PRACTICE
from tests.support.told import at_clinic

COORDINATOR = "cora.lind"
OTHERS, OTHERS_REFERRAL = derive(ROOT, "another patient"), derive(ROOT, "another referral")
OF_PATIENT = {"patient_id": PATIENT, "referral_id": REFERRAL, "mode": "phone"}


class DatesClinic(MemoryClinic):
    """`patient`, `another` and `practice` have tokens besides the staff."""

    asked = 0

    def __init__(self, service: Service = SERVICE, beside: tuple[Service, ...] = ()) -> None:
        people = {
            "patient": Principal("patient", PATIENT),
            "another": Principal("patient", OTHERS),
            "practice": Principal("referrer", PRACTICE),
        }
        super().__init__("2027-01-04 09:00", (service, *beside), people, {"scheduling": SilentStore()})

    async def tell(self, *sends: Send, patient: str = PATIENT, referral: str = REFERRAL) -> None:
        """As facts about the patient would."""
        outcome = await self.system.order(
            "scheduling", together(*sends, about=one(patient), pathway=one(referral))
        )
        assert outcome.refusal is None, outcome.refusal

    async def refer(self, patient: str = PATIENT, referral: str = REFERRAL) -> None:
        """The referral is triaged: scheduling knows it."""
        urgency = NoteUrgency(category="cat_2", target_date=date(2027, 4, 4))
        await self.tell(RECORD.send(urgency, to=one(referral)), patient=patient, referral=referral)

    async def ask_for(self, discipline: Any, **whose: str) -> str:
        """An assessment has to be booked."""
        wish = Wish(purpose="assessment", discipline=discipline, priority="routine")
        self.asked += 1
        made = derive(ROOT, f"request {self.asked}")
        await self.tell(BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(made)), **whose)
        return made

    async def order_procedure(self, referral: str = REFERRAL) -> tuple[str, str]:
        """With an escort and a payer's approval to show; and what has to be booked of it."""
        procedure, request = derive(ROOT, "a procedure"), derive(ROOT, "a procedure's request")
        asked: Any = {"procedure_id": procedure, "family": "mbb_ct"}
        wish = Wish(purpose="procedure", discipline="medical", priority="urgent", procedure_id=procedure)
        await self.tell(
            AUTHORISATION.send(NeedAuthorisation(**asked), to=one(authorisation_id(referral, "mbb_ct"))),
            *(
                GATE.send(
                    OpenGate(kind=kind, referral_id=referral, **asked), to=one(gate_id(procedure, kind))
                )
                for kind in ("escort", "authorisation")
            ),
            BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request)),
        )
        return procedure, request

    async def small_group(self, when: str) -> None:
        """One has a place of a group that is soon."""
        wish = Wish(purpose="group_session", discipline="psychology", priority="routine")
        request = derive(ROOT, "a group's request")
        await self.tell(BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request)))
        await self.book(request, "priya.nair", when)

    def slot(self, login: str, when: str) -> Mapping[str, str]:
        return {"clinician_id": self.staff(login), "start": at_clinic(when).isoformat()}

    async def post(self, path: str, **body: Any) -> Any:
        """By the coordinator; it must succeed."""
        return await self.ask("POST", "scheduling", path, COORDINATOR, json=body)

    async def book(self, request_id: str, login: str, when: str) -> str:
        path, slots = f"/booking-requests/{request_id}/appointments", [self.slot(login, when)]
        [made] = (await self.post(path, slots=slots, short_notice_accepted=True))["appointment_ids"]
        return str(made)

    def leg(self, request_id: str, login: str, when: str) -> Mapping[str, Any]:
        return {"booking_request_id": request_id, "slot": self.slot(login, when)}


async def everything(clinic: DatesClinic) -> Mapping[str, str]:
    """One of each kind, by the name that paths give it."""
    await clinic.refer()
    wish = Wish(purpose="initial_consultation", discipline="medical", priority="routine")
    order = first_visit(REFERRAL, wish, "cat_2", date(2027, 4, 4))
    await clinic.tell(*order.sends)
    [first, entry] = [send.to.id for send in order.sends if isinstance(send.to, One)]
    slots = [clinic.slot("paul.okafor", f"2027-01-{day} 09:00") for day in (20, 22)]
    offer = await clinic.post(f"/booking-requests/{first}/offers", slots=slots, mode="phone")
    legs = [
        clinic.leg(await clinic.ask_for("physiotherapy"), "fay.dunn", "2027-01-21 09:00"),
        clinic.leg(await clinic.ask_for("psychology"), "priya.nair", "2027-01-21 10:30"),
    ]
    day = await clinic.post("/joint-days", **OF_PATIENT, legs=legs, hold=True)
    appointment = await clinic.book(await clinic.ask_for("nursing"), "nora.quinn", "2027-01-19 09:00")
    await clinic.tell(ATTENDANCE_CASE.send(AskForReview(trigger="ATT-04"), to=one(appointment)))
    absence = {"referral_id": REFERRAL, "kind": "medical", "start": "2027-03-01"}
    period = await clinic.post(f"/patients/{PATIENT}/unavailability", **absence)
    procedure, _ = await clinic.order_procedure()
    await clinic.small_group("2027-01-06 12:30")
    return {
        "procedure_id": procedure,
        "gate_id": gate_id(procedure, "escort"),
        "request_id": await clinic.ask_for("social_work"),
        "entry_id": entry,
        "group_id": group_at(clinic.staff("priya.nair"), at_clinic("2027-01-06 12:30")).id,
        "offer_id": offer["offer_id"],
        "day_id": day["joint_day_id"],
        "appointment_id": appointment,
        "case_id": appointment,
        "period_id": period["period_id"],
        "patient_id": PATIENT,
        "slot_id": slot_at(SlotTime(clinic.staff("nora.quinn"), at_clinic("2027-01-19 09:00"))).id,
    }
