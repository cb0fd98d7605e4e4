"""Which facts make which work, where, how urgent, by when, and which facts end it.

The rows are those of the domain brief; numbers of days are settings (`config/worklist.toml`).
"""

from collections.abc import Iterable
from typing import Any

from services.worklist.catalogue.decide.antithrombotics import ANTITHROMBOTIC_ROWS
from services.worklist.catalogue.decide.care_plan import CARE_PLAN_ROWS
from services.worklist.catalogue.decide.gates import GATE_ROWS
from services.worklist.catalogue.decide.mdt import MDT_ROWS
from services.worklist.catalogue.decide.measures import MEASURE_ROWS
from services.worklist.catalogue.decide.notifications import NOTIFICATIONS_ROWS
from services.worklist.catalogue.decide.procedures import PROCEDURE_ROWS
from services.worklist.catalogue.decide.referral import AFTER_REMINDER, REFERRAL_ROWS
from services.worklist.catalogue.decide.row import Row, itself
from services.worklist.catalogue.decide.scheduling import SCHEDULING_ROWS
from services.worklist.catalogue.decide.system import system_rows
from services.worklist.rules import ItemDue

Rows = tuple[Row[Any], ...]


def checked(rows: Rows) -> Rows:
    """Raises TypeError with everything that would open late, twice, or never end."""
    if found := [*(fault for row in rows for fault in row.faults()), *kinds(rows), *unread(rows)]:
        raise TypeError("; ".join(found))
    return rows


def kinds(rows: Rows) -> Iterable[str]:
    """An item is known by its type and the id of its subject: all subjects of a type must be of one kind."""
    known: dict[str, str] = {}
    for row in rows:
        if known.setdefault(row.item, row.subject.kind) != row.subject.kind:
            yield f"{row.item} is about a {known[row.item]} and about a {row.subject.kind}"


def unread(rows: Rows) -> Iterable[str]:
    """Due times that the clinic sets and nobody reads."""
    read = AFTER_REMINDER.reads.union(*(getattr(row.due, "reads", ()) for row in rows))
    return [f"no row is due by {name}" for name in sorted(ItemDue.model_fields.keys() - read)]


CATALOGUE: Rows = checked(
    (
        *REFERRAL_ROWS,
        *SCHEDULING_ROWS,
        *GATE_ROWS,
        *CARE_PLAN_ROWS,
        *MEASURE_ROWS,
        *MDT_ROWS,
        *PROCEDURE_ROWS,
        *ANTITHROMBOTIC_ROWS,
        *NOTIFICATIONS_ROWS,
        *system_rows(),
    )
)

SHARED = frozenset(row.item for row in CATALOGUE if row.each is not itself and row.subject.names(row.opens))
"""Types of which each queue concerned has one about the same subject: the work of one is not another's."""
SAFETY = frozenset(row.item for row in CATALOGUE if row.safety)
CLEANED_UP = frozenset(row.item for row in CATALOGUE if row.cleaned_up)
WHILE_IT_GOES = frozenset(row.item for row in CATALOGUE if row.while_it_goes)
OF_THE_LIVING = frozenset(row.item for row in CATALOGUE if row.ends_with_patient)
CALLED_ABOUT = ("RED_FLAG", "SAFETY_ALERT", "CRISIS_CALL", "PLAN_OVERDUE", "WAIT_BREACH")
"""Work whose subject is that of an escalation."""
