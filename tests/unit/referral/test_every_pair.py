"""Every (state × command) pair is answered: by the table, or refused with what can be done instead."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import pytest

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command, Refused, group_of, tag_of
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.commands import (
    AskForDecision,
    AskForTriage,
    ConfirmCancellation,
    DismissDuplicate,
    EndWithDeath,
    FollowEscalation,
    FollowLink,
    FollowOutside,
    GiveUpMissedVisit,
    KeepWithDuplicate,
    LinkAsDuplicate,
    MarkInError,
    NoteDose,
    NoteInterim,
    RaiseOpenFlags,
    RaiseRedFlag,
    RecordOutcome,
    RemindOfInformation,
    Reopen,
    RequestCancellation,
    ResolveRedFlag,
    ReviewAmendment,
    SuspectDuplicate,
)
from services.referral.referral.decide.visits import (
    AttendVisit,
    DeclineAfterMissing,
    EndWithDischarge,
    FindVisit,
    LoseVisit,
    NoteOutcome,
    PutOnList,
    RescheduleVisit,
    ScheduleVisit,
)
from services.referral.referral.decide.waits import (
    AskForReview,
    ForecastBreach,
    NoteUnavailability,
    ResetClock,
    ReviewWait,
    TellBreach,
)
from tests.support.deciding import START, Situation
from tests.support.submissions import flags
from tests.unit.referral.situations import (
    ACCEPT,
    ASK,
    BESIDE,
    COORDINATOR,
    GO_ON,
    MANAGER,
    NURSE,
    OTHER,
    REFERRER,
    REGISTRAR,
    given,
    receive,
    redirect,
    reject,
    supply,
    triage,
)
from tests.unit.referral.state_table import CHANGES

FLAGGED = receive(red_flag_screen=flags(infection="yes"))
AMENDED = receive(red_flag_screen=flags(infection="yes"), mechanism="a fall")
[OPEN_FLAG] = given().when(FLAGGED).state.course.open_flags

VISIT, CASE_NOTE, PERIOD = (derive(ROOT, name) for name in ("visit", "note", "period"))
CHANGED = (REFERRER, receive(red_flag_screen=flags(infection="yes"), mechanism="lifting"))
"""After the decision."""
LATER = datetime(2027, 2, 16, 15, 15, tzinfo=UTC)
LISTED = (
    FLAGGED,
    NURSE,
    triage(),
    ACCEPT,
    *CHANGED,
    SYSTEM,
    PutOnList(since=LATER, source_id=derive(ROOT, "listed")),
)
BOOKED = (*LISTED, ScheduleVisit(appointment_id=VISIT, source_id=derive(ROOT, "booked")))
SEEN = AttendVisit(appointment_id=VISIT, at=LATER, source_id=derive(ROOT, "seen"))
SOMEBODY = derive(ROOT, "a physician")
OUTCOME = NoteOutcome(
    outcome="MDT_PROGRAMME", ends=False, decided_by=SOMEBODY, source_id=derive(ROOT, "outcome")
)

SUSPECT = SuspectDuplicate(other_referral_id=OTHER, basis=("same_body_site",))
TAKE_BACK = RequestCancellation(reason="no_longer_wanted")
ADAPTER = Actor("partner", SOMEBODY)
SITUATIONS = {
    "draft": (),
    "received": (FLAGGED, NURSE, triage()),
    "information_requested": (
        receive(red_flag_screen=flags(infection="yes"), without=("function",)),
        COORDINATOR,
        ASK,
    ),
    "accepted": (FLAGGED, NURSE, triage(), ACCEPT, *CHANGED),
    "active": (FLAGGED, NURSE, triage(), ACCEPT, *CHANGED, ADAPTER, FollowOutside(move="visit_scheduled")),
    "waitlisted": LISTED,
    "scheduled": BOOKED,
    "unattended": (*BOOKED, LoseVisit(appointment_id=VISIT, missed=True, source_id=derive(ROOT, "missed"))),
    "appointment_cancelled": (
        *BOOKED,
        LoseVisit(appointment_id=VISIT, missed=False, source_id=derive(ROOT, "lost")),
    ),
    "visit_completed": (*BOOKED, SEEN, OUTCOME),
    "completed": (*BOOKED, SEEN, OUTCOME, EndWithDischarge(reason="COMPLETED_GOALS", decided_by=SOMEBODY)),
    "rejected": (FLAGGED, NURSE, reject(), *CHANGED),
    "cancellation_requested": (FLAGGED, SYSTEM, SUSPECT, REFERRER, TAKE_BACK, *CHANGED),
    "cancelled": (FLAGGED, REFERRER, TAKE_BACK, COORDINATOR, ConfirmCancellation(), *CHANGED),
    "entered_in_error": (FLAGGED, REGISTRAR, MarkInError(reason="test_data"), *CHANGED),
}

COMMANDS: dict[str, tuple[Actor, Command]] = {
    "receive_referral": (REFERRER, AMENDED),
    "request_information": (COORDINATOR, msgspec.structs.replace(ASK, fields=("reports",))),
    "supply_information": (REFERRER, supply(function="can't sit")),
    "go_on_without": (NURSE, GO_ON),
    "remind_of_information": (SYSTEM, RemindOfInformation(due_on=date(2027, 1, 18))),
    "ask_for_decision": (SYSTEM, AskForDecision(due_on=date(2027, 1, 25))),
    "raise_open_flags": (SYSTEM, RaiseOpenFlags()),
    "raise_red_flag": (NURSE, RaiseRedFlag(flag="vascular")),
    "resolve_red_flag": (NURSE, ResolveRedFlag(flag_id=OPEN_FLAG.flag_id, result="not_present")),
    "follow_escalation": (
        SYSTEM,
        FollowEscalation(flag_id=OPEN_FLAG.flag_id, by_id=str(NURSE.id), at=LATER),
    ),
    "ask_for_triage": (NURSE, AskForTriage()),
    "triage": (NURSE, triage()),
    "accept": (NURSE, ACCEPT),
    "reject": (NURSE, reject()),
    "redirect": (NURSE, redirect()),
    "put_on_list": (SYSTEM, PutOnList(since=LATER, source_id=derive(ROOT, "again"))),
    "schedule_visit": (SYSTEM, ScheduleVisit(appointment_id=PERIOD, source_id=derive(ROOT, "again"))),
    "reschedule_visit": (SYSTEM, RescheduleVisit(appointment_id=VISIT, source_id=derive(ROOT, "again"))),
    "lose_visit": (SYSTEM, LoseVisit(appointment_id=VISIT, missed=True, source_id=derive(ROOT, "again"))),
    "find_visit": (SYSTEM, FindVisit(appointment_id=VISIT, source_id=derive(ROOT, "again"))),
    "attend_visit": (SYSTEM, AttendVisit(appointment_id=VISIT, at=LATER, source_id=derive(ROOT, "again"))),
    "note_outcome": (
        SYSTEM,
        NoteOutcome(outcome="NOT_SUITABLE", ends=True, decided_by=SOMEBODY, source_id=derive(ROOT, "again")),
    ),
    "decline_after_missing": (SYSTEM, DeclineAfterMissing(decided_by=str(NURSE.id), note_ref=CASE_NOTE)),
    "end_with_discharge": (SYSTEM, EndWithDischarge(reason="MOVED", decided_by=SOMEBODY)),
    "note_opioid_dose": (SYSTEM, NoteDose(high=True, at=LATER)),
    "note_unavailability": (
        SYSTEM,
        NoteUnavailability(period_id=PERIOD, start=date(2027, 2, 1), end=date(2027, 2, 11)),
    ),
}

SCREEN: Any = flags(infection="yes")
WAITS: dict[str, tuple[Actor, Command]] = {
    "forecast_breach": (SYSTEM, ForecastBreach(target_date=date(2027, 4, 4))),
    "tell_breach": (SYSTEM, TellBreach(target_date=date(2027, 4, 4))),
    "ask_for_wait_review": (SYSTEM, AskForReview(number=1)),
    "review_wait": (NURSE, ReviewWait(result="worse", screen=SCREEN)),
    "reset_clock": (SYSTEM, ResetClock(since=LATER)),
}
"""What is only said of who still waits, after so many days as the case needs."""
COMMANDS |= WAITS
DAYS = {"forecast_breach": 73, "tell_breach": 91, "ask_for_wait_review": 91}
COMMANDS |= {
    "request_cancellation": (REFERRER, RequestCancellation(reason="moved_away")),
    "confirm_cancellation": (COORDINATOR, ConfirmCancellation()),
    "note_interim": (NURSE, NoteInterim(note="we go on")),
    "record_outcome": (NURSE, RecordOutcome(outcome="advice_given", note="by telephone")),
    "give_up_missed_visit": (COORDINATOR, GiveUpMissedVisit()),
    "mark_in_error": (REGISTRAR, MarkInError(reason="wrong_patient")),
    "follow_outside": (ADAPTER, FollowOutside(move="interim_note")),
    "reopen": (COORDINATOR, Reopen(successor_id=OTHER, reason="the call was about another")),
    "suspect_duplicate": (SYSTEM, SUSPECT),
    "link_as_duplicate": (COORDINATOR, LinkAsDuplicate(kept_id=OTHER)),
    "follow_link": (SYSTEM, FollowLink(kept_id=OTHER)),
    "keep_with_duplicate": (COORDINATOR, KeepWithDuplicate(duplicate_id=OTHER)),
    "dismiss_duplicate": (COORDINATOR, DismissDuplicate(other_referral_id=OTHER)),
    "review_amendment": (NURSE, ReviewAmendment()),
    "end_with_death": (SYSTEM, EndWithDeath(decided_by=str(NURSE.id))),
}

TIMERS = {
    "remind_of_information",
    "ask_for_decision",
    "forecast_breach",
    "tell_breach",
    "ask_for_wait_review",
}
FACTS = {
    *("put_on_list", "schedule_visit", "reschedule_visit", "lose_visit", "find_visit", "attend_visit"),
    *("note_outcome", "decline_after_missing", "end_with_discharge", "note_unavailability", "reset_clock"),
    *("raise_open_flags", "follow_escalation", "note_opioid_dose"),
    *("suspect_duplicate", "end_with_death", "follow_link"),
}
"""What other facts ask: never refused, so that a late one is no error."""


@cache
def situation_of(status: str) -> Situation:
    return given(*SITUATIONS[status]).beside(BESIDE | {OTHER: given().when(FLAGGED).state})


def situation(status: str) -> Situation:
    return situation_of(status).apart()


def test_every_state_and_every_command_is_tried() -> None:
    assert set(SITUATIONS) == {tag_of(state) for state in REFERRAL.states}
    assert set(COMMANDS) == set(REFERRAL.commands)


@pytest.mark.parametrize("status", SITUATIONS)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_pair_is_answered(status: str, name: str) -> None:
    actor, command = COMMANDS[name]
    result = situation(status).when(START + timedelta(days=DAYS.get(name, 0)), actor, command)
    if name in CHANGES[status]:
        assert result.refusal is None
        assert result.facts
    elif name in TIMERS | FACTS:
        assert result.refusal is None
        assert not result.facts
    else:
        assert isinstance(result.refusal, Refused)
        assert result.refusal.instead or result.refusal.code in (
            "decided-already",
            "not-found",
            "seen-already",
        )
        assert not result.facts


@pytest.mark.parametrize("status", SITUATIONS)
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - TIMERS - FACTS))
def test_no_command_of_a_person_is_open_to_everybody(status: str, name: str) -> None:
    result = situation(status).when(MANAGER, COMMANDS[name][1])
    assert isinstance(result.refusal, Refused)


def test_every_decider_that_changes_something_names_its_group() -> None:
    rows = REFERRAL.decide.rows.items()
    of_people = [decide for (_, command), decide in rows if tag_of(command) not in FACTS]
    unguarded = {decide.__name__ for decide in of_people if group_of(decide) is None}
    assert unguarded == {
        "remind",
        "ask_for_decision",
        "no_longer_waiting",
        *("forecast", "breach", "ask_for_review", "already_done"),
        "ask_again",
        "accept_again",
        "decide_again",
    }
