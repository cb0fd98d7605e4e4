"""The ledger sees what it is there to see: a planted loss, a planted double, a planted swap."""

from tests.chaos.ledger import Input, Output, expected_parked, problems, wrong_parked

INPUTS = [Input(f"i{n}", f"p{n % 2}") for n in range(6)]
OUTPUTS = [Output(f"o{n}", f"i{n}", f"a{n % 2}", n // 2 + 1, f"p{n % 2}", n % 2, n // 2) for n in range(6)]


def test_a_run_in_order_has_no_problems():
    assert problems(INPUTS, OUTPUTS) == []


def test_repeated_inputs_count_once():
    assert problems([*INPUTS, *INPUTS[:3]], OUTPUTS) == []


def test_a_planted_loss_is_reported():
    assert "input i3 has 0 effects, 1 expected" in problems(INPUTS, [o for o in OUTPUTS if o.cause != "i3"])


def test_a_planted_double_is_reported():
    found = problems(INPUTS, [*OUTPUTS, OUTPUTS[2]])
    assert "input i2 has 2 effects, 1 expected" in found
    assert "fact o2 stands on the topic 2 times" in found


def test_a_planted_swap_is_reported():
    swapped = [OUTPUTS[2], OUTPUTS[1], OUTPUTS[0], *OUTPUTS[3:]]
    found = problems(INPUTS, swapped)
    assert "aggregate a0: 2 follows 0" in found
    assert "patient p0: the effect of i0 came too late" in found


def test_an_effect_of_a_skipped_record_is_reported():
    assert problems(INPUTS, OUTPUTS, without=["i5"]) == ["input i5 has 1 effects, 0 expected"]


def test_a_poison_holds_back_what_follows_it_for_its_patient_only():
    inputs = [Input("a", "p"), Input("b", "p", "raises"), Input("c", "q"), Input("d", "p"), Input("d", "p")]
    assert expected_parked(inputs) == {"p": ["b", "d"]}
    assert wrong_parked(inputs, {"p": ["b", "d"]}) == []
    assert wrong_parked(inputs, {"p": ["b"]}) == ["patient p: 1 records are parked, 2 expected"]
    assert wrong_parked(inputs, {"p": ["b", "d"], "q": ["c"]}) == [
        "patient q: 1 records are parked, 0 expected"
    ]
