"""The opioid exposure of a patient: assessed from each drug list, and again when somebody looks at it."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from backbone.model import (
    Aggregate,
    Command,
    Content,
    Decision,
    Given,
    Head,
    Ruled,
    Table,
    by,
    decider,
)
from schemas.care_plan.v1.codes import ExposureContext
from schemas.care_plan.v1.opioid import OpioidExposureAssessed
from services.care_plan.opioid.content import (
    UNKNOWN,
    Drug,
    DrugList,
    Exposure,
    exposure,
    risk_factors,
    rounded,
)
from services.care_plan.opioid.facts import ExposureStated, ListKept
from services.care_plan.opioid.states import Assessed, OpioidProfile, Unassessed, profile_id
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import Rules


class AssessList(Command, tag="assess_drug_list", kw_only=True):
    drugs: tuple[Drug, ...]
    complete: bool
    source_id: str
    context: ExposureContext


class AssessAgain(Command, tag="assess_exposure_again", kw_only=True):
    """The list that is known, looked at again. `only_if_any`: nothing is said where there are no opioids."""

    context: ExposureContext
    only_if_any: bool = False


class StateExposure(Command, tag="state_exposure", kw_only=True):
    """A clinician says what the patient takes, whatever the list says. Without `mme_per_day`: no opioids that count."""

    mme_per_day: Decimal | None = None
    has_buprenorphine: bool = False


def assess(state: OpioidProfile, command: AssessList, given: Given[Rules]) -> Decision:
    if given.cause_id in state.assessed_by:
        return ()
    ref, found = given.ref("drugs"), DrugList(command.drugs, command.complete)
    return [
        Content(ref, "drug_list", msgspec.json.encode(found)),
        ListKept(ref=ref, source_id=command.source_id),
        assessment(exposure(found, given.rules), command.context, given.rules),
    ]


def assess_again(state: OpioidProfile, command: AssessAgain, given: Given[Rules]) -> Decision:
    """Without a list, or where it was erased, the exposure is unknown."""
    if given.cause_id in state.assessed_by:
        return ()
    found = UNKNOWN
    if isinstance(state, Assessed) and state.stated:
        found = Exposure(state.mme_per_day, state.exposure, state.has_buprenorphine)
    elif isinstance(state, Assessed) and state.list_ref:
        body = given.contents.get(state.list_ref)
        known = msgspec.json.decode(body, type=DrugList) if body else DrugList()
        found = exposure(known, given.rules)
    if command.only_if_any and found.status == "none":
        return ()
    return [assessment(found, command.context, given.rules)]


@by(CLINICIAN)
def state_exposure(state: OpioidProfile, command: StateExposure, given: Given[Rules]) -> Decision:
    """It holds until the next list: what was incomplete is not any more."""
    dose, buprenorphine = command.mme_per_day, command.has_buprenorphine
    total = rounded(dose or Decimal(0)) if dose is not None or buprenorphine else None
    found = Exposure(
        total,
        "none" if total is None else "complete",
        buprenorphine,
        risk_factors(total, (), given.rules),
    )
    return [ExposureStated(by_id=decider(given)), assessment(found, "review", given.rules)]


def assessment(found: Exposure, context: ExposureContext, rules: Rules) -> Ruled:
    factors = rules.opioid.factors
    fact = OpioidExposureAssessed(
        **found._asdict(),
        factor_set=factors.values.name,
        profile="standard",
        context=context,
    )
    return Ruled(fact, (factors, rules.drugs.table))


def kept(state: OpioidProfile, fact: ListKept, head: Head) -> Assessed:
    """The assessment follows in the same decision."""
    return Assessed(
        list_ref=fact.ref,
        source_id=fact.source_id,
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
        has_buprenorphine=fact.has_buprenorphine,
    )


def stated(state: OpioidProfile, fact: ExposureStated, head: Head) -> OpioidProfile:
    """The assessment follows in the same decision."""
    if isinstance(state, Assessed):
        return replace(state, stated=True)
    return Assessed(stated=True, exposure="incomplete", assessed_by=state.assessed_by)


def reads(state: OpioidProfile, command: Command) -> Iterable[str]:
    known = state.list_ref if isinstance(state, Assessed) and not state.stated else None
    return (known,) if known and isinstance(command, AssessAgain) else ()


OPIOID_PROFILE = Aggregate[OpioidProfile](
    "opioid_profile",
    Unassessed(),
    decide=Table(assess, assess_again, state_exposure),
    evolve=Table(kept, stated, assessed),
    reads=reads,
    of_person=True,
    of_record=profile_id,
)
