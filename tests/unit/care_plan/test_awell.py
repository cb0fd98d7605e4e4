"""Another library's scores beside ours: a thousand random answers of every instrument that both have."""

import json
from decimal import ROUND_HALF_UP

import pytest

from services.care_plan.measures.decide.scoring import Scored, band_of, score
from tests.support.awell import BOTH, FILE, TURNS, answers
from tests.unit.care_plan.scores import rule as rule_of
from tests.unit.care_plan.scores import scale_of

THEIRS = json.loads(FILE.read_text())["scores"]


@pytest.mark.parametrize("instrument", BOTH)
def test_their_scores_and_bands_are_ours(instrument: str) -> None:
    """ODI: theirs is rounded to whole percent, and lacking where two sections are; ours takes eight of ten (OUT-09)."""
    rule = rule_of(instrument)
    theirs = {name: said.split() for name, said in THEIRS[instrument].items()}
    assert set(theirs) == set(BOTH[instrument].scores) | ({"band"} if BOTH[instrument].band else set())
    assert {len(said) for said in theirs.values()} == {TURNS}
    wrong = []
    for at, given in enumerate(answers(instrument, rule)):
        for name, said in theirs.items():
            scale = scale_of(rule, None if name in ("", "band") else name)
            ours = score(given, rule, scale)
            assert isinstance(ours, Scored)
            within = band_of(given, ours, rule, scale)
            shown = within and within.code if name == "band" else str(ours.score.quantize(1, ROUND_HALF_UP))
            if shown != said[at] and not (said[at] == "None" and given.count(None) > 1):
                wrong.append((given, name, shown, said[at]))
    assert not wrong
