"""The contracts: committed as the code makes them, valid, frozen, and without anything personal."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from backbone.model import Actor, Head
from backbone.model.wire import headers_of
from schemas.documents import asyncapi, documents, fact_schema, inlined
from schemas.envelope import Envelope, header_names
from schemas.registry import facts
from tests.contract.compatibility import incompatibilities
from tests.support.deciding import START

CONTRACTS = Path("schemas/contracts")
GOLDEN = Path(__file__).parent / "golden"
VENDOR = Path(__file__).parent / "vendor"
PRIV = "ce_specversion ce_id ce_type ce_source ce_time ce_subject ce_dataschema ce_sequence ce_recordedtime"
CLOSED = set(
    f"{PRIV} ce_aggregatetype ce_patientid ce_referralid ce_correlationid ce_causationid ce_actorkind ce_actorid "
    "ce_actorrole ce_rules traceparent content-type".split()
)
PERSONAL = re.compile(r"name|address|birth|phone|email|comment|note(?!_ref)|(?<!con)text|narrative")


def committed(name: str) -> Any:
    return json.loads((CONTRACTS / name).read_text())


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_committed_contract_is_the_one_that_the_code_makes(name: str) -> None:
    assert committed(name) == json.loads(json.dumps(documents()[name])), "run `make contracts`"


def test_no_contract_is_committed_that_the_code_does_not_make() -> None:
    assert {str(file.relative_to(CONTRACTS)) for file in CONTRACTS.rglob("*.json")} == set(documents())


def test_the_asyncapi_document_is_valid_for_the_official_schema() -> None:
    official = json.loads((VENDOR / "asyncapi-3.0.0.json").read_text())
    jsonschema.Draft7Validator(official).validate(asyncapi())


def test_the_official_schema_finds_a_broken_document() -> None:
    official = json.loads((VENDOR / "asyncapi-3.0.0.json").read_text())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(official).validate(asyncapi() | {"channels": {"x": {"address": 7}}})


def test_the_list_of_headers_is_closed() -> None:
    assert set(header_names().values()) == CLOSED


def test_what_the_runtime_writes_is_the_envelope() -> None:
    identity = "11111111-1111-4111-8111-111111111111"
    actor = Actor("user", identity, "physician")
    head = Head(
        event_id=identity,
        type="referral.accepted.v1",
        origin="referral",
        occurred_at=START,
        recorded_at=START,
        aggregate_type="referral",
        aggregate_id=identity,
        version=1,
        sequence=1,
        lane_key=identity,
        pathway_id=identity,
        correlation_id=identity,
        causation_id=identity,
        actor=actor,
        rules=("REF-06@1",),
        traceparent=f"00-{'1' * 32}-{'2' * 16}-01",
    )
    headers = json.loads(headers_of(head))
    assert set(headers) == CLOSED
    Envelope.model_validate(headers)


@pytest.mark.parametrize("wire_type", sorted(facts()))
def test_a_golden_payload_is_read_and_written_as_it_was(wire_type: str) -> None:
    payload = json.loads((GOLDEN / f"{wire_type}.json").read_text())
    fact = facts()[wire_type].model_validate_json(json.dumps(payload | {"a_field_of_tomorrow": 1}))
    assert json.loads(fact.model_dump_json(exclude_none=True)) == payload
    jsonschema.Draft202012Validator(fact_schema(facts()[wire_type])).validate(payload)


def strings(schema: Any, path: str = "") -> list[tuple[str, Any]]:
    """Every string of a schema, with its place."""
    found = [(path, schema)] if schema.get("type") == "string" else []
    for name, field in schema.get("properties", {}).items():
        found += strings(field, f"{path}/{name}")
    for part in [schema["items"]] if "items" in schema else schema.get("anyOf", []):
        found += strings(part, path)
    return found


def is_closed(string: Any) -> bool:
    """An enum code, a constant, an id, a date, or a code by its pattern; never free text."""
    return bool({"enum", "const", "pattern"} & set(string)) or string.get("format") in {
        "date",
        "date-time",
        "uuid",
    }


@pytest.mark.parametrize("wire_type", sorted(facts()))
def test_no_string_of_a_fact_is_free_text(wire_type: str) -> None:
    free = [path for path, string in strings(inlined(facts()[wire_type])) if not is_closed(string)]
    assert free == []


def test_a_free_string_would_be_found() -> None:
    assert not is_closed({"type": "string"})


@pytest.mark.parametrize("wire_type", sorted(facts()))
def test_no_field_of_a_fact_is_named_after_something_personal(wire_type: str) -> None:
    assert [name for name in facts()[wire_type].model_fields if PERSONAL.search(name)] == []


@pytest.mark.parametrize("wire_type", sorted(facts()))
def test_every_sensitivity_is_one_of_the_list(wire_type: str) -> None:
    fields = inlined(facts()[wire_type]).get("properties", {}).values()
    assert {field.get("x-sensitivity", "plain") for field in fields} <= {"plain", "phi", "sud", "psy"}


BASE = {"type": "object", "properties": {"a": {"type": "string", "enum": ["x", "y"]}}, "required": ["a"]}


def test_an_additive_optional_field_is_compatible() -> None:
    new = BASE | {"properties": BASE["properties"] | {"b": {"type": "integer"}}}  # type: ignore[operator]
    assert incompatibilities(BASE, new) == []


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (BASE | {"properties": {}, "required": []}, "/a: removed"),
        (BASE | {"required": []}, "/a: became optional"),
        (BASE | {"properties": {"a": {"type": "integer"}}}, "/a: type string became integer"),
        (
            BASE | {"properties": {"a": {"type": "string", "enum": ["x"]}}},
            "/a: the closed list of codes changed",
        ),
        (BASE | {"properties": {"a": {"type": "string", "enum": ["x", "y", "z"]}}}, "/a: the closed list"),
        (
            {"type": "object", "properties": {**BASE["properties"], "b": {}}, "required": ["a", "b"]},  # type: ignore[dict-item]
            "/b: new and required",
        ),
    ],
)
def test_any_other_change_is_not(new: Any, said: str) -> None:
    assert any(said in problem for problem in incompatibilities(BASE, new))


@pytest.mark.parametrize("wire_type", sorted(facts()))
def test_the_fact_is_compatible_with_its_frozen_contract(wire_type: str) -> None:
    frozen = json.loads((Path(__file__).parent / "frozen" / f"{wire_type}.json").read_text())
    assert incompatibilities(frozen, inlined(facts()[wire_type])) == []
