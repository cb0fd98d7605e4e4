"""The registry: who somebody is, which records are one person's, and that somebody died."""

from collections.abc import Iterable, Mapping

import msgspec

from backbone.model import (
    Aggregate,
    Column,
    Columns,
    Command,
    Effect,
    Flag,
    Orders,
    Publication,
    Table,
    Timer,
    all_of,
)
from services.referral.patient.decide.age import AGE, is_unwatched
from services.referral.patient.decide.erasure import ERASURE
from services.referral.patient.decide.matching import MATCHING
from services.referral.patient.decide.person import PERSON
from services.referral.patient.decide.registration import REGISTRATION
from services.referral.patient.evolve import EVOLVE, record_of
from services.referral.patient.states import (
    FORGET,
    Erased,
    FileReferral,
    LookAtAge,
    Merged,
    MergeInto,
    Patient,
    Registered,
    RegisterPatient,
    TakeIn,
    TakeOver,
    Unregistered,
    Until,
    person_of,
)
from services.referral.rules import Rules

CONTACTS = "referral.contacts"


def reads(state: Patient, command: Command) -> Iterable[str]:
    """What is known, and what was said otherwise."""
    if isinstance(state, Unregistered | Erased) or not isinstance(
        command, RegisterPatient | TakeOver | LookAtAge
    ):
        return ()
    record = record_of(state)
    return record.contact_ref, record.identity_ref, *record.claims.values()


def needs(state: Patient, command: Command) -> Iterable[tuple[str, str]]:
    """The other records of the person, or the one that is to be."""
    match command:
        case TakeIn():
            yield "patient", command.merged_id
        case MergeInto():
            yield "patient", command.surviving_id
        case FileReferral() if isinstance(state, Registered | Merged):
            own = record_of(state).patient_id
            yield from (("patient", each) for each in sorted(person_of(own, state) - {own}))
        case _:
            pass


def contacts(state: Patient) -> Iterable[Publication]:
    """Of a merged record, how the surviving one says that its person is reached."""
    if isinstance(state, Unregistered | Erased):
        return
    record = record_of(state)
    if ref := (state.contact_ref or record.contact_ref):
        yield Publication(CONTACTS, key=record.patient_id, content_ref=ref)


def effects(state: Patient) -> Mapping[str, Effect]:
    """Whoever was erased is to be forgotten (PRV-28)."""
    if not isinstance(state, Erased) or state.is_forgotten:
        return {}
    return {FORGET: Effect(FORGET, body=msgspec.json.encode(Until(state.at)))}


def timers(state: Patient, rules: Rules) -> Mapping[str, Timer]:
    """A child comes of age, under whichever record they are known."""
    if isinstance(state, Unregistered | Erased) or record_of(state).is_dead:
        return {}
    day = record_of(state).look_again_on
    return {"age": Timer(rules.calendar.daily(day), LookAtAge())} if day else {}


def leads_to(state: Patient) -> str | None:
    """The identifier of a merged record is one more of the surviving patient's: what is new is theirs (PRV-31)."""
    return state.into if isinstance(state, Merged) else None


def number_of(state: Patient) -> str | None:
    if isinstance(state, Unregistered):
        return None
    return str(state.number if isinstance(state, Erased) else record_of(state).number)


class Patients(Columns):
    """How records are found."""

    number = Column(number_of)
    unwatched = Flag(is_unwatched)


PATIENT = Aggregate[Patient](
    "patient",
    initial=Unregistered(),
    decide=Table(REGISTRATION, AGE, MATCHING, PERSON, ERASURE),
    evolve=EVOLVE,
    publications=contacts,
    effects=effects,
    timers=timers,
    reads=reads,
    needs=needs,
    leads_to=leads_to,
    columns=Patients,
    numbered=True,
    has_pathway=False,
)


def look_at_children(rules: Rules) -> Orders:
    """What the service asks of itself when it starts: children of an earlier release come of age too."""
    yield PATIENT.send(LookAtAge(), to=all_of(Patients.unwatched))
