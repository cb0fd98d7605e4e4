"""Every (state × command) pair is answered: by the table, or refused with what can be done instead."""

from datetime import date

import msgspec
import pytest

from backbone.aggregate import tag_of
from backbone.decision import Command, Refused
from backbone.head import SYSTEM, Actor
from backbone.rights import group_of
from services.referral.domain.referral.aggregate import REFERRAL
from services.referral.domain.referral.commands import (
    AskForDecision,
    AskForTriage,
    RaiseRedFlag,
    RemindOfInformation,
    ResolveRedFlag,
)
from tests.support.deciding import Situation
from tests.support.submissions import flags
from tests.unit.referral.situations import (
    ACCEPT,
    ASK,
    CLERK,
    COORDINATOR,
    GO_ON,
    MANAGER,
    NURSE,
    REFERRER,
    given,
    receive,
    redirect,
    reject,
    supply,
    triage,
)

FLAGGED = receive(red_flag_screen=flags(infection="yes"))
AMENDED = receive(red_flag_screen=flags(infection="yes"), mechanism="a fall")
[OPEN_FLAG] = given().when(FLAGGED).state.course.open_flags

SITUATIONS = {
    "draft": (),
    "received": (FLAGGED, NURSE, triage()),
    "information_requested": (
        receive(red_flag_screen=flags(infection="yes"), without=("function",)),
        COORDINATOR,
        ASK,
    ),
    "accepted": (FLAGGED, NURSE, triage(), ACCEPT),
    "rejected": (FLAGGED, NURSE, reject()),
}

COMMANDS: dict[str, tuple[Actor, Command]] = {
    "receive_referral": (REFERRER, AMENDED),
    "request_information": (COORDINATOR, msgspec.structs.replace(ASK, fields=("reports",))),
    "supply_information": (REFERRER, supply(function="can't sit")),
    "go_on_without": (NURSE, GO_ON),
    "remind_of_information": (SYSTEM, RemindOfInformation(due_on=date(2027, 1, 18))),
    "ask_for_decision": (SYSTEM, AskForDecision(due_on=date(2027, 1, 25))),
    "raise_red_flag": (NURSE, RaiseRedFlag(flag="vascular")),
    "resolve_red_flag": (NURSE, ResolveRedFlag(flag_id=OPEN_FLAG.flag_id, result="not_present")),
    "ask_for_triage": (NURSE, AskForTriage()),
    "triage": (NURSE, triage()),
    "accept": (NURSE, ACCEPT),
    "reject": (NURSE, reject()),
    "redirect": (NURSE, redirect()),
}

ALWAYS = {"receive_referral", "raise_red_flag", "resolve_red_flag"}
TRIAGE = {"ask_for_triage", "triage"}
CHANGES = {
    "draft": {"receive_referral"},
    "received": ALWAYS | TRIAGE | {"request_information", "accept", "reject", "redirect"},
    "information_requested": ALWAYS
    | {"supply_information", "go_on_without", "remind_of_information", "ask_for_decision", "reject"},
    "accepted": ALWAYS | TRIAGE | {"reject"},
    "rejected": ALWAYS,
}
"""referral.md's state machine, as far as this service goes: everything else leaves the state alone."""

TIMERS = {"remind_of_information", "ask_for_decision"}


def situation(status: str) -> Situation:
    return given(*SITUATIONS[status])


def test_every_state_and_every_command_is_tried() -> None:
    assert set(SITUATIONS) == {tag_of(state) for state in REFERRAL.states}
    assert set(COMMANDS) == set(REFERRAL.commands)


@pytest.mark.parametrize("status", SITUATIONS)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_pair_is_answered(status: str, name: str) -> None:
    actor, command = COMMANDS[name]
    result = situation(status).when(actor, command)
    if name in CHANGES[status]:
        assert result.refusal is None
        assert result.facts
    elif name in TIMERS:
        assert result.refusal is None
        assert not result.facts
    else:
        assert isinstance(result.refusal, Refused)
        assert result.refusal.instead or result.refusal.code == "decided-already"
        assert not result.facts


@pytest.mark.parametrize("status", SITUATIONS)
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - TIMERS))
def test_no_command_of_a_person_is_open_to_everybody(status: str, name: str) -> None:
    result = situation(status).when(MANAGER, COMMANDS[name][1])
    assert isinstance(result.refusal, Refused)


def test_every_decider_that_changes_something_names_its_group() -> None:
    unguarded = {decide.__name__ for decide in REFERRAL.decide.rows.values() if group_of(decide) is None}
    assert unguarded == {
        "remind",
        "ask_for_decision",
        "no_longer_waiting",
        "ask_again",
        "accept_again",
        "decide_again",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_survives_being_stored(name: str) -> None:
    command = COMMANDS[name][1]
    assert REFERRAL.command_decoder.decode(msgspec.json.encode(command)) == command


@pytest.mark.parametrize("status", SITUATIONS)
def test_a_state_survives_being_stored(status: str) -> None:
    state = situation(status).world.state
    assert REFERRAL.state_decoder.decode(msgspec.json.encode(state)) == state


def test_intake_staff_may_submit_too() -> None:
    given().when(CLERK, FLAGGED)
