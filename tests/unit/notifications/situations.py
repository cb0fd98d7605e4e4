"""A patient, a reminder for them, and what is known of both: what tests of notifications begin with."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from backbone.ids import ROOT, derive
from backbone.model import Actor
from config.loading import SHIPPED
from schemas.notifications.v1.codes import Channel
from services.notifications.agenda.states import Agenda, Note
from services.notifications.contact.states import NoContact, Reachable, contact_id
from services.notifications.message.states import Letter
from services.notifications.rules import Rules, load_rules
from tests.support.deciding import START, TARGET

PATIENT = derive(ROOT, "the patient")
REF = derive(ROOT, "a contact")
COORDINATOR = Actor("user", derive(ROOT, "a coordinator"), "care_coordinator")
NURSE = Actor("user", derive(ROOT, "a nurse"), "nurse")


@cache
def rules() -> Rules:
    return load_rules(SHIPPED)


def letter() -> Letter:
    """The reminder of a visit tomorrow, to go now."""
    return Letter(
        template="APPT_D1",
        recipient_id=PATIENT,
        subject_id=REF,
        subject_version=1,
        planned_at=START,
        start=START + timedelta(days=1),
        location="main",
    )


def around(
    agreed: Mapping[Channel, bool], has: tuple[Channel, ...], *, noted: bool = True
) -> Mapping[str, Any]:
    """The agenda, in which it is planned or not, and the contact."""
    note = Note(template="APPT_D1", subject_id=REF, subject_version=1, send_at=START)
    agenda = Agenda(consents=agreed, notes={TARGET: note} if noted else {})
    contact = Reachable(contact_ref=REF, channels=has) if has else NoContact()
    return {PATIENT: agenda, contact_id(PATIENT): contact}
