"""What the rules of scheduling look at, of visits: dates, counts, lists, absences. What comes before a procedure is in
`procedures.py`."""

from typing import Any

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.activity import ActivityAccepted, ActivityReviewed
from schemas.care_plan.v1.discharge import PifuUsed
from schemas.care_plan.v1.plan import PlanReviewFellDue
from schemas.care_plan.v1.safety import SafetyAlertRaised
from schemas.notifications.v1.message import MessageDelivered
from schemas.referral.v1.patient import PatientsMerged
from schemas.referral.v1.referral import ReferralWithdrawn
from services.scheduling.service import SERVICE
from tests.support.examples import example_fact
from tests.support.feed import PATIENT, REFERRAL, Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.referral_facts import SOMEBODY, accepted, triaged
from tests.support.told import at_clinic
from tests.support.walks.order_of_care import in_order, offered_in_order
from tests.support.walks.procedures import PLAYS as PROCEDURES

CORA, PAUL, FAY, PRIYA, REGISTRAR = "cora.lind", "paul.okafor", "fay.dunn", "priya.nair", "ines.park"
OTHER, OTHERS_REFERRAL = derive(ROOT, "another record"), derive(ROOT, "another referral")
OTHERS = {"patient": OTHER, "referral": OTHERS_REFERRAL}
MERGED = PatientsMerged(surviving_id=PATIENT, merged_id=OTHER)
ILL: dict[str, Any] = {"by": "patient", "reason": "ill"}


class Dates(MemoryClinic):
    """Scheduling alone, and what it hears."""

    def __init__(self) -> None:
        super().__init__("2027-01-04 09:00", (SERVICE,), {})
        self.feed = Feed(self.system)

    async def accept(self, category: str = "cat_2", **about: str) -> "Dates":
        """Whose first visit is to be booked."""
        for fact in (triaged(category), accepted(category)):
            await self.feed.tell(fact, **about)
        return self

    async def therapy(self, name: str, who: str, discipline: Any, **about: Any) -> str:
        """What is to be booked of an activity that its discipline took on: an assessment, or a series."""
        activity, more, kind = derive(ROOT, name), about.pop("sessions", None), about.pop("kind", None)
        taken = ActivityAccepted(
            activity_id=activity,
            discipline=discipline,
            owner_id=self.staff(who),
            assessment=more is None,
            remote=False,
            sessions=more,
            kind=kind,
        )
        await self.feed.tell(taken, aggregate=activity, **about)
        return self.asked(activity)

    def asked(self, activity: str | None = None) -> str:
        """What is still to be booked: of the activity, or a first visit."""
        told = self.facts()
        done = {fact.subject for fact in told if fact.name == "booking_fulfilled"}
        asked = [fact for fact in told if fact.name == "booking_requested" and fact.subject not in done]
        return next(fact.subject for fact in asked if fact.fact.get("activity_id") == activity)

    def slot(self, login: str, when: str) -> dict[str, str]:
        return {"clinician_id": self.staff(login), "start": at_clinic(when).isoformat()}

    async def post(self, path: str, who: str = CORA, **body: Any) -> Any:
        return await self.ask("POST", "scheduling", path, who, json=body)

    async def tries(self, path: str, who: str = CORA, **body: Any) -> None:
        answer = await self.request("POST", "scheduling", path, who, json=body)
        assert answer.status_code != 422, answer.text

    async def book(self, when: str, who: str = PAUL, request: str = "") -> str:
        path = f"/booking-requests/{request or self.asked()}/appointments"
        made = await self.post(path, slots=[self.slot(who, when)], short_notice_accepted=True)
        return str(made["appointment_ids"][0])

    async def cancel(self, visit: str, **why: Any) -> None:
        await self.post(f"/appointments/{visit}/cancel", **(why or ILL))

    async def reminded(self, visit: str) -> None:
        """Twice, as who does not come must have been for it to count."""
        for template in ("APPT_D3", "APPT_D1"):
            message = derive(visit, template)
            said = MessageDelivered(
                message_id=message, template=template, subject_id=visit, subject_version=1, channel="sms"
            )
            await self.feed.tell(said, aggregate=message)

    async def enter_in_error(self, visit: str) -> None:
        await self.post(f"/appointments/{visit}/mark-in-error", REGISTRAR, reason="wrong_patient")

    async def alarm(self) -> None:
        """What a clinician has to look at within the day."""
        alert = derive(ROOT, "an alert")
        told: dict[str, Any] = {"code": "suicide_risk", "severity": "same_day", "queue": "nursing"}
        raised = SafetyAlertRaised(alert_id=alert, subject_id=PATIENT, rule="MEA-01", **told)
        await self.feed.tell(raised, aggregate=alert)

    async def missed(self, visit: str, when: str) -> None:
        await self.at(when)
        await self.post(f"/appointments/{visit}/did-not-attend")


