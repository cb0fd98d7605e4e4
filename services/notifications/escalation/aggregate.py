"""The escalation: its tables put together, and what follows from its state: its deadlines, and how it is found."""

from collections.abc import Callable, Iterable, Mapping

from backbone.ids import derive
from backbone.model import Aggregate, Column, Columns, Command, Flag, Table, Timer
from services.notifications.escalation.commands import CallLater, MissAssessment, PassDeadline, Raise
from services.notifications.escalation.decide.answers import ANSWERS
from services.notifications.escalation.decide.begin import BEGIN
from services.notifications.escalation.decide.end import END
from services.notifications.escalation.decide.time import TIME
from services.notifications.escalation.evolve import EVOLVE
from services.notifications.escalation.states import (
    Acknowledged,
    Escalation,
    Ladder,
    Open,
    Quiet,
    Raised,
    item_of,
    ladder_of,
)
from services.notifications.rules import Rules


def needs(state: Escalation, command: Command) -> Iterable[tuple[str, str]]:
    """Whether the patient lives."""
    if isinstance(command, Raise) and command.patient_id:
        yield "agenda", command.patient_id


def timers(state: Escalation, rules: Rules) -> Mapping[str, Timer]:
    """The deadline of the level; the round when the clinic opens; the end of patience with who acknowledged."""
    if isinstance(state, Raised):
        later = {"call": Timer(state.call_at, CallLater())} if state.call_at else {}
        return {"deadline": Timer(state.ack_due_at, PassDeadline()), **later}
    if isinstance(state, Acknowledged) and not state.assessed:
        assess = rules.escalation.ladder(state.ladder.severity).assess
        if assess:
            return {"assessment": Timer(assess.after(state.at, rules.calendar), MissAssessment())}
    return {}


def of_ladder(read: Callable[[Ladder], str | None]) -> Column:
    def value(state: Escalation) -> str | None:
        ladder = ladder_of(state)
        return read(ladder) if ladder else None

    return Column(value)


class Escalations(Columns):
    """How escalations are found."""

    subject_type = of_ladder(lambda ladder: ladder.subject_type)
    referral_id = of_ladder(lambda ladder: ladder.referral_id)
    patient_id = of_ladder(lambda ladder: ladder.patient_id)
    code = of_ladder(lambda ladder: ladder.code)
    item_id = Column(item_of)
    open = Flag(lambda state: isinstance(state, Open))


ESCALATION = Aggregate[Escalation](
    "escalation",
    Quiet(),
    decide=Table(BEGIN, ANSWERS, TIME, END),
    evolve=EVOLVE,
    needs=needs,
    timers=timers,
    columns=Escalations,
    has_pathway="if known",
)


def escalation_id(subject_type: str, subject_id: str) -> str:
    """One for each warning, for ever: raised again, it is another episode of the same."""
    return derive(subject_id, f"escalation:{subject_type}")
