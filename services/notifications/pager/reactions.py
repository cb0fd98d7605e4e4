"""Who is called hears of it through their pager, in the transaction of the call. Pure."""

from backbone.model import Event, On, Orders, like, on, one, together
from services.notifications.escalation.facts import PersonPaged
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.commands import ScheduleMessage
from services.notifications.message.states import Letter
from services.notifications.pager.aggregate import PAGER, Page, pager_id
from services.notifications.pager.facts import PageTold
from services.notifications.rules import Rules


def page(event: Event[PersonPaged], rules: Rules) -> Orders:
    fact, head = event.fact, event.head
    command = like(Page, fact, patient_id=head.lane_key, referral_id=head.pathway_id)
    yield PAGER.send(command, to=one(pager_id(fact.recipient_id, fact.only, emergency=fact.emergency)))


def send(event: Event[PageTold], rules: Rules) -> Orders:
    """A page is about a patient; one that tells of several is about nobody."""
    fact = event.fact
    letter = like(Letter, fact, planned_at=fact.send_at)
    yield together(
        MESSAGE.send(ScheduleMessage(letter=letter), to=one(fact.message_id)),
        about=one(fact.patient_id) if fact.patient_id else None,
        pathway=one(fact.referral_id) if fact.referral_id else None,
    )


OWN: tuple[On, ...] = (on(PersonPaged, page), on(PageTold, send))
"""Handled in the transaction that writes the facts."""
