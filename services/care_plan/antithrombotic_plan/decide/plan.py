"""What people say of a plan: line by line, who agreed, the kidneys, and the signature for one date."""

import msgspec

from backbone.ids import derive
from backbone.model import Content, Decision, Given, Refused, Ruled, by, decider, like
from schemas.care_plan.v1.antithrombotic import AntithromboticPlanSigned
from services.care_plan.antithrombotic_plan.commands import (
    DraftPlan,
    RecordAgreement,
    SignPlan,
    StateRenalFunction,
)
from services.care_plan.antithrombotic_plan.content import concerned, line, not_in_the_table, times
from services.care_plan.antithrombotic_plan.decide.course import unasked
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
    Line,
    Live,
    Requested,
    Signed,
)
from services.care_plan.override.states import Decided
from services.care_plan.renal_function.states import RenalFunction, RenalValue
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
    """Of the person: what this plan and others make of it follows (ANT-04, ANT-06)."""
    if wrong := wrong_value(command, given):
        return wrong
    record, known = kept_by(state, command, given)
    if (known and known.ml_per_min) == command.ml_per_min:
        nothing = Refused("nothing was stated for that day", code="not-stated")
        return () if known else nothing
    return [like(RenalFunctionStated, command, patient_id=record, stated_by=decider(given))]


def wrong_value(command: StateRenalFunction, given: Given[Rules]) -> Refused | None:
    renal = given.rules.antithrombotic.renal.values
    if command.taken_on > given.rules.calendar.day(given.at):
        return Refused("taken_on: today or before", code="not-yet")
    if command.ml_per_min is None or renal.lowest <= command.ml_per_min <= renal.highest:
        return None
    return Refused(f"ml_per_min: from {renal.lowest} to {renal.highest}", code="not-plausible")


def kept_by(state: Live, command: StateRenalFunction, given: Given[Rules]) -> tuple[str, RenalValue | None]:
    """The record of the person that has a value of that day, this plan's before others; without one, this plan's."""
    mine = state.known.patient_id or ""
    found = {
        record: known
        for (_, record), each in given.others.items()
        if isinstance(each, RenalFunction) and (known := each.of(command.taken_on, command.measure))
    }
    record = mine if mine in found or not found else min(found)
    return record, found.get(record)


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
        reason = "the table can't tell all of this patient's drugs: whoever may override it decides"
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
