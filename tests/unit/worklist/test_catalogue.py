"""Every item opens, is due and closes as the catalogue of the domain brief says. Dates are the journeys'."""

from datetime import datetime

import pytest

from backbone.ids import ROOT, derive
from schemas.fact import Fact
from schemas.generic import generic_facts
from schemas.scheduling.v1.waitlist import WaitlistJoined
from services.worklist.item.states import Cancelled, Completed, Waiting
from tests.support.desk import FLAG, NURSE, PATIENT, REFERRAL, Desk, clinic
from tests.support.examples import example_fact
from tests.support.referral_facts import (
    BOOKING,
    booking_requested,
    found_complete,
    found_incomplete,
    information_not_received,
    information_requested,
    information_supplied,
    progressed,
    red_flag_raised,
    red_flag_resolved,
    red_flag_unclear,
    redirected,
    rejected,
    triage_suggested,
    triaged,
)

STUCK = {"fact_type": "referral.received.v1", "fact_id": FLAG}
A_FACT = STUCK | {"aggregate_type": "item", "since": datetime.fromisoformat("2027-01-04T14:00:00Z")}
PARKED = {"reason": "unparsable", "since": datetime.fromisoformat("2027-01-04T14:00:00Z")}
REFERRALS = generic_facts("referral")
SUICIDE = "suicide_mental_health"


async def told(start: str, *facts: Fact) -> Desk:
    desk = Desk(start)
    await desk.tell(*facts)
    return desk


@pytest.mark.parametrize(
    ("opening", "at", "item_type", "queue", "priority", "due"),
    [
        (
            found_incomplete(),
            "2027-01-04 09:00",
            "REF_COMPLETE",
            "coordination",
            "routine",
            "2027-01-05 17:00",
        ),
        (
            information_requested(),
            "2027-01-04 09:40",
            "REF_INFO_WAIT",
            "coordination",
            "routine",
            "2027-01-18 17:00",
        ),
        (
            red_flag_unclear(),
            "2027-01-08 16:30",
            "REF_CALL_REFERRER",
            "nursing",
            "urgent",
            "2027-01-11 17:00",
        ),
        (triage_suggested(), "2027-01-11 10:00", "REF_TRIAGE", "nursing", "routine", "2027-01-18 17:00"),
        (triage_suggested("cat_1"), "2027-01-11 10:00", "REF_TRIAGE", "nursing", "asap", "2027-01-12 17:00"),
        (
            booking_requested(),
            "2027-01-13 14:00",
            "BOOK_VISIT",
            "coordination",
            "routine",
            "2027-01-20 17:00",
        ),
        (
            booking_requested("urgent"),
            "2027-01-13 14:00",
            "BOOK_VISIT",
            "coordination",
            "urgent",
            "2027-01-20 17:00",
        ),
        (
            REFERRALS.stuck(**A_FACT),
            "2027-01-05 09:00",
            "FACT_STUCK",
            "coordination",
            "urgent",
            "2027-01-06 17:00",
        ),
        (
            REFERRALS.parked(**PARKED),
            "2027-01-09 09:00",
            "PATIENT_PARKED",
            "coordination",
            "asap",
            "2027-01-11 17:00",
        ),
    ],
)
async def test_an_opening_fact_opens_its_item_in_its_queue_with_its_due_time(
    opening: Fact, at: str, item_type: str, queue: str, priority: str, due: str
) -> None:
    desk = await told(at, opening)
    item = desk.the(item_type).item
    assert desk.open() == [f"{queue} {item_type}"]
    assert (item.priority, item.due_at, item.waiting_since) == (priority, clinic(due), clinic(at))
    assert item.ack_due_at is None
    assert [row["item_type"] for row in desk.queue(queue).values()] == [item_type]


