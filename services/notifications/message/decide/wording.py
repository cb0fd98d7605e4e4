"""What a message says: the template, filled with the few fields that may leave the clinic (NOT-03). Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from schemas.notifications.v1.codes import Channel
from services.notifications.agenda.states import Agenda, Visit
from services.notifications.contact.states import Reach, Reachable, zone_of
from services.notifications.message.content import Wording
from services.notifications.message.states import Letter
from services.notifications.rules import Rules


def worded(
    message_id: str, letter: Letter, channel: Channel, agenda: Agenda | None, contact: Reach, rules: Rules
) -> Wording:
    """Visits are told in the clinic's local time, wherever the patient's own clock stands; with its zone where that
    clock shows another time."""
    zone = zone_of(contact, rules)
    visits = sorted(covered(message_id, agenda).values(), key=lambda visit: visit.start)
    start = visits[0].start if visits else letter.start
    local = rules.calendar.local(start) if start else None
    day = local.date() if local else letter.by
    place = place_of(visits[0], rules) if visits else rules.place(letter.location) if letter.location else ""
    fields = {
        "clinic": rules.messages.sender(confidential=isinstance(contact, Reachable) and contact.confidential),
        "phone": rules.messages.call_back,
        "date": shown_date(day) if day else "",
        "time": shown_time(local, zone) if local else "",
        "place": place,
        "code": letter.code or "",
        "more": f" and {len(visits) - 1} more" if len(visits) > 1 else "",
    }
    template = rules.messages.texts[letter.template]
    dates = tuple(shown(visit, zone, rules) for visit in visits)
    text = template.mail or template.text if channel == "email" else template.text
    return Wording(template.subject.format_map(fields), text.format_map(fields), dates)


def covered(message_id: str, agenda: Agenda | None) -> Mapping[str, Visit]:
    """The dates that it tells of, by appointment."""
    note = agenda.notes.get(message_id) if agenda else None
    if agenda is None or note is None:
        return {}
    return {each: agenda.visits[each] for each in note.covers if each in agenda.visits}


def allowed(wording: Wording, channel: Channel, rules: Rules) -> bool:
    """The last look before it leaves: a location or a name may have brought in what must not be said."""
    content = rules.notifications.content.values
    said = f"{wording.subject} {wording.text}".lower()
    if any(word in said for word in content.never):
        return False
    return channel != "sms" or len(wording.text) <= content.longest_sms


def shown_date(day: date) -> str:
    """As people read it: Tue Feb 16."""
    return f"{day:%a %b} {day.day}"


def shown_time(local: datetime, zone: ZoneInfo) -> str:
    """`09:00`; for whose clock shows another time then, `09:00 EST`, or `09:00 UTC+04` where a zone has no name."""
    if local.utcoffset() == local.astimezone(zone).utcoffset():
        return f"{local:%H:%M}"
    name = f"{local:%Z}"
    return f"{local:%H:%M} {name if name.isalpha() else f'UTC{name}'}"


def shown(visit: Visit, zone: ZoneInfo, rules: Rules) -> str:
    local = rules.calendar.local(visit.start)
    return f"{shown_date(local.date())} {shown_time(local, zone)}, {place_of(visit, rules)}"


def place_of(visit: Visit, rules: Rules) -> str:
    return "by phone" if visit.remote else rules.place(visit.location)
