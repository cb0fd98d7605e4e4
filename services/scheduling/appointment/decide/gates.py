"""What must be true before a procedure decides about its date (SCH-02, SCH-04, PRC-06, ANT-04)."""

from collections.abc import Sequence
from datetime import datetime

from backbone.model import Decision, Given, Refused, Ruled, Step, Table, by, ignores, like
from config.sessions import Slot
from schemas.codes import GateKind
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentHeld,
    GateCheckFailed,
    GatesCleared,
    SessionInOrder,
    SessionOutOfOrder,
)
from schemas.scheduling.v1.codes import Checkpoint, GateScope
from services.scheduling.appointment.commands import (
    CancelAppointment,
    CheckGates,
    LetPass,
    LookAtAssessment,
    LookAtGates,
    ReleaseDate,
)
from services.scheduling.appointment.decide.cancellation import cancelled
from services.scheduling.appointment.facts import CheckpointPassed, HoldPlaced, ScopeOpen
from services.scheduling.appointment.states import (
    OVER,
    SESSIONS,
    Booked,
    Expected,
    Fulfilled,
    Here,
    Matter,
    NoAppointment,
    Pending,
    Planned,
    Proposed,
    Waiting,
    all_but,
)
from services.scheduling.gate.states import Gates
from services.scheduling.procedure_record.states import procedures_of
from services.scheduling.roles import COORDINATOR
from services.scheduling.rules import Rules

RELEASED = CancelAppointment(by="clinic", reason="gate_open")
HELD_UP: Sequence[GateScope] = ("booking",)
BEFORE: Sequence[GateScope] = ("pre", "day_of")


def out_of_order(matter: Matter, referral_id: str | None, given: Given[Rules]) -> Refused | None:
    """SCH-04: what comes before it takes place first."""
    if matter.procedure_id is None:
        return None
    first = procedures_of(referral_id, given).first(matter.procedure_id, given.rules)
    return first and Refused(
        f"{first} comes before it and is still to take place: record it, or cancel it, first",
        code="out-of-order",
    )


def before_assessment(
    assessments: Sequence[str] | None, start: datetime, given: Given[Rules]
) -> Refused | None:
    """SCH-04: a session takes place after the assessment that was ordered with it."""
    if assessments is None:
        return None
    for each in assessments:
        known = given.others.get(("appointment", each))
        if isinstance(known, Fulfilled) or (isinstance(known, Expected) and known.date.start < start):
            return None
    said = "the assessment comes first: book that for an earlier time, or start the work where none is needed"
    return Refused(said, code="out-of-order")


def look_at_order(state: Booked, command: LookAtAssessment, given: Given[Rules]) -> Decision:
    """SCH-04: what was true when it got its date may not be any more. No date goes by itself: somebody decides."""
    matter, date, seen = state.matter, state.date, command.assessment_id
    if matter.purpose not in SESSIONS or matter.activity_id is None:
        return ()
    if seen is None or not before_assessment((seen,), date.start, given):
        in_order = SessionInOrder(version=date.version, activity_id=matter.activity_id)
        return [in_order] if state.early_for else ()
    if state.early_for == seen:
        return ()
    early = like(SessionOutOfOrder, matter, version=date.version, start=date.start, assessment_id=seen)
    return [Ruled(early, (given.rules.scheduling.order_of_care,))]


def open_gates(matter: Matter, slot: Slot, given: Given[Rules]) -> tuple[GateKind, ...]:
    """What holds up the booking of this time."""
    return Gates.of(matter.procedure_id, given).open("booking", given.rules.calendar.day(slot.start))


def held_for(
    matter: Matter, slot: Slot, kinds: tuple[GateKind, ...], version: int, given: Given[Rules]
) -> Sequence[Step]:
    """SCH-02: held until nothing is open, at most until it begins; the checkpoints before that are somebody's work."""
    held = like(AppointmentHeld, matter, version=version, start=slot.start, open_gates=kinds)
    where = HoldPlaced(clinician_id=slot.clinician_id, end=slot.end, location=slot.location, until=slot.start)
    return [Ruled(held, (given.rules.scheduling.gates,)), where]


def still_open(state: Planned, scope: GateScope, given: Given[Rules]) -> tuple[GateKind, ...]:
    day = given.rules.calendar.day(state.date.start)
    return Gates.of(state.matter.procedure_id, given).open(scope, day)


def clear(state: Planned, scopes: Sequence[GateScope], given: Given[Rules]) -> list[Step]:
    """What is not open any more, said once until it is open again. Of the day only where something had to be shown."""
    gates, steps = Gates.of(state.matter.procedure_id, given), list[Step]()
    for scope in scopes:
        is_open, was_cleared = bool(still_open(state, scope, given)), scope in state.cleared
        if is_open and was_cleared:
            steps.append(ScopeOpen(scope=scope))
        elif not is_open and not was_cleared and (scope == "pre" or gates.of_scope(scope)):
            steps.append(GatesCleared(version=state.date.version, scope=scope))
    return steps


