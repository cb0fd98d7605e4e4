"""What a person may do in a queue, whatever the item: read from the guards of the deciders themselves (REF-11)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from backbone.model import Actor, Command, Rights, group_of, permits
from schemas.codes import Queue
from services.worklist.catalogue.decide.table import SAFETY
from services.worklist.item.aggregate import ITEM
from services.worklist.item.commands import (
    ClaimItem,
    EscalateByLead,
    HoldItem,
    KeepItem,
    ReleaseItem,
    ReprioritiseByLead,
    ResumeItem,
    TransferItem,
    UndoTransition,
)
from services.worklist.item.states import Claimed, Item, Movement, OnHold, Open, Source, Waiting
from services.worklist.rules import Rules

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SOMEBODY = "somebody else"

Offer = Literal[
    "claim",
    "claim_safety",
    "keep",
    "release",
    "release_others",
    "hold",
    "hold_others",
    "transfer",
    "transfer_others",
    "undo",
    "undo_others",
    "resume",
    "escalate",
    "reprioritise",
]
"""Without more: what waits, or is one's own; `…_others`: also what nobody or somebody else has."""


def an_item(queue: Queue, item_type: str) -> Item:
    """As far as guards look."""
    return Item(
        id="",
        version=1,
        number=0,
        item_type=item_type,
        subject_type="referral",
        subject_id="",
        queue=queue,
        entry_id="",
        entered_at=LONG_AGO,
        priority="routine",
        waiting_since=LONG_AGO,
        opened=Source("", LONG_AGO, ""),
    )


ORDINARY, WARNING = "REF_TRIAGE", min(SAFETY)


def waiting(queue: Queue, caller: str) -> Open:
    return Waiting(item=an_item(queue, ORDINARY))


def warning(queue: Queue, caller: str) -> Open:
    return Waiting(item=an_item(queue, WARNING))


def held(queue: Queue, caller: str) -> Open:
    return OnHold(item=an_item(queue, ORDINARY), reason="", resume_on=LONG_AGO.date())


def claimed(by: str, queue: Queue) -> Open:
    moved = Movement(by=by, at=LONG_AGO, queue=queue, entry_id="", entered_at=LONG_AGO)
    return Claimed(item=an_item(queue, ORDINARY), by=by, since=LONG_AGO, last=moved)


def own(queue: Queue, caller: str) -> Open:
    return claimed(caller, queue)


def anothers(queue: Queue, caller: str) -> Open:
    return claimed(SOMEBODY, queue)


class Case(NamedTuple):
    """A command, and an item in the state in which it is asked for."""

    command: type[Command]
    item: Callable[[Queue, str], Open]


OFFERS: Mapping[Offer, Case] = {
    "claim": Case(ClaimItem, waiting),
    "claim_safety": Case(ClaimItem, warning),
    "keep": Case(KeepItem, own),
    "release": Case(ReleaseItem, own),
    "release_others": Case(ReleaseItem, anothers),
    "hold": Case(HoldItem, own),
    "hold_others": Case(HoldItem, anothers),
    "transfer": Case(TransferItem, own),
    "transfer_others": Case(TransferItem, anothers),
    "undo": Case(UndoTransition, own),
    "undo_others": Case(UndoTransition, anothers),
    "resume": Case(ResumeItem, held),
    "escalate": Case(EscalateByLead, waiting),
    "reprioritise": Case(ReprioritiseByLead, waiting),
}
OF_ONES_OWN: Mapping[Offer, Offer] = {
    "keep": "claim",
    "release": "claim",
    "hold": "claim",
    "transfer": "claim",
    "undo": "claim",
}
"""What is one's own was claimed before."""


def offers(queue: Queue, actor: Actor, rights: Rights, rules: Rules) -> list[Offer]:
    """In the order of the table."""
    can = {offer for offer, case in OFFERS.items() if allowed(case, queue, actor, rights, rules)}
    may_claim = not can.isdisjoint({"claim", "claim_safety"})
    return [offer for offer in OFFERS if offer in can and (may_claim or offer not in OF_ONES_OWN)]


def allowed(case: Case, queue: Queue, actor: Actor, rights: Rights, rules: Rules) -> bool:
    state = case.item(queue, actor.id or "")
    group = group_of(ITEM.decide.rows[type(state), case.command], state, rules)
    return group is not None and permits(group, actor, rights, rules)
