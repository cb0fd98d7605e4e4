"""The agenda of a patient: facts elsewhere in, planned messages out. Its id is the patient's."""

from collections.abc import Iterable

from backbone.model import Aggregate, Command, Table, person_seen
from services.notifications.agenda.commands import (
    Hear,
    NoteConsent,
    NoteDeath,
    NotePushed,
    NoteReach,
    TakeOver,
)
from services.notifications.agenda.decide.answer import answer
from services.notifications.agenda.decide.news import hear
from services.notifications.agenda.decide.notes import (
    note_consent,
    note_death,
    note_delivered,
    note_life,
    note_over,
    note_pushed,
    note_put_off,
    note_reach,
)
from services.notifications.agenda.decide.persons import PERSONS
from services.notifications.agenda.evolve import EVOLVE
from services.notifications.agenda.states import Agenda
from services.notifications.contact.states import contact_id


def needs(state: Agenda, command: Command) -> Iterable[tuple[str, str]]:
    """The contact has the time zone; what holds for the other records of the person, and which these are."""
    if isinstance(command, TakeOver):
        yield "agenda", command.other_id
    if isinstance(command, NoteConsent | NotePushed):
        yield from person_seen(command.patient_id)
    if isinstance(command, Hear | NotePushed | NoteConsent | NoteReach):
        yield "contact", contact_id(command.patient_id)


def foresees(state: Agenda, command: Command) -> Iterable[tuple[str, str]]:
    """Messages about what ends are cancelled at once."""
    if isinstance(command, NoteDeath):
        yield from (("message", message_id) for message_id in state.notes)
    if isinstance(command, Hear) and command.ends:
        for message_id, note in state.notes.items():
            if command.scope != "subject" or command.subject_id in (
                note.subject_id,
                *note.covers,
                note.depends_on,
            ):
                yield "message", message_id


AGENDA = Aggregate[Agenda](
    "agenda",
    Agenda(),
    decide=Table(
        *(
            hear,
            note_consent,
            note_reach,
            note_pushed,
            note_put_off,
            note_delivered,
            note_over,
            note_death,
            note_life,
            answer,
        ),
        PERSONS,
    ),
    evolve=EVOLVE,
    needs=needs,
    foresees=foresees,
    has_pathway=False,
)
