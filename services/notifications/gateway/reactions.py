"""What a text from outside means, as orders: to the number, its owners' consents, a patient's agenda. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from backbone.model import Command, Order, one, together
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.commands import AnswerText
from services.notifications.agenda.decide.answer import Meaning
from services.notifications.consent.aggregate import CONSENT, ResumeConsent, consent_id, opted_out
from services.notifications.escalation.states import Acknowledged, Escalation, Raised
from services.notifications.phone.aggregate import PHONE, OptIn, OptOut, by_number
from services.notifications.rules import Answers

PAGE_CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
KEY = re.compile(r"(?<![0-9])[0-9]{8}(?![0-9])")
ANSWERS_A_PAGE = re.compile(r"\W*ok\W*[0-9]{6}\W*", re.IGNORECASE)
PageAnswer = Literal[
    "page_taken",
    "page_taken_by_another",
    "page_not_yours",
    "page_over",
    "page_shut_out",
    "page_without_code",
    "page_elsewhere",
]
"""What is said to whoever replies to a page, by its name in `messages.toml`."""


WORDS: Mapping[PageAnswer | Literal["crisis"], Callable[[Answers], str]] = {
    "page_taken": lambda said: said.page_taken,
    "page_taken_by_another": lambda said: said.page_taken_by_another,
    "page_not_yours": lambda said: said.page_not_yours,
    "page_over": lambda said: said.page_over,
    "page_shut_out": lambda said: said.page_shut_out,
    "page_without_code": lambda said: said.page_without_code,
    "page_elsewhere": lambda said: said.page_elsewhere,
    "crisis": lambda said: said.crisis,
}


def page_code(text: str) -> str | None:
    """`OK 482913`, in whatever case and with whatever around it; another number or none answers no page."""
    found = PAGE_CODE.findall(text)
    return found[0] if len(found) == 1 else None


def key_beside(text: str) -> str | None:
    """What somebody names beside the code after too many wrong ones came from their number."""
    found = KEY.findall(text)
    return found[0] if len(found) == 1 else None


def answers_a_page(text: str) -> bool:
    """Nothing but `OK` and a code: no patient writes so."""
    return ANSWERS_A_PAGE.fullmatch(text) is not None


def page_answer(state: Escalation | None, staff_id: str) -> PageAnswer:
    """As things stand after the reply; said again, it is the same."""
    match state:
        case Acknowledged():
            return "page_taken" if state.by == staff_id else "page_taken_by_another"
        case Raised():
            return "page_not_yours"
        case _:
            return "page_over"


class Owners(NamedTuple):
    """Patients whom a number reaches now; of these, who was texted last."""

    patients: tuple[str, ...] = ()
    texted_last: str | None = None


def orders_for(meaning: Meaning, number: str, owners: Owners, inbound_id: str, text: str) -> Iterable[Order]:
    """What is said of the number holds for all of its owners; anything else is answered to who was texted last."""
    if meaning == "opt_out":
        yield together(PHONE.send(OptOut(inbound_id=inbound_id), to=by_number(number)))
        yield from (to_consent(each, opted_out()) for each in owners.patients)
    if meaning == "opt_in":
        yield together(PHONE.send(OptIn(inbound_id=inbound_id), to=by_number(number)))
        again = ResumeConsent(channel="sms", purpose="care")
        yield from (to_consent(each, again) for each in owners.patients)
    if meaning not in ("opt_in", "help"):
        answering = (owners.texted_last,) if owners.texted_last else owners.patients
        command = AnswerText(inbound_id=inbound_id, text=text)
        yield from (together(AGENDA.send(command, to=one(each)), about=one(each)) for each in answering)


def to_consent(patient_id: str, command: Command) -> Order:
    return together(CONSENT.send(command, to=one(consent_id(patient_id, "sms"))), about=one(patient_id))
