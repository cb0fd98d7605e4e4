"""What is known of how somebody is reached (NOT-17). The addresses themselves are content."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from backbone.ids import derive
from backbone.model import State
from schemas.notifications.v1.codes import Channel
from services.notifications.rules import Rules


class NoContact(State, tag="none"):
    """Nobody said yet."""


class Reachable(State, tag="reachable"):
    """`channels`: those that the contact has an address for. `phone_id`: whose number reaches them now; none while no
    number does. `confidential`: they asked to be written to in one way only, by nobody in particular."""

    contact_ref: str
    channels: tuple[Channel, ...]
    phone_id: str | None = None
    confidential: bool = False
    time_zone: str | None = None
    language: str | None = None


Reach = NoContact | Reachable


def contact_id(key: str) -> str:
    """Of a patient or an organisation."""
    return derive(key, "contact")


def is_reached_by(contact: Reach, phone_ids: Collection[str]) -> bool:
    """Whether the number is theirs now. A number that was filed before numbers were noted is still theirs."""
    if not isinstance(contact, Reachable) or "sms" not in contact.channels:
        return False
    return contact.phone_id is None or contact.phone_id in phone_ids


def channels_of(contact: Reach) -> tuple[Channel, ...]:
    return contact.channels if isinstance(contact, Reachable) else ()


def zone_of(contact: Reach, rules: Rules) -> ZoneInfo:
    """Where it is night for them: their zone, or the clinic's."""
    return rules.zone(contact.time_zone if isinstance(contact, Reachable) else None)
