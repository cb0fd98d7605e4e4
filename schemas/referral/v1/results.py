"""What a sender of `referral.intake` is told: one result for each record, on `referral.intake.results`.

No personal data and no text of the sender but their own identifier: names of fields, codes and reasons.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.codes import RedFlag, Severity
from schemas.fact import FEW, Count, Id, Instant, Slug, Word, most, whole
from schemas.said import Name, line

Pointer = Annotated[str, StringConstraints(pattern=r"^(?:/[A-Za-z0-9_*\[\]]{0,64}){1,12}$", max_length=400)]
FieldName = Annotated[
    str, StringConstraints(pattern=r"^[a-z_]{1,40}(?:\.[a-z_]{1,40}){0,4}$", max_length=210)
]
Outcome = Literal["received", "repeated", "amended", "attached", "invalid", "refused", "set_aside"]


class SourceKey(BaseModel):
    """What the sender calls the referral. It is read even where nothing else of a submission can be."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source_system: Slug
    source_id: Name


class InvalidField(BaseModel):
    """A wrong field and what is wanted, as in the 422 of `POST /referrals`. `*` stands for a name that is not known."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, serialize_by_alias=True)

    pointer: Pointer
    within: Annotated[Literal["body"], Field(alias="in")] = "body"
    code: Word
    detail: Annotated[str, line(400)]


class Urgent(BaseModel):
    """Of a record that was not taken, as in the 422 of `POST /referrals`: nobody was told of its red flags. `emergency`
    is the number to call. Without `red_flags` nothing of it could be read: it may be one all the same."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    red_flags: Annotated[dict[RedFlag, Severity], FEW]
    emergency: Annotated[str, line(40)]
    what_to_do: Annotated[str, line(400)]


class IntakeResult(BaseModel):
    """What came of one record. Its key is the record's; `source_system` and `source_id` are there if they can be read.

    `received`, `repeated` (changed nothing), `amended` and `attached` (kept with a referral that is over) name the
    referral and the patient. `invalid` and `refused` name every wrong field; nothing was changed, nothing waits: send
    it again, corrected. `set_aside`: it is kept, operators know, and another result follows. `unreadable` names
    telephone numbers that can't be read and were taken as not said. `urgent`: whom to call about what was not taken.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    outcome: Outcome
    topic: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9._-]{1,249}$")]
    partition: Count
    offset: Annotated[int, whole(0, 2**63 - 1)]
    source_system: Slug | None = None
    source_id: Name | None = None
    referral_id: Id | None = None
    patient_id: Id | None = None
    unreadable: Annotated[tuple[FieldName, ...], FEW] = ()
    urgent: Urgent | None = None
    fields: Annotated[tuple[InvalidField, ...], most(50)] = ()
    answered_at: Instant
