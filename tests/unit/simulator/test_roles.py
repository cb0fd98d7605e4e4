"""What the simulated people know and choose: the pure parts."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from simulator.behaviour import plans
from simulator.chart import Chart, Told
from simulator.roles.booking import chained, two_days
from simulator.roles.messages import Messages
from simulator.roles.patients import ITEMS, answers


class Calls:
    """A desk that notes where it posts."""

    def __init__(self) -> None:
        self.posted: list[str] = []

    async def act(self, item: Any, action: str, who: str) -> None:
        return None

    async def post(self, service: str, path: str, who: str, **body: Any) -> None:
        self.posted.append(path)


async def test_who_agreed_to_nothing_is_asked_once_more_when_they_are_called() -> None:
    told_nothing = [each for each in plans(110) if not each.channels]
    desk, people = Calls(), {each.source_id: each for each in told_nothing}
    world: Any = SimpleNamespace(desk=desk, of_patient=people, dead=set(), did=lambda what: None)
    messages = Messages(world)
    for patient in (*people, *people):
        await messages.handlers["NO_CHANNEL"]({"patient_id": patient, "subject_id": "m"}, "cora.lind")
    agreed = [path for path in desk.posted if path.endswith("/consents")]
    assert len(agreed) == len(set(agreed)) and len(told_nothing) / 2 < len(agreed) < len(told_nothing)


AT = datetime(2027, 1, 4, 14, tzinfo=UTC)


def slot(start: str, end: str) -> dict[str, str]:
    return {"start": f"2027-01-{start}:00Z", "end": f"2027-01-{end}:00Z", "clinician_id": "c"}


def told(name: str, subject: str, **fact: Any) -> Told:
    return Told("scheduling", name, subject, "p", "r", AT, fact)


BOOKED: dict[str, Any] = {
    "start": "2027-01-20T14:00:00Z",
    "end": "2027-01-20T15:00:00Z",
    "purpose": "initial_consultation",
    "discipline": "medical",
    "clinician_id": "c",
    "remote": False,
    "version": 1,
}


def test_two_dates_are_on_two_days() -> None:
    free = [slot("05T09:00", "05T10:00"), slot("05T10:00", "05T11:00"), slot("06T09:00", "06T10:00")]
    assert two_days(free) == [free[0], free[2]]
    assert two_days(free[:2]) == [free[0]] and two_days([]) == []


def test_a_joint_day_is_one_date_without_long_waits_between() -> None:
    first = [slot("05T09:00", "05T10:00"), slot("06T09:00", "06T10:00")]
    second = [slot("05T13:00", "05T14:00"), slot("06T11:00", "06T12:00")]
    assert chained([first, second]) == [first[1], second[1]]
    assert chained([first[:1], second]) == []


def test_the_chart_follows_a_date_from_booking_to_its_end() -> None:
    chart = Chart()
    chart.take(told("appointment_booked", "a", **BOOKED))
    moved = {
        "start": "2027-01-22T14:00:00Z",
        "end": "2027-01-22T15:00:00Z",
        "clinician_id": "d",
        "version": 2,
    }
    chart.take(told("appointment_moved", "a", **moved))
    assert (chart.visits["a"].version, chart.visits["a"].clinician, chart.visits["a"].status) == (
        2,
        "d",
        "booked",
    )
    chart.take(told("patient_attended", "a"))
    assert chart.visits["a"].status == "attended" and chart.first_visits["r"].day == 22


def test_rows_of_a_queue_come_and_go() -> None:
    chart = Chart()
    row = {"item_type": "BOOK_VISIT", "subject_id": "b"}
    chart.row("coordination", "i", row)
    assert chart.item("coordination", "BOOK_VISIT", "b") == row
    chart.row("coordination", "i", None)
    assert chart.item("coordination", "BOOK_VISIT", "b") is None


def test_answers_fit_their_instruments_and_risk_is_answered_once() -> None:
    for story in plans(40):
        for turn in (1, 2, 3):
            given = answers(story, tuple(ITEMS), turn)
            assert all(
                len(given[name]) == count and min(given[name]) >= 0 and max(given[name]) <= highest
                for name, (count, highest) in ITEMS.items()
            )
            assert bool(given["phq9"][8]) == ("at_risk" in story.habits and turn == 1)


def test_a_patient_answers_the_same_text_in_the_same_way() -> None:
    said = [story.reply_to("message/1") for story in plans(110)]
    assert said == [story.reply_to("message/1") for story in plans(110)]
    assert {"CONFIRM", None} <= set(said)
