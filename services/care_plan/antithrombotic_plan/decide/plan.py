"""What people say of a plan: line by line, who agreed, the kidneys, and the signature for one date."""

import msgspec
from msgspec.structs import replace

from backbone.ids import derive
from backbone.model import Content, Decision, Given, Refused, Ruled, Step, by, decider, like
from schemas.care_plan.v1.antithrombotic import AntithromboticPlanSigned
from services.care_plan.antithrombotic_plan.commands import (
    DraftPlan,
    RecordAgreement,
    SignPlan,
    StateRenalFunction,
)
from services.care_plan.antithrombotic_plan.content import concerned, line, not_in_the_table, times
from services.care_plan.antithrombotic_plan.decide.course import asked, invalidated, unasked
from services.care_plan.antithrombotic_plan.facts import (
    AgreementRecorded,
    OverrideNeeded,
    PlanDrafted,
    RenalFunctionStated,
    StatedLine,
    TextSigned,
)
from services.care_plan.antithrombotic_plan.states import (
    Agreed,
    Drafted,
    Invalidated,
    Known,
    Line,
    Live,
    Requested,
    Signed,
    Written,
)
from services.care_plan.override.states import Decided
from services.care_plan.roles import CLINICIAN, PROCEDURALIST
from services.care_plan.rules import Rules


@by(PROCEDURALIST)
def draft(
    state: Requested | Drafted | Agreed | Invalidated, command: DraftPlan, given: Given[Rules]
) -> Decision:
    """The table proposes what they leave out. What was agreed to is asked for again."""
    if wrong := wrong_choices(command, given.rules):
        return wrong
    choices = {each.drug: each for each in command.choices}
    drugs = dict.fromkeys((*state.known.drugs, *choices))
    lines = (line(drug, choices.get(drug), state.known, given.rules) for drug in drugs)
    proposed = Drafted(known=state.known, lines=tuple(lines))
    question = asked_for(state, proposed, given)
    stated = tuple(like(StatedLine, each) for each in proposed.lines)
    fact = PlanDrafted(lines=stated, drafted_by=decider(given), override_id=question, untold=proposed.untold)
    changed = question != state.known.override_id
    return [
        Ruled(fact, (given.rules.antithrombotic.table,)),
        *(unasked(state) if changed else ()),
        *(needed(question, state, given) if question and changed else ()),
    ]


def needed(question: str, state: Live, given: Given[Rules]) -> list[OverrideNeeded]:
    rule, subject = given.rules.antithrombotic.unknown, state.known.procedure_id
    return [OverrideNeeded(override_id=question, rule=rule.id, subject_id=subject)]


def asked_for(state: Live, proposed: Drafted, given: Given[Rules]) -> str | None:
    """ANT-06: the question that stands, or a new one where it is about something else."""
    if not proposed.untold:
        return None
    if proposed.untold == state.known.untold:
        return state.known.override_id
    return derive(given.target, f"override:{given.version}")


def wrong_choices(command: DraftPlan, rules: Rules) -> Refused | None:
    drugs = [each.drug for each in command.choices]
    if twice := sorted({drug for drug in drugs if drugs.count(drug) > 1}):
        return Refused(f"choices: {', '.join(twice)}: once each", code="drug-twice")
    strange = [each for each in drugs if each not in concerned(rules.drugs.table.values.drugs, rules)]
    if strange:
        reason = f"choices: {', '.join(strange)}: no drug that prevents clots, as the table has it"
        return Refused(reason, code="unknown-drug")
    wrong = next(filter(None, (not_in_the_table(each, rules) for each in command.choices)), None)
    return Refused(f"choices: {wrong}", code="unknown-use") if wrong else None


@by(CLINICIAN)
def agree(state: Drafted | Agreed, command: RecordAgreement, given: Given[Rules]) -> Decision:
    """ANT-02: stopping can cause a stroke; who prescribes it answers for that too."""
    held = {each.drug: each for each in state.lines if each.hold_hours is not None}
    if command.drug not in held:
        reason = f"drug: {command.drug} is not held by this plan"
        return Refused(reason, instead=("DraftPlan",), code="not-held")
    ref = given.ref("agreement")
    said = {"drug": command.drug, "prescriber": command.prescriber}
    fact = AgreementRecorded(drug=command.drug, agreement_ref=ref, recorded_by=decider(given))
    return [Content(ref, "hold_agreement", msgspec.json.encode(said)), fact]


