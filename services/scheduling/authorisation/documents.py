"""What requests about authorisations say."""

from backbone.http.calls import RequestBody
from schemas.fact import Day
from schemas.scheduling.v1.codes import AuthorisationStatus


class PayersAnswer(RequestBody):
    """An approval says from when until when it holds."""

    status: AuthorisationStatus
    valid_from: Day | None = None
    valid_to: Day | None = None
