"""Whose agreement a message needs, and what keeps it back."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from config.crisis_words import Crisis
from schemas.notifications.v1.codes import Template
from services.notifications.agenda.states import Note
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.commands import ScheduleMessage, TrySend
from services.notifications.message.states import Sending, Suppressed
from services.notifications.rules import Rules
from tests.support.deciding import START, TARGET, deciding
from tests.unit.notifications.situations import PATIENT, REF, around, letter, rules


def under(model: str) -> Rules:
    settings = rules().notifications
    consent = settings.consent.values.model_copy(update={"model": model})
    rule = settings.consent.model_copy(update={"values": consent})
    return rules().model_copy(update={"notifications": settings.model_copy(update={"consent": rule})})


@pytest.mark.parametrize(
    ("model", "said", "goes"),
    [
        ("opt-in", {}, False),
        ("opt-in", {"sms": True}, True),
        ("exemption", {}, True),
        ("exemption", {"sms": False}, False),
        ("exemption", {"sms": True}, True),
    ],
)
def test_who_said_nothing_is_written_to_under_the_exemption_only_and_who_said_no_never(
    model: str, said: Any, goes: bool
) -> None:
    situation = deciding(MESSAGE, under(model))().beside(around(said, ("sms",)))
    situation.when(ScheduleMessage(letter=letter()), TrySend()).then_state(Sending if goes else Suppressed)


def after_a_text_today(template: Template, hours: int) -> Any:
    """One more would be too many; the first date that is not as it was is so far away."""
    others = around({"sms": True}, ("sms",))
    notes = {TARGET: replace(others[PATIENT].notes[TARGET], template=template)}
    notes["another"] = Note(template="MDT_OUTCOME_PT", subject_id=REF, send_at=START, pushed_on=START.date())
    about = replace(letter(), template=template, changes=START + timedelta(hours=hours))
    situation = deciding(MESSAGE, rules())().beside(
        {**others, PATIENT: replace(others[PATIENT], notes=notes)}
    )
    return situation.when(ScheduleMessage(letter=about), TrySend())


@pytest.mark.parametrize("template", ["APPT_MOVED", "APPT_CANCELLED"])
def test_a_change_within_short_notice_is_kept_back_by_no_cap(template: Template) -> None:
    after_a_text_today(template, 48).then_state(Sending)
    after_a_text_today(template, 49).then_state(Suppressed)


def test_what_is_no_change_is_under_the_cap_however_near_the_date() -> None:
    after_a_text_today("APPT_D3", 1).then_state(Suppressed)


def test_a_phrase_of_the_crisis_list_is_long_enough_to_be_told_from_other_words() -> None:
    with pytest.raises(ValueError, match="too short to be told from other words: die"):
        Crisis(severity="same_day", phrases={"en": ("want to die", "die")})
