"""What management is told of, in clinic hours: a wait that will be too long, work that nobody does. Pure."""

from datetime import datetime

from backbone.model import Event, On, Orders, on, one
from config.escalation import next_opening
from config.staff import StaffMember
from schemas.referral.v1.wait import WaitBreachForecast
from schemas.worklist.v1.item import ItemEscalated
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.commands import ScheduleMessage
from services.notifications.message.states import Letter
from services.notifications.rules import Rules
from services.notifications.templates.content import message_key


def notify_management(event: Event[WaitBreachForecast | ItemEscalated], rules: Rules) -> Orders:
    """Each fact once to each person (NOT-10)."""
    if isinstance(event.fact, ItemEscalated) and event.fact.level != rules.escalation.told.values.level:
        return
    at = next_opening(rules.calendar, event.head.occurred_at)
    subject, number = event.head.aggregate_id, event.head.sequence
    for member in management(at, rules):
        letter = Letter(
            template="MANAGER_NOTICE",
            recipient_id=member.id,
            subject_id=subject,
            subject_version=number,
            planned_at=at,
        )
        key = message_key(member.id, "MANAGER_NOTICE", subject, number, "once")
        yield MESSAGE.send(ScheduleMessage(letter=letter), to=one(key))


def management(at: datetime, rules: Rules) -> tuple[StaffMember, ...]:
    """Who is on duty there, else every service manager."""
    staff = rules.staff
    return staff.on_duty("management", at, rules.calendar) or staff.holders("service_manager")


MANAGEMENT: tuple[On, ...] = (
    on(WaitBreachForecast, notify_management),
    on(ItemEscalated, notify_management),
)
