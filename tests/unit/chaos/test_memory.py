"""The rule by which memory counts as flat."""

import random

import pytest

from tests.chaos.memory import MEGABYTE, growing, thirds


def test_what_is_warm_and_then_stays_is_flat() -> None:
    warming = [60, 90, 110, 118, 120, 121]
    assert growing({"worklist": [size * MEGABYTE for size in (*warming, *[121] * 18)]}) == []


def test_single_peaks_are_not_growth() -> None:
    dice = random.Random(20270104)
    samples = [100 * MEGABYTE + dice.randrange(5 * MEGABYTE) for _ in range(60)]
    samples[55] = samples[58] = 900 * MEGABYTE
    assert growing({"worklist": samples}) == []


def test_a_leak_is_named_with_its_process() -> None:
    leaking = [100 * MEGABYTE + number * 2 * MEGABYTE for number in range(60)]
    [said] = growing({"referral": [100 * MEGABYTE] * 60, "worklist": leaking})
    assert said == "worklist grows: 159 MiB, then 199 MiB, 1.25 times as much"


def test_a_fifth_more_is_still_flat_and_a_bit_more_is_not() -> None:
    assert growing({"worklist": [100, 100, 120]}) == []
    assert growing({"worklist": [100, 100, 121]})


def test_the_rest_of_a_division_belongs_to_the_second_third() -> None:
    assert thirds([1, 2, 2, 2, 9]) == (1, 2, 9)


def test_too_few_samples_say_nothing() -> None:
    with pytest.raises(AssertionError, match="at least three samples"):
        growing({"worklist": [1, 2]})
