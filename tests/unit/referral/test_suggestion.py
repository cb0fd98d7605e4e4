"""What the rules propose: a category, and the codes of REF-04 and REF-05. They decide nothing."""

from typing import Any

import pytest

from schemas.referral.v1.referral import ReferralReceived, TriageSuggested
from tests.support.submissions import DIAZEPAM, OXYCODONE, a_patient, a_referrer
from tests.unit.referral.situations import given, receive


def suggestion(**changes: Any) -> TriageSuggested:
    facts = given().when(receive(**changes)).only_facts
    [suggested] = [fact for fact in facts if isinstance(fact, TriageSuggested)]
    return suggested


@pytest.mark.parametrize(
    ("codes", "onset", "referrer", "category", "concern"),
    [
        (["MG30.02"], {"months_ago": 10}, "pcp", "cat_2", ()),
        (["MG30.04"], {"months_ago": 2}, "pcp", "cat_1", ("new_crps",)),
        (["MG30.04"], {"months_ago": 3}, "pcp", "cat_2", ()),
        (["MG30.51"], {"began_on": "2026-12-01"}, "pcp", "cat_1", ("new_neuropathic",)),
        (["MG30.51"], {"began_on": "2026-11-23"}, "pcp", "cat_2", ()),
        (["MG30.21"], {"began_on": "2026-11-01"}, "pcp", "cat_1", ("after_surgery_or_trauma",)),
        (["MG30.10"], {"months_ago": 10}, "specialist", "cat_1", ("cancer_pain_requested",)),
        (["MG30.10"], {"months_ago": 10}, "pcp", "cat_2", ()),
    ],
)
def test_the_criteria_of_the_scheme_propose_the_category(
    codes: list[str], onset: dict[str, Any], referrer: str, category: str, concern: tuple[str, ...]
) -> None:
    suggested = suggestion(condition_codes=codes, onset=onset, referrer=a_referrer(referrer))
    assert (suggested.category, suggested.concerns) == (category, concern)


def test_where_too_little_is_known_category_2_is_proposed() -> None:
    assert suggestion(without=("condition_codes",)).category == "cat_2"


@pytest.mark.parametrize(
    ("changes", "advisories"),
    [
        ({}, ()),
        ({"onset": {"months_ago": 2}}, ("DURATION_BELOW_MIN",)),
        ({"onset": {"months_ago": 3}}, ()),
        ({"onset": {"months_ago": 1}, "condition_codes": ["MG30.10"]}, ()),
        ({"onset": {"months_ago": 1}, "condition_codes": ["MG30.04"]}, ()),
        ({"onset": {"months_ago": 2}, "condition_codes": ["MG30.21"]}, ()),
        ({"onset": {"months_ago": 1}, "condition_codes": ["8B82.0"]}, ()),
        ({"onset": {"months_ago": 1}, "condition_codes": ["G89.3"]}, ()),
        ({"onset": {"months_ago": 1}, "condition_codes": ["B02.29"]}, ()),
        ({"onset": {"months_ago": 1}, "condition_codes": ["G57.71"]}, ()),
        ({"onset": {"months_ago": 1}, "condition_codes": ["mg30.10"]}, ()),
        ({"onset": {"months_ago": 1}, "condition_codes": ["MG30.10&XS25"]}, ()),
        ({"onset": {"months_ago": 1}, "condition_codes": ["ME84.2/MG30.10&XS25"]}, ()),
        ({"onset": {"months_ago": 1}, "condition_codes": ["G89.29"]}, ("DURATION_BELOW_MIN",)),
        ({"referrer": a_referrer("self")}, ("REFERRER_NOT_ELIGIBLE",)),
        ({"referrer": a_referrer("allied_health")}, ("REFERRER_NOT_ELIGIBLE",)),
        ({"patient": {**a_patient(), "birth_date": "2010-01-01"}}, ("AGE_OUT_OF_RANGE",)),
        ({"patient": {**a_patient(), "birth_date": "2009-01-04"}}, ()),
        ({"patient": {**a_patient(), "birth_date": "2009-01-05"}}, ("AGE_OUT_OF_RANGE",)),
        ({"coverage": {"payer_profile": "acme", "plan_type": "hmo"}}, ("AUTH_MISSING",)),
        (
            {
                "referrer": a_referrer("specialist"),
                "coverage": {"payer_profile": "acme", "plan_type": "hmo", "authorisation_number": "A1"},
            },
            ("REFERRER_NOT_ELIGIBLE",),
        ),
        ({"coverage": {"payer_profile": "acme", "plan_type": "ppo"}}, ()),
        ({"coverage": {"payer_profile": "acme", "authorisation_ends_on": "2027-01-03"}}, ("AUTH_EXPIRED",)),
        ({"coverage": {"payer_profile": "acme", "authorisation_ends_on": "2027-01-04"}}, ()),
        ({"outside_catchment": True}, ("OUT_OF_CATCHMENT",)),
        ({"compensable_claim": True}, ()),
        ({"medications": [OXYCODONE]}, ()),
        ({"medications": [OXYCODONE, DIAZEPAM]}, ("opioid_benzodiazepine",)),
    ],
)
def test_what_does_not_fit_is_advice_to_the_clinician(
    changes: dict[str, Any], advisories: tuple[str, ...]
) -> None:
    assert suggestion(**changes).advisories == advisories


def test_the_sender_s_word_about_a_drug_counts_where_the_table_does_not_know_it() -> None:
    unknown = {"code": "0000", "code_system": "urn:local", "classes": ["opioid"]}
    assert suggestion(medications=[unknown, DIAZEPAM]).advisories == ("opioid_benzodiazepine",)


def test_a_code_that_the_table_of_clinical_drugs_knows_is_an_opioid_and_another_stays_unknown() -> None:
    tablets = {"code": "1049502", "code_system": OXYCODONE["code_system"]}
    unknown = {"code": "1049502", "code_system": "urn:local"}
    assert suggestion(medications=[tablets, DIAZEPAM]).advisories == ("opioid_benzodiazepine",)
    assert suggestion(medications=[unknown, DIAZEPAM]).advisories == ()
    for drug, flags in ((tablets, ("opioid",)), (unknown, ())):
        facts = given().when(receive(medications=[drug])).only_facts
        [received] = [fact for fact in facts if isinstance(fact, ReferralReceived)]
        assert received.medication_flags == flags