@pytest.mark.parametrize(
    ("flag", "severity", "raised", "queue", "priority", "ack", "due"),
    [
        (SUICIDE, "same_day", "02-01 08:30", "psychology", "stat", "02-01 09:00", "02-01 17:00"),
        ("acute_no_diagnosis", "same_day", "02-18 21:30", "medical", "stat", "02-18 22:00", "02-18 23:30"),
        ("acute_no_diagnosis", "same_day", "02-20 09:00", "medical", "stat", "02-20 09:30", "02-20 11:00"),
        ("acute_no_diagnosis", "same_day", "02-18 15:00", "medical", "stat", "02-18 15:30", "02-18 17:00"),
        ("cauda_equina_neuro", "emergency", "02-01 23:50", "medical", "stat", "02-02 00:05", "02-02 00:50"),
        ("malignancy", "urgent", "03-09 11:00", "medical", "asap", "03-09 15:00", "03-10 17:00"),
        ("malignancy", "urgent", "03-12 16:00", "medical", "asap", "03-15 11:00", "03-15 17:00"),
        ("infection", "urgent", "03-13 12:00", "medical", "asap", "03-15 12:00", "03-15 17:00"),
    ],
)  # fmt: skip
async def test_a_red_flag_has_an_acknowledgement_deadline_and_a_due_time_by_its_severity(
    flag: str, severity: str, raised: str, queue: str, priority: str, ack: str, due: str
) -> None:
    desk = await told(f"2027-{raised}", red_flag_raised(flag, severity))
    item = desk.the("RED_FLAG").item
    assert (item.queue, item.priority) == (queue, priority)
    assert (item.ack_due_at, item.due_at) == (clinic(f"2027-{ack}"), clinic(f"2027-{due}"))
    assert (item.subject_type, item.subject_id, item.referral_id) == ("red_flag", FLAG, REFERRAL)


@pytest.mark.parametrize(
    ("item_type", "opening", "closing"),
    [
        ("REF_COMPLETE", found_incomplete(), information_requested()),
        ("REF_COMPLETE", found_incomplete(), found_complete()),
        ("REF_COMPLETE", found_incomplete(), rejected()),
        ("REF_INFO_WAIT", information_requested(), information_supplied()),
        ("REF_INFO_WAIT", information_requested(), found_complete()),
        ("REF_INFO_WAIT", information_requested(), rejected()),
        ("REF_INFO_WAIT", information_requested(), progressed("X03")),
        ("REF_CALL_REFERRER", red_flag_unclear(), red_flag_resolved()),
        ("REF_CALL_REFERRER", red_flag_unclear(), red_flag_raised()),
        ("RED_FLAG", red_flag_raised(), red_flag_resolved()),
        ("REF_TRIAGE", triage_suggested(), triaged()),
        ("REF_TRIAGE", triage_suggested(), rejected()),
        ("REF_TRIAGE", triage_suggested(), redirected()),
        ("REF_TRIAGE", triage_suggested(), information_requested()),
        ("FACT_STUCK", REFERRALS.stuck(**A_FACT), REFERRALS.unstuck(**STUCK)),
        ("PATIENT_PARKED", REFERRALS.parked(**PARKED), REFERRALS.unparked()),
    ],
)
async def test_a_closing_fact_completes_its_item(item_type: str, opening: Fact, closing: Fact) -> None:
    desk = await told("2027-01-04 09:00", opening)
    await desk.tell(closing, at="2027-01-04 09:40", actor=NURSE)
    completed = desk.the(item_type)
    assert isinstance(completed, Completed)
    assert item_type not in " ".join(desk.open())
    [fact] = desk.payloads("item_completed")
    assert fact["item_wait_s"] == 40 * 60
    assert fact["completed_by"] == NURSE.id


@pytest.mark.parametrize("tid", ["X07", "06"])
async def test_other_progress_does_not_close_the_wait_for_information(tid: str) -> None:
    desk = await told("2027-01-04 09:00", information_requested(), progressed(tid))
    assert desk.open() == ["coordination REF_INFO_WAIT"]


@pytest.mark.parametrize("ending", [rejected(), redirected()])
async def test_the_end_of_a_referral_cancels_its_open_items_but_not_its_red_flags(ending: Fact) -> None:
    desk = await told("2027-01-04 09:00", red_flag_raised(), red_flag_unclear(), booking_requested())
    await desk.tell(ending)
    assert desk.open() == ["psychology RED_FLAG"]
    assert isinstance(desk.the("BOOK_VISIT"), Cancelled)
    assert isinstance(desk.the("REF_CALL_REFERRER"), Cancelled)
    await desk.tell(red_flag_resolved())
    assert desk.open() == []


