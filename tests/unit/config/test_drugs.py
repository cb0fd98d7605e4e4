"""One table says which drug a code is: of which classes, for a referral, and which opioid, for its dose."""

import pytest

from config.clinical_drugs import recognised
from config.loading import SHIPPED
from services.care_plan.rules import load_rules as rules_of_care_plans
from services.referral.referral.content import Medication
from services.referral.referral.decide.suggestion import drug_classes
from services.referral.rules import load_rules

RULES, OF_CARE_PLANS = load_rules(SHIPPED), rules_of_care_plans(SHIPPED)
TABLE = RULES.drugs.table.values
CODES = [
    (TABLE.systems[system], code, name)
    for name, drug in TABLE.drugs.items()
    for codes in (drug.codes, *drug.products.values())
    for system, listed in codes.items()
    for code in listed
]


@pytest.mark.parametrize(
    ("codes", "classes"),
    [
        (("7804", "5489", "4337", "10689", "7052", "2670", "6813", "1819", "3423", "787390"), ("opioid",)),
        (("245134", "351266", "835603", "993770", "1049221", "1735006", "1860491"), ("opioid",)),
        (("596", "2598", "3322", "6470", "6960", "311700"), ("benzodiazepine",)),
        (("25480", "187832", "2101", "39993"), ("cns_depressant",)),
        (("11289", "1364430", "1114195", "32968", "5224", "1191", "2563431"), ("antithrombotic",)),
        (("161", "5640", "31448"), ()),
    ],
)
def test_ingredients_and_products_have_their_class(codes: tuple[str, ...], classes: tuple[str, ...]) -> None:
    for code in codes:
        assert drug_classes([Medication(code=code, code_system=TABLE.systems["rxnorm"])], RULES) == classes, (
            code
        )


def test_every_code_that_is_listed_has_its_class_in_a_referral_and_is_the_same_drug_in_a_care_plan() -> None:
    assert len(CODES) > 60
    for system, code, name in CODES:
        drug, others = TABLE.drugs[name], OF_CARE_PLANS.drugs.table.values
        assert set(drug_classes([Medication(code=code, code_system=system)], RULES)) == set(drug.classes), (
            code
        )
        known = recognised(system, code, others, OF_CARE_PLANS.clinical_drugs)
        assert known is not None and (known.name, known.classes) == (name, drug.classes), code


def test_every_clinical_drug_whose_dose_is_computed_is_an_opioid_in_a_referral() -> None:
    system = TABLE.systems["rxnorm"]
    for code in OF_CARE_PLANS.clinical_drugs.rxnorm:
        assert "opioid" in drug_classes([Medication(code=code, code_system=system)], RULES), code
