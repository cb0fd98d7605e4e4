"""The waiting-list entry: a patient who waits for the first visit. A paused one keeps its place and gets no offer."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from backbone.model import Aggregate, Command, Decision, Given, Head, Refused, State, Table, Timer, by
from backbone.model.column import Column, Columns, Flag, field
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import LeftBecause, Purpose
from schemas.scheduling.v1.waitlist import WaitlistJoined, WaitlistLeft
from services.scheduling.appointment.facts import (
    EntryBack,
    EntryOffered,
    EntryPaused,
    EntryRanked,
    EntryResumed,
)
from services.scheduling.appointment.states import Cancelled, NoShow
from services.scheduling.referral_record.aggregate import record_of
from services.scheduling.roles import COORDINATOR
from services.scheduling.rules import Rules


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is waited for, and how urgently."""

    booking_request_id: str
    purpose: Purpose
    discipline: Discipline
    category: str | None = None
    target_date: date | None = None
    short_notice_ok: bool = False


class NotThere(State, tag="none", frozen=True, kw_only=True):
    pass


class Waiting(State, tag="waiting", frozen=True, kw_only=True):
    place: Place
    referral_id: str | None = None


class Offered(State, tag="offered", frozen=True, kw_only=True):
    place: Place
    referral_id: str | None = None
    offer_id: str


class Paused(State, tag="paused", frozen=True, kw_only=True):
    place: Place
    referral_id: str | None = None
    until: date | None = None


class Left(State, tag="left", frozen=True, kw_only=True):
    place: Place
    referral_id: str | None = None
    reason: LeftBecause


class JoinList(Command, tag="join_list", kw_only=True, frozen=True):
    place: Place


class JoinAgain(Command, tag="join_again", kw_only=True, frozen=True):
    """For a first visit that did not take place; any other needs no list."""

    booking_request_id: str
    appointment_id: str
    referral_id: str


class RankEntry(Command, tag="rank_entry", kw_only=True, frozen=True):
    category: str
    target_date: date


class NoteOffer(Command, tag="note_offer", kw_only=True, frozen=True):
    offer_id: str


class GoBack(Command, tag="go_back", kw_only=True, frozen=True):
    """The offer was declined or has expired."""

    offer_id: str


class PauseEntry(Command, tag="pause_entry", kw_only=True, frozen=True):
    """The patient is not available until (not including) that day."""

    until: date | None = None


class ResumeEntry(Command, tag="resume_entry", kw_only=True, frozen=True):
    pass


class LeaveList(Command, tag="leave_list", kw_only=True, frozen=True):
    reason: LeftBecause


class RemoveEntry(Command, tag="remove_entry", kw_only=True, frozen=True):
    """A coordinator takes the patient off the list."""

    reason: LeftBecause


def join(state: NotThere, command: JoinList, given: Given[Rules]) -> Decision:
    place = command.place
    return [
        WaitlistJoined(
            entry_id=given.target,
            booking_request_id=place.booking_request_id,
            purpose=place.purpose,
            discipline=place.discipline,
            category=place.category,
            target_date=place.target_date,
            short_notice_ok=place.short_notice_ok,
        )
    ]


def come_back(state: NotThere, command: JoinAgain, given: Given[Rules]) -> Decision:
    lost, known = given.others.get(command.appointment_id), record_of(command.referral_id, given)
    if not isinstance(lost, Cancelled | NoShow) or lost.matter.purpose != "initial_consultation":
        return ()
    place = Place(
        booking_request_id=command.booking_request_id,
        purpose=lost.matter.purpose,
        discipline=lost.matter.discipline,
        category=known.category,
        target_date=known.target_date,
    )
    return join(state, JoinList(place=place), given)


def join_again(
    state: Waiting | Offered | Paused | Left, command: JoinList | JoinAgain, given: Given[Rules]
) -> Decision:
    return ()


def rank(state: Waiting | Offered | Paused, command: RankEntry, given: Given[Rules]) -> Decision:
    if (state.place.category, state.place.target_date) == (command.category, command.target_date):
        return ()
    return [EntryRanked(category=command.category, target_date=command.target_date)]


def note_offer(state: Waiting, command: NoteOffer, given: Given[Rules]) -> Decision:
    return [EntryOffered(offer_id=command.offer_id)]


def one_offer_at_a_time(state: Offered, command: NoteOffer, given: Given[Rules]) -> Decision:
    if state.offer_id == command.offer_id:
        return ()
    return Refused("an offer is open already: wait, or let it be declined", code="offer-open")


