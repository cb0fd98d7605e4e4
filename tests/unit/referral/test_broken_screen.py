"""A safety rule that can't be evaluated counts as if it had fired, and says why (PRV-34)."""

import logging

import pytest

from schemas.referral.v1.referral import RedFlagRaised, ReferralReceived
from services.referral.referral.decide import evaluation
from tests.support.submissions import flags
from tests.unit.referral.situations import given, receive

ALL_DENIED = flags()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def newly_present(*_: object) -> None:
        raise KeyError("a bug in the rule")

    monkeypatch.setattr(evaluation, "newly_present", newly_present)


def raised(**answers: str) -> dict[str, tuple[str, str | None]]:
    facts = given().when(receive(red_flag_screen=flags(**answers))).only_facts
    assert any(isinstance(fact, ReferralReceived) for fact in facts), "the referral is received all the same"
    found = [fact for fact in facts if isinstance(fact, RedFlagRaised)]
    return {fact.flag: (fact.severity, fact.because) for fact in found}


@pytest.mark.usefixtures("broken")
def test_what_the_sender_did_not_deny_is_raised_and_says_why(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert raised(cauda_equina_neuro="yes", infection="unknown") == {
            "cauda_equina_neuro": ("emergency", "rule_failed"),
            "infection": ("urgent", "rule_failed"),
        }
    assert "a bug in the rule" in caplog.text, "and the log has the stack"


@pytest.mark.usefixtures("broken")
def test_without_any_answer_every_flag_is_raised() -> None:
    facts = given().when(receive(without=("red_flag_screen",))).only_facts
    assert len([fact for fact in facts if isinstance(fact, RedFlagRaised)]) == len(ALL_DENIED)


@pytest.mark.usefixtures("broken")
def test_what_was_denied_is_not() -> None:
    assert raised() == {}


def test_a_rule_that_works_gives_no_such_reason() -> None:
    assert raised(infection="yes") == {"infection": ("urgent", None)}
