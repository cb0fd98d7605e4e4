"""`python -m tests.contract.freeze`: an example and a frozen schema for each fact and message that has none yet.

What is there already is never touched: a frozen contract changes by hand, with the version.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from schemas.__main__ import EXAMPLES
from schemas.documents import contracts, inlined
from schemas.envelope import Traceparent
from schemas.fact import (
    CauseName,
    ClinicalCode,
    FactType,
    Id,
    Language,
    Loinc,
    Place,
    RuleId,
    RuleVersion,
    SchemeName,
    Slug,
    Uri,
    Version,
    Word,
    ZoneName,
)
from schemas.said import Email, FullName, LongText, Name, Phone, PostalAddress, SystemUri, Text
from schemas.written import Amount, Day, Dec, Instant

FROZEN = Path(__file__).parent / "frozen"
SAID: Mapping[Any, str] = {
    Id: "11111111-1111-4111-8111-111111111111",
    Instant: "2027-01-04T14:00:00Z",
    Day: "2027-01-18",
    Dec: "7.25",
    Amount: "2.5",
    Word: "cat_2",
    Slug: "main",
    Version: "2.1",
    SchemeName: "AU-QLD",
    RuleId: "OUT-01",
    RuleVersion: "REF-02@1",
    FactType: "referral.received.v1",
    Place: "huddle.referral.events.v1/3/1204",
    CauseName: "referral.received.v1",
    ClinicalCode: "MG30.02",
    Loinc: "44261-6",
    Language: "en",
    ZoneName: "America/New_York",
    Uri: "http://www.nlm.nih.gov/research/umls/rxnorm",
    SystemUri: "urn:example:general-hospital",
    Traceparent: f"00-{'1' * 32}-{'2' * 16}-01",
    Name: "Example",
    FullName: "Alex Example",
    Phone: "+1 212 555 0142",
    Email: "alex@example.org",
    PostalAddress: "1 Harbor Street, Example",
    Text: "Walks half an hour less than before.",
    LongText: "Walks half an hour less than before.",
}
"""A value of each scalar type."""
NAMED = {
    "topic": "referral.events",
    "source_system": "ehr-west",
    "source_id": "REF-7001",
    "family_name": "Example",
    "given_names": "Alex",
    "birth_date": "1975-05-17",
    "began_on": "2026-03-02",
    "onset_month": "2026-03-01",
    "character": "aching",
    "modality": "physiotherapy",
    "accessibility": "wheelchair",
    "preferred_format": "large_print",
    "payer_profile": "medicare",
    "plan_type": "hmo",
    "member_id": "M-1",
    "authorisation_number": "A-1",
    "to_service": "rheumatology",
    "attendees": "physician",
    "quorum": "physician",
    "concerns": "new_crps",
    "aggregate_type": "appointment",
    "open_gates": "authorisation",
    "gates_reopened": "authorisation",
    "levels": "C4-C5",
}
"""Of fields whose type alone says too little."""
LATER = {"date": "2027-01-25", "date-time": "2027-01-04T15:00:00Z"}


def form(schema: Mapping[str, Any]) -> tuple[Any, Any]:
    return schema.get("pattern"), schema.get("maxLength")


BY_FORM = {form(TypeAdapter(kind).json_schema()): value for kind, value in SAID.items()}


def example(schema: Mapping[str, Any], name: str = "") -> Any:
    """A value of the schema, with every optional field filled."""
    if "anyOf" in schema:
        return example(next(branch for branch in schema["anyOf"] if branch.get("type") != "null"), name)
    if "const" in schema:
        return schema["const"]
    if codes := schema.get("enum", schema.get("x-codes")):
        return codes[0]
    made = {
        "object": filled,
        "array": lambda s: [example(s["items"], name)],
        "integer": whole,
        "boolean": bool,
    }
    return made[schema["type"]](schema) if schema["type"] in made else text(schema, name)


def filled(schema: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: example(field, name) for name, field in schema.get("properties", {}).items()}
    if keys := schema.get("propertyNames"):
        fields[example(keys)] = example(schema["additionalProperties"])
    return fields


def whole(schema: Mapping[str, Any]) -> int:
    return int(min(schema["maximum"], max(2, schema["minimum"])))


def text(schema: Mapping[str, Any], name: str) -> str:
    """What is named `end` or `to_date` is later than what is not. Raises KeyError for a form that has no example."""
    if name in ("end", "to_date"):
        return LATER[schema["format"]]
    return NAMED.get(name) or BY_FORM[form(schema)]


def freeze() -> None:
    """Write what is missing."""
    for name, model in contracts().items():
        shown, frozen = EXAMPLES / f"{name}.json", FROZEN / f"{name}.json"
        schema = inlined(model)
        if not shown.exists():
            payload = model.model_validate(example(schema))
            written = payload.model_dump(mode="json", exclude_none=True)
            shown.write_text(json.dumps(written, indent=2) + "\n")
        if not frozen.exists():
            frozen.write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    freeze()
