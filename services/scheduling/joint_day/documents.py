"""What requests about joint days say, and what is answered."""

from typing import Annotated

from pydantic import BaseModel, Field

from backbone.http.calls import RequestBody
from schemas.fact import Id, YesNo
from schemas.said import each_once
from schemas.scheduling.v1.codes import ContactMode
from services.scheduling.slot.documents import SlotChoice


class LegChoice(RequestBody):
    booking_request_id: Id
    slot: SlotChoice


class LegAgain(LegChoice):
    short_notice_accepted: YesNo = False


class Planning(RequestBody):
    """Several visits on one date. With `hold` the patient still has to say yes."""

    patient_id: Id
    referral_id: Id
    legs: Annotated[tuple[LegChoice, ...], Field(min_length=2, max_length=8), each_once("booking_request_id")]
    mode: ContactMode
    hold: YesNo = False
    short_notice_accepted: YesNo = False


class JointDayNamed(BaseModel):
    joint_day_id: Id
    parked: YesNo = False
