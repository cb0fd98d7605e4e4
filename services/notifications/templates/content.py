"""What kind of message each template makes: its class, its audience, its rank under the caps, when it goes."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from backbone.ids import derive
from schemas.notifications.v1.codes import TEMPLATE, MessageAudience, MessageClass, Template

AnyTemplate = Annotated[str, TEMPLATE.passed_on]
"""As private facts carry it."""
Moment = Literal["at_once", "together", "before_visit", "weekly", "day_after", "before_due", "before_end"]
"""`together`: half an hour after the first (NOT-15); `weekly`: NOT-16; the others: on a day before or after."""

A1, A2, MEASURE, INFORMATION = range(4)
"""Ranks of NOT-12; the least is the highest. Under the cap, what has a higher rank keeps its place."""


class Kind(NamedTuple):
    """`slot` and `days` as NOT-10 and the table have them."""

    message_class: MessageClass
    audience: MessageAudience
    moment: Moment = "at_once"
    days: int = 0
    rank: int = INFORMATION

    @property
    def slot(self) -> str:
        return f"D-{self.days}" if self.moment in ("before_visit", "before_due", "before_end") else "once"


REFERRER = Kind("professional", "ref")
PATIENT = Kind("information", "pt")

KINDS: Mapping[Template, Kind] = {
    "REF_RECEIVED": REFERRER,
    "REF_INFO_REQUEST": REFERRER,
    "REF_INFO_REQUEST_PT": PATIENT,
    "REF_INFO_REMINDER": REFERRER,
    "REF_ACCEPTED": REFERRER,
    "REF_ACCEPTED_PT": PATIENT,
    "REF_DECLINED": REFERRER,
    "REF_DECLINED_PT": PATIENT,
    "REF_DUPLICATE": REFERRER,
    "APPT_OFFER": Kind("appointment", "pt", rank=A2),
    "WAITLIST_OFFER": Kind("appointment", "pt", rank=A2),
    "APPT_CONFIRMED": Kind("appointment", "pt", "together", rank=A2),
    "PROC_PREP_D7": Kind("appointment", "pt", "before_visit", 7, A2),
    "APPT_D3": Kind("appointment", "pt", "before_visit", 3, A2),
    "APPT_D1": Kind("appointment", "pt", "before_visit", 1, A1),
    "APPT_DIGEST": Kind("appointment", "pt", "weekly", rank=A2),
    "APPT_MOVED": Kind("appointment", "pt", rank=A1),
    "APPT_CANCELLED": Kind("appointment", "pt", rank=A1),
    "APPT_DNA": Kind("appointment", "pt", "day_after", rank=A2),
    "HOLD_PLAN_READY": Kind("safety", "pt"),
    "HOLD_PLAN_CANCELLED": Kind("safety", "pt"),
    "MEASURE_INVITE": Kind("measure", "pt", rank=MEASURE),
    "MEASURE_D7": Kind("measure", "pt", "before_due", 7, MEASURE),
    "MEASURE_D2": Kind("measure", "pt", "before_due", 2, MEASURE),
    "OUTCOME_LETTER": REFERRER,
    "OUTCOME_LETTER_PT": PATIENT,
    "LETTER_RECALLED": REFERRER,
    "MDT_OUTCOME_PT": PATIENT,
    "PLAN_CHANGED": Kind("professional", "staff"),
    "MANAGER_NOTICE": Kind("professional", "staff"),
    "ESCALATION_PAGE": Kind("professional", "staff"),
    "ESCALATION_PAGES": Kind("professional", "staff"),
    "DISCHARGE_LETTER": REFERRER,
    "DISCHARGE_LETTER_PT": PATIENT,
    "PIFU_ENDING_PT": Kind("information", "pt", "before_end", 30),
}
"""Everything that this service sends so far."""

AHEAD: frozenset[Moment] = frozenset({"together", "before_visit", "weekly"})
"""Of visits that are still to come: confirmations and reminders."""
OFFERS = frozenset({"APPT_OFFER", "WAITLIST_OFFER"})
"""Dates, or a freed time."""
TWO_WAY = frozenset({"APPT_CONFIRMED", "APPT_D3", "APPT_D1"})
"""What a patient answers with confirm or cancel."""
OF_A_SERIES = frozenset({"APPT_DIGEST"})


def message_key(
    recipient_id: str, template: Template, subject_id: str, version: int | None, slot: str
) -> str:
    """NOT-10: recipient, template, subject, its version, slot."""
    return derive(recipient_id, f"{template} {subject_id} {version} {slot}")


def is_meant(template: Template, only: Template) -> bool:
    """An offer ends with what it offers, whichever offer it is."""
    return template == only or {template, only} <= OFFERS


def is_reminder(template: Template) -> bool:
    """Of something to come: it ends with what it is about."""
    kind = KINDS[template]
    waits = kind.moment != "at_once" and kind.message_class in ("appointment", "measure")
    return waits or kind.moment == "before_end"