async def test_the_end_of_a_referral_completes_what_it_closes_and_cancels_the_rest() -> None:
    desk = await told("2027-01-04 09:00", triage_suggested(), booking_requested(), rejected())
    assert isinstance(desk.the("REF_TRIAGE"), Completed)
    assert isinstance(desk.the("BOOK_VISIT"), Cancelled)


async def test_the_end_of_a_referral_leaves_the_items_of_other_referrals() -> None:
    other = derive(ROOT, "referral 2")
    desk = await told("2027-01-04 09:00", booking_requested())
    await desk.tell(booking_requested(request=other), referral=other)
    await desk.tell(rejected())
    assert [s.item.referral_id for s in desk.states().values() if isinstance(s, Waiting)] == [other]


async def test_a_request_for_information_closes_and_opens_in_one_fact() -> None:
    desk = await told("2027-01-04 09:00", found_incomplete())
    await desk.tell(information_requested(), at="2027-01-04 09:40")
    assert desk.facts() == ["item_opened", "item_completed", "item_opened"]
    assert desk.open() == ["coordination REF_INFO_WAIT"]


async def test_missing_information_is_pressed_for_on_day_14_and_becomes_urgent_on_day_21() -> None:
    desk = await told("2027-01-04 09:40", information_requested())
    await desk.tell(information_not_received("reminder"), at="2027-01-18 08:00")
    item = desk.the("REF_INFO_WAIT").item
    assert (item.priority, item.due_at, item.level) == ("routine", clinic("2027-01-25 17:00"), 0)
    await desk.tell(information_not_received("decision"), at="2027-01-25 08:00")
    item = desk.the("REF_INFO_WAIT").item
    assert (item.priority, item.due_at, item.level) == ("urgent", clinic("2027-01-25 17:00"), 0)
    assert desk.facts() == ["item_opened", "item_reprioritised", "item_reprioritised"]


async def test_two_red_flags_of_one_referral_are_two_items() -> None:
    desk = await told(
        "2027-01-04 09:00", red_flag_raised(), red_flag_raised("malignancy", "urgent", REFERRAL)
    )
    assert desk.open() == ["medical RED_FLAG", "psychology RED_FLAG"]
    await desk.tell(red_flag_resolved())
    assert desk.open() == ["medical RED_FLAG"]


async def test_a_triage_decision_orders_all_open_items_of_the_referral() -> None:
    desk = await told("2027-01-11 10:00", red_flag_raised(), triage_suggested("cat_1"))
    assert (desk.the("REF_TRIAGE").item.category, desk.the("RED_FLAG").item.category) == ("cat_1", None)
    await desk.tell(booking_requested(), triaged("cat_2", "2027-04-04"))
    for item_type in ("RED_FLAG", "BOOK_VISIT"):
        item = desk.the(item_type).item
        assert (item.category, str(item.target_date)) == ("cat_2", "2027-04-04")


async def test_a_record_that_the_worklist_itself_cannot_read_becomes_an_item_at_once() -> None:
    desk = await told("2027-01-04 09:00", triage_suggested())
    *_, message = desk.told
    desk.system.produce(message[0], PATIENT, b"not JSON", message[3] | {"ce_id": derive(ROOT, "broken")})
    await desk.tell(triaged())
    assert desk.open() == ["coordination PATIENT_PARKED", "nursing REF_TRIAGE"]
    assert isinstance(desk.the("PATIENT_PARKED"), Waiting)
    await desk.system.workers["worklist"].parking.skip(PATIENT, NURSE)
    await desk.system.workers["worklist"].parking.retry(PATIENT, NURSE)
    assert desk.open() == []


async def test_an_opening_names_the_rule_that_gave_its_due_time() -> None:
    desk = await told("2027-01-04 09:00", found_incomplete(), red_flag_raised())
    rules = [row.rules for row in desk.tables.journal if row.type == "worklist.item_opened.v1"]
    assert rules == ["item.due@1", "safety.times@2"]


async def test_the_waiting_list_gives_a_booking_its_urgency() -> None:
    desk = await told("2027-01-13 14:00", booking_requested())
    joined = example_fact(
        WaitlistJoined, booking_request_id=BOOKING, category="cat_1", target_date="2027-02-01"
    )
    await desk.tell(joined)
    item = desk.the("BOOK_VISIT").item
    assert (item.category, str(item.target_date)) == ("cat_1", "2027-02-01")
