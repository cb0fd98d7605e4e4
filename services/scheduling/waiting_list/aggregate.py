"""The waiting-list entry: a patient who waits for the first visit. A paused one keeps its place and gets no offer."""

from collections.abc import Iterable, Mapping, Sequence
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
    Table,
    Timer,
    by,
    field,
    ignores,
    like,
    updated,
)
from schemas.fact import Fact
from schemas.scheduling.v1.waitlist import WaitlistJoined, WaitlistLeft
from services.scheduling.appointment.states import is_lost
from services.scheduling.referral_record.states import record_of
from services.scheduling.roles import COORDINATOR, COORDINATOR_OR_PATIENT
from services.scheduling.rules import Rules
from services.scheduling.waiting_list.commands import (
    AgreeToShortNotice,
    GoBack,
    JoinAgain,
    JoinList,
    LeaveList,
    NoteAbsence,
    NoteOffer,
    PauseEntry,
    RankEntry,
    RemoveEntry,
    ResumeEntry,
)
from services.scheduling.waiting_list.facts import (
    AbsenceNoted,
    EntryBack,
    EntryOffered,
    EntryPaused,
    EntryRanked,
    EntryResumed,
    ShortNoticeAgreed,
)
from services.scheduling.waiting_list.states import (
    Absence,
    Entry,
    Left,
    NotThere,
    Offered,
    OnList,
    Paused,
    Place,
    Waiting,
)


def join(state: NotThere, command: JoinList, given: Given[Rules]) -> Decision:
    return [like(WaitlistJoined, command.place, entry_id=given.target)]


def come_back(state: NotThere, command: JoinAgain, given: Given[Rules]) -> Decision:
    lost = given.others.get(("appointment", command.appointment_id))
    urgency = record_of(command.referral_id, given)
    if not is_lost(lost) or not lost.matter.is_first_visit or urgency.is_over:
        return ()
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
    if state.offer_id != command.offer_id:
        return ()
    return [EntryBack(), *paused_or_not(like(Waiting, state), state.absences, given)]


@by(COORDINATOR_OR_PATIENT)
def agree(state: OnList, command: AgreeToShortNotice, given: Given[Rules]) -> Decision:
    return () if state.place.short_notice_ok == command.agreed else [like(ShortNoticeAgreed, command)]


def note_absence(state: OnList, command: NoteAbsence, given: Given[Rules]) -> Decision:
    """Who is not available now keeps the place and gets no offer; who will not be, from that day on."""
    absence = like(Absence, command)
    if absence in state.absences:
        return ()
    others = tuple(each for each in state.absences if each.period_id != absence.period_id)
    if is_over(absence, given.rules.calendar.day(given.at)) and others == state.absences:
        return ()
    return [like(AbsenceNoted, absence), *paused_or_not(state, (*others, absence), given)]


def pause_or_resume(
    state: Waiting | Paused, command: PauseEntry | ResumeEntry, given: Given[Rules]
) -> Decision:
    """Timer: an absence begins or is over; another one may have begun before."""
    return paused_or_not(state, state.absences, given)


def paused_or_not(state: OnList, absences: Sequence[Absence], given: Given[Rules]) -> list[Fact]:
    """What becomes of the place by the absences of today."""
    if isinstance(state, Offered):
        return []
    today = given.rules.calendar.day(given.at)
    away, until = is_away(absences, today)
    if not away:
        forgets = any(is_over(each, today) for each in absences)
        return [EntryResumed(on=today)] if forgets or isinstance(state, Paused) else []
    known = isinstance(state, Paused) and state.until == until
    return [] if known else [EntryPaused(until=until)]


def is_away(absences: Sequence[Absence], today: date) -> tuple[bool, date | None]:
    """Whether the patient is not available, and until when: absences that touch are one."""
    until = today
    for absence in sorted(absences, key=lambda each: each.start):
        if absence.start > until:
            break
        if absence.end is None:
            return True, None
        until = max(until, absence.end)
    return until > today, until


def is_over(absence: Absence, today: date) -> bool:
    return absence.end is not None and absence.end <= today


def leave(state: OnList, command: LeaveList, given: Given[Rules]) -> Decision:
    return [like(WaitlistLeft, state.place, entry_id=given.target, reason=command.reason)]


@by(COORDINATOR)
def remove(state: OnList, command: RemoveEntry, given: Given[Rules]) -> Decision:
    """Nothing more is to be booked then."""
    if command.reason == "booked":
        return Refused("whoever gets a date leaves the list by it: book one", code="not-booked")
    return leave(state, like(LeaveList, command), given)


def joined(state: NotThere, fact: WaitlistJoined, head: Head) -> Waiting:
    return Waiting(place=like(Place, fact), referral_id=head.pathway_id, joined_at=head.occurred_at)


def ranked(state: OnList, fact: EntryRanked, head: Head) -> OnList:
    return msgspec.structs.replace(state, place=updated(state.place, fact))


def agreed(state: OnList, fact: ShortNoticeAgreed, head: Head) -> OnList:
    return msgspec.structs.replace(
        state, place=msgspec.structs.replace(state.place, short_notice_ok=fact.agreed)
    )


def offered(state: Waiting, fact: EntryOffered, head: Head) -> Offered:
    return like(Offered, state, offer_id=fact.offer_id)


def absent(state: OnList, fact: AbsenceNoted, head: Head) -> OnList:
    others = tuple(each for each in state.absences if each.period_id != fact.period_id)
    return msgspec.structs.replace(state, absences=(*others, like(Absence, fact)))


def paused(state: Waiting | Paused, fact: EntryPaused, head: Head) -> Paused:
    return like(Paused, state, until=fact.until)


def back(state: Offered, fact: EntryBack, head: Head) -> Waiting:
    return like(Waiting, state)


def resumed(state: Waiting | Paused, fact: EntryResumed, head: Head) -> Waiting:
    """What is over is forgotten."""
    left = tuple(each for each in state.absences if fact.on is None or not is_over(each, fact.on))
    return like(Waiting, state, absences=left)


def left(state: OnList, fact: WaitlistLeft, head: Head) -> Left:
    return like(Left, state, reason=fact.reason)


def needs(state: Entry, command: Command) -> Iterable[tuple[str, str]]:
    """The lost appointment, and how urgent the referral is."""
    if isinstance(command, JoinAgain):
        yield "appointment", command.appointment_id
        yield "referral_record", command.referral_id


def timers(state: Entry, rules: Rules) -> Mapping[str, Timer]:
    """An absence begins and is over on its days."""
    daily = rules.calendar.daily
    if isinstance(state, Paused) and state.until:
        return {"resume": Timer(daily(state.until), ResumeEntry())}
    if isinstance(state, Waiting) and state.absences:
        first = min(each.start for each in state.absences)
        return {"pause": Timer(daily(first), PauseEntry())}
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
        *(go_back, note_absence, pause_or_resume, leave, remove, agree),
        ignores(JoinList, JoinAgain, when=(Waiting, Offered, Paused, Left)),
        ignores(GoBack, when=(NotThere, Waiting, Paused, Left)),
        ignores(RankEntry, NoteAbsence, LeaveList, when=(NotThere, Left)),
        ignores(PauseEntry, ResumeEntry, when=(NotThere, Offered, Left)),
    ),
    evolve=Table(joined, ranked, offered, back, absent, paused, resumed, left, agreed),
    timers=timers,
    needs=needs,
    columns=WaitlistEntries,
)


def entry_of(booking_request_id: str) -> str:
    """The waiting-list entry of a request."""
    return derive(booking_request_id, "entry")
