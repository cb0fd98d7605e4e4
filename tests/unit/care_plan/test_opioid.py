"""The test vectors of opioid doses: what counts, by which route, and what is left open."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from config.loading import SHIPPED
from services.care_plan.opioid.content import Drug, DrugList, exposure
from services.care_plan.rules import load_rules

RULES = load_rules(SHIPPED)
RXNORM = RULES.drugs.table.values.systems["rxnorm"]


def drug(
    name: str, dose: str, per_day: str | None = "1", unit: str = "mg", route: str | None = "oral", **more: str
) -> Drug:
    code = RULES.drugs.table.values.drugs[name].codes["rxnorm"][0]
    times = Decimal(per_day) if per_day else None
    found = Drug(code=code, system=RXNORM, dose=Decimal(dose), unit=unit, per_day=times, route=route)
    return replace(found, **more)


FORMULARY = "urn:our-hospital:formulary"


@pytest.mark.parametrize(
    ("drugs", "mme"),
    [
        ([drug("hydrocodone", "5", "4")], "20"),
        ([drug("oxycodone", "10", "2")], "30"),
        ([drug("hydromorphone", "8")], "40"),
        ([drug("methadone", "20")], "94.0"),
        ([drug("tramadol", "200")], "40"),
        ([drug("oxycodone", "30"), drug("tapentadol", "50")], "65"),
        ([drug("oxycodone", "40", "2")], "120"),
        ([drug("buprenorphine", "8")], "0"),
        ([drug("fentanyl", "25", None, "mcg/h", "transdermal")], "60"),
        ([drug("fentanyl", "25", None, "mcg/h", None, code="245134")], "60"),
        ([drug("oxycodone", "10", "2", route=None, code="1049504")], "30"),
    ],
)
def test_opioids_are_added_up_in_morphine_equivalents(drugs: list[Drug], mme: str) -> None:
    found = exposure(DrugList(tuple(drugs), True), RULES)
    assert (found.mme_per_day, found.status) == (Decimal(mme), "complete")
    assert found.has_buprenorphine == any(each.code == "1819" for each in drugs)


@pytest.mark.parametrize(
    ("drugs", "complete"),
    [
        ([Drug(code="not-known", system=RXNORM)], True),
        ([drug("oxycodone", "10", None)], True),
        ([drug("oxycodone", "10", unit="g")], True),
        ([drug("morphine", "10", route="intrathecal")], True),
        ([drug("morphine", "10", route="intravenous")], True),
        ([drug("morphine", "10", route="iv")], True),
        ([drug("morphine", "10", route=None)], True),
        ([drug("fentanyl", "25", None, "mcg/h", "nasal")], True),
        ([drug("fentanyl", "25", None, "mcg/h", None, code="1735006")], True),
        ([drug("oxycodone", "10", system=FORMULARY)], True),
        ([], False),
    ],
)
def test_what_is_unknown_is_never_none(drugs: list[Drug], complete: bool) -> None:
    found = exposure(DrugList(tuple(drugs), complete), RULES)
    assert found.status == "incomplete" and found.mme_per_day is None


def test_what_is_unknown_takes_nothing_away_from_what_is_known() -> None:
    vitamin = Drug(code="11253", system=RXNORM)
    found = exposure(DrugList((drug("oxycodone", "40", "2"), vitamin), True), RULES)
    assert (found.mme_per_day, found.status) == (Decimal(120), "incomplete")
    assert found.risk_factors == ("mme_50",)


def test_what_makes_opioids_more_dangerous_is_read_from_the_list() -> None:
    drugs = (drug("oxycodone", "10", "2"), drug("diazepam", "5"), drug("gabapentin", "300"))
    assert exposure(DrugList(drugs, True), RULES).risk_factors == ("benzodiazepine", "cns_depressant")


def test_no_opioid_in_a_whole_list_is_none() -> None:
    assert exposure(DrugList((), True), RULES).status == "none"
