"""What a sender over Kafka is told of its record. The intake itself stands in `intake.py`."""

from collections.abc import Mapping, Sequence

import msgspec
from pydantic import ValidationError

from backbone.model import Came, Intake, Results
from backbone.model.invalid import WrongField, wrong
from schemas.fact import Fact
from schemas.referral.v1.intake import ReferralSubmission
from schemas.referral.v1.referral import ReferralAmended, ReferralReceived
from schemas.referral.v1.results import IntakeResult, InvalidField, Outcome, SourceKey, Urgent
from schemas.topics import REFERRAL_INTAKE, REFERRAL_INTAKE_RESULTS
from services.referral.referral.decide.screening import unheard
from services.referral.referral.reactions.intake import receive_referral, unreadable
from services.referral.rules import Rules

LONGEST = 400
"""Of a detail: some name every code of a list."""
OVER = frozenset(("completed", "rejected", "cancelled", "entered_in_error"))
REFUSED_FOR: Mapping[str, Sequence[str]] = {
    "other-patient": ("patient", "identifier"),
    "other-organisation": ("referrer", "organisation_id"),
}
"""The field that a refusal is about."""


def name(value: bytes) -> tuple[str, ...]:
    """What the sender calls the referral: (source_system, source_id)."""
    try:
        key = SourceKey.model_validate_json(value)
    except ValidationError:
        return ()
    return key.source_system, key.source_id


def says(came: Came, rules: Rules) -> bytes:
    """The result of one record."""
    topic, partition, offset = came.place
    system, sender_id = came.name or (None, None)
    fields = fields_of(came)
    is_taken = not fields and not came.is_set_aside
    result = IntakeResult(
        outcome=outcome_of(came),
        topic=topic,
        partition=partition,
        offset=offset,
        source_system=system,
        source_id=sender_id,
        referral_id=came.pathway_id if is_taken else None,
        patient_id=came.lane_key if is_taken else None,
        unreadable=unreadable(came.submission, rules) if is_taken else (),
        urgent=None if is_taken else urgent(came.value, rules),
        fields=tuple(
            InvalidField.model_validate({**field, "detail": field["detail"][:LONGEST]}) for field in fields
        ),
        answered_at=came.at,
    )
    return result.model_dump_json(by_alias=True, exclude_none=True).encode()


def urgent(value: bytes, rules: Rules) -> Urgent | None:
    """Nobody heard of what was not taken. What can't be read at all may be an emergency too."""
    try:
        said = msgspec.json.decode(value)
    except msgspec.DecodeError:
        said = None
    return Urgent.model_validate(found) if (found := unheard(said, rules)) else None


def fields_of(came: Came) -> Sequence[WrongField]:
    if came.refusal is None:
        return came.fields
    code = came.refusal.code
    return [wrong(REFUSED_FOR.get(code, ()), code.replace("-", "_"), came.refusal.reason)]


def outcome_of(came: Came) -> Outcome:
    if came.is_set_aside:
        return "set_aside"
    if came.refusal is not None:
        return "refused"
    return "invalid" if came.fields else outcome_of_facts(came.facts)


def outcome_of_facts(facts: Sequence[Fact]) -> Outcome:
    """Sent again, it brings about nothing."""
    if any(isinstance(fact, ReferralReceived) for fact in facts):
        return "received"
    if any(isinstance(fact, ReferralAmended) and fact.status in OVER for fact in facts):
        return "attached"
    return "amended" if facts else "repeated"


INTAKES = (
    Intake(
        REFERRAL_INTAKE.name,
        ReferralSubmission,
        receive_referral,
        Results(REFERRAL_INTAKE_RESULTS.name, name, says),
    ),
)
