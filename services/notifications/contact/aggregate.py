"""The read copy of a contact record: the latest word counts. Its id derives from the patient's or organisation's."""

from collections.abc import Iterable

from backbone.model import Aggregate, Command, Content, Decision, Given, Head, Table, like
from schemas.contacts import Contact
from schemas.notifications.v1.codes import Channel
from services.notifications.contact.facts import ContactFiled
from services.notifications.contact.states import NoContact, Reach, Reachable
from services.notifications.rules import Rules


class FileContact(Command, tag="file_contact", kw_only=True):
    """`body`: the JSON of a contact record."""

    body: str


def file(state: Reach, command: FileContact, given: Given[Rules]) -> Decision:
    body = command.body.encode()
    if isinstance(state, Reachable) and given.contents.get(state.contact_ref) == body:
        return ()
    contact, ref = Contact.model_validate_json(body), given.ref("contact")
    return [
        Content(ref, "contact", body),
        like(ContactFiled, contact, contact_ref=ref, channels=tuple(channels(contact))),
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


def filed(state: Reach, fact: ContactFiled, head: Head) -> Reachable:
    return like(Reachable, fact)


def reads(state: Reach, command: Command) -> Iterable[str]:
    return (state.contact_ref,) if isinstance(state, Reachable) else ()


CONTACT = Aggregate[Reach](
    "contact",
    NoContact(),
    decide=Table(file),
    evolve=Table(filed),
    reads=reads,
    has_pathway=False,
    has_lane=False,
)