async def gives_dates_back() -> None:
    """Once, twice, three times; one that was never meant to be there, of them and of somebody else."""
    dates = await Dates().accept("cat_1")
    for day in ("19", "20"):
        await dates.cancel(await dates.book(f"2027-01-{day} 09:00"))
    await dates.enter_in_error(await dates.book("2027-01-25 09:00"))
    therapy = await dates.therapy("an exercise", FAY, "physiotherapy")
    visit = await dates.book("2027-01-26 09:00", FAY, therapy)
    await dates.cancel(visit, by="clinic", reason="staff_absent")
    dates = await Dates().accept()
    await dates.enter_in_error(await dates.book("2027-01-25 09:00"))


async def declines_offers() -> None:
    """Until somebody looks at it."""
    dates = await Dates().accept()
    request = dates.asked()
    for first, second in (("19", "20"), ("26", "27")):
        slots = [dates.slot(PAUL, f"2027-01-{day} 09:00") for day in (first, second)]
        made = await dates.post(f"/booking-requests/{request}/offers", slots=slots, mode="phone")
        await dates.post(f"/offers/{made['offer_id']}/decline")
    case = [fact.subject for fact in dates.facts() if fact.name == "attendance_review_requested"][-1]
    await dates.post(f"/attendance-cases/{case}/review", PAUL, decision="reoffer")


async def does_not_come() -> None:
    """Reminded; in danger; and not. Whether anybody is let go follows from that too."""
    dates = await Dates().accept()
    for day in ("20", "27"):
        visit = await dates.book(f"2027-01-{day} 09:00")
        if day == "27":
            await dates.reminded(visit)
        await dates.missed(visit, f"2027-01-{day} 10:00")
        await dates.post(f"/attendance-cases/{visit}/review", PAUL, decision="reoffer")
    visit = await dates.book("2027-02-03 09:00")
    await dates.reminded(visit)
    await dates.alarm()
    await dates.missed(visit, "2027-02-03 10:00")
    await dates.tries(f"/attendance-cases/{visit}/review", PAUL, decision="discharge")


async def has_a_joint_day() -> None:
    """Comes to none of it, and was reminded of one part."""
    dates = await Dates().accept()
    legs = []
    for name, who, discipline, when in (
        ("exercise", FAY, "physiotherapy", "09:00"),
        ("talks", PRIYA, "psychology", "10:30"),
    ):
        request = await dates.therapy(name, who, discipline)
        legs.append({"booking_request_id": request, "slot": dates.slot(who, f"2027-01-21 {when}")})
    whose = {"patient_id": PATIENT, "referral_id": REFERRAL}
    await dates.post("/joint-days", **whose, mode="phone", legs=legs)
    made = [fact for fact in dates.facts() if fact.name == "joint_day_booked"][-1].fact["legs"]
    first, second = (leg["appointment_id"] for leg in made)
    await dates.reminded(first)
    for visit in (first, second):
        await dates.missed(visit, "2027-01-21 12:00")


async def is_expected_elsewhere() -> None:
    """Under another record of the person, while it is theirs: not booked then, nor asked to choose."""
    dates = await Dates().accept()
    theirs = await dates.therapy("exercise", FAY, "physiotherapy", **OTHERS)
    for patient in (PATIENT, OTHER):
        await dates.feed.tell(MERGED, patient=patient, referral=None, aggregate=patient)
    await dates.book("2027-01-21 09:00")
    nine, later = dates.slot(FAY, "2027-01-21 09:00"), dates.slot(FAY, "2027-01-22 09:00")
    path = f"/booking-requests/{theirs}"
    for slot in (nine, later):
        await dates.tries(f"{path}/offers", slots=[slot], mode="phone")
    for slot in (nine, later):
        await dates.tries(f"{path}/appointments", slots=[slot], short_notice_accepted=True)
    absence = {"kind": "medical", "start": "2027-03-01", "end": "2027-03-10"}
    await dates.accept(**OTHERS)
    for patient in (PATIENT, OTHER):
        await dates.tries(f"/patients/{patient}/unavailability", **absence, referral_id=OTHERS_REFERRAL)


