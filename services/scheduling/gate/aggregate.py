"""The gate as one aggregate: its tables put together, what it is decided with, and how gates are found."""

from collections.abc import Iterable

from backbone.model import Aggregate, Columns, Command, Flag, Table, field
from services.scheduling.authorisation.states import authorisation_id
from services.scheduling.gate.commands import FollowDate, LookAgain, OpenGate, TakePlan
from services.scheduling.gate.decide.evidence import EVIDENCE_TABLE
from services.scheduling.gate.decide.opening import OPENING
from services.scheduling.gate.decide.others import OTHERS
from services.scheduling.gate.evolve import EVOLVE
from services.scheduling.gate.states import Asked, Gate, Live, NoGate
from services.scheduling.procedure_record.states import procedures_id


def needs(state: Gate, command: Command) -> Iterable[tuple[str, str]]:
    """The date that a plan was signed for; the payer's answer; what was done before."""
    if isinstance(command, TakePlan):
        yield "appointment", command.appointment_id
    if isinstance(command, OpenGate):
        yield from known_by(command.kind, command.referral_id, command.family)
    if isinstance(command, LookAgain | FollowDate) and isinstance(state, Asked):
        yield from known_by(state.kind, state.referral_id, state.family)


def known_by(kind: str, referral_id: str | None, family: str | None) -> Iterable[tuple[str, str]]:
    if referral_id and family and kind == "authorisation":
        yield "authorisation", authorisation_id(referral_id, family)
    if referral_id and kind in ("previous_outcome", "procedure_consent"):
        yield "procedure_record", procedures_id(referral_id)


class GateColumns(Columns):
    """How gates are found."""

    procedure_id = field("procedure_id")
    referral_id = field("referral_id")
    kind = field("kind")
    open = Flag(lambda state: isinstance(state, Live))


GATE = Aggregate[Gate](
    "gate",
    NoGate(),
    decide=Table(OPENING, OTHERS, EVIDENCE_TABLE),
    evolve=EVOLVE,
    needs=needs,
    columns=GateColumns,
)
