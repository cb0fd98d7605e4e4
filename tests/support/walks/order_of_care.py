"""Sessions and the assessment that comes before them, by every way to a date (SCH-04)."""

from tests.component import test_the_order_of_care as care
from tests.support.dates import OF_PATIENT, DatesClinic


async def in_order() -> None:
    clinic = DatesClinic()
    await clinic.refer()
    await care.told(clinic, care.ACCEPTED)
    assessment = await clinic.book(care.ASSESSMENT, "fay.dunn", care.SECOND)
    await care.is_too_early(clinic, care.FIRST)
    session = await clinic.book(care.SERIES, "fay.dunn", care.THIRD)
    for when in (care.FIRST, "2027-01-28 09:00"):
        slot = clinic.slot("fay.dunn", when)
        moved = {"slot": slot, "by": "clinic", "reason": "other_plans"}
        await care.refused(clinic, f"/appointments/{session}/move", **moved)
    leg = clinic.leg(care.SERIES, "fay.dunn", "2027-02-02 09:00")
    other = clinic.leg(await clinic.ask_for("psychology"), "priya.nair", "2027-02-02 10:30")
    await care.refused(clinic, "/joint-days", **OF_PATIENT, legs=[leg, other], hold=True)
    slot = clinic.slot("fay.dunn", care.FIRST)
    await clinic.post(f"/appointments/{assessment}/move", slot=slot, by="clinic", reason="staff_absent")


async def offered_in_order() -> None:
    clinic = DatesClinic()
    await clinic.refer()
    await care.told(clinic, care.ACCEPTED)
    await clinic.book(care.ASSESSMENT, "fay.dunn", care.SECOND)
    slots = [clinic.slot("fay.dunn", care.THIRD)]
    await clinic.post(f"/booking-requests/{care.SERIES}/offers", slots=slots, mode="phone")
