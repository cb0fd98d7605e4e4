"""A cursor says the place, and only what was a place is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.http.places import behind, read_place, write_place
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


PLACES = st.lists(st.tuples(st.sampled_from("abc"), st.uuids().map(str)), max_size=12, unique=True)


@given(PLACES, st.integers(1, 3), st.data(), st.booleans())
def test_whatever_leaves_a_list_while_it_is_read_takes_nothing_along(
    places: list[tuple[str, str]], limit: int, data: st.DataObject, falling: bool
) -> None:
    there, seen, after = set(places), list[tuple[str, ...]](), None
    while shown := behind(there, tuple, after, falling=falling)[:limit]:
        seen += shown
        after = shown[-1]
        there -= set(data.draw(st.lists(st.sampled_from(shown), max_size=limit)))
    assert seen == sorted(places, reverse=falling)
