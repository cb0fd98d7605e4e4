"""The renal function of a patient as one aggregate: the newest value of each day and measure."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Decision, Given, Head, Table, like, others_of, person_seen
from schemas.care_plan.v1.codes import RenalMeasure
from services.care_plan.renal_function.facts import RenalFunctionNoted
from services.care_plan.renal_function.states import KIND, RenalFunction, RenalValue
from services.care_plan.rules import Rules


class NoteRenalFunction(Command, tag="note_renal_function", kw_only=True):
    """Somebody stated it. Without `ml_per_min`: what was stated for that day was a mistake."""

    patient_id: str
    taken_on: date
    measure: RenalMeasure
    ml_per_min: Decimal | None = None


def note(state: RenalFunction, command: NoteRenalFunction, given: Given[Rules]) -> Decision:
    known = state.of(command.taken_on, command.measure)
    if (known and known.ml_per_min) == command.ml_per_min:
        return ()
    return [like(RenalFunctionNoted, command, also=others_of(given.target, given))]


def noted(state: RenalFunction, fact: RenalFunctionNoted, head: Head) -> RenalFunction:
    left = tuple(each for each in state.results if each != state.of(fact.taken_on, fact.measure))
    now = () if fact.ml_per_min is None else (like(RenalValue, fact),)
    return replace(state, results=(*left, *now))


def needs(state: RenalFunction, command: Command) -> Iterable[tuple[str, str]]:
    """Whom else it is about."""
    if isinstance(command, NoteRenalFunction):
        yield from person_seen(command.patient_id)


RENAL_FUNCTION = Aggregate[RenalFunction](
    KIND,
    RenalFunction(),
    decide=Table(note),
    evolve=Table(noted),
    needs=needs,
    has_pathway=False,
    of_person=True,
)
