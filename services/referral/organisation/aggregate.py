"""A referring organisation, in one file. It belongs to no patient."""

from collections.abc import Iterable
from typing import Any

import msgspec

from backbone.model import Aggregate, Command, Content, Decision, Given, Head, Publication, State, Table, by
from services.referral.organisation.facts import OrganisationFiled
from services.referral.roles import SUBMITS_OR_SUPPLIES
from services.referral.rules import Rules


class OrganisationContact(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="organisation"
):
    """Content: it goes to `referral.contacts` and nowhere else."""

    name: str | None = None
    channel: str | None = None
    email: str | None = None
    address: str | None = None


class Unheard(State, tag="unheard", frozen=True, kw_only=True):
    pass


class Listed(State, tag="listed", frozen=True, kw_only=True):
    organisation_id: str
    contact_ref: str


class RecordOrganisation(Command, tag="record_organisation", frozen=True, kw_only=True):
    contact: OrganisationContact


@by(SUBMITS_OR_SUPPLIES)
def record(state: Unheard | Listed, command: RecordOrganisation, given: Given[Rules]) -> Decision:
    """The latest word counts."""
    body = msgspec.json.encode(command.contact)
    if isinstance(state, Listed) and given.contents.get(state.contact_ref) == body:
        return ()
    ref = given.ref("contact")
    return [Content(ref, "contact", body), OrganisationFiled(contact_ref=ref)]


def filed(state: Unheard | Listed, fact: OrganisationFiled, head: Head) -> Listed:
    return Listed(organisation_id=head.aggregate_id, contact_ref=fact.contact_ref)


def reads(state: Any, command: Any) -> Iterable[str]:
    return (state.contact_ref,) if isinstance(state, Listed) else ()


def contacts(state: Any) -> Iterable[Publication]:
    if isinstance(state, Listed):
        yield Publication("referral.contacts", key=state.organisation_id, content_ref=state.contact_ref)


ORGANISATION = Aggregate(
    "organisation",
    initial=Unheard(),
    decide=Table(record),
    evolve=Table(filed),
    publications=contacts,
    reads=reads,
    has_pathway=False,
    has_lane=False,
)
