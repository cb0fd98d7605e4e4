"""The read copy of a contact record: the latest word counts. Its id derives from the patient's or organisation's."""

from collections.abc import Iterable

from backbone.model import Aggregate, Command, Content, Decision, Given, Head, Table, ignores, like, updated
from config.clinic import Clinic
from schemas.contacts import Contact, way_to
from schemas.notifications.v1.codes import Channel
from services.notifications.contact.facts import ContactFiled, ContactForgotten, PhoneNoted
from services.notifications.contact.states import NoContact, Reach, Reachable
from services.notifications.rules import Rules


class FileContact(Command, tag="file_contact", kw_only=True):
    """`body`: the JSON of a contact record; `about`: of which patient or organisation."""

    body: str
    about: str | None = None


class NotePhone(Command, tag="note_phone", kw_only=True):
    """They are reached by this number now. Another one that they had is not theirs any more."""

    phone_id: str


class ForgetContact(Command, tag="forget_contact", kw_only=True):
    """The person was erased."""


def forget(state: Reachable, command: ForgetContact, given: Given[Rules]) -> Decision:
    return [ContactForgotten()]


def file(state: Reach, command: FileContact, given: Given[Rules]) -> Decision:
    body = command.body.encode()
    if isinstance(state, Reachable) and given.contents.get(state.contact_ref) == body:
        return ()
    contact, ref = Contact.model_validate_json(body), given.ref("contact")
    filed = like(
        ContactFiled,
        contact,
        contact_ref=ref,
        channels=tuple(channels(contact, given.rules.clinic)),
        confidential=contact.confidential is not None,
    )
    return [Content(ref, "contact", body, command.about), filed]


def channels(contact: Contact, clinic: Clinic) -> Iterable[Channel]:
    """In the order in which a professional is reached; a fax goes with the post. An unreadable number is none."""
    way = way_to(contact)
    if way.email and contact.channel in (None, "secure_email"):
        yield "email"
    if clinic.e164(way.phone):
        yield "sms"
    if contact.channel == "portal":
        yield "portal"
    if way.address and contact.channel in (None, "post", "fax"):
        yield "post"


def note(state: Reachable, command: NotePhone, given: Given[Rules]) -> Decision:
    return () if state.phone_id == command.phone_id else [like(PhoneNoted, command)]


def forgotten(state: Reachable, fact: ContactForgotten, head: Head) -> NoContact:
    return NoContact()


def filed(state: Reach, fact: ContactFiled, head: Head) -> Reachable:
    known = state.phone_id if isinstance(state, Reachable) and "sms" in fact.channels else None
    return like(Reachable, fact, phone_id=known)


def noted(state: Reachable, fact: PhoneNoted, head: Head) -> Reachable:
    return updated(state, fact)


def reads(state: Reach, command: Command) -> Iterable[str]:
    return (state.contact_ref,) if isinstance(state, Reachable) else ()


CONTACT = Aggregate[Reach](
    "contact",
    NoContact(),
    decide=Table(file, note, forget, ignores(NotePhone, ForgetContact, when=NoContact)),
    evolve=Table(filed, noted, forgotten),
    reads=reads,
    has_pathway=False,
    has_lane=False,
)
