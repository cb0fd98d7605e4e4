"""What is shown of a person."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from backbone.http.calls import RequestBody
from schemas.codes import RedFlag, Severity
from schemas.fact import Day, Id, YesNo
from schemas.referral.v1.codes import DEATH_SOURCE, ERASURE_GROUND, KEEPING_GROUND


class PatientContact(BaseModel):
    """Who somebody is and how they are reached, as the registry has it; what was erased is absent."""

    patient_id: Id
    identity: dict[str, Any]
    contact: dict[str, Any]


class PatientLabel(BaseModel):
    """Initials and number: what people see beside an item on the board (PRV-40)."""

    patient_id: Id
    label: str


class PatientLabels(BaseModel):
    """Of those who are registered here."""

    labels: list[PatientLabel]


class OtherRecords(BaseModel):
    """Other records of the registry, each by its own label. `merged`: they are this person's. `unmerged`: they may
    be."""

    patient_id: Id
    merged: list[PatientLabel]
    unmerged: list[PatientLabel]


class PatientSummary(BaseModel):
    """What everybody who works with a person sees first. `records`: all ids that are the person's."""

    class OpenFlag(BaseModel):
        referral_id: Id
        flag_id: Id
        flag: RedFlag
        severity: Severity | None = Field(None, description="None: the answer was unclear")

    patient_id: Id
    known_as: Id | None = Field(None, description="The record that it was merged into")
    records: list[Id]
    is_dead: bool
    age_band: str | None = Field(None, description="Ten years, as 40-49")
    open_flags: list[OpenFlag]


class DeathCheck(RequestBody):
    """Whether the person lives; if not, on which day they died, where two were told."""

    lives: YesNo
    died_on: Day | None = None


class Merge(RequestBody):
    """The other record of this person."""

    merged_id: Id


class MergeUndoing(RequestBody):
    """The record that is somebody else's after all."""

    restored_id: Id


class Death(RequestBody):
    """When, if it is known, and who told."""

    source: Annotated[str, DEATH_SOURCE.only]
    died_on: Day | None = None


class Erasure(RequestBody):
    """What the privacy officer decided, and the legal ground of it (PRV-27)."""

    result: Literal["granted", "refused"]
    ground: Annotated[str, ERASURE_GROUND.only] | Annotated[str, KEEPING_GROUND.only]


class PatientRecord(BaseModel):
    """A record of the registry, without who the person is. `known_as`: the record that it was merged into. `erasure` is
    partial until the person's key is destroyed: what was sealed with it can be read until then, and it is tried again
    until it is done."""

    id: Id
    version: int
    known_as: Id | None = None
    merged: list[Id] = []
    is_dead: bool = False
    is_erased: bool = False
    erasure: Literal["partial", "granted"] | None = None
    referrals: list[Id] = []
