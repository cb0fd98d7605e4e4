"""What ends a referral, and with it all that is planned for it."""

from typing import Literal, get_args

from schemas.fact import Id
from schemas.referral.v1.codes import ErrorReason
from schemas.referral.v1.referral import (
    ReferralCompleted,
    ReferralFact,
    ReferralRedirected,
    ReferralRejected,
    ReferralWithdrawn,
)


class MarkedInError(ReferralFact):
    """It should never have been here (X14)."""

    type: Literal["referral.marked_in_error.v1"] = "referral.marked_in_error.v1"
    reason: ErrorReason
    by_id: Id


ReferralEnd = ReferralRejected | ReferralRedirected | ReferralCompleted | ReferralWithdrawn | MarkedInError
ENDS: tuple[type[ReferralEnd], ...] = get_args(ReferralEnd)
