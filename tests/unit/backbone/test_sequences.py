"""Missing sequence numbers are counted; repeated and late ones are not."""

from backbone.log.sequences import Sequences


def seen(*numbers: int) -> list[int]:
    sequences = Sequences()
    return [sequences.missing("a.events", 0, {"ce_subject": "s", "ce_sequence": str(n)}) for n in numbers]


def test_numbers_without_a_gap_miss_nothing() -> None:
    assert seen(1, 2, 3) == [0, 0, 0]


def test_a_gap_counts_each_missing_number() -> None:
    assert seen(1, 2, 5, 6) == [0, 0, 2, 0]


def test_what_comes_again_or_late_is_no_gap() -> None:
    assert seen(4, 5, 4, 5, 6) == [0, 0, 0, 0, 0]


def test_the_first_number_that_a_process_sees_is_no_gap() -> None:
    assert seen(17) == [0]


def test_a_partition_that_comes_back_begins_anew() -> None:
    sequences = Sequences()
    headers = {"ce_subject": "s", "ce_sequence": "1"}
    sequences.missing("a.events", 0, headers)
    sequences.forget("a.events", 0)
    assert sequences.missing("a.events", 0, headers | {"ce_sequence": "9"}) == 0


def test_what_has_no_number_is_no_gap() -> None:
    assert Sequences().missing("a.events", 0, {"ce_subject": "s"}) == 0