def look_pending(state: Pending, command: LookAtGates, given: Given[Rules]) -> Decision:
    """The system books what was held, as soon as nothing holds it up."""
    if state.matter.procedure_id is None or still_open(state, "booking", given):
        return ()
    booked = like(
        AppointmentBooked,
        state.matter,
        **{
            name: getattr(state.date, name)
            for name in ("version", "start", "end", "location", "clinician_id")
        },
        notice_days=max(0, given.rules.notice_days(given.at, state.date.start)),
    )
    return [*clear(state, HELD_UP, given), booked, *clear(state, BEFORE, given)]


def look_booked(state: Booked, command: LookAtGates, given: Given[Rules]) -> Decision:
    """SCH-02: what is booked is held again where something that holds up booking is open again."""
    if state.matter.procedure_id is None:
        return ()
    kinds, date = still_open(state, "booking", given), state.date
    late = found_late(state, given)
    if not kinds:
        return [*clear(state, BEFORE, given), *late]
    held = like(AppointmentHeld, state.matter, version=date.version, start=date.start, open_gates=kinds)
    return [*late, held, like(HoldPlaced, date, until=date.start)]


def found_late(state: Booked, given: Given[Rules]) -> Sequence[Step]:
    """PRC-06: what was shown and is open again after a checkpoint is the work that it would have been there. Nobody's
    date goes by itself then: who is to let it go is asked."""
    kinds = still_open(state, "pre", given) if "pre" in state.cleared else ()
    return [missed(state, each, kinds, given) for each in state.checked if kinds]


def missed(
    state: Pending | Booked, checkpoint: Checkpoint, kinds: tuple[GateKind, ...], given: Given[Rules]
) -> Ruled:
    version, start = state.date.version, state.date.start
    failed = GateCheckFailed(version=version, checkpoint=checkpoint, start=start, open_gates=kinds)
    return Ruled(failed, (given.rules.scheduling.checkpoints,))


def look_here(state: Here, command: LookAtGates, given: Given[Rules]) -> Decision:
    return clear(state, BEFORE, given) if state.matter.procedure_id else ()


def check(state: Pending | Booked, command: CheckGates, given: Given[Rules]) -> Decision:
    """PRC-06: only what is checked before; a value of the day is always open at the last checkpoint (ANT-05)."""
    if command.version != state.date.version or command.checkpoint in state.checked:
        return ()
    rule, kinds = given.rules.scheduling.checkpoints, still_open(state, "pre", given)
    passed = CheckpointPassed(checkpoint=command.checkpoint)
    if not kinds:
        return [passed]
    goes = command.checkpoint == "T-24" and rule.values.release == "auto"
    gone = cancelled(state, RELEASED, given) if goes else ()
    return [
        passed,
        missed(state, command.checkpoint, kinds, given),
        *(gone if isinstance(gone, Sequence) else ()),
    ]


@by(COORDINATOR)
def release(state: Pending | Booked, command: ReleaseDate, given: Given[Rules]) -> Decision:
    """The clinic's doing: it never counts against the patient (ATT-10), and who waits is offered the time (ATT-09)."""
    if "T-24" not in state.warned:
        return Refused("the last checkpoint has not found anything open: cancel it instead", code="not-due")
    if not still_open(state, "pre", given):
        return Refused("nothing is open any more: the date stands", code="nothing-open")
    return cancelled(state, RELEASED, given)


@by(COORDINATOR)
def nothing_to_release(
    state: NoAppointment | Waiting | Proposed | Here, command: ReleaseDate, given: Given[Rules]
) -> Decision:
    return Refused("there is no date that could be let go", code="not-due")


def let_pass(state: Pending, command: LetPass, given: Given[Rules]) -> Decision:
    """Nobody decided until it began: it is asked for again, and says so."""
    if state.joint_day_id or command.version != state.date.version or given.at < state.date.start:
        return ()
    return cancelled(state, RELEASED, given)


def not_ready(state: Expected, given: Given[Rules]) -> Refused | None:
    """What is checked on the day comes before the procedure, and what opened again after the arrival does too; whoever
    may waive it can."""
    kinds = (*still_open(state, "booking", given), *still_open(state, "day_of", given))
    if not kinds:
        return None
    return Refused(
        f"not before this is shown or waived: {', '.join(kinds)}",
        instead=("RecordEvidence", "WaiveGate"),
        code="gate-open",
    )


GATES = Table(
    *(look_pending, look_booked, look_here, check, release, nothing_to_release, let_pass, look_at_order),
    ignores(LookAtAssessment, when=all_but(Booked)),
    ignores(LookAtGates, when=(NoAppointment, Waiting, Proposed, *OVER)),
    ignores(CheckGates, when=all_but(Pending, Booked)),
    ignores(LetPass, when=all_but(Pending)),
    ignores(ReleaseDate, when=OVER, whom=COORDINATOR),
)
