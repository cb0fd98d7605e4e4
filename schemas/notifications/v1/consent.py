"""Facts of consent, per channel and purpose."""

from typing import ClassVar, Literal

from schemas.fact import Fact
from schemas.notifications.v1.codes import Channel, ConsentBy, ConsentPurpose, ConsentVia


class ConsentFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "consent"


class ConsentRecorded(ConsentFact):
    """Given."""

    type: Literal["notifications.consent_recorded.v1"] = "notifications.consent_recorded.v1"
    channel: Channel
    purpose: ConsentPurpose
    by: ConsentBy


class ConsentWithdrawn(ConsentFact):
    """Withdrawn, or opted out by reply."""

    type: Literal["notifications.consent_withdrawn.v1"] = "notifications.consent_withdrawn.v1"
    channel: Channel
    purpose: ConsentPurpose
    via: ConsentVia
