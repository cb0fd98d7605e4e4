"""The ledger of batches finds what it is there for."""

from tests.support.batches import Seen, problems

WHOLE = [Seen(1, 0, 0), Seen(2, 1, 0), Seen(3, 0, 1), Seen(4, 0, 3), Seen(5, 1, 2), Seen(6, 1, 3)]
"""Two batches of three rows in two partitions; a marker behind each part."""


def test_whole_batches_are_no_problem():
    assert problems(WHOLE, 6, 3) == []


def test_a_lost_row_is_found():
    assert problems([each for each in WHOLE if each.number != 5], 6, 3) == ["5 is lost"]


def test_a_row_that_is_there_twice_is_found():
    assert "2 is there 2 times" in problems([*WHOLE, Seen(2, 1, 5)], 6, 3)


def test_a_batch_with_a_marker_between_its_records_is_torn():
    torn = [each._replace(offset=4) if each.number == 6 else each for each in WHOLE]
    assert problems(torn, 6, 3) == ["batch 1 is torn in partition 1"]


def test_a_row_behind_a_later_one_is_found():
    turned = [each._replace(offset=1 - each.offset) if each.number in {1, 3} else each for each in WHOLE]
    assert problems(turned, 6, 3) == ["1 stands behind 3, which is later"]
