"""Every row of the table of measures: what may be answered, what is added up, where bands begin, what counts as a
change, which way is better."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from services.care_plan.measures.decide.scoring import Scored, band, band_of, has_improved, score
from tests.unit.care_plan.scores import RULES, code, rule, scale_of


class Row(NamedTuple):
    """`edges`: scores on both sides of each edge. `gain`: the least change for the better that counts."""

    instrument: str
    items: int
    highest: int
    subscale: str | None = None
    lowest: int = 0
    at_least: int | None = None
    higher_is_better: bool = False
    loinc: str | None = None
    edges: str = ""
    gain: str = ""


BPI = "0 low; 4.99 low; 5 moderate; 6.99 moderate; 7 high; 10 high"
ROWS = (
    Row("peg", 3, 10, loinc="91147-9"),
    Row("bpi", 4, 10, "severity", edges=BPI, gain="10 7"),
    Row("bpi", 7, 10, "interference", at_least=4, edges=BPI, gain="5 4"),
    Row("nrs", 1, 10, loinc="38208-5", gain="10 7"),
    Row(
        "promis_pi",
        1,
        100,
        edges="54.9 normal; 55 mild; 59.9 mild; 60 moderate; 70 moderate; 70.1 severe",
        gain="60 54",
    ),
    Row(
        "promis_pf",
        1,
        100,
        higher_is_better=True,
        edges="45.1 normal; 45 mild; 40.1 mild; 40 moderate; 30 moderate; 29.9 severe",
        gain="40 46",
    ),
    Row(
        "phq9",
        9,
        3,
        loinc="44261-6",
        edges="4 minimal; 5 mild; 9 mild; 10 moderate; 14 moderate; 15 moderately_severe; 19 moderately_severe; "
        "20 severe; 27 severe",
    ),
    Row("phq2", 2, 3, loinc="55758-7", edges="2 negative; 3 positive; 6 positive"),
    Row(
        "gad7",
        7,
        3,
        loinc="70274-6",
        edges="4 minimal; 5 mild; 9 mild; 10 moderate; 14 moderate; 15 severe; 21 severe",
    ),
    Row(
        "pcs",
        13,
        4,
        edges="29 below_relevance; 30 clinically_relevant; 52 clinically_relevant",
        gain="40 27.2",
    ),
    Row(
        "pseq",
        10,
        6,
        higher_is_better=True,
        edges="19 severe; 20 moderate; 30 moderate; 31 mild; 40 mild; 41 minimal; 60 minimal",
        gain="18 25",
    ),
    Row("dass21", 7, 3, "depression", edges="20 moderate; 21 severe"),
    Row("dass21", 7, 3, "anxiety", edges="14 moderate; 15 severe"),
    Row("dass21", 7, 3, "stress"),
    Row(
        "odi",
        10,
        5,
        loinc="97909-6",
        at_least=1,
        edges="20 minimal; 20.1 moderate; 40 moderate; 40.1 severe; 60 severe; 60.1 crippled; 80 crippled; "
        "80.1 bed_bound",
        gain="40 30",
    ),
    Row("start_back", 9, 1, loinc="91351-7", edges="0 low; 3 low; 4 medium; 9 medium"),
    Row("start_back", 5, 1, "psychosocial", loinc="91351-7"),
    Row("ort_oud", 9, 1, edges="0 low; 2 low; 3 high; 9 high"),
    Row("audit_c", 3, 4, loinc="75626-2", edges="0 negative; 2 negative; 3 positive; 12 positive"),
    Row(
        "dast10",
        10,
        1,
        loinc="82667-7",
        edges="0 none; 1 low; 2 low; 3 moderate; 5 moderate; 6 substantial; 8 substantial; 9 severe; 10 severe",
    ),
)
LITTLE = Fraction(1, 100)


def name(row: Row) -> str:
    return " ".join(filter(None, (row.instrument, row.subscale)))


def exact(value: str) -> Scored:
    return Scored(Fraction(value), None)


every_row = pytest.mark.parametrize("row", ROWS, ids=name)


@every_row
def test_a_row_says_what_may_be_answered_and_which_way_is_better(row: Row) -> None:
    shipped = rule(row.instrument)
    scale = scale_of(shipped, row.subscale)
    assert (len(scale.items), shipped.lowest, shipped.highest) == (row.items, row.lowest, row.highest)
    assert (shipped.higher_is_better, shipped.loinc) == (row.higher_is_better, row.loinc)
    assert scale.answered_at_least == row.at_least


@every_row
def test_a_band_begins_where_the_row_says(row: Row) -> None:
    scale = scale_of(rule(row.instrument), row.subscale)
    said = [each.split() for each in row.edges.split("; ") if each]
    assert bool(said) <= bool(scale.bands)
    for value, expected in said:
        assert code(band(Fraction(value), scale.bands)) == expected, value


@every_row
def test_a_change_counts_from_the_least_one_that_means_something_on(row: Row) -> None:
    shipped = rule(row.instrument)
    scale = scale_of(shipped, row.subscale)
    if not row.gain:
        assert scale.improvement is None
        return
    base, now = (exact(each) for each in row.gain.split())
    less = now.exact - LITTLE if row.higher_is_better else now.exact + LITTLE
    assert has_improved(base, now, shipped, scale)
    assert not has_improved(base, Scored(less, None), shipped, scale)
    assert not has_improved(now, base, shipped, scale), "the other way is no improvement"


@every_row
def test_one_answer_less_than_the_row_asks_for_is_no_score(row: Row) -> None:
    """OUT-09: null with a reason, never a smaller sum."""
    shipped = rule(row.instrument)
    scale = scale_of(shipped, row.subscale)
    least = row.at_least or row.items
    for answered in (least, least - 1):
        given: list[Any] = [None] * shipped.items
        for item in scale.items[:answered]:
            given[item - 1] = Decimal(shipped.highest) if shipped.method == "given" else shipped.highest
        found = score(given, shipped, scale)
        assert isinstance(found, Scored) if answered == least else found == "item_missing"


@pytest.mark.parametrize("wrong", [-1, 1])
@every_row
def test_what_is_outside_the_range_is_no_answer(row: Row, wrong: int) -> None:
    shipped = rule(row.instrument)
    beyond = shipped.lowest - 1 if wrong < 0 else shipped.highest + 1
    assert score([beyond] * shipped.items, shipped, scale_of(shipped, row.subscale)) == "out_of_range"


def test_the_subscales_of_the_pcs_are_those_of_the_table() -> None:
    parts = rule("pcs").subscales
    assert set(parts["rumination"].items) == {8, 9, 10, 11}
    assert set(parts["magnification"].items) == {6, 7, 13}
    assert set(parts["helplessness"].items) == {1, 2, 3, 4, 5, 12}


def test_a_subscale_of_the_dass_is_doubled_before_it_is_compared() -> None:
    shipped = rule("dass21")
    given = [0] * 21
    for item in scale_of(shipped, "depression").items:
        given[item - 1] = 2
    found = score(given, shipped, scale_of(shipped, "depression"))
    assert isinstance(found, Scored) and found.exact == 28


@pytest.mark.parametrize(
    ("total", "code_of_band", "finding"), [(2, "negative", None), (3, "positive", "audit_c_positive")]
)
def test_whose_sex_nobody_knows_is_looked_at_from_the_lower_limit_on(
    total: int, code_of_band: str, finding: str | None
) -> None:
    """AUDIT-C: 3 for women, 4 for men. No fact says anybody's sex, so 3 counts for everybody."""
    found = band(Fraction(total), rule("audit_c").bands)
    assert found and (found.code, found.finding) == (code_of_band, finding)


@pytest.mark.parametrize(
    ("psychosocial", "others", "expected"),
    [(4, 0, "high"), (3, 0, "low"), (3, 1, "medium"), (5, 4, "high"), (0, 4, "medium")],
)
def test_start_back_is_high_by_its_psychosocial_items_alone(
    psychosocial: int, others: int, expected: str
) -> None:
    """Items 5 to 9; of item 9 the last two answers count."""
    shipped = rule("start_back")
    given: list[Any] = (
        [1] * others + [0] * (4 - others) + [1] * min(psychosocial, 4) + [0] * max(4 - psychosocial, 0)
    )
    given.append(3 if psychosocial == 5 else 2)
    found = score(given, shipped, scale_of(shipped, None))
    assert isinstance(found, Scored) and found.item_sum == psychosocial + others
    assert code(band_of(given, found, shipped, scale_of(shipped, None))) == expected


def test_every_instrument_that_is_shipped_has_its_row() -> None:
    assert {row.instrument for row in ROWS} == {*RULES.measures.instruments}
