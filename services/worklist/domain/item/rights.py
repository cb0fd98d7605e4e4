"""Who may do what to an item: by the queue's roles and disciplines, as the token states them."""

from schemas.codes import Queue
from services.worklist.item.commands import Rights
from services.worklist.item.states import Movement
from services.worklist.rules import Rules


def works_in(queue: Queue, rights: Rights, rules: Rules) -> bool:
    """A queue is a discipline; some roles work in it too."""
    return queue in rights.disciplines or not rules.queue(queue).roles.isdisjoint(rights.roles)


def leads(queue: Queue, rights: Rights, rules: Rules) -> bool:
    return not rules.queue(queue).leads.isdisjoint(rights.roles)


def holds_or_leads(
    claimant: str | None, person: str | None, queue: Queue, rights: Rights, rules: Rules
) -> bool:
    """The claimant, or a lead of the queue."""
    return (claimant is not None and claimant == person) or leads(queue, rights, rules)


def may_undo(last: Movement, person: str | None, queue: Queue, rights: Rights, rules: Rules) -> bool:
    """Who did it, or a lead."""
    return holds_or_leads(last.by, person, queue, rights, rules)
