"""The envelope of every fact, and the closed list of Kafka headers that carry it (PRV-04)."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.fact import Code, Id, Instant

ActorKind = Literal["user", "patient", "referrer", "system", "partner"]


class Envelope(BaseModel):
    """CloudEvents 1.0 attributes, each in the header of its alias. An absent optional field has no header."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    specversion: Literal["1.0"] = Field("1.0", alias="ce_specversion")
    event_id: Id = Field(alias="ce_id", description="Deterministic: a retry computes the same one")
    type: Code = Field(alias="ce_type")
    origin: Code = Field(alias="ce_source", description="The service or partner that made the change")
    occurred_at: Instant = Field(alias="ce_time", description="When it became true")
    aggregate_id: Id = Field(alias="ce_subject")
    dataschema: str = Field(alias="ce_dataschema", pattern=r"^urn:huddle:schema:[a-z_.0-9]+$")
    sequence: int | None = Field(
        None, alias="ce_sequence", ge=1, description="Per aggregate, from 1, without gaps"
    )
    recorded_at: Instant = Field(alias="ce_recordedtime", description="When it was committed")
    aggregate_type: Code = Field(alias="ce_aggregatetype")
    patient_id: Id | None = Field(
        None, alias="ce_patientid", description="Opaque; the record's key when present"
    )
    referral_id: Id | None = Field(None, alias="ce_referralid", description="The pathway")
    correlation_id: Id = Field(alias="ce_correlationid")
    causation_id: Id = Field(alias="ce_causationid")
    actor_kind: ActorKind = Field(alias="ce_actorkind")
    actor_id: Id | None = Field(None, alias="ce_actorid")
    actor_role: Code | None = Field(None, alias="ce_actorrole")
    rules: str | None = Field(None, alias="ce_rules", description="Rule ids and versions, joined by commas")
    traceparent: str | None = Field(None, alias="traceparent", description="W3C trace context")
    content_type: Literal["application/json"] = Field("application/json", alias="content-type")


def header_names() -> Mapping[str, str]:
    """Header by field. There is no other header."""
    return {name: str(field.alias) for name, field in Envelope.model_fields.items()}
