"""The system offers a freed time to who waits, to one patient after another, and nobody has to press (ATT-09)."""

from pathlib import Path
from typing import Any

import pytest

from backbone.model import Command, EffectCall, Handler
from config.loading import SHIPPED
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.appointment.aggregate import appointment_id
from services.scheduling.booking_request.outside import ask_next, left_to_people
from services.scheduling.service import SERVICE as SCHEDULING
from services.scheduling.slot.states import SEARCH
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_freed_slots import WHEN, agrees, given_back
from tests.component.test_waits_and_dates import PRACTICE_TOKEN, Clinic
from tests.support.configuring import change, copied
from tests.support.submissions import somebody
from tests.support.told import at_clinic


@pytest.fixture
def clinic() -> Clinic:
    return Clinic("2027-01-04 09:00", (REFERRALS, SCHEDULING, WORKLIST), PRACTICE_TOKEN)


def asked(clinic: Clinic) -> list[str]:
    """For which appointments a freed time was offered, in order."""
    return [str(fact.subject) for fact in clinic.facts() if fact.name == "waitlist_offer_made"]


def wanting(clinic: Clinic) -> list[str]:
    """The appointments to be of those who wait, in order of their referrals; who gave the time back is the first."""
    joined = [fact.fact for fact in clinic.facts() if fact.name == "waitlist_joined"]
    return [appointment_id(each["booking_request_id"], 1) for each in joined]


async def declines(clinic: Clinic) -> None:
    await clinic.post(f"/offers/{clinic.last('waitlist_offer_made').fact['offer_id']}/decline")


async def test_one_after_another_is_asked_and_a_person_only_when_nobody_is_left(clinic: Clinic) -> None:
    await given_back(clinic, "cat_3", "cat_1")
    _, third, first, _ = wanting(clinic)
    assert asked(clinic) == [first] and not clinic.items("SLOT_FILL")
    made = clinic.last("waitlist_offer_made").fact
    assert (made["mode"], made["hold_until"], made["notice_days"]) == ("message", "2027-01-11T18:00:00Z", 9)
    await declines(clinic)
    assert asked(clinic) == [first, third] and not clinic.items("SLOT_FILL")
    await clinic.at("2027-01-11 13:01")
    assert asked(clinic) == [first, third]
    assert clinic.count("freed_slot_left") == 1 and clinic.items("SLOT_FILL")
    counted = [
        fact.fact["counts"] for fact in clinic.facts() if fact.name in ("offer_declined", "offer_expired")
    ]
    assert counted == [False, False]
    await clinic.at("2027-01-20 09:01")
    assert not clinic.items("SLOT_FILL")


async def test_who_takes_it_is_booked_and_nobody_else_is_asked(clinic: Clinic) -> None:
    await given_back(clinic, "cat_2", "cat_3")
    offer = clinic.last("waitlist_offer_made").fact["offer_id"]
    await clinic.post(f"/offers/{offer}/accept", start=at_clinic(WHEN).isoformat())
    assert clinic.last("freed_slot_closed").fact["outcome"] == "booked"
    await clinic.at("2027-01-12 09:00")
    assert len(asked(clinic)) == 1 and not clinic.count("freed_slot_left")


async def test_nobody_is_asked_at_night_and_the_hold_counts_from_the_morning(clinic: Clinic) -> None:
    await clinic.refer()
    visit = await clinic.book(WHEN)
    await clinic.refer("cat_1", source_id="R-2", patient=somebody(2))
    await agrees(clinic, clinic.last("waitlist_joined").subject)
    await clinic.at("2027-01-11 22:30")
    await clinic.post(f"/appointments/{visit}/cancel", by="patient", reason="ill")
    assert not asked(clinic)
    await clinic.at("2027-01-12 08:01")
    assert clinic.last("waitlist_offer_made").fact["hold_until"] == at_clinic("2027-01-12 12:00").strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


async def test_a_time_that_begins_before_the_hold_would_end_is_a_persons_work_at_once(clinic: Clinic) -> None:
    await clinic.refer()
    visit = await clinic.book(WHEN)
    await clinic.refer("cat_1", source_id="R-2", patient=somebody(2))
    await agrees(clinic, clinic.last("waitlist_joined").subject)
    await clinic.at("2027-01-20 07:30")
    await clinic.post(f"/appointments/{visit}/cancel", by="patient", reason="ill")
    assert not asked(clinic) and clinic.items("SLOT_FILL")


async def test_who_is_asked_is_asked_once_also_when_the_process_dies_before_it_can_say_so() -> None:
    async def twice(call: EffectCall) -> Command:
        runtime = asking.system.workers["scheduling"].runtime
        await ask_next(runtime, call)
        return await ask_next(runtime, call._replace(attempt=2))

    handlers = {"scheduling": {SEARCH: Handler(twice, left_to_people)}}
    services = (REFERRALS, SCHEDULING, WORKLIST)
    asking = Clinic("2027-01-04 09:00", services, PRACTICE_TOKEN, outside=handlers)
    await given_back(asking, "cat_1", "cat_2")
    assert len(asked(asking)) == 1 and not asking.count("freed_slot_left")


