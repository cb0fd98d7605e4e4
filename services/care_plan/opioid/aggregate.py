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
    like,
)
from schemas.care_plan.v1.codes import ExposureContext, RiskFactor
from schemas.care_plan.v1.opioid import OpioidExposureAssessed
from services.care_plan.opioid.content import (
    OF_LIST,
    UNKNOWN,
    Drug,
    DrugList,
    Exposure,
    antithrombotics_in,
    doses_in,
    exposure,
    has_long_supply,
    hides_none,
    high_dose,
    opioids_in,
    rounded,
    sedatives_in,
    ways_taken,
)
from services.care_plan.opioid.facts import DrugDose, ExposureStated, ListKept, OverdoseNoted, RiskScored
from services.care_plan.opioid.states import Assessed, OpioidProfile, Unassessed, profile_id
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import Rules

OVERDOSE: RiskFactor = "overdose"


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
    """A clinician says what the patient takes, whatever the list says. Without `mme_per_day`: no opioids that count.
    Without `risk_factors` those that are known stay."""

    mme_per_day: Decimal | None = None
    has_buprenorphine: bool = False
    risk_factors: tuple[RiskFactor, ...] | None = None


class FollowStep(Command, tag="follow_taper_step", kw_only=True):
    """A step of a taper was taken: that is the dose now."""

    mme_per_day: Decimal
    by_id: str


class ScoreRisk(Command, tag="score_opioid_risk"):
    """A risk tool says whether opioids are looked at more closely (OPI-15)."""

    high: bool


class NoteOverdose(Command, tag="note_overdose", kw_only=True):
    """A red flag says that there was one; or a clinician assessed it and it is not `there`."""

    flag_id: str
    there: bool


def assess(state: OpioidProfile, command: AssessList, given: Given[Rules]) -> Decision:
    if given.cause_id in state.assessed_by:
        return ()
    ref, found = given.ref("drugs"), DrugList(command.drugs, command.complete)
    return [
        Content(ref, "drug_list", msgspec.json.encode(found)),
        kept_as(found, ref, command, given.rules),
        assessment(state, exposure(found, given.rules), command.context, given.rules),
    ]


def kept_as(found: DrugList, ref: str, command: AssessList, rules: Rules) -> ListKept:
    doses = (DrugDose(name=name, mme_per_day=dose) for name, dose in doses_in(found, rules))
    return ListKept(
        ref=ref,
        source_id=command.source_id,
        opioids=opioids_in(found, rules),
        doses=tuple(doses),
        long_supply=has_long_supply(found, rules),
        antithrombotics=antithrombotics_in(found, rules),
        sedatives=sedatives_in(found, rules),
        ways=ways_taken(found, rules),
        whole=hides_none(found, rules),
    )


def assess_again(state: OpioidProfile, command: AssessAgain, given: Given[Rules]) -> Decision:
    """Without a list, or where it was erased, the exposure is unknown."""
    if given.cause_id in state.assessed_by:
        return ()
    found = as_known(state, given)
    if command.only_if_any and found.status == "none":
        return ()
    return [assessment(state, found, command.context, given.rules)]


def as_known(state: OpioidProfile, given: Given[Rules]) -> Exposure:
    """What a clinician said, else the list by today's rules."""
    if isinstance(state, Assessed) and state.stated:
        return Exposure(state.mme_per_day, state.exposure, state.has_buprenorphine, state.risk_factors)
    body = given.contents.get(state.list_ref) if isinstance(state, Assessed) and state.list_ref else None
    return exposure(msgspec.json.decode(body, type=DrugList), given.rules) if body else UNKNOWN


def score_risk(state: OpioidProfile, command: ScoreRisk, given: Given[Rules]) -> Decision:
    known = isinstance(state, Assessed) and state.intensified
    if given.cause_id in state.assessed_by or known == command.high:
        return ()
    profile = assessment(scored(state, command.high), as_known(state, given), "review", given.rules)
    return [RiskScored(high=command.high), profile]


def note_overdose(state: OpioidProfile, command: NoteOverdose, given: Given[Rules]) -> Decision:
    """OPI-04: it is a danger with any opioid, also with one that is prescribed later."""
    known = isinstance(state, Assessed) and command.flag_id in state.overdoses
    if given.cause_id in state.assessed_by or known == command.there:
        return ()
    after = with_overdose(state, command.flag_id, there=command.there)
    told_so = like(OverdoseNoted, command)
    return [told_so, assessment(after, as_known(after, given), "intake", given.rules)]


def with_overdose(state: OpioidProfile, flag_id: str, *, there: bool) -> Assessed:
    """What a clinician stated of the risks is not taken back with a flag."""
    known = (
        state
        if isinstance(state, Assessed)
        else Assessed(exposure="incomplete", assessed_by=state.assessed_by)
    )
    flags = tuple(each for each in known.overdoses if each != flag_id)
    if there:
        factors = (
            (*known.risk_factors, OVERDOSE) if OVERDOSE not in known.risk_factors else known.risk_factors
        )
        return replace(known, overdoses=(*flags, flag_id), risk_factors=factors)
    stays = bool(flags) or known.stated
    factors = tuple(each for each in known.risk_factors if stays or each != OVERDOSE)
    return replace(known, overdoses=flags, risk_factors=factors)


