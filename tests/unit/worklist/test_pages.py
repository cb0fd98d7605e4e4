"""Pages of a queue: in order, fitting together, and a cursor that is none of ours is told so."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

import pytest

from backbone.http.problems import Problem
from backbone.ids import ROOT, derive
from services.worklist.queue.documents import Cursor, page, read_cursor
from tests.support.deciding import START
from tests.support.desk import shipped_rules
from tests.unit.worklist.test_ordering import row

ROWS = [
    row(item_id=derive(ROOT, f"item {n}"), due_at=START + timedelta(days=n % 3), priority="urgent")
    for n in range(10)
]
RULES = shipped_rules()


def test_pages_fit_together() -> None:
    whole, last = page(ROWS, Cursor(START), 100, RULES)
    assert last is None
    assert [each["order"] for each in whole] == sorted(each["order"] for each in whole)
    found: list[Any] = []
    place: Cursor | None = Cursor(START)
    while place:
        some, following = page(ROWS, place, 3, RULES)
        found += some
        place = read_cursor(following) if following else None
    assert found == whole


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "é",
        '["2027-01-04T14:00:00Z",["x"]]',
        '["2027-01-04T14:00:00Z",[0,0,0,0,0,0,0]]',
        '["2027-01-04T14:00:00Z",[0,0,0,0,0,0,0,0,0]]',
        '["2027-01-04T14:00:00",null]',
        '["2027-01-04T14:00:00Z",[0,0,0,0,0,0,0,0,"x","y"]]',
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(text: str) -> None:
    crafted = urlsafe_b64encode(text.encode()).decode() if text.startswith("[") else text
    with pytest.raises(Problem) as refused:
        page(ROWS, read_cursor(crafted), 3, RULES)
    assert (refused.value.status, refused.value.code) == (400, "cursor-malformed")


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"])
def test_a_cursor_at_the_end_of_time_is_a_time_like_others(at: str) -> None:
    place = read_cursor(urlsafe_b64encode(f'["{at}",null]'.encode()).decode())
    documents, following = page(ROWS, place, 3, RULES)
    assert len(documents) == 3
    assert following is not None
    assert read_cursor(following).at == datetime.fromisoformat(at)
