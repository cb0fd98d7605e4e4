"""The days of procedures of a patient, and the conflict of an activity with them, as aggregates."""

from collections.abc import Iterable

from backbone.model import Aggregate, Columns, Command, Flag, field, person_seen
from services.care_plan.conflict import decide, evolve
from services.care_plan.conflict.commands import EndWatch, PauseWatch, WatchVisit
from services.care_plan.conflict.states import (
    Clear,
    Conflict,
    Open,
    Rest,
    Unwatched,
    Watching,
    rest_seen,
)


def whose(state: Rest, command: Command) -> Iterable[tuple[str, str]]:
    """Whom else it is about."""
    yield from person_seen(command.patient_id)  # type: ignore[attr-defined]


REST = Aggregate[Rest](
    "rest",
    Rest(),
    decide=decide.REST,
    evolve=evolve.REST,
    needs=whose,
    has_pathway=False,
    of_person=True,
)


def needs(state: Conflict, command: Command) -> Iterable[tuple[str, str]]:
    """The person's procedures; and for the first date, what is done on it."""
    if isinstance(command, WatchVisit):
        yield "activity", command.activity_id
        yield from rest_seen(command.patient_id)
    elif isinstance(state, Watching) and not isinstance(command, EndWatch | PauseWatch):
        yield from rest_seen(state.patient_id)


class Conflicts(Columns):
    """How conflicts are found."""

    patient_id = field("patient_id")
    watched = Flag(lambda state: isinstance(state, Clear | Open))


CONFLICT = Aggregate[Conflict](
    "conflict",
    Unwatched(),
    decide=decide.CONFLICT,
    evolve=evolve.CONFLICT,
    needs=needs,
    columns=Conflicts,
)
