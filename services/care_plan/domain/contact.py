"""A contact between staff and patient, on record."""

from typing import Annotated, Any

from msgspec import Meta

from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table, by
from schemas.care_plan.v1.codes import ContactKind
from schemas.care_plan.v1.contact import ContactRecorded
from services.care_plan.domain.roles import CLINICIAN_OR_COORDINATOR
from services.care_plan.domain.rules import Rules

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]


class NoContact(State, tag="none", frozen=True, kw_only=True):
    pass


class Recorded(State, tag="recorded", frozen=True, kw_only=True):
    kind: ContactKind


class RecordContact(Command, tag="record_contact", kw_only=True, frozen=True):
    kind: ContactKind
    result: Code
    warnings: tuple[Code, ...] = ()


@by(CLINICIAN_OR_COORDINATOR)
def record(state: NoContact, command: RecordContact, given: Given[Rules]) -> Decision:
    return [
        ContactRecorded(
            contact_id=given.target, kind=command.kind, result=command.result, warnings=command.warnings
        )
    ]


@by(CLINICIAN_OR_COORDINATOR)
def record_again(state: Recorded, command: RecordContact, given: Given[Rules]) -> Decision:
    return ()


def recorded(state: NoContact, fact: ContactRecorded, head: Head) -> Recorded:
    return Recorded(kind=fact.kind)


CONTACT: Aggregate[Any] = Aggregate(
    "contact",
    NoContact(),
    decide=Table(record, record_again),
    evolve=Table(recorded),
    has_pathway="if known",
)
