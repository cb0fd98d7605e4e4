"""What another record of the person brings: a procedure of the same days, with a hold of the same drugs."""

from datetime import timedelta

from backbone.model import Decision, Given, like
from services.care_plan.antithrombotic_plan.commands import LookBeside
from services.care_plan.antithrombotic_plan.decide.course import invalidated
from services.care_plan.antithrombotic_plan.facts import ProceduresSeenBeside, SeenBeside
from services.care_plan.antithrombotic_plan.states import Beside, Written
from services.care_plan.conflict.states import Rest
from services.care_plan.rules import Rules


def look_beside(state: Written, command: LookBeside, given: Given[Rules]) -> Decision:
    """Whoever planned the hold of either knew nothing of the other: each is asked, once for the same days."""
    found = near(state, given)
    if not {*found} - {*state.known.beside}:
        return ()
    seen = ProceduresSeenBeside(procedures=tuple(like(SeenBeside, each) for each in found))
    return [seen, *invalidated(state, "another_procedure", given)]


def near(state: Written, given: Given[Rules]) -> tuple[Beside, ...]:
    """Those so near that the longest hold of this plan reaches from one to the other."""
    on, longest = state.known.appointment, max((each.hold_hours or 0 for each in state.lines), default=0)
    if on is None or not longest:
        return ()
    day, reach = given.rules.calendar.day(on.start), timedelta(hours=longest)
    rests = ((record, each) for (_, record), each in given.others.items() if isinstance(each, Rest))
    found = (
        Beside(each.day, each.procedure_id)
        for record, rest in rests
        if record != state.known.patient_id
        for each in rest.procedures
        if each.day and abs(each.day - day) <= reach
    )
    return tuple(sorted({*found}))


BESIDE = (look_beside,)
