"""A row on paper: where it stands, what it says, and who is not named."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from board.printing import Row, printed, section, sections, state_of
from board.words import words

NOW = datetime(2027, 1, 13, 18, 0, tzinfo=UTC)
ROW = Row(
    20417, "REF_TRIAGE", "waiting", datetime(2027, 1, 10, 18, 0, tzinfo=UTC), overdue=False, group="today"
)
CALENDAR = SimpleNamespace(local=lambda instant: instant.astimezone(ZoneInfo("America/New_York")))
REQUEST: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(words=words(), calendar=CALENDAR)))


def a_row(**changes: Any) -> Row:
    return Row(**{name: getattr(ROW, name) for name in Row.__struct_fields__} | changes)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "today"),
        ({"status": "claimed"}, "claimed"),
        ({"resume_on": date(2027, 2, 1)}, "hold"),
        ({"status": "claimed", "resume_on": date(2027, 2, 1)}, "hold"),
    ],
)
def test_what_is_claimed_or_on_hold_stands_apart(changes: dict[str, Any], name: str) -> None:
    assert section(a_row(**changes)) == name


def test_a_hold_says_until_when() -> None:
    said = state_of(a_row(resume_on=date(2027, 2, 1)), {"on_hold": "On hold", "waiting": "Waiting"})
    assert said == "On hold until Mon 1 Feb 2027"


def test_a_row_says_when_it_is_due_at_the_clinic_and_how_long_it_waits() -> None:
    found = printed(
        REQUEST, a_row(due_at=datetime(2027, 1, 13, 22, 0, tzinfo=UTC), level=3, overdue=True), NOW
    )
    assert (found.number, found.due, found.waiting) == ("#20417", "Wed 13 Jan 2027, 17:00", "3.0 d")
    assert (found.escalated, found.late) == ("Escalated twice", True)


def test_one_without_a_date_or_from_a_clock_ahead_of_ours_says_nothing_wrong() -> None:
    found = printed(REQUEST, a_row(waiting_since=datetime(2027, 1, 13, 18, 5, tzinfo=UTC)), NOW)
    assert (found.due, found.waiting, found.escalated) == ("–", "0 min", "")


def test_a_kind_of_work_that_has_no_words_yet_is_work() -> None:
    assert printed(REQUEST, a_row(item_type="NEW_KIND"), NOW).title == "Work"


def test_sections_come_in_the_order_of_their_rows() -> None:
    rows = [a_row(group="safety"), a_row(), a_row(), a_row(status="claimed")]
    found = [(title, len(some)) for title, some in sections(REQUEST, rows, NOW)]
    assert [number for _, number in found] == [1, 2, 1]
    assert [title for title, _ in found][::2] == [words()["groups"]["safety"], "Claimed"]
