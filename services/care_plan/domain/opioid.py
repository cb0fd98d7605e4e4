"""Opioid exposure of a patient, in morphine milligram equivalents per day. What is unknown is never none."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from backbone.ids import derive
from backbone.model import Aggregate, Command, Content, Decision, Given, Head, Ruled, State, Table
from schemas.care_plan.v1.codes import ExposureContext, ExposureStatus
from schemas.care_plan.v1.opioid import OpioidExposureAssessed
from services.care_plan.domain.facts import ListKept
from services.care_plan.domain.rules import Factors, Rules


class Drug(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One coded drug. `dose` in `unit`, `per_day` times a day; for a patch the dose is mcg per hour."""

    code: str
    dose: Decimal | None = None
    unit: str | None = None
    per_day: Decimal | None = None
    route: str | None = None


class Exposure(NamedTuple):
    """`mme_per_day` is None where it is incomplete."""

    mme_per_day: Decimal | None
    status: ExposureStatus
    has_buprenorphine: bool

    def is_high(self, factors: Factors) -> bool:
        """Incomplete counts as high (fail closed)."""
        return self.status == "incomplete" or (self.mme_per_day or Decimal(0)) >= factors.high_mme


def exposure(drugs: Sequence[Drug], complete: bool, factors: Factors) -> Exposure:
    """Sum of daily dose times factor. Unknown drug, dose or unit: incomplete."""
    names = [factors.codes.get(drug.code) for drug in drugs]
    unknown = any(
        name is None and drug.code not in factors.others for name, drug in zip(names, drugs, strict=True)
    )
    opioids = [(name, drug) for name, drug in zip(names, drugs, strict=True) if name]
    has_buprenorphine = any(name in factors.not_counted for name, _ in opioids)
    parts = [equivalent(drug, name, factors) for name, drug in opioids if name not in factors.not_counted]
    if unknown or not complete or None in parts:
        return Exposure(None, "incomplete", has_buprenorphine)
    if not opioids:
        return Exposure(None, "none", False)
    total = sum((part for part in parts if part is not None), Decimal(0))
    return Exposure(total.quantize(Decimal("0.1")), "complete", has_buprenorphine)


def equivalent(drug: Drug, name: str, factors: Factors) -> Decimal | None:
    """One drug's part; None when it can't be told."""
    factor = factors.opioids.get(name)
    if factor is None or drug.dose is None or drug.unit != factor.unit or drug.route in ("iv", "intravenous"):
        return None
    times = Decimal(1) if factor.unit == "mcg/h" else drug.per_day
    return None if times is None else drug.dose * times * factor.factor


class Unassessed(State, tag="unassessed", frozen=True, kw_only=True):
    assessed_by: tuple[str, ...] = ()
    """Causes of the assessments so far: none counts twice."""


class Profile(State, tag="assessed", frozen=True, kw_only=True):
    list_ref: str
    assessed_by: tuple[str, ...] = ()
    source_id: str
    complete: bool
    mme_per_day: Decimal | None = None
    exposure: ExposureStatus


class AssessList(Command, tag="assess_drug_list", kw_only=True, frozen=True):
    drugs: tuple[Drug, ...]
    complete: bool
    source_id: str
    context: ExposureContext


class AssessAgain(Command, tag="assess_exposure_again", kw_only=True, frozen=True):
    """The list that is known, looked at again. `only_if_any`: nothing is said where there are no opioids."""

    context: ExposureContext
    only_if_any: bool = False


def assess(state: Unassessed | Profile, command: AssessList, given: Given[Rules]) -> Decision:
    if given.cause_id in state.assessed_by:
        return ()
    ref = given.ref("drugs")
    kept = msgspec.json.encode({"drugs": command.drugs, "complete": command.complete})
    return [
        Content(ref, "drug_list", kept),
        ListKept(ref=ref, source_id=command.source_id),
        said(exposure(command.drugs, command.complete, factors(given)), command.context, given),
    ]


class Kept(msgspec.Struct, frozen=True):
    drugs: tuple[Drug, ...]
    complete: bool


def assess_again(state: Profile, command: AssessAgain, given: Given[Rules]) -> Decision:
    if given.cause_id in state.assessed_by:
        return ()
    body = given.contents.get(state.list_ref)
    kept = msgspec.json.decode(body, type=Kept) if body else Kept((), False)
    found = exposure(kept.drugs, kept.complete, factors(given))
    if command.only_if_any and found.status == "none":
        return ()
    return [said(found, command.context, given)]


def nothing_known(state: Unassessed, command: AssessAgain, given: Given[Rules]) -> Decision:
    if given.cause_id in state.assessed_by:
        return ()
    return [said(Exposure(None, "incomplete", False), command.context, given)]


def factors(given: Given[Rules]) -> Factors:
    return given.rules.opioid.factors.values


def said(found: Exposure, context: ExposureContext, given: Given[Rules]) -> Ruled:
    fact = OpioidExposureAssessed(
        mme_per_day=found.mme_per_day,
        status=found.status,
        has_buprenorphine=found.has_buprenorphine,
        factor_set=factors(given).name,
        risk_factors=(),
        profile="standard",
        context=context,
    )
    return Ruled(fact, (given.rules.opioid.factors.named,))


def kept(state: Unassessed | Profile, fact: ListKept, head: Head) -> Profile:
    """The assessment follows in the same decision."""
    return Profile(
        list_ref=fact.ref,
        source_id=fact.source_id,
        complete=False,
        exposure="incomplete",
        assessed_by=state.assessed_by,
    )


def assessed(state: Unassessed | Profile, fact: OpioidExposureAssessed, head: Head) -> Unassessed | Profile:
    assessed_by = (*state.assessed_by, head.causation_id)
    if isinstance(state, Unassessed):
        return Unassessed(assessed_by=assessed_by)
    return msgspec.structs.replace(
        state,
        assessed_by=assessed_by,
        exposure=fact.status,
        mme_per_day=fact.mme_per_day,
        complete=fact.status != "incomplete",
    )


def reads(state: Any, command: Any) -> Iterable[str]:
    if isinstance(state, Profile) and isinstance(command, AssessAgain):
        yield state.list_ref


OPIOID_PROFILE = Aggregate(
    "opioid_profile",
    Unassessed(),
    decide=Table(assess, assess_again, nothing_known),
    evolve=Table(kept, assessed),
    reads=reads,
)


def profile_id(patient_id: str) -> str:
    return derive(patient_id, "opioid profile")
