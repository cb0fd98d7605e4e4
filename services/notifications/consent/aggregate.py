"""A patient's consent, for one channel and purpose: not asked, given, withdrawn."""

from backbone.ids import derive
from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table, by, ignores, like
from schemas.notifications.v1.codes import Channel, ConsentBy, ConsentPurpose, ConsentVia
from schemas.notifications.v1.consent import ConsentRecorded, ConsentWithdrawn
from services.notifications.roles import STAFF_OR_PATIENT
from services.notifications.rules import Rules


class NotAsked(State, tag="not_asked"):
    """Nobody said anything yet."""


class Agreed(State, tag="given"):
    """Messages may go by this channel."""


class Withdrawn(State, tag="withdrawn"):
    """No message goes by this channel. `via`: where the patient said so."""

    via: str | None = None


BY_TEXT = "reply"

Consent = NotAsked | Agreed | Withdrawn


class GiveConsent(Command, tag="give_consent", kw_only=True):
    channel: Channel
    purpose: ConsentPurpose


class WithdrawConsent(Command, tag="withdraw_consent", kw_only=True):
    channel: Channel
    purpose: ConsentPurpose
    via: ConsentVia


class TakeConsent(Command, tag="take_consent", kw_only=True):
    """It came with the referral: `by` recorded it."""

    channel: Channel
    purpose: ConsentPurpose
    by: ConsentBy


class ResumeConsent(Command, tag="resume_consent", kw_only=True):
    """START: what STOP had ended holds again."""

    channel: Channel
    purpose: ConsentPurpose


def opted_out() -> WithdrawConsent:
    """By text, from the number itself."""
    return WithdrawConsent(channel="sms", purpose="care", via=BY_TEXT)


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


def take(state: NotAsked, command: TakeConsent, given: Given[Rules]) -> Decision:
    """What the patient said here since counts more than what somebody wrote of them."""
    return [like(ConsentRecorded, command)]


def resume(state: Withdrawn, command: ResumeConsent, given: Given[Rules]) -> Decision:
    """What was withdrawn at the desk, only the patient themselves can give again."""
    return [like(ConsentRecorded, command, by="patient")] if state.via == BY_TEXT else ()


def recorded(state: NotAsked | Withdrawn, fact: ConsentRecorded, head: Head) -> Agreed:
    return Agreed()


def withdrawn(state: NotAsked | Agreed, fact: ConsentWithdrawn, head: Head) -> Withdrawn:
    return like(Withdrawn, fact)


CONSENT = Aggregate[Consent](
    "consent",
    NotAsked(),
    decide=Table(
        *(give, withdraw, take, resume),
        ignores(TakeConsent, when=Agreed | Withdrawn),
        ignores(ResumeConsent, when=NotAsked | Agreed),
        ignores(GiveConsent, when=Agreed, whom=STAFF_OR_PATIENT),
        ignores(WithdrawConsent, when=Withdrawn, whom=STAFF_OR_PATIENT),
    ),
    evolve=Table(recorded, withdrawn),
    has_pathway=False,
)
