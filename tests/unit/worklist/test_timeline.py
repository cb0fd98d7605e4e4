"""What a timeline shows to those who may not read of psychology and substance use (PRV-07, PRV-13)."""

import msgspec
import pytest

from schemas.care_plan.v1.consultation import ConsultationCompleted
from schemas.care_plan.v1.goal import GoalAssessed
from schemas.care_plan.v1.measure import FindingReviewed, MeasureScored
from schemas.care_plan.v1.safety import SafetyAlertRaised
from schemas.fact import Fact
from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.referral import RedFlagRaised, RedFlagUnclear, ReferralReceived, TriageSuggested
from services.worklist.timeline.documents import KINDS, for_others, with_marks
from tests.support.examples import example_fact


def entry(fact: Fact) -> dict[str, object]:
    return {"id": 1, "type": fact.wire_type, "data": msgspec.Raw(fact.model_dump_json().encode())}


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        (MeasureScored, "findings"),
        (FindingReviewed, "finding"),
        (ReferralReceived, "medication_flags"),
        (TriageSuggested, "advisories"),
    ],
)
def test_a_fact_is_there_and_what_is_kept_back_is_not(fact: type[Fact], field: str) -> None:
    whole = example_fact(fact)
    shown = for_others(entry(whole), ["answers"])
    assert shown["type"] == fact.wire_type
    assert set(shown["data"]) == set(whole.model_dump(mode="json")) - {field}


@pytest.mark.parametrize(
    ("fact", "kind", "field"),
    [
        (ConsultationCompleted, "consultation", "diagnoses"),
        (MeasureScored, "score", "score"),
        (GoalAssessed, "plan", "level"),
        (MedicationsListed, "medicines", "items"),
        (SafetyAlertRaised, "psychology", "code"),
        (RedFlagRaised, "package", "flag"),
        (RedFlagUnclear, "package", "flags"),
    ],
)
def test_what_was_found_is_kept_back_from_who_may_not_read_it_elsewhere(
    fact: type[Fact], kind: str, field: str
) -> None:
    whole = entry(example_fact(fact))
    assert field not in for_others(whole, [kind])["data"]
    assert for_others(whole, KINDS - {kind, "answers"}) == whole


def test_a_mark_of_a_row_is_shown_to_those_alone_who_are_shown_what_the_fact_says() -> None:
    fact = example_fact(RedFlagRaised)
    assert isinstance(fact, RedFlagRaised)
    names, unverified = "REF-02@1,REF-03@1", {"REF-02@1": (fact.flag,)}
    marked = with_marks(entry(fact), names, unverified)
    assert marked["unverified"] == [{"rule": "REF-02@1", "part": fact.flag}]
    assert "unverified" not in with_marks(for_others(entry(fact), ["package"]), names, unverified)
