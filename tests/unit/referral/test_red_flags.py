"""Red flags that people raise and resolve; software never closes one."""

from typing import Any

import pytest

from backbone.model import Command
from schemas.referral.v1.referral import (
    RedFlagRaised,
    RedFlagResolved,
    RedFlagUnclear,
    ReferralAmended,
)
from services.referral.referral.commands import RaiseRedFlag, ResolveRedFlag
from services.referral.referral.decide.red_flags import unclear_flag_id
from tests.support.deciding import TARGET, like, nothing, refused
from tests.support.submissions import flags
from tests.unit.referral.situations import (
    ACCEPT,
    ASK,
    COORDINATOR,
    MANAGER,
    NURSE,
    PHYSICIAN,
    REFERRER,
    given,
    receive,
    reject,
    triage,
)

FLAGGED = receive(red_flag_screen=flags(infection="yes"))
UNCLEAR = receive(red_flag_screen=flags(infection="unknown", fracture="unknown"))


def flag_id() -> str:
    [flag] = given().when(FLAGGED).state.course.open_flags
    return str(flag.flag_id)


def cleared(flag: str) -> ResolveRedFlag:
    return ResolveRedFlag(flag_id=unclear_flag_id(TARGET, flag), result="not_present")


def test_a_named_clinician_resolves_it() -> None:
    resolve = ResolveRedFlag(flag_id=flag_id(), result="assessed_continue", note="seen today")
    result = given(FLAGGED).when(PHYSICIAN, resolve)
    result.then(like(RedFlagResolved, flag="infection", result="assessed_continue", decided_by=PHYSICIAN.id))
    assert not result.state.course.open_flags


def test_the_same_result_again_changes_nothing_another_one_is_refused() -> None:
    resolve = ResolveRedFlag(flag_id=flag_id(), result="not_present")
    given(FLAGGED, PHYSICIAN, resolve).when(resolve).then(nothing())
    other = ResolveRedFlag(flag_id=flag_id(), result="emergency_care")
    given(FLAGGED, PHYSICIAN, resolve).when(other).then(refused("not_present"))


def test_nobody_but_a_clinician_resolves_it() -> None:
    resolve = ResolveRedFlag(flag_id=flag_id(), result="not_present")
    for actor in (MANAGER, COORDINATOR):
        given(FLAGGED).when(actor, resolve).then(refused(code="not-permitted"))


def test_a_flag_that_this_referral_does_not_have_is_not_found() -> None:
    given(FLAGGED).when(PHYSICIAN, ResolveRedFlag(flag_id=TARGET, result="not_present")).then(
        refused(code="not-found")
    )


def test_a_call_clears_unclear_flags_one_by_one() -> None:
    given(UNCLEAR).when(NURSE, cleared("infection")).then(
        like(RedFlagResolved, flag="infection", result="not_present", still_unclear=("fracture",)),
    )
    given(UNCLEAR, NURSE, cleared("infection")).when(cleared("fracture")).then(
        like(RedFlagResolved, flag="fracture", still_unclear=None)
    )


def test_what_a_call_finds_is_raised_and_the_rest_stays_unclear() -> None:
    given(UNCLEAR).when(NURSE, RaiseRedFlag(flag="infection")).then(
        like(RedFlagRaised, flag="infection", source="call", severity="urgent", still_unclear=("fracture",)),
    )
    emergency = ResolveRedFlag(flag_id=unclear_flag_id(TARGET, "infection"), result="emergency_care")
    given(UNCLEAR).when(NURSE, emergency).then(refused(instead="RaiseRedFlag"))


def test_what_a_person_cleared_is_not_asked_again_by_an_amendment() -> None:
    screen = flags(infection="unknown", fracture="unknown")
    result = given(UNCLEAR, NURSE, cleared("infection"), cleared("fracture"), COORDINATOR).when(
        receive(red_flag_screen=screen, mechanism="a fall")
    )
    assert not [fact for fact in result.only_facts if isinstance(fact, RedFlagUnclear)]


def test_after_triage_what_is_unclear_is_still_asked_for() -> None:
    result = given(UNCLEAR, NURSE, triage()).when(cleared("infection"))
    result.then(like(RedFlagResolved, flag="infection", still_unclear=("fracture",)))


