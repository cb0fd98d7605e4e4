"""A cursor says the place, and only what was a place is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.http.places import read_place, write_place
from backbone.http.problems import Problem
from backbone.ids import ROOT, derive

HERE = ("2027-02-08T14:00:00Z", derive(ROOT, "a visit"))


def test_what_was_written_is_read() -> None:
    assert read_place(write_place(HERE), 2) == HERE


@pytest.mark.parametrize("place", [HERE[1:], (*HERE, "more"), ("\0", HERE[1]), (HERE[0], "no id")])
def test_another_place_is_refused(place: tuple[str, ...]) -> None:
    with pytest.raises(Problem) as refused:
        read_place(write_place(place), 2)
    assert refused.value.status == 400


@given(st.text(max_size=40))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        read_place(text, 2)
    assert refused.value.status == 400
