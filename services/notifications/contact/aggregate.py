"""How somebody is reached: this service's copy of what `referral.contacts` says (NOT-17). The values are content."""

from collections.abc import Iterable
from typing import Any

from backbone.ids import derive
from backbone.model import Aggregate, Command, Content, Decision, Given, Head, State, Table
from schemas.contacts import Contact
from schemas.notifications.v1.codes import Channel
from services.notifications.message.facts import ContactFiled
from services.notifications.rules import Rules


class NoContact(State, tag="none", frozen=True, kw_only=True):
    pass


class Reachable(State, tag="reachable", frozen=True, kw_only=True):
    """`channels`: those that the contact has an address for."""

    contact_ref: str
    channels: tuple[Channel, ...]
    time_zone: str | None = None
    language: str | None = None


class FileContact(Command, tag="file_contact", frozen=True, kw_only=True):
    """`body`: the JSON of a contact record."""

    body: str


def contact_id(key: str) -> str:
    """Of a patient or an organisation."""
    return derive(key, "contact")


def file(state: NoContact | Reachable, command: FileContact, given: Given[Rules]) -> Decision:
    """The latest word counts."""
    if isinstance(state, Reachable) and given.contents.get(state.contact_ref) == command.body.encode():
        return ()
    contact = Contact.model_validate_json(command.body)
    ref = given.ref("contact")
    return [
        Content(ref, "contact", command.body.encode()),
        ContactFiled(
            contact_ref=ref,
            channels=tuple(channels(contact)),
            time_zone=contact.time_zone,
            language=contact.language,
        ),
    ]


def channels(contact: Contact) -> Iterable[Channel]:
    """In the order in which a professional is reached; a fax goes with the post."""
    if contact.email and contact.channel in (None, "secure_email"):
        yield "email"
    if contact.phone:
        yield "sms"
    if contact.channel == "portal":
        yield "portal"
    if contact.address and contact.channel in (None, "post", "fax"):
        yield "post"


def filed(state: NoContact | Reachable, fact: ContactFiled, head: Head) -> Reachable:
    return Reachable(
        contact_ref=fact.contact_ref,
        channels=fact.channels,
        time_zone=fact.time_zone,
        language=fact.language,
    )


def reads(state: Any, command: Any) -> Iterable[str]:
    return (state.contact_ref,) if isinstance(state, Reachable) else ()


CONTACT = Aggregate(
    "contact",
    NoContact(),
    decide=Table(file),
    evolve=Table(filed),
    reads=reads,
    has_pathway=False,
    has_lane=False,
)