def test_after_triage_unknown_answers_are_no_question_any_more() -> None:
    given(receive(), NURSE, triage(), COORDINATOR).when(receive(red_flag_screen=flags(infection="unknown")))
    result = given(receive(), NURSE, triage(), COORDINATOR).when(
        receive(red_flag_screen=flags(infection="unknown"))
    )
    assert not [fact for fact in result.only_facts if isinstance(fact, RedFlagUnclear)]


@pytest.mark.parametrize(
    "steps",
    [
        (receive(),),
        (receive(without=("function",)), COORDINATOR, ASK),
        (receive(), NURSE, triage(), ACCEPT),
        (receive(), NURSE, reject()),
    ],
)
def test_a_sign_is_never_too_late(steps: tuple[Command, ...]) -> None:
    given(*steps).when(PHYSICIAN, RaiseRedFlag(flag="vascular", source="screen")).then(
        like(RedFlagRaised, flag="vascular", severity="emergency", source="screen")
    )


def test_an_open_flag_is_not_raised_twice() -> None:
    given(FLAGGED).when(PHYSICIAN, RaiseRedFlag(flag="infection")).then(nothing())


PAST = receive(red_flag_screen=flags(opioid_overdose="yes"), overdose_is_past=True)
"""An overdose of long ago."""


@pytest.mark.parametrize(
    ("said", "severity"),
    [({}, "same_day"), ({"overdose_is_past": False}, "same_day"), ({"overdose_is_past": True}, "urgent")],
)
def test_an_overdose_is_looked_at_today_unless_its_sender_says_that_it_is_past(
    said: dict[str, Any], severity: str
) -> None:
    facts = given().when(receive(red_flag_screen=flags(opioid_overdose="yes"), **said)).only_facts
    assert [fact.severity for fact in facts if isinstance(fact, RedFlagRaised)] == [severity]


def test_what_is_said_to_be_past_makes_no_other_sign_less_pressing() -> None:
    facts = given().when(receive(red_flag_screen=flags(vascular="yes"), overdose_is_past=True)).only_facts
    assert [fact.severity for fact in facts if isinstance(fact, RedFlagRaised)] == ["emergency"]


def test_an_overdose_that_turns_out_to_be_now_is_raised_once_more() -> None:
    now = receive(red_flag_screen=flags(opioid_overdose="yes"), overdose_is_past=False)
    raised = given(PAST).when(now)
    raised.then(ReferralAmended, like(RedFlagRaised, flag="opioid_overdose", severity="same_day"))
    assert [flag.severity for flag in raised.state.course.open_flags] == ["urgent", "same_day"]
    given(PAST, now).when(PAST).then(ReferralAmended)
    heard = RaiseRedFlag(flag="opioid_overdose")
    given(PAST).when(PHYSICIAN, heard).then(like(RedFlagRaised, severity="same_day", source="call"))
    given(PAST, PHYSICIAN, heard).when(heard).then(nothing())
    given(PAST).when(PHYSICIAN, RaiseRedFlag(flag="opioid_overdose", is_past=True)).then(nothing())


@pytest.mark.parametrize("takes_back", [flags(), None])
def test_no_amendment_takes_a_flag_back(takes_back: Any) -> None:
    """A named clinician assesses it."""
    without = ("red_flag_screen",) if takes_back is None else ()
    said = {} if takes_back is None else {"red_flag_screen": takes_back}
    result = given(FLAGGED).when(receive(without=without, **said))
    assert [flag.flag for flag in result.state.course.open_flags] == ["infection"]
    assert not [fact for fact in result.only_facts if isinstance(fact, RedFlagResolved)]


def test_what_was_assessed_and_is_said_anew_is_raised_anew() -> None:
    resolve = ResolveRedFlag(flag_id=flag_id(), result="not_present")
    given(FLAGGED, PHYSICIAN, resolve, REFERRER, receive()).when(FLAGGED).then(
        ReferralAmended, like(RedFlagRaised, flag="infection", severity="urgent")
    )


def test_what_a_referrer_denies_after_all_is_asked_for_until_a_clinician_has_cleared_it() -> None:
    denied = given(UNCLEAR).when(receive())
    assert set(denied.state.course.unclear) == {"infection", "fracture"}