def no_offer_while_paused(state: Paused, command: NoteOffer, given: Given[Rules]) -> Decision:
    return Refused("the patient is not available now: no offers are made", code="unavailable")


def go_back(
    state: Waiting | Offered | Paused | Left | NotThere, command: GoBack, given: Given[Rules]
) -> Decision:
    return [EntryBack()] if isinstance(state, Offered) and state.offer_id == command.offer_id else ()


def pause(state: Waiting | Paused, command: PauseEntry, given: Given[Rules]) -> Decision:
    if isinstance(state, Paused) and state.until == command.until:
        return ()
    return [EntryPaused(until=command.until)]


def resume(state: Paused, command: ResumeEntry, given: Given[Rules]) -> Decision:
    return [EntryResumed()]


def leave(state: Waiting | Offered | Paused, command: LeaveList, given: Given[Rules]) -> Decision:
    return [
        WaitlistLeft(
            entry_id=given.target, booking_request_id=state.place.booking_request_id, reason=command.reason
        )
    ]


@by(COORDINATOR)
def remove(state: Waiting | Offered | Paused, command: RemoveEntry, given: Given[Rules]) -> Decision:
    return leave(state, LeaveList(reason=command.reason), given)


def nothing_to_change(
    state: NotThere | Left,
    command: RankEntry | PauseEntry | ResumeEntry | LeaveList,
    given: Given[Rules],
) -> Decision:
    return ()


def stays(state: Waiting | Offered, command: ResumeEntry, given: Given[Rules]) -> Decision:
    return ()


def an_open_offer_goes_on(state: Offered, command: PauseEntry, given: Given[Rules]) -> Decision:
    return ()


def joined(state: NotThere, fact: WaitlistJoined, head: Head) -> Waiting:
    place = Place(
        booking_request_id=fact.booking_request_id,
        purpose=fact.purpose,
        discipline=fact.discipline,
        category=fact.category,
        target_date=fact.target_date,
        short_notice_ok=fact.short_notice_ok,
    )
    return Waiting(place=place, referral_id=head.pathway_id)


def ranked(state: Waiting | Offered | Paused, fact: EntryRanked, head: Head) -> Waiting | Offered | Paused:
    place = msgspec.structs.replace(state.place, category=fact.category, target_date=fact.target_date)
    return msgspec.structs.replace(state, place=place)


def offered(state: Waiting, fact: EntryOffered, head: Head) -> Offered:
    return Offered(place=state.place, referral_id=state.referral_id, offer_id=fact.offer_id)


def back(state: Offered, fact: EntryBack, head: Head) -> Waiting:
    return Waiting(place=state.place, referral_id=state.referral_id)


def paused(state: Waiting | Paused, fact: EntryPaused, head: Head) -> Paused:
    return Paused(place=state.place, referral_id=state.referral_id, until=fact.until)


def resumed(state: Paused, fact: EntryResumed, head: Head) -> Waiting:
    return Waiting(place=state.place, referral_id=state.referral_id)


def left(state: Waiting | Offered | Paused, fact: WaitlistLeft, head: Head) -> Left:
    return Left(place=state.place, referral_id=state.referral_id, reason=fact.reason)


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    """The lost appointment, and how urgent the referral is."""
    if isinstance(command, JoinAgain):
        yield "appointment", command.appointment_id
        yield "referral_record", command.referral_id


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    """A pause with an end is over on that day."""
    if isinstance(state, Paused) and state.until:
        return {"resume": Timer(rules.calendar.daily(state.until), ResumeEntry())}
    return {}


class WaitlistEntries(Columns):
    """How entries of the waiting list are found."""

    referral_id = field("referral_id")
    booking_request_id = Column(
        lambda state: None if isinstance(state, NotThere) else state.place.booking_request_id
    )
    open = Flag(lambda state: isinstance(state, Waiting | Offered | Paused))


WAITLIST_ENTRY = Aggregate(
    "waitlist_entry",
    NotThere(),
    decide=Table(
        join,
        come_back,
        join_again,
        rank,
        note_offer,
        one_offer_at_a_time,
        no_offer_while_paused,
        go_back,
        pause,
        resume,
        leave,
        remove,
        nothing_to_change,
        stays,
        an_open_offer_goes_on,
    ),
    evolve=Table(joined, ranked, offered, back, paused, resumed, left),
    timers=timers,
    needs=needs,
    columns=WaitlistEntries,
)
