"""What is shown of a person."""

from pydantic import BaseModel

from schemas.fact import Id


class PatientLabel(BaseModel):
    """Initials and number: what people see beside an item on the board (PRV-40)."""

    patient_id: Id
    label: str
