"""What is known of a patient's opioids besides their list, and who says it."""

from decimal import Decimal
from typing import Any

import pytest

from schemas.care_plan.v1.opioid import OpioidExposureAssessed
from services.care_plan.opioid.aggregate import (
    OPIOID_PROFILE,
    AssessList,
    NoteOverdose,
    ScoreRisk,
    StateExposure,
)
from services.care_plan.opioid.content import Drug
from services.care_plan.opioid.facts import OverdoseNoted
from tests.support.deciding import Result, deciding, like, nothing
from tests.unit.care_plan.situations import NURSE, rules, some_id
from tests.unit.care_plan.test_opioid import RXNORM, drug

GIVEN = deciding(OPIOID_PROFILE, rules())


def listed(*drugs: Drug) -> AssessList:
    return AssessList(drugs=drugs, complete=True, source_id=some_id("a list"), context="intake")


def risks(result: Result) -> set[str]:
    return set(result.state.risk_factors)


def test_who_states_a_dose_takes_nothing_away_that_the_list_shows() -> None:
    known = GIVEN(listed(drug("oxycodone", "10"), drug("diazepam", "5")))
    assert risks(known.when(NURSE, StateExposure(mme_per_day=Decimal(60)))) == {"mme_50", "benzodiazepine"}


def test_what_a_clinician_says_of_risks_counts_and_outlives_the_next_list() -> None:
    said = StateExposure(mme_per_day=Decimal(20), risk_factors=("overdose",))
    known = GIVEN(listed(drug("oxycodone", "10"), drug("diazepam", "5")))
    assert risks(known.when(NURSE, said)) == {"overdose"}
    assert risks(known.when(listed(drug("oxycodone", "10"), drug("gabapentin", "300")))) == {
        "overdose",
        "cns_depressant",
    }


def test_an_opioid_whose_dose_cannot_be_told_is_taken_all_the_same() -> None:
    assert GIVEN().when(listed(drug("morphine", "10", route="intrathecal"))).state.takes_opioids()
    assert not GIVEN().when(listed(Drug(code="11253", system=RXNORM))).state.takes_opioids()
    assert not GIVEN().when(listed()).state.takes_opioids()


@pytest.mark.parametrize(("high", "profile"), [(True, "intensified"), (False, None)])
def test_a_risk_tool_asks_for_a_closer_look(high: bool, profile: Any) -> None:
    result = GIVEN(listed(drug("oxycodone", "10"))).when(ScoreRisk(high))
    expected = [like(OpioidExposureAssessed, profile=profile)] if profile else [nothing()]
    result.then(*expected)
    assert result.state.mme_per_day == Decimal(15)


def test_what_a_risk_tool_said_holds_for_the_next_list() -> None:
    later = GIVEN(listed(drug("oxycodone", "10")), ScoreRisk(True)).when(listed(drug("oxycodone", "20")))
    later.then(like(OpioidExposureAssessed, profile="intensified", mme_per_day=Decimal(30)))


HERE, GONE = (
    NoteOverdose(flag_id=some_id("flag"), there=True),
    NoteOverdose(flag_id=some_id("flag"), there=False),
)


def test_an_overdose_that_a_red_flag_tells_of_is_a_danger_also_with_the_next_list() -> None:
    known = GIVEN(listed())
    known.when(HERE).then(
        OverdoseNoted, like(OpioidExposureAssessed, risk_factors=("overdose",), status="none")
    )
    assert risks(GIVEN(listed(), HERE).when(listed(drug("oxycodone", "10")))) == {"overdose"}
    assert risks(GIVEN().when(HERE)) == {"overdose"}, "whatever comes first"
    GIVEN(listed(), HERE).when(HERE).then(nothing())


def test_an_overdose_that_was_none_is_no_danger_any_more() -> None:
    taken = listed(drug("oxycodone", "10"))
    assert not risks(GIVEN(taken, HERE).when(GONE))
    another = NoteOverdose(flag_id=some_id("another flag"), there=True)
    assert risks(GIVEN(taken, HERE, another).when(GONE)) == {"overdose"}, "as long as one flag says so"
    said = StateExposure(mme_per_day=Decimal(15), risk_factors=("overdose",))
    assert risks(GIVEN(taken, HERE, NURSE, said).when(GONE)) == {"overdose"}, "a clinician stated it"
    GIVEN(taken).when(GONE).then(nothing())
