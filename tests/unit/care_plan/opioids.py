"""What tests of opioid checks share: what a patient takes, what was asked before, and what falls due."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from schemas.care_plan.v1.opioid import OpioidCheckFellDue
from services.care_plan.history.states import History
from services.care_plan.opioid.states import Assessed
from services.care_plan.opioid_check.aggregate import OPIOID_CHECKS
from services.care_plan.opioid_check.commands import FollowOpioids, LookAtOpioids
from services.care_plan.opioid_check.decide.reasons import OPIOID
from services.care_plan.opioid_check.states import Followed, Settled, Unfollowed
from services.care_plan.risk.states import Risk
from services.care_plan.rules import Rules
from tests.support.deciding import LANE, START, TARGET, Situation, deciding
from tests.unit.care_plan.situations import rules

TODAY = START.date()


def takes(mme: int | None, *dangers: str, **more: Any) -> Assessed:
    high = ("mme_50",) if mme is not None and mme >= 50 else ()
    dose = None if mme is None else Decimal(mme)
    found = Assessed(
        exposure="complete", mme_per_day=dose, risk_factors=(*high, *dangers), opioids=("oxycodone",)
    )
    return replace(found, **more)


NOTHING = Assessed(exposure="none")


def followed(mme: int | None = None, **more: Any) -> Followed:
    dose = None if mme is None else Decimal(mme)
    known = Followed(patient_id=LANE, referral_id=TARGET, seen=True, takes=mme is not None, mme_per_day=dose)
    if mme is not None:
        known = replace(known, sedating=(OPIOID,), opioids=("oxycodone",))
    return replace(known, **more)


SETTLED = tuple(
    Settled(check, TODAY + timedelta(days=60))
    for check in ("naloxone_offer", "opioid_review", "registry_check", "toxicology", "treatment_agreement")
)


def situation(
    state: Any, now: Assessed, history: History | None = None, risk: Risk | None = None, limit: Any = "off"
) -> Situation:
    """`limit`: from which dose on a second review is asked for."""
    others: dict[Any, Any] = {("opioid_profile", LANE): now, ("history", TARGET): history or History()}
    others["risk", LANE] = risk or Risk()
    return deciding(OPIOID_CHECKS, reviewing_from(limit), others=others)(state)


def reviewing_from(limit: Any) -> Rules:
    second = rules().opioid.second_review
    values = second.values.model_copy(update={"mdt_review": limit})
    opioid = rules().opioid.model_copy(update={"second_review": second.model_copy(update={"values": values})})
    return rules().model_copy(update={"opioid": opioid})


def due(facts: Iterable[object]) -> dict[str, OpioidCheckFellDue]:
    return {each.check: each for each in facts if isinstance(each, OpioidCheckFellDue)}


def follow(now: Assessed, *, seen: bool, begun: bool = False) -> dict[str, OpioidCheckFellDue]:
    command = FollowOpioids(patient_id=LANE, referral_id=TARGET, seen=seen, begun=begun)
    return due(situation(Unfollowed(), now).when(command).only_facts)


def look(before: Followed, now: Assessed) -> dict[str, OpioidCheckFellDue]:
    return due(situation(before, now).when(LookAtOpioids(patient_id=LANE)).only_facts)
