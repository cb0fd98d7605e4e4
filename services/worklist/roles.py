"""Who may do what: the people of a queue, by its settings, and who reads a patient's timeline."""

from collections.abc import Collection

from backbone.model import Actor, Group, Rights
from config.staff import CLINICIANS
from schemas.codes import Queue
from services.worklist.rules import Rules

READS_TIMELINES = Group(
    "those who work with patients, and the patient",
    CLINICIANS.union({"care_coordinator", "service_manager"}),
    frozenset({"patient"}),
)
"""Reception and operations don't."""


READS_WAITS = Group(
    "management: those who lead queues", frozenset({"service_manager", "clinical_lead", "medical_director"})
)
"""Numbers of whole queues; nobody is named."""


DISPLAY = frozenset({"display"})


def is_display(actor: Actor, rights: Rights, rules: Rules) -> bool:
    """A screen that everybody passes: the account of nobody who works here."""
    return rules.staff.roles_of(actor.id).union(rights.roles) == DISPLAY


def works_in(queue: Queue, rules: Rules) -> Group:
    """A queue is a discipline; some roles work in it too."""
    return Group(f"somebody who works in {queue}", rules.queues[queue].roles, disciplines=frozenset({queue}))


def works_or_is_called(queue: Queue, rules: Rules) -> Group:
    """Those who work there, and everybody on a ladder of the queue: they are called at night."""
    there = works_in(queue, rules)
    name = f"{there.name}, or is called for it"
    return Group(name, there.roles, disciplines=there.disciplines, persons=rules.called_for(queue))


def leads_or_is(persons: Collection[str | None], name: str, queue: Queue, rules: Rules) -> Group:
    """A lead of the queue, or one of these people."""
    known = frozenset(person for person in persons if person is not None)
    return Group(f"{name} or a lead", rules.queues[queue].leads, persons=known)
