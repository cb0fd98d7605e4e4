"""Every topic: its key, what it keeps and for how long, and what its values are."""

from collections.abc import Mapping
from typing import NamedTuple, get_args

from pydantic import BaseModel

from schemas.codes import Queue
from schemas.contacts import Contact
from schemas.dead_letter import DeadLetter
from schemas.queue import QueueItem
from schemas.referral.v1.intake import ReferralSubmission
from schemas.referral.v1.results import IntakeResult

DAY_MS = 24 * 60 * 60 * 1000
QUEUES: tuple[str, ...] = get_args(Queue)


class Topic(NamedTuple):
    """`days` None: compacted. `laned`: as many partitions as all event topics have. `model` None: facts."""

    name: str
    owner: str
    key: str
    says: str
    days: int | None
    laned: bool
    model: type[BaseModel] | None = None

    def settings(self) -> Mapping[str, str]:
        """The topic's configuration in Kafka."""
        if self.days is None:
            return {"cleanup.policy": "compact"}
        return {"cleanup.policy": "delete", "retention.ms": str(self.days * DAY_MS)}


def events_topic(service: str) -> str:
    return f"{service}.events"


def queue_topic(queue: str) -> str:
    return f"worklist.queue.{queue}"


REFERRAL_INTAKE = Topic(
    "referral.intake",
    "referral",
    "whatever the sender likes: best the source_id of the referral, so that what is said of one stays in order",
    "Referrals submitted over Kafka instead of HTTP. Carries personal data.",
    7,
    True,
    ReferralSubmission,
)

REFERRAL_INTAKE_RESULTS = Topic(
    "referral.intake.results",
    "referral",
    "as the record of referral.intake; of one without a key, topic/partition/offset",
    "What came of each record of referral.intake: the referral's id, or every wrong field. Own access list.",
    7,
    True,
    IntakeResult,
)

REFERRAL_CONTACTS = Topic(
    "referral.contacts",
    "referral",
    "patient or organisation id",
    "Contact details and preferences. Only notifications reads it.",
    None,
    True,
    Contact,
)
SEALED = frozenset([REFERRAL_CONTACTS.name])
"""Topics whose values are sealed, each with the key of whom it is about, where the deployment has keys."""


def events_of(service: str, days: int) -> Topic:
    key = "patient id; where there is none, the aggregate id"
    return Topic(events_topic(service), service, key, f"The facts of {service}.", days, True)


def queue_of(queue: str) -> Topic:
    says = f"The {queue} queue as a table: open items, a tombstone when one leaves."
    return Topic(queue_topic(queue), "worklist", "work item id", says, None, False, QueueItem)


def dead_letters_of(service: str, days: int) -> Topic:
    says = "Coordinates and reason of parked records, never their payload."
    return Topic(f"{service}.dead-letters", service, "as the original record", says, days, False, DeadLetter)


def partitions(topic: Topic, laned: int) -> int:
    """How many partitions the topic gets, when event topics have `laned`."""
    return laned if topic.laned else min(laned, 3)
