"""The states of an investigation."""

from datetime import date

from backbone.model import State
from schemas.care_plan.v1.codes import InvestigationKind


class NotOrdered(State, tag="none"):
    """Nobody asked for it."""


class Asked(State, kw_only=True):
    """`responsible_id`: who reads what it finds, also after a discharge."""

    kind: InvestigationKind
    due_on: date
    responsible_id: str


class Ordered(Asked, tag="ordered", kw_only=True):
    """`called`: somebody looks why it is not done."""

    times: int = 1
    called: bool = False


class Reported(Asked, tag="reported"):
    """What it found is here, and nobody has read it."""


class Settled(State, tag="settled"):
    """Read, or not wanted any more."""


Investigation = NotOrdered | Ordered | Reported | Settled
