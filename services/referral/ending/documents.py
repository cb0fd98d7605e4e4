"""What requests say that end a referral without a visit. Unknown fields are errors."""

from typing import Annotated, Literal

from backbone.http.calls import RequestBody
from schemas.fact import Id, YesNo
from schemas.referral.v1.codes import CANCELLATION_REASON, ERROR_REASON, REFERRAL_OUTCOME, Asking
from schemas.said import Text


class Cancellation(RequestBody):
    """Why the referral is taken back. Staff say for whom."""

    reason: Annotated[str, CANCELLATION_REASON.only]
    by: Asking | None = None
    note: Text | None = None


class Interim(RequestBody):
    """What the referrer is told while care goes on."""

    note: Text


class OutsideMove(RequestBody):
    """What an outside system tells of a referral that the clinic took on: a visit there, or how it goes."""

    move: Literal["visit_scheduled", "interim_note"]


class Outcome(RequestBody):
    """How it ends without a visit."""

    outcome: Annotated[str, REFERRAL_OUTCOME.only]
    note: Text


class Mistake(RequestBody):
    """Why it should never have been here."""

    reason: Annotated[str, ERROR_REASON.only]
    note: Text | None = None


class Reopening(RequestBody):
    """What the mistake was; or what has changed, where the patient was not ready."""

    reason: Text


class Link(RequestBody):
    """The referral that goes on in its place."""

    kept_id: Id


class Dismissal(RequestBody):
    """It is another matter. `take_over`: what this referral's sender says of the person is right."""

    other_referral_id: Id
    take_over: YesNo = False