@by(CLINICIAN)
def state_exposure(state: OpioidProfile, command: StateExposure, given: Given[Rules]) -> Decision:
    """It holds until the next list: what was incomplete is not any more."""
    return stating(state, command, decider(given), given)


def follow_step(state: OpioidProfile, command: FollowStep, given: Given[Rules]) -> Decision:
    """Whoever recorded the step said the dose; what else is known of the patient stays."""
    known = state if isinstance(state, Assessed) else Assessed(exposure="incomplete")
    if given.cause_id in state.assessed_by or known.mme_per_day == command.mme_per_day:
        return ()
    dose = command.mme_per_day or None
    said = StateExposure(mme_per_day=dose, has_buprenorphine=known.has_buprenorphine)
    return stating(state, said, command.by_id, given)


def stating(
    state: OpioidProfile, said: StateExposure, by_id: str, given: Given[Rules]
) -> list[ExposureStated | Ruled]:
    dose, buprenorphine = said.mme_per_day, said.has_buprenorphine
    total = rounded(dose or Decimal(0)) if dose is not None or buprenorphine else None
    known = state.risk_factors if isinstance(state, Assessed) else ()
    besides = known if said.risk_factors is None else said.risk_factors
    factors = (*high_dose(total, given.rules), *(each for each in besides if each != "mme_50"))
    found = Exposure(total, "none" if total is None else "complete", buprenorphine, factors)
    return [ExposureStated(by_id=by_id), told(found, state, "review", given.rules)]


def assessment(state: OpioidProfile, found: Exposure, context: ExposureContext, rules: Rules) -> Ruled:
    """What is known of the patient besides the list stays."""
    known = state.risk_factors if isinstance(state, Assessed) else ()
    kept = (each for each in known if each not in OF_LIST and each != "mme_50")
    factors = tuple(dict.fromkeys((*found.risk_factors, *kept)))
    return told(found._replace(risk_factors=factors), state, context, rules)


def told(found: Exposure, state: OpioidProfile, context: ExposureContext, rules: Rules) -> Ruled:
    factors = rules.opioid.factors
    intensified = isinstance(state, Assessed) and state.intensified
    fact = OpioidExposureAssessed(
        **found._asdict(),
        factor_set=factors.values.name,
        profile="intensified" if intensified else "standard",
        context=context,
    )
    return Ruled(fact, (rules.opioid.factor_set, factors, rules.drugs.table))


def kept(state: OpioidProfile, fact: ListKept, head: Head) -> Assessed:
    """The assessment follows in the same decision."""
    return Assessed(
        list_ref=fact.ref,
        source_id=fact.source_id,
        opioids=fact.opioids,
        doses=tuple((each.name, each.mme_per_day) for each in fact.doses),
        long_supply=fact.long_supply,
        antithrombotics=fact.antithrombotics,
        sedatives=fact.sedatives,
        ways=fact.ways,
        whole=fact.whole,
        overdoses=state.overdoses if isinstance(state, Assessed) else (),
        exposure="incomplete",
        assessed_by=state.assessed_by,
        intensified=isinstance(state, Assessed) and state.intensified,
    )


def risk_scored(state: OpioidProfile, fact: RiskScored, head: Head) -> Assessed:
    """The assessment follows in the same decision."""
    return scored(state, fact.high)


def overdose_noted(state: OpioidProfile, fact: OverdoseNoted, head: Head) -> Assessed:
    """The assessment follows in the same decision."""
    return with_overdose(state, fact.flag_id, there=fact.there)


def scored(state: OpioidProfile, high: bool) -> Assessed:
    if isinstance(state, Assessed):
        return replace(state, intensified=high)
    return Assessed(exposure="incomplete", assessed_by=state.assessed_by, intensified=high)


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
        risk_factors=fact.risk_factors,
    )


def stated(state: OpioidProfile, fact: ExposureStated, head: Head) -> OpioidProfile:
    """The assessment follows in the same decision."""
    if isinstance(state, Assessed):
        return replace(state, stated=True, stated_by=fact.by_id)
    return Assessed(stated=True, stated_by=fact.by_id, exposure="incomplete", assessed_by=state.assessed_by)


def reads(state: OpioidProfile, command: Command) -> Iterable[str]:
    known = state.list_ref if isinstance(state, Assessed) and not state.stated else None
    return (known,) if known and isinstance(command, AssessAgain | ScoreRisk | NoteOverdose) else ()


OPIOID_PROFILE = Aggregate[OpioidProfile](
    "opioid_profile",
    Unassessed(),
    decide=Table(assess, assess_again, state_exposure, follow_step, score_risk, note_overdose),
    evolve=Table(kept, stated, risk_scored, overdose_noted, assessed),
    reads=reads,
    of_person=True,
    of_record=profile_id,
)
