"""What a clinician says who looked at a visit that did not take place."""

from typing import Annotated

from backbone.http.calls import RequestBody
from schemas.fact import FEW
from schemas.said import Text
from schemas.scheduling.v1.codes import EXEMPTION, AttendanceDecision


class Review(RequestBody):
    """`despite`: what speaks for the patient, and was looked at before they are let go (ATT-07)."""

    decision: AttendanceDecision
    note: Text | None = None
    despite: Annotated[tuple[Annotated[str, EXEMPTION.only], ...], FEW] = ()
