"""A patient's consent, for one channel and purpose: not asked, given, withdrawn."""

from backbone.ids import derive
from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table, by, ignores, like
from schemas.notifications.v1.codes import Channel, ConsentPurpose, ConsentVia
from schemas.notifications.v1.consent import ConsentRecorded, ConsentWithdrawn
from services.notifications.roles import STAFF_OR_PATIENT
from services.notifications.rules import Rules


class NotAsked(State, tag="not_asked"):
    """Nobody said anything yet."""


class Agreed(State, tag="given"):
    """Messages may go by this channel."""


class Withdrawn(State, tag="withdrawn"):
    """No message goes by this channel."""


Consent = NotAsked | Agreed | Withdrawn


class GiveConsent(Command, tag="give_consent", kw_only=True):
    channel: Channel
    purpose: ConsentPurpose


class WithdrawConsent(Command, tag="withdraw_consent", kw_only=True):
    channel: Channel
    purpose: ConsentPurpose
    via: ConsentVia


def consent_id(patient_id: str, channel: str, purpose: str = "care") -> str:
    return derive(patient_id, f"consent {channel} {purpose}")


@by(STAFF_OR_PATIENT)
def give(state: NotAsked | Withdrawn, command: GiveConsent, given: Given[Rules]) -> Decision:
    """Who says so stands in the fact."""
    return [like(ConsentRecorded, command, by="patient" if given.actor.kind == "patient" else "staff")]


@by(STAFF_OR_PATIENT)
def withdraw(state: NotAsked | Agreed, command: WithdrawConsent, given: Given[Rules]) -> Decision:
    """At once, whatever is planned."""
    return [like(ConsentWithdrawn, command)]


def recorded(state: NotAsked | Withdrawn, fact: ConsentRecorded, head: Head) -> Agreed:
    return Agreed()


def withdrawn(state: NotAsked | Agreed, fact: ConsentWithdrawn, head: Head) -> Withdrawn:
    return Withdrawn()


CONSENT = Aggregate[Consent](
    "consent",
    NotAsked(),
    decide=Table(
        *(give, withdraw),
        ignores(GiveConsent, when=Agreed, whom=STAFF_OR_PATIENT),
        ignores(WithdrawConsent, when=Withdrawn, whom=STAFF_OR_PATIENT),
    ),
    evolve=Table(recorded, withdrawn),
    has_pathway=False,
)
