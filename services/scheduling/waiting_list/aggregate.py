"""The waiting-list entry: a patient who waits for the first visit. A paused one keeps its place and gets no offer."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from backbone.ids import derive
from backbone.model import (
    Aggregate,
    Column,
    Columns,
    Command,
    Decision,
    Flag,
    Given,
    Head,
    Refused,
    State,
    Table,
    Timer,
    by,
    field,
    ignores,
    like,
    updated,
)
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import LeftBecause, Purpose
from schemas.scheduling.v1.waitlist import WaitlistJoined, WaitlistLeft
from services.scheduling.appointment.states import Cancelled, NoShow
from services.scheduling.referral_record.states import record_of
from services.scheduling.roles import COORDINATOR
from services.scheduling.rules import Rules
from services.scheduling.waiting_list.facts import (
    EntryBack,
    EntryOffered,
    EntryPaused,
    EntryRanked,
    EntryResumed,
)


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


class Known(State, frozen=True, kw_only=True):
    """What every entry has, in whatever state."""

    place: Place
    referral_id: str | None = None


class Waiting(Known, tag="waiting", frozen=True, kw_only=True):
    pass


class Offered(Known, tag="offered", frozen=True, kw_only=True):
    offer_id: str


class Paused(Known, tag="paused", frozen=True, kw_only=True):
    until: date | None = None


class Left(Known, tag="left", frozen=True, kw_only=True):
    reason: LeftBecause


OnList = Waiting | Offered | Paused
Entry = NotThere | OnList | Left


class JoinList(Command, tag="join_list", kw_only=True, frozen=True):
    place: Place


class JoinAgain(Command, tag="join_again", kw_only=True, frozen=True):
    """For a first visit that did not take place; any other needs no list."""

    booking_request_id: str
    appointment_id: str
    referral_id: str


class RankEntry(Command, tag="rank_entry", kw_only=True, frozen=True):
    """Without a category it stays as it was."""

    category: str | None = None
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
    return [like(WaitlistJoined, command.place, entry_id=given.target)]


def come_back(state: NotThere, command: JoinAgain, given: Given[Rules]) -> Decision:
    lost = given.others.get(command.appointment_id)
    if not isinstance(lost, Cancelled | NoShow) or not lost.matter.is_first_visit:
        return ()
    urgency = record_of(command.referral_id, given)
    place = like(
        Place,
        lost.matter,
        booking_request_id=command.booking_request_id,
        category=urgency.category,
        target_date=urgency.target_date,
    )
    return join(state, JoinList(place=place), given)


def rank(state: OnList, command: RankEntry, given: Given[Rules]) -> Decision:
    category = command.category or state.place.category
    if (state.place.category, state.place.target_date) == (category, command.target_date):
        return ()
    return [like(EntryRanked, command, category=category)]


def note_offer(state: Waiting, command: NoteOffer, given: Given[Rules]) -> Decision:
    return [like(EntryOffered, command)]


def one_offer_at_a_time(state: Offered, command: NoteOffer, given: Given[Rules]) -> Decision:
    if state.offer_id == command.offer_id:
        return ()
    return Refused("an offer is open already: wait, or let it be declined", code="offer-open")


def no_offer_while_paused(state: Paused, command: NoteOffer, given: Given[Rules]) -> Decision:
    return Refused("the patient is not available now: no offers are made", code="unavailable")


def go_back(state: Offered, command: GoBack, given: Given[Rules]) -> Decision:
    return [EntryBack()] if state.offer_id == command.offer_id else ()


def pause(state: Waiting | Paused, command: PauseEntry, given: Given[Rules]) -> Decision:
    if isinstance(state, Paused) and state.until == command.until:
        return ()
    return [like(EntryPaused, command)]


def resume(state: Paused, command: ResumeEntry, given: Given[Rules]) -> Decision:
    return [EntryResumed()]


def leave(state: OnList, command: LeaveList, given: Given[Rules]) -> Decision:
    return [like(WaitlistLeft, state.place, entry_id=given.target, reason=command.reason)]


@by(COORDINATOR)
def remove(state: OnList, command: RemoveEntry, given: Given[Rules]) -> Decision:
    return leave(state, like(LeaveList, command), given)


def joined(state: NotThere, fact: WaitlistJoined, head: Head) -> Waiting:
    return Waiting(place=like(Place, fact), referral_id=head.pathway_id)


def ranked(state: OnList, fact: EntryRanked, head: Head) -> OnList:
    return msgspec.structs.replace(state, place=updated(state.place, fact))


def offered(state: Waiting, fact: EntryOffered, head: Head) -> Offered:
    return like(Offered, state, offer_id=fact.offer_id)


def paused(state: Waiting | Paused, fact: EntryPaused, head: Head) -> Paused:
    return like(Paused, state, until=fact.until)


def back(state: Offered, fact: EntryBack, head: Head) -> Waiting:
    return like(Waiting, state)


def resumed(state: Paused, fact: EntryResumed, head: Head) -> Waiting:
    return like(Waiting, state)


def left(state: OnList, fact: WaitlistLeft, head: Head) -> Left:
    return like(Left, state, reason=fact.reason)


def needs(state: Entry, command: Command) -> Iterable[tuple[str, str]]:
    """The lost appointment, and how urgent the referral is."""
    if isinstance(command, JoinAgain):
        yield "appointment", command.appointment_id
        yield "referral_record", command.referral_id


def timers(state: Entry, rules: Rules) -> Mapping[str, Timer]:
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
    open = Flag(lambda state: isinstance(state, OnList))


WAITLIST_ENTRY = Aggregate[Entry](
    "waitlist_entry",
    NotThere(),
    decide=Table(
        *(join, come_back, rank, note_offer, one_offer_at_a_time, no_offer_while_paused),
        *(go_back, pause, resume, leave, remove),
        ignores(JoinList, JoinAgain, when=(Waiting, Offered, Paused, Left)),
        ignores(GoBack, when=(NotThere, Waiting, Paused, Left)),
        ignores(RankEntry, PauseEntry, ResumeEntry, LeaveList, when=(NotThere, Left)),
        ignores(ResumeEntry, when=(Waiting, Offered)),
        ignores(PauseEntry, when=(Offered,)),
    ),
    evolve=Table(joined, ranked, offered, back, paused, resumed, left),
    timers=timers,
    needs=needs,
    columns=WaitlistEntries,
)


def entry_of(booking_request_id: str) -> str:
    """The waiting-list entry of a request."""
    return derive(booking_request_id, "entry")
