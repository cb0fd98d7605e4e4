"""Pages of a queue: in order, fitting together, and a cursor that is none of ours is told so."""

from base64 import urlsafe_b64encode
from datetime import timedelta
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


def without_group(order: list[Any]) -> list[Any]:
    """What a page compares that shows no groups."""
    return [order[0], *order[2:]]


@pytest.mark.parametrize("strict", [False, True])
def test_pages_fit_together(strict: bool) -> None:
    whole, last = page(ROWS, Cursor(START, strict=strict), 100, RULES)
    assert last is None
    places = [without_group(each["order"]) if strict else each["order"] for each in whole]
    assert places == sorted(places)
    found: list[Any] = []
    place: Cursor | None = Cursor(START, strict=strict)
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
        '["2027-01-04T14:00:00Z",[0,0,0,0,0,0,0,0]]',
        '["2027-01-04T14:00:00Z",[0,0,0,0,0,0,0,0,0,0]]',
        '["2027-01-04T14:00:00",null]',
        '["0001-01-01T00:00:00+14:00",null]',
        '["9999-12-31T23:59:59Z",null]',
        '["2027-01-04T14:00:00Z",[0,0,0,0,0,0,0,0,0,"x","y"]]',
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(text: str) -> None:
    crafted = urlsafe_b64encode(text.encode()).decode() if text.startswith("[") else text
    with pytest.raises(Problem) as refused:
        page(ROWS, read_cursor(crafted), 3, RULES)
    assert (refused.value.status, refused.value.code) == (400, "cursor-malformed")
