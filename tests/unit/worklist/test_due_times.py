"""Work that must be done before something: hours pass, days are the clinic's, and on closed days nobody works."""

from datetime import UTC, datetime, timedelta

import pytest

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.antithrombotic import AntithromboticPlanRequested
from schemas.care_plan.v1.measure import MeasureNotReceived
from schemas.care_plan.v1.procedure import ProcedurePerformed
from schemas.fact import Fact
from schemas.notifications.v1.message import MessageFailed, MessageReplied, MessageSuppressed
from schemas.scheduling.v1.appointment import GateCheckFailed
from schemas.scheduling.v1.booking import BookingRequested
from tests.support.desk import Desk, clinic

PROCEDURE = derive(ROOT, "procedure 1")


async def due(at: str, fact: Fact, item_type: str) -> datetime:
    desk = Desk(at)
    await desk.tell(fact)
    item = desk.the(item_type).item
    assert isinstance(item.due_at, datetime)
    return item.due_at


def plan(first_stop: str | None) -> AntithromboticPlanRequested:
    return AntithromboticPlanRequested(
        antithrombotic_plan_id=PROCEDURE,
        procedure_id=PROCEDURE,
        risk="intermediate",
        drug_count=1,
        blocking=True,
        first_stop_at=clinic(first_stop) if first_stop else None,
    )


@pytest.mark.parametrize(
    ("asked", "first_stop", "expected"),
    [
        ("2027-02-01 09:00", None, "2027-02-08 17:00"),
        ("2027-02-01 09:00", "2027-02-11 10:00", "2027-02-08 17:00"),
        ("2027-02-01 09:00", "2027-02-08 10:00", "2027-02-05 17:00"),
        ("2027-02-01 09:00", "2027-02-10 10:00", "2027-02-05 17:00"),
        ("2026-12-21 09:00", "2026-12-28 10:00", "2026-12-24 17:00"),
        ("2027-02-01 09:00", "2027-02-02 10:00", "2027-02-01 17:00"),
        ("2027-02-06 09:00", "2027-02-07 10:00", "2027-02-07 10:00"),
    ],
    ids=[
        *("no date", "after five days", "three days before a Monday", "three days before is a Sunday"),
        *("three days before is Christmas", "late already", "asked on a Saturday, to stop on the Sunday"),
    ],
)
async def test_a_plan_is_signed_at_the_latest_three_days_before_the_first_drug_stops(
    asked: str, first_stop: str | None, expected: str
) -> None:
    """Where that is a day on which nobody works, on the one before: never after it."""
    assert await due(asked, plan(first_stop), "ANT_PLAN") == clinic(expected)


@pytest.mark.parametrize(
    ("found", "start", "expected"),
    [
        ("2027-02-09 09:00", "2027-02-10 09:00", "2027-02-09 13:00"),
        ("2027-02-05 09:00", "2027-02-08 09:00", "2027-02-05 17:00"),
        ("2026-12-24 09:00", "2026-12-28 09:00", "2026-12-24 17:00"),
    ],
    ids=["in the week", "for a Monday", "after Christmas"],
)
async def test_a_date_is_let_go_while_somebody_is_at_work_who_can_give_it_to_another(
    found: str, start: str, expected: str
) -> None:
    failed = GateCheckFailed(version=1, checkpoint="T-24", start=clinic(start), open_gates=("escort",))
    assert await due(found, failed, "GATE_RELEASE") == clinic(expected)


@pytest.mark.parametrize("ended", ["2027-03-12 10:00", "2027-11-05 10:00", "2028-02-28 10:00"])
async def test_the_first_call_after_a_procedure_is_due_when_72_hours_have_passed(ended: str) -> None:
    """Over both clock changes, and the leap day; the second one two weeks later at the same time of day."""
    at = clinic(ended).astimezone(UTC)
    done = ProcedurePerformed(
        procedure_id=PROCEDURE, appointment_id=derive(ROOT, "a visit"), ended_at=at, complications=()
    )
    assert await due(ended, done, "POST_PROC_CALL_1") == at + timedelta(hours=72)
    later = await due(ended, done, "POST_PROC_CALL_2")
    assert later - at in (timedelta(days=14), *(timedelta(days=14, hours=each) for each in (-1, 1)))


