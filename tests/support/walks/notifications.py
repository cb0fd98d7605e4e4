"""What the rules of notifications look at: how somebody is reached, what they agreed to, whether they live."""

from typing import Any

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.safety import SafetyAlertRaised
from schemas.fact import Fact
from schemas.referral.v1.patient import MergeUndone, PatientDeceased, PatientsMerged
from tests.support.feed import PATIENT
from tests.support.memory_clinic import directory
from tests.support.post_room import PostRoom
from tests.support.referral_http import by

OTHER = derive(ROOT, "another record")
COORDINATOR = "cora.lind"
NUMBER, LANDLINE = "+12125550142", "+12125550177"
FAR_WEST = "Pacific/Honolulu"


class Room(PostRoom):
    """Who agrees says so over HTTP."""

    async def says(self, path: str, **body: Any) -> None:
        async with self.http() as http:
            answer = await http.post(path, json=body, headers=by(directory()[COORDINATOR]))
        assert answer.is_success, answer.text
        await self.system.settle()

    async def agrees(self, patient: str = PATIENT, channel: str = "sms", given: bool = True) -> None:
        await self.says(f"/patients/{patient}/consents", channel=channel, purpose="care", given=given)

    async def both(self, fact: Fact) -> None:
        """As the registry tells it: under both keys."""
        for patient in (PATIENT, OTHER):
            await self.tell(fact, patient=patient, referral=None, aggregate=patient)


async def lives_far_away() -> None:
    """At half past midnight at the clinic it is the evening before where they are."""
    room = Room()
    await room.contact(time_zone=FAR_WEST)
    await room.agrees()
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-06 00:30")
    await room.news(1)
    await room.until("2027-01-20 15:00")


async def has_two_records() -> None:
    """What was agreed to and sent holds for both: before the merge, after it, and no more when it is undone."""
    room = Room()
    for patient in (PATIENT, OTHER):
        await room.contact(patient)
    await room.agrees()
    await room.news(1)
    await room.both(PatientsMerged(surviving_id=PATIENT, merged_id=OTHER))
    await room.agrees(OTHER, "email")
    await room.news(2, at="2027-01-06 10:00")
    undone = MergeUndone(surviving_id=PATIENT, restored_id=OTHER, decided_by=directory()[COORDINATOR].id)
    await room.both(undone)
    await room.both(PatientsMerged(surviving_id=PATIENT, merged_id=OTHER))


async def cannot_be_reached() -> None:
    """Without a number; with one and without agreeing; then told after all, by text or by mail, unless somebody called
    in between."""
    room = Room()
    await room.book("2027-01-20 14:00")
    await room.until("2027-01-04 10:00")
    await room.agrees()
    await room.contact()
    await room.says(f"/messages/{await room.message('APPT_CONFIRMED')}/contact", result="reached")
    await room.until("2027-01-05 10:00")
    by_mail = Room()
    await by_mail.contact(phone="", email="alex@example.org")
    await by_mail.book("2027-01-20 14:00")
    await by_mail.until("2027-01-04 10:00")
    await by_mail.agrees(channel="email")
    await by_mail.news(1, at="2027-01-06 10:00")


async def a_practice_cannot_be_reached() -> None:
    """Once more without an address, then with one."""
    room = Room()
    practice = await room.by_post(address=None)
    await room.until("2027-01-04 09:10")
    for address in (None, "Main Street 1"):
        said = {"kind": "organisation", "channel": "post", "phone": None}
        await room.contact(practice, **said, address=address, name="Main Street Practice")
    await room.until("2027-01-04 10:00")


async def hears_nothing() -> None:
    """Texts to the number get lost: there is a mailbox, or there is none."""
    for email in ("", "alex@example.org"):
        room = Room()
        room.outside.lost.add(NUMBER)
        await room.contact(email=email)
        for channel in ("sms", "email"):
            await room.agrees(channel=channel)
        await room.news(1)
        await room.until("2027-01-04 14:00")


async def wants_no_texts() -> None:
    """Twice; then they agree again, and once more they don't. The number changes hands in between."""
    room = Room()
    await room.contact()
    await room.agrees()
    await room.news(1)
    for again in (False, False, True):
        if again:
            await room.agrees()
        await room.outside.text_from(NUMBER, "STOP")
        await room.system.settle()
    await room.contact(phone=LANDLINE)
    await room.contact(phone=LANDLINE, email="alex@example.org")


async def is_in_danger() -> None:
    """Whoever died is not called about; whoever lives is."""
    room = Room()
    for number, alert in enumerate(("one", "two")):
        alert_id = derive(ROOT, alert)
        about: dict[str, Any] = {"code": "suicide_risk", "severity": "same_day", "queue": "nursing"}
        raised = SafetyAlertRaised(alert_id=alert_id, subject_id=PATIENT, rule="MEA-01", **about)
        await room.tell(raised, aggregate=alert_id)
        if not number:
            await room.tell(PatientDeceased(source="family"), aggregate=PATIENT)


PLAYS = (
    *(lives_far_away, has_two_records, cannot_be_reached, a_practice_cannot_be_reached),
    *(hears_nothing, wants_no_texts, is_in_danger),
)
