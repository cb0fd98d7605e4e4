"""A letter is written about something, and signed together with it."""

from typing import Any

from backbone.model import Event, On, Order, Orders, Send, Snapshot, all_of, on, one, together_for
from schemas.care_plan.v1.letter import LetterRecalled
from services.care_plan.consultation.aggregate import CONSULTATION, Consultations
from services.care_plan.consultation.commands import TakeLetterBack
from services.care_plan.letter.aggregate import LETTER, FreezeLetter, WriteLetter
from services.care_plan.plan.aggregate import CARE_PLAN, CarePlans
from services.care_plan.plan.commands import TakePlanLetterBack
from services.care_plan.rules import Rules


def write(about: Snapshot[Any], letter_id: str, command: WriteLetter) -> Order:
    return together_for(about, LETTER.send(command, to=one(letter_id)))


def sign(about: Snapshot[Any], signed: Send, letter_id: str, command: FreezeLetter) -> Order:
    """`signed`: what it is about hears of it."""
    return together_for(about, signed, LETTER.send(command, to=one(letter_id)))


def take_back(event: Event[LetterRecalled], rules: Rules) -> Orders:
    """What it was about has no letter any more: a corrected one can be signed."""
    ref, referral = event.fact.letter_ref, event.head.pathway_id
    if referral is not None:
        about = all_of(Consultations.referral_id(referral))
        yield CONSULTATION.send(TakeLetterBack(letter_ref=ref), to=about)
        yield CARE_PLAN.send(TakePlanLetterBack(letter_ref=ref), to=all_of(CarePlans.referral_id(referral)))


OWN: tuple[On, ...] = (on(LetterRecalled, take_back),)
"""Handled in the transaction that writes the fact."""
