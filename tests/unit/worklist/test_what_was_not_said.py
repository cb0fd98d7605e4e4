"""Which messages that were kept back are somebody's work."""

from typing import get_args

import pytest

from schemas.notifications.v1.codes import Suppression
from schemas.notifications.v1.message import MessageSuppressed
from services.notifications.templates.content import KINDS
from services.worklist.catalogue.decide.notifications import CAPPED, NOBODY_NEEDS, nobody_reached
from tests.support.examples import example_fact

SAID_AGAIN = {"MEASURE_INVITE", "MEASURE_D7", "MEASURE_D2", "ESCALATION_PAGE"}
"""Asked on paper at the visit; followed by the ladder."""


@pytest.mark.parametrize("reason", get_args(Suppression))
def test_a_date_or_a_decision_that_was_not_said_is_said_by_a_person_whatever_kept_it_back(
    reason: Suppression,
) -> None:
    for template, kind in KINDS.items():
        fact = example_fact(
            MessageSuppressed, template=template, reason=reason, **{"class": kind.message_class}
        )
        assert isinstance(fact, MessageSuppressed)
        gives_way = template == "APPT_D3" and reason in CAPPED
        is_needed = template not in SAID_AGAIN and reason not in NOBODY_NEEDS
        assert nobody_reached(fact) == (reason == "no_channel" or (is_needed and not gives_way)), template