async def is_expected_twice() -> None:
    """Under two records that prove to be one person's, until one of the visits is cancelled."""
    dates = await Dates().accept()
    theirs = await dates.therapy("exercise", FAY, "physiotherapy", **OTHERS)
    mine = await dates.book("2027-01-21 09:00")
    await dates.book("2027-01-21 09:00", FAY, theirs)
    for patient in (PATIENT, OTHER):
        await dates.feed.tell(MERGED, patient=patient, referral=None, aggregate=patient)
    await dates.cancel(mine)


async def goes_on_with_a_series() -> None:
    """Of which scheduling heard, or did not."""
    dates = await Dates().accept()
    await dates.therapy("sessions", FAY, "physiotherapy", sessions=2)
    for name in ("sessions", "nobody's"):
        activity = derive(ROOT, name)
        more = ActivityReviewed(activity_id=activity, decision="extend", sessions=4, decided_by=SOMEBODY)
        await dates.feed.tell(more, aggregate=activity)


async def is_looked_at_too_late() -> None:
    """A visit that was missed."""
    dates = await Dates().accept()
    visit = await dates.book("2027-01-20 09:00")
    await dates.missed(visit, "2027-01-20 10:00")
    await dates.feed.tell(example_fact(ReferralWithdrawn), aggregate=REFERRAL)
    await dates.tries(f"/attendance-cases/{visit}/review", PAUL, decision="reoffer")


async def is_to_be_looked_at_twice() -> None:
    """The plan falls due while the visit that the patient called for has no date."""
    dates = await Dates().accept()
    for fact in (example_fact(PifuUsed), example_fact(PlanReviewFellDue)):
        await dates.feed.tell(fact)


async def meets_in_a_group() -> None:
    """One that takes place, and one that was called off: booked there, offered it, moved there, or as part of a day."""
    dates, off, on = await Dates().accept(), "2027-01-13 12:30", "2027-01-20 12:30"
    group: dict[str, Any] = {"kind": "group_programme", "sessions": 4}
    first, second, third = [
        await dates.therapy(name, PRIYA, "psychology", **group) for name in ("a", "b", "c")
    ]
    exercise = await dates.therapy("exercise", FAY, "physiotherapy")
    await dates.book(off, PRIYA, first)
    group_id = [fact.subject for fact in dates.facts() if fact.name == "group_short"][-1]
    await dates.post(f"/groups/{group_id}/call-off")
    whose: dict[str, Any] = {"patient_id": PATIENT, "referral_id": REFERRAL, "mode": "phone", "hold": True}
    for when in (off, on):
        slot = dates.slot(PRIYA, when)
        await dates.tries(f"/booking-requests/{second}/offers", slots=[slot], mode="phone")
        beside = {"booking_request_id": exercise, "slot": dates.slot(FAY, f"{when[:10]} 11:00")}
        legs = [{"booking_request_id": third, "slot": slot}, beside]
        await dates.tries("/joint-days", **whose, legs=legs)
        await dates.tries(f"/booking-requests/{first}/appointments", slots=[slot], short_notice_accepted=True)
    visit = await dates.book("2027-01-27 12:30", PRIYA, first)
    for when in (off, "2027-02-03 12:30"):
        moving: dict[str, Any] = {"slot": dates.slot(PRIYA, when), "by": "clinic", "reason": "ill"}
        await dates.tries(f"/appointments/{visit}/move", **moving)


PLAYS = (
    *(in_order, offered_in_order),
    *(gives_dates_back, declines_offers, does_not_come, has_a_joint_day),
    *(is_expected_elsewhere, is_expected_twice, goes_on_with_a_series),
    *(is_looked_at_too_late, is_to_be_looked_at_twice, meets_in_a_group),
    *PROCEDURES,
)
