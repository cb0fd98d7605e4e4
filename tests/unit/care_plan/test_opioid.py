"""The test vectors of opioid doses: what counts, by which route, and what is left open."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from config.loading import SHIPPED
from config.opioids import Factor, Opioids
from services.care_plan.opioid.content import Drug, DrugList, doses_in, exposure, has_long_supply
from services.care_plan.rules import load_rules

RULES = load_rules(SHIPPED)
EARLIER = RULES.model_copy(
    update={
        "opioid": RULES.opioid.model_copy(
            update={
                "factor_set": RULES.opioid.factor_set.model_copy(
                    update={"values": RULES.opioid.factor_set.values.model_copy(update={"name": "cdc-2016"})}
                )
            }
        )
    }
)
"""The same clinic, going by the factors of 2016."""
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
    ("drugs", "now", "then"),
    [
        ([drug("hydromorphone", "8")], "40", "32"),
        ([drug("tramadol", "200")], "40", "20"),
        ([drug("methadone", "10")], "47", "40"),
        ([drug("methadone", "20")], "94", "80"),
        ([drug("methadone", "20.5")], "96.4", "164"),
        ([drug("methadone", "40")], "188", "320"),
        ([drug("methadone", "60")], "282", "600"),
        ([drug("methadone", "70")], "329", "840"),
        ([drug("methadone", "10"), drug("methadone", "5", "3")], "117.5", "200"),
        ([drug("oxycodone", "40", "2")], "120", "120"),
        ([drug("codeine", "30", "4")], "18", "18"),
        ([drug("oxymorphone", "10")], "30", "30"),
        ([drug("fentanyl", "25", None, "mcg/h", "transdermal")], "60", "60"),
        ([drug("buprenorphine", "8")], "0", "0"),
    ],
)
def test_the_setting_chooses_the_factors_of_2022_or_of_2016(drugs: list[Drug], now: str, then: str) -> None:
    """The factor of methadone goes by all that is taken of it in a day."""
    for rules, mme in ((RULES, now), (EARLIER, then)):
        assert exposure(DrugList(tuple(drugs), True), rules).mme_per_day == Decimal(mme)


@pytest.mark.parametrize(
    "wrong", [{}, {"factor": "1", "tiers": ({"factor": "2"},)}, {"tiers": ({"up_to": "5", "factor": "2"},)}]
)
def test_a_factor_is_one_for_each_dose(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="either a factor, or tiers"):
        Factor.model_validate({"unit": "mg", "routes": ("oral",), **wrong})


def test_a_set_that_is_not_there_is_not_chosen() -> None:
    stated = RULES.opioid.model_dump()
    stated["factor_set"]["values"]["name"] = "cdc-1999"
    with pytest.raises(ValueError, match="there is no set cdc-1999"):
        Opioids.model_validate(stated)


def test_an_opioid_for_acute_pain_for_more_than_a_week_is_a_long_supply() -> None:
    for days, is_long in ((None, False), (7, False), (8, True)):
        listed = DrugList((replace(drug("oxycodone", "5"), supply_days=days),), True)
        assert has_long_supply(listed, RULES) == is_long
    assert not has_long_supply(DrugList((replace(drug("diazepam", "5"), supply_days=30),), True), RULES)


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


def test_each_opioid_is_known_by_all_that_is_taken_of_it() -> None:
    """Not what sedates beside it, not what is not counted, not what can't be told."""
    listed = (
        *(drug("methadone", "10"), drug("methadone", "5", "2"), drug("oxycodone", "40", "2")),
        *(drug("diazepam", "5"), drug("buprenorphine", "8"), replace(drug("morphine", "10"), dose=None)),
    )
    assert doses_in(DrugList(listed, True), RULES) == (
        ("methadone", Decimal(94)),
        ("oxycodone", Decimal(120)),
    )
