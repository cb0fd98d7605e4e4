"""The envelope of every fact, and the closed list of Kafka headers that carry it (PRV-04)."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.fact import FactType, Id, Instant, Slug, Word

Sequence = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,17}$", max_length=18)]
"""A number, in a header as all of them are: text."""
SchemaName = Annotated[
    str,
    StringConstraints(
        pattern=r"^urn:huddle:schema:[a-z_]{1,40}[.][a-z0-9_]{1,60}[.]v[0-9]{1,3}$", max_length=128
    ),
]
RuleNames = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z_.-]{1,40}[0-9]{0,2}@[0-9]{1,6}(?:,[A-Za-z_.-]{1,40}[0-9]{0,2}@[0-9]{1,6})*$",
        max_length=1000,
    ),
]
Traceparent = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$", max_length=55)
]

ActorKind = Literal["user", "patient", "referrer", "system", "partner"]


class Envelope(BaseModel):
    """CloudEvents 1.0 attributes, each in the header of its alias. An absent optional field has no header."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    specversion: Literal["1.0"] = Field("1.0", alias="ce_specversion")
    event_id: Id = Field(alias="ce_id", description="Deterministic: a retry computes the same one")
    type: FactType = Field(alias="ce_type")
    origin: Slug = Field(alias="ce_source", description="The service or partner that made the change")
    occurred_at: Instant = Field(alias="ce_time", description="When it became true")
    aggregate_id: Id = Field(alias="ce_subject")
    dataschema: SchemaName = Field(alias="ce_dataschema")
    sequence: Sequence | None = Field(
        None, alias="ce_sequence", description="Per aggregate, from 1, without gaps"
    )
    recorded_at: Instant = Field(alias="ce_recordedtime", description="When it was committed")
    aggregate_type: Word = Field(alias="ce_aggregatetype")
    patient_id: Id | None = Field(
        None, alias="ce_patientid", description="Opaque; the record's key when present"
    )
    referral_id: Id | None = Field(None, alias="ce_referralid", description="The pathway")
    correlation_id: Id = Field(alias="ce_correlationid")
    causation_id: Id = Field(alias="ce_causationid")
    actor_kind: ActorKind = Field(alias="ce_actorkind")
    actor_id: Id | None = Field(None, alias="ce_actorid")
    actor_role: Word | None = Field(None, alias="ce_actorrole")
    rules: RuleNames | None = Field(
        None, alias="ce_rules", description="Rule ids and versions, joined by commas"
    )
    traceparent: Traceparent | None = Field(None, alias="traceparent", description="W3C trace context")
    content_type: Literal["application/json"] = Field("application/json", alias="content-type")


def header_names() -> Mapping[str, str]:
    """Header by field. There is no other header."""
    return {name: str(field.alias) for name, field in Envelope.model_fields.items()}
