"""How much is enough for a patient (NOT-04, NOT-12), and until when what is too much waits. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from backbone.model import Given
from schemas.notifications.v1.codes import Suppression
from services.notifications.agenda.states import Agenda, Note
from services.notifications.message.states import Letter
from services.notifications.rules import Rules, at_local
from services.notifications.templates.content import A1, KINDS, OFFERS

WEEK = 7
GIVES_WAY = frozenset({"APPT_D3", "APPT_D1"}) | OFFERS
"""It has its own day, or a time by which it is answered: on another day it says nothing, or nothing true."""


def changes_soon(letter: Letter, at: datetime, rules: Rules) -> bool:
    """Who is not told would come for nothing, or not come: no cap keeps that back."""
    notice = timedelta(hours=rules.notifications.short_notice.values.hours)
    if letter.changes is None or KINDS[letter.template].rank != A1:
        return False
    return letter.changes - at <= notice


def over_cap(letter: Letter, agenda: Agenda, zone: ZoneInfo, given: Given[Rules]) -> Suppression | None:
    """NOT-12: the day, and each 7 days that contain it. What was sent fills a cap, what is planned reserves it."""
    if KINDS[letter.template].message_class == "safety" or changes_soon(letter, given.at, given.rules):
        return None
    rank = KINDS[letter.template].rank
    return capped_on(given.at.astimezone(zone).date(), rank, agenda, zone, given)


def next_day(letter: Letter, agenda: Agenda, zone: ZoneInfo, given: Given[Rules]) -> datetime | None:
    """When it goes instead: on the first day on which nothing as important has the place already, while what it says is
    still ahead and for no longer than `message.waits` after it was planned."""
    kind, settings = KINDS[letter.template], given.rules.notifications
    if kind.message_class not in ("appointment", "information") or letter.template in GIVES_WAY:
        return None
    today, waits = given.at.astimezone(zone).date(), timedelta(days=settings.waits.values.days)
    left = letter.planned_at.astimezone(zone).date() + waits - today
    ahead = letter.start if letter.start and letter.start > given.at else None
    for day in (today + timedelta(days=number) for number in range(1, left.days + 1)):
        at = at_local(day, settings.reminders.values.send_at, zone)
        if ahead and at >= ahead:
            return None
        if changes_soon(letter, at, given.rules) or not capped_on(day, kind.rank + 1, agenda, zone, given):
            return at
    return None


def capped_on(
    day: date, rank: int, agenda: Agenda, zone: ZoneInfo, given: Given[Rules]
) -> Suppression | None:
    """What fills a cap on that day for a message of this rank."""
    caps = given.rules.notifications.caps.values
    others = [note for name, note in agenda.notes.items() if name != given.target and counts(note)]
    sent = [note.pushed_on for note in others if note.pushed_on]
    planned = [*days_planned(others, rank, zone)]
    if full := filled(day, 1, sent, planned, caps.per_day, "cap_day"):
        return full
    weeks = {
        filled(day - timedelta(days=back), WEEK, sent, planned, caps.per_week, "cap_week")
        for back in range(WEEK)
    }
    return "cap_week" if "cap_week" in weeks else "cap_reserved" if "cap_reserved" in weeks else None


def counts(note: Note) -> bool:
    """Safety messages are outside the caps."""
    return KINDS[note.template].message_class != "safety"


def days_planned(notes: Iterable[Note], rank: int, zone: ZoneInfo) -> Iterable[date]:
    """Those of a higher rank that are still to go."""
    for note in notes:
        if note.is_planned and KINDS[note.template].rank < rank:
            yield note.send_at.astimezone(zone).date()


def filled(
    first: date, days: int, sent: Iterable[date], planned: Iterable[date], cap: int, reason: Suppression
) -> Suppression | None:
    """None when there is room for one more; the reason when what was sent alone fills the cap."""
    end = first + timedelta(days=days)
    gone = sum(first <= day < end for day in sent)
    kept = sum(first <= day < end for day in planned)
    if gone >= cap:
        return reason
    return "cap_reserved" if gone + kept >= cap else None