async def test_what_cannot_be_searched_is_a_persons_work() -> None:
    async def fails(call: EffectCall) -> Command:
        raise ValueError("a bug")

    handlers = {"scheduling": {SEARCH: Handler(fails, left_to_people)}}
    services = (REFERRALS, SCHEDULING, WORKLIST)
    clinic = Clinic("2027-01-04 09:00", services, PRACTICE_TOKEN, outside=handlers)
    await given_back(clinic, "cat_1")
    assert not asked(clinic) and clinic.items("SLOT_FILL")


def texts(clinic: Clinic) -> list[tuple[Any, str]]:
    return [
        (each.to, each.body) for each in clinic.outside.gateway.texts if "a time has become free" in each.body
    ]


async def test_they_are_told_by_text_and_who_cannot_be_told_holds_up_nobody() -> None:
    services = (REFERRALS, SCHEDULING, NOTIFICATIONS, WORKLIST)
    clinic = Clinic("2027-01-04 09:00", services, PRACTICE_TOKEN)
    await clinic.refer()
    visit = await clinic.book(WHEN)
    consents = [{"channel": "sms", "purpose": "care"}]
    for number, category, more in ((2, "cat_1", {}), (3, "cat_2", {"consents": consents})):
        patient = somebody(number) | {"contact": {"phone": f"+1 212 555 01{number}0", **more}}
        await clinic.refer(category, source_id=f"R-{number}", patient=patient)
        await agrees(clinic, clinic.last("waitlist_joined").subject)
    await clinic.at("2027-01-11 09:00")
    await clinic.post(f"/appointments/{visit}/cancel", by="patient", reason="ill")
    await clinic.at("2027-01-11 09:05")
    assert asked(clinic) == wanting(clinic)[1:3]
    assert [to for to, _ in texts(clinic)] == ["+12125550130"]


async def decline(clinic: Clinic, times: int) -> None:
    """One after another, a minute each."""
    for minute in range(1, times + 1):
        await clinic.at(f"2027-01-11 09:{minute:02}")
        await declines(clinic)


SCHEMES = {
    "AU-QLD": ("cat_1", "cat_2", "cat_3"),
    "CA-WTA": ("cancer", "nerve_damage", "disc", "other"),
    "IASP": ("most_urgent", "urgent", "routine"),
    "UK-ENG-SCO": ("rtt",),
    "UK-WAL": ("rtt",),
    "NZ-BoP": ("p1",),
    "CA-TOR": ("urgent", "other"),
}
"""The categories of each scheme, the most urgent first."""


def test_every_scheme_has_its_order_here() -> None:
    assert SCHEMES.keys() == SCHEDULING.load_rules(SHIPPED).urgency.schemes.keys()


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_in_every_scheme_the_most_urgent_is_asked_first(scheme: str, tmp_path: Path) -> None:
    change(copied(tmp_path) / "clinic.toml", 'urgency_scheme = "AU-QLD"', f'urgency_scheme = "{scheme}"')
    services = (REFERRALS, SCHEDULING, WORKLIST)
    clinic = Clinic("2027-01-04 09:00", services, PRACTICE_TOKEN, config=tmp_path)
    categories = SCHEMES[scheme]
    await clinic.refer(categories[-1])
    visit = await clinic.book(WHEN)
    for number, category in enumerate(reversed(categories), start=2):
        await clinic.refer(category, source_id=f"R-{number}", patient=somebody(number))
        await agrees(clinic, clinic.last("waitlist_joined").subject)
    waiting = wanting(clinic)[:0:-1]
    await clinic.at("2027-01-11 09:00")
    await clinic.post(f"/appointments/{visit}/cancel", by="patient", reason="ill")
    await decline(clinic, len(categories))
    assert asked(clinic) == waiting[: len(categories)]


async def test_of_equals_who_waits_longest_is_asked_first(clinic: Clinic) -> None:
    """Whatever their ids: among five there is one that a list by id would ask too soon."""
    await clinic.refer("cat_3")
    visit = await clinic.book(WHEN)
    entries = []
    for number in range(2, 7):
        await clinic.at(f"2027-01-04 09:{number:02}")
        await clinic.refer("cat_2", source_id=f"R-{number}", patient=somebody(number))
        entries.append(clinic.last("waitlist_joined").subject)
        await agrees(clinic, entries[-1])
    await clinic.at("2027-01-11 09:00")
    await clinic.post(f"/appointments/{visit}/cancel", by="patient", reason="ill")
    await decline(clinic, 4)
    assert entries != sorted(entries) and asked(clinic) == wanting(clinic)[1:6]


async def test_of_the_same_urgency_and_date_who_takes_short_notice_is_asked_first(clinic: Clinic) -> None:
    await clinic.refer("cat_3")
    visit = await clinic.book("2027-02-10 09:00")
    for number in (2, 3):
        await clinic.refer("cat_2", source_id=f"R-{number}", patient=somebody(number))
    await agrees(clinic, clinic.last("waitlist_joined").subject)
    await clinic.at("2027-01-11 09:00")
    await clinic.post(f"/appointments/{visit}/cancel", by="patient", reason="ill")
    await decline(clinic, 2)
    _, first, flexible, *_ = wanting(clinic)
    assert asked(clinic) == [flexible, first]
