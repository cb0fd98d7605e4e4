"""What is shown of a person."""

from typing import Any

from pydantic import BaseModel

from schemas.fact import Id


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