@by(CLINICIAN)
def state_kidneys(state: Live, command: StateRenalFunction, given: Given[Rules]) -> Decision:
    """A plan with a drug that they clear is not valid any more (ANT-04)."""
    if state.known.impaired == command.impaired:
        return ()
    known = replace(state.known, impaired=command.impaired)
    stated = RenalFunctionStated(impaired=command.impaired, stated_by=decider(given))
    return [stated, *affected(state, known, given), *asked(state, known, given)]


def affected(state: Live, known: Known, given: Given[Rules]) -> list[Step]:
    cleared = given.rules.antithrombotic.unknown.values.renal
    if isinstance(state, Written) and any(each.drug in cleared for each in state.lines):
        return invalidated(state, "renal_function_changed", given, known)
    return []


@by(PROCEDURALIST)
def sign(state: Drafted | Agreed, command: SignPlan, given: Given[Rules]) -> Decision:
    """For the date as it stands now, and for no other. The text is theirs: nothing is derived for the patient."""
    return wrong_date(state, command, given) or not_ready(state, given) or signing(state, command, given)


@by(PROCEDURALIST)
def sign_again(state: Signed, command: SignPlan, given: Given[Rules]) -> Decision:
    """The same signature is nothing. Another text is signed anew, and takes the place of the older one."""
    if wrong := wrong_date(state, command, given):
        return wrong
    body = given.contents.get(state.text_ref or "")
    is_same = body is not None and msgspec.json.decode(body, type=str) == command.text
    return () if is_same else signing(state, command, given)


def signing(state: Drafted | Agreed | Signed, command: SignPlan, given: Given[Rules]) -> Decision:
    on, rules = state.known.appointment, given.rules.antithrombotic
    assert on is not None, "the date was looked at"
    found = times(state.lines, on.start, given.rules)
    if found.last_dose_at and found.last_dose_at < given.at and not command.already_stopped:
        when = f"{found.last_dose_at:%Y-%m-%dT%H:%MZ}"
        reason = f"the last dose would have been at {when}: move the date, or say already_stopped"
        return Refused(reason, code="too-late-to-stop")
    ref = given.ref("text")
    fact = AntithromboticPlanSigned(
        antithrombotic_plan_id=given.target,
        procedure_id=state.known.procedure_id,
        appointment_id=on.id,
        appointment_version=on.version,
        **found._asdict(),
        inr_max=rules.inr.values.most if found.inr_from else None,
        prescriber_agreed=not any(each.lacks_agreement for each in state.lines),
        corrects=True if isinstance(state, Signed) else None,
        signed_by=decider(given),
    )
    text = Content(ref, "hold_text", msgspec.json.encode(command.text))
    return [text, TextSigned(text_ref=ref), Ruled(fact, (rules.table, rules.inr))]


def wrong_date(state: Drafted | Agreed | Signed, command: SignPlan, given: Given[Rules]) -> Refused | None:
    on = state.known.appointment
    if on is None:
        return Refused("no date is held for this procedure: hold one first", code="no-date")
    if (on.id, on.version) != (command.appointment_id, command.appointment_version):
        reason = f"the date is version {on.version} of appointment {on.id}: a signature is for that alone"
        return Refused(reason, code="another-date")
    return Refused("this date is past", code="date-past") if on.start <= given.at else None


def not_ready(state: Drafted | Agreed, given: Given[Rules]) -> Refused | None:
    """Every line has an answer, whoever prescribes what is held agreed, and nothing is unknown (ANT-02, ANT-06)."""
    open_lines = [each.drug for each in state.lines if not each.settled]
    if open_lines:
        reason = f"say how it is taken, and whether it is held: {', '.join(open_lines)}"
        return Refused(reason, instead=("DraftPlan",), code="not-settled")
    if state.untold and not is_overridden(state, given):
        reason = "the table can't tell all of this patient's drugs (ANT-06): whoever may override it decides"
        return Refused(reason, code="override-needed")
    if lacking := lacks_agreement(state.lines):
        reason = f"nobody who prescribes it agreed to the hold: {', '.join(lacking)}"
        return Refused(reason, instead=("RecordAgreement",), code="not-agreed")
    return None


def is_overridden(state: Drafted | Agreed, given: Given[Rules]) -> bool:
    """The answer to the question about just this."""
    answer = given.others.get(("override", state.known.override_id or ""))
    is_about = state.untold == state.known.untold
    return is_about and isinstance(answer, Decided) and answer.granted


def lacks_agreement(lines: tuple[Line, ...]) -> list[str]:
    return [each.drug for each in lines if each.lacks_agreement]


PLAN = (draft, agree, state_kidneys, sign, sign_again)