def asked_for(on: str) -> MeasureNotReceived:
    return MeasureNotReceived(
        request_id=PROCEDURE, stage="D-1", outstanding=("peg",), due_on=clinic(f"{on} 08:00").date()
    )


def about(fact: type[Fact], start: str | None, **says: object) -> Fact:
    """A message about a visit."""
    known = {"message_id": derive(ROOT, "a message"), "subject_id": PROCEDURE, **says}
    return fact.model_validate(known | {"start": clinic(start) if start else None})


SUPPRESSED = {"template": "APPT_D1", "reason": "no_channel", "class": "appointment"}
FAILED, REPLIED = {"template": "APPT_D1", "channels": ["sms"]}, {"reply": "reschedule"}


@pytest.mark.parametrize(
    ("told", "start", "expected"),
    [
        ("2027-03-12 10:00", "2027-03-15 09:00", "2027-03-12 17:00"),
        ("2027-03-12 10:00", "2027-03-15 18:00", "2027-03-15 17:00"),
        ("2027-03-14 10:00", "2027-03-15 09:00", "2027-03-15 09:00"),
        ("2027-03-15 08:00", "2027-03-15 09:00", "2027-03-15 09:00"),
        ("2027-03-12 10:00", "2027-03-17 09:00", "2027-03-15 17:00"),
        ("2027-03-12 10:00", "2027-03-11 09:00", "2027-03-15 17:00"),
        ("2027-03-12 10:00", None, "2027-03-15 17:00"),
    ],
    ids=[
        *("before the weekend", "in the evening", "on the Sunday", "an hour before", "later than that"),
        *("past by then", "of no visit"),
    ],
)
@pytest.mark.parametrize(
    ("fact", "says", "item"),
    [
        (MessageFailed, FAILED, "CONTACT_FAILED"),
        (MessageSuppressed, SUPPRESSED, "NO_CHANNEL"),
        (MessageReplied, REPLIED, "REPLY_READ"),
    ],
    ids=["failed", "not sent", "answered"],
)
async def test_whoever_is_to_be_reached_before_a_visit_is_called_before_it(
    fact: type[Fact], says: dict[str, object], item: str, told: str, start: str | None, expected: str
) -> None:
    """On the last working day before it, if nobody works in between; what is too late for that, by its start."""
    assert await due(told, about(fact, start, **says), item) == clinic(expected)


@pytest.mark.parametrize(
    ("told", "on", "expected"),
    [
        ("2027-03-12 08:00", "2027-03-15", "2027-03-12 17:00"),
        ("2027-03-13 15:00", "2027-03-15", "2027-03-15 08:00"),
        ("2027-03-15 10:00", "2027-03-15", "2027-03-15 17:00"),
    ],
    ids=["on the Friday", "asked for on the Saturday", "asked for on the day itself"],
)
async def test_measures_of_a_monday_are_called_for_before_it(told: str, on: str, expected: str) -> None:
    assert await due(told, asked_for(on), "MEASURE_CALL") == clinic(expected)


@pytest.mark.parametrize(
    ("not_after", "expected"),
    [("2027-02-03", "2027-02-02 17:00"), ("2027-02-08", "2027-02-05 17:00"), (None, "2027-02-08 17:00")],
)
async def test_what_must_take_place_by_a_day_is_booked_before_it(
    not_after: str | None, expected: str
) -> None:
    wanted = BookingRequested.model_validate(
        {
            "booking_request_id": PROCEDURE,
            "purpose": "review",
            "discipline": "medical",
            "count": 1,
            "not_after": not_after,
            "remote": False,
            "priority": "urgent",
        }
    )
    assert await due("2027-02-01 09:00", wanted, "BOOK_VISIT") == clinic(expected)


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2027-03-15 16:00", "urgent"), ("2027-03-16 08:00", "routine")],
    ids=["on the third day", "on the fourth"],
)
async def test_whoever_comes_within_three_days_is_called_first(start: str, expected: str) -> None:
    """By the clinic's days: the reminder of three days before fails in the morning, the visit is in the afternoon."""
    failed = MessageFailed(
        message_id=derive(ROOT, "a message"),
        template="APPT_D3",
        channels=("sms",),
        subject_id=derive(ROOT, "a visit"),
        start=clinic(start),
    )
    desk = Desk("2027-03-12 10:00")
    await desk.tell(failed)
    assert desk.the("CONTACT_FAILED").item.priority == expected
