"""The opioid exposure of a patient: assessed from each drug list, and again when somebody looks at it."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from backbone.ids import derive
from backbone.model import Aggregate, Command, Content, Decision, Given, Head, Ruled, State, Table
from schemas.care_plan.v1.codes import ExposureContext, ExposureStatus
from schemas.care_plan.v1.opioid import OpioidExposureAssessed
from services.care_plan.opioid.content import UNKNOWN, Drug, DrugList, Exposure, exposure
from services.care_plan.opioid.facts import ListKept
from services.care_plan.rules import Rules


class Unassessed(State, tag="unassessed", kw_only=True):
    assessed_by: tuple[str, ...] = ()
    """Causes of the assessments so far: none counts twice."""


class Assessed(State, tag="assessed", kw_only=True):
    list_ref: str
    assessed_by: tuple[str, ...] = ()
    source_id: str
    complete: bool
    mme_per_day: Decimal | None = None
    exposure: ExposureStatus


OpioidProfile = Unassessed | Assessed


class AssessList(Command, tag="assess_drug_list", kw_only=True):
    drugs: tuple[Drug, ...]
    complete: bool
    source_id: str
    context: ExposureContext


class AssessAgain(Command, tag="assess_exposure_again", kw_only=True):
    """The list that is known, looked at again. `only_if_any`: nothing is said where there are no opioids."""

    context: ExposureContext
    only_if_any: bool = False


def assess(state: OpioidProfile, command: AssessList, given: Given[Rules]) -> Decision:
    if given.cause_id in state.assessed_by:
        return ()
    ref, found = given.ref("drugs"), DrugList(command.drugs, command.complete)
    return [
        Content(ref, "drug_list", msgspec.json.encode(found)),
        ListKept(ref=ref, source_id=command.source_id),
        assessment(exposure(found, given.rules.opioid.factors.values), command.context, given.rules),
    ]


def assess_again(state: OpioidProfile, command: AssessAgain, given: Given[Rules]) -> Decision:
    """Without a list, or where it was erased, the exposure is unknown."""
    if given.cause_id in state.assessed_by:
        return ()
    found = UNKNOWN
    if isinstance(state, Assessed):
        body = given.contents.get(state.list_ref)
        known = msgspec.json.decode(body, type=DrugList) if body else DrugList()
        found = exposure(known, given.rules.opioid.factors.values)
    if command.only_if_any and found.status == "none":
        return ()
    return [assessment(found, command.context, given.rules)]


def assessment(found: Exposure, context: ExposureContext, rules: Rules) -> Ruled:
    factors = rules.opioid.factors
    fact = OpioidExposureAssessed(
        **found._asdict(),
        factor_set=factors.values.name,
        risk_factors=(),
        profile="standard",
        context=context,
    )
    return Ruled(fact, (factors,))


def kept(state: OpioidProfile, fact: ListKept, head: Head) -> Assessed:
    """The assessment follows in the same decision."""
    return Assessed(
        list_ref=fact.ref,
        source_id=fact.source_id,
        complete=False,
        exposure="incomplete",
        assessed_by=state.assessed_by,
    )


def assessed(state: OpioidProfile, fact: OpioidExposureAssessed, head: Head) -> OpioidProfile:
    assessed_by = (*state.assessed_by, head.causation_id)
    if isinstance(state, Unassessed):
        return Unassessed(assessed_by=assessed_by)
    return replace(
        state,
        assessed_by=assessed_by,
        exposure=fact.status,
        mme_per_day=fact.mme_per_day,
        complete=fact.status != "incomplete",
    )


def reads(state: OpioidProfile, command: Command) -> Iterable[str]:
    return (state.list_ref,) if isinstance(state, Assessed) and isinstance(command, AssessAgain) else ()


OPIOID_PROFILE = Aggregate[OpioidProfile](
    "opioid_profile",
    Unassessed(),
    decide=Table(assess, assess_again),
    evolve=Table(kept, assessed),
    reads=reads,
)


def profile_id(patient_id: str) -> str:
    return derive(patient_id, "opioid profile")
