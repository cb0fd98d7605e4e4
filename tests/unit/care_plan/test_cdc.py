"""CDC's guide as a judge: its 47 pairs of request and answer, and the results of its calculator, beside ours.

Where we answer otherwise the table says why; `docs/safety.md` shows it.
"""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from config.loading import SHIPPED
from services.care_plan.opioid.content import Drug, DrugList, exposure, has_long_supply, opioids_in
from services.care_plan.opioid.states import Assessed
from services.care_plan.opioid_check.commands import FollowOpioids, LookAtOpioids, RecordCheck
from services.care_plan.opioid_check.states import Followed, Settled
from tests.support.deciding import LANE, TARGET
from tests.unit.care_plan.opioids import due, followed, situation
from tests.unit.care_plan.situations import PHARMACIST, rules
from tests.unit.care_plan.test_opioid import EARLIER

FOUND = tomllib.loads((Path(__file__).parent / "cdc.toml").read_text())
PAGE = (SHIPPED.parent / "docs/safety.md").read_text()


def drug(said: str, supply_days: int | None = None) -> Drug:
    code, dose, unit, per_day, *route = said.split()
    system = rules().drugs.table.values.systems["rxnorm"]
    found = Drug(code=code, system=system, dose=Decimal(dose), unit=unit, per_day=Decimal(per_day))
    return replace(found, route=route[0] if route else None, supply_days=supply_days)


def taken(pair: Any) -> Assessed:
    known = DrugList(tuple(drug(each, pair.get("supply")) for each in pair["drugs"]), True)
    found = exposure(known, rules())
    return Assessed(
        exposure=found.status,
        mme_per_day=found.mme_per_day,
        has_buprenorphine=found.has_buprenorphine,
        opioids=opioids_in(known, rules()),
        risk_factors=(*found.risk_factors, *pair.get("dangers", ())),
        long_supply=has_long_supply(known, rules()),
    )


def asked_for(pair: Any) -> set[str]:
    """What our rules ask of somebody who was seen and takes this."""
    before: Followed = followed(pair.get("before"), settled=tuple(map(Settled, pair.get("done", ()))))
    look = LookAtOpioids(patient_id=LANE)
    if "before" not in pair:
        before = replace(before, seen=False)
    seen = FollowOpioids(patient_id=LANE, referral_id=TARGET, seen=True)
    made = situation(before, taken(pair)).when(look if "before" in pair else seen)
    found = due(made.only_facts)
    if "records" in pair:
        check, result = pair["records"]
        command = RecordCheck(check_id=found[check].check_id, result=result, criteria=pair.get("criteria"))
        found |= due(situation(made.state, taken(pair)).when(PHARMACIST, command).only_facts)
    return set(found)


@pytest.mark.parametrize("pair", FOUND["pairs"], ids=lambda pair: pair["name"])
def test_where_the_guide_shows_a_card_somebody_is_asked_here_or_it_is_said_why_not(pair: Any) -> None:
    if "card" not in pair:
        return
    agrees = bool(pair["check"]) and (pair["check"] in asked_for(pair)) == pair["card"]
    assert agrees != ("differs" in pair), asked_for(pair)


@pytest.mark.parametrize("result", FOUND["results"], ids=lambda result: result["name"])
def test_its_calculator_and_ours_come_to_the_same_by_the_factors_of_2016(result: Any) -> None:
    ours = exposure(DrugList(tuple(map(drug, result["drugs"])), True), EARLIER)
    theirs = Decimal(result["mme"]) if "mme" in result else None
    assert (ours.mme_per_day == theirs) != ("differs" in result), ours
    assert theirs is None or "differs" in result or ours.status == "complete"


def test_every_pair_stands_in_the_table_of_the_page_with_its_reason() -> None:
    assert len(FOUND["pairs"]) == 47
    lacking = [
        each["name"]
        for each in (*FOUND["pairs"], *FOUND["results"])
        if f"`{each['name']}`" not in PAGE or each.get("differs", "") not in PAGE
    ]
    assert not lacking
