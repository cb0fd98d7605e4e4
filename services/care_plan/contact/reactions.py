"""A month of a plan that has begun → the contact that is due in it. Pure."""

from datetime import date

from backbone.ids import derive
from backbone.model import Event, On, Orders, on, one
from services.care_plan.contact.aggregate import CONTACT, AskForContact
from services.care_plan.plan.facts import ContactMonthBegun
from services.care_plan.rules import Rules


def monthly_id(plan_id: str, on: date) -> str:
    """One contact for each month of a plan."""
    return derive(plan_id, f"contact:{on:%Y-%m}")


def ask_for_contact(event: Event[ContactMonthBegun], rules: Rules) -> Orders:
    on = event.fact.on
    command = AskForContact(kind="monthly", due_on=on)
    yield CONTACT.send(command, to=one(monthly_id(event.head.aggregate_id, on)))


OWN: tuple[On, ...] = (on(ContactMonthBegun, ask_for_contact),)
"""Handled in the transaction that writes the fact."""
