"""A patient's consent, for one channel and purpose: not asked, given, withdrawn."""

from typing import Any

from backbone.ids import derive
from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table, by
from schemas.notifications.v1.codes import Channel, ConsentBy, ConsentPurpose
from schemas.notifications.v1.consent import ConsentRecorded, ConsentWithdrawn
from services.notifications.roles import STAFF_OR_PATIENT
from services.notifications.rules import Rules


class NotAsked(State, tag="not_asked", frozen=True, kw_only=True):
    pass


class Agreed(State, tag="given", frozen=True, kw_only=True):
    pass


class Withdrawn(State, tag="withdrawn", frozen=True, kw_only=True):
    pass


class GiveConsent(Command, tag="give_consent", frozen=True, kw_only=True):
    channel: Channel
    purpose: ConsentPurpose


class WithdrawConsent(Command, tag="withdraw_consent", frozen=True, kw_only=True):
    channel: Channel
    purpose: ConsentPurpose
    via: str


def consent_id(patient_id: str, channel: str, purpose: str = "care") -> str:
    return derive(patient_id, f"consent {channel} {purpose}")


@by(STAFF_OR_PATIENT)
def give(state: NotAsked | Withdrawn, command: GiveConsent, given: Given[Rules]) -> Decision:
    """Who says so stands in the fact."""
    person: ConsentBy = "patient" if given.actor.kind == "patient" else "staff"
    return [ConsentRecorded(channel=command.channel, purpose=command.purpose, by=person)]


@by(STAFF_OR_PATIENT)
def withdraw(state: NotAsked | Agreed, command: WithdrawConsent, given: Given[Rules]) -> Decision:
    """At once, whatever is planned."""
    return [ConsentWithdrawn(channel=command.channel, purpose=command.purpose, via=command.via)]


@by(STAFF_OR_PATIENT)
def give_again(state: Agreed, command: GiveConsent, given: Given[Rules]) -> Decision:
    return ()


@by(STAFF_OR_PATIENT)
def withdraw_again(state: Withdrawn, command: WithdrawConsent, given: Given[Rules]) -> Decision:
    return ()


def recorded(state: NotAsked | Withdrawn, fact: ConsentRecorded, head: Head) -> Agreed:
    return Agreed()


def withdrawn(state: NotAsked | Agreed, fact: ConsentWithdrawn, head: Head) -> Withdrawn:
    return Withdrawn()


CONSENT: Aggregate[Any] = Aggregate(
    "consent",
    NotAsked(),
    decide=Table(give, give_again, withdraw, withdraw_again),
    evolve=Table(recorded, withdrawn),
    has_pathway=False,
)
