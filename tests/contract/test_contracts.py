"""The contracts: committed as the code makes them, valid, frozen, and without anything personal."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from backbone.model import Actor, Head
from backbone.model.wire import headers_of
from schemas.__main__ import EXAMPLES, FOLDER, examples
from schemas.documents import asyncapi, contracts, documents, inlined
from schemas.envelope import Envelope, header_names
from schemas.registry import facts
from tests.contract.compatibility import incompatibilities
from tests.contract.freeze import FROZEN
from tests.support.deciding import START

VENDOR = Path(__file__).parent / "vendor"
PRIV = "ce_specversion ce_id ce_type ce_source ce_time ce_subject ce_dataschema ce_sequence ce_recordedtime"
CLOSED = set(
    f"{PRIV} ce_aggregatetype ce_patientid ce_referralid ce_correlationid ce_causationid ce_actorkind ce_actorid "
    "ce_actorrole ce_rules traceparent content-type".split()
)
PERSONAL = re.compile(r"name|address|birth|phone|email|comment|note(?!_ref)|(?<!con)text|narrative")
PROSE = (
    "Jane",
    "JaneDoe",
    "Doe-Smith",
    "jane doe",
    "Zoë",
    "o'hara",
    "fell, then rested",
    "+1 212 555 0142",
    "J. Doe",
)


@pytest.fixture(scope="module")
def made() -> Mapping[str, Any]:
    return documents(examples())


@pytest.fixture(scope="module")
def schemas() -> Mapping[str, Any]:
    """Every frozen contract, with its parts where they are used."""
    return {name: inlined(model) for name, model in contracts().items()}


def test_the_committed_contracts_are_those_that_the_code_makes(made: Mapping[str, Any]) -> None:
    files = {
        str(file.relative_to(FOLDER)): file
        for file in FOLDER.rglob("*.json")
        if file.parent.name != "openapi"
    }
    committed = {name: json.loads(file.read_text()) for name, file in files.items()}
    differing = {name for name in {*committed, *made} if committed.get(name) != made.get(name)}
    assert sorted(differing) == [], "run `make contracts`"


def test_the_asyncapi_document_is_valid_for_the_official_schema(made: Mapping[str, Any]) -> None:
    official = json.loads((VENDOR / "asyncapi-3.0.0.json").read_text())
    validator = jsonschema.Draft7Validator(official)
    validator.validate(made["asyncapi.json"])
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(made["asyncapi.json"] | {"channels": {"x": {"address": 7}}})


def test_every_message_has_an_example_a_key_and_one_envelope(made: Mapping[str, Any]) -> None:
    components = made["asyncapi.json"]["components"]
    assert components["messageTraits"]["fact"]["headers"] == {"$ref": "#/components/schemas/Envelope"}
    of_facts = [message for message in components["messages"].values() if "traits" in message]
    others = [message for message in components["messages"].values() if "traits" not in message]
    assert len(of_facts) == len(facts())
    assert all("headers" not in message for message in components["messages"].values())
    assert all("key" in message["bindings"]["kafka"] for message in others)
    assert all(message["examples"] for message in (*of_facts, *others))


def test_the_list_of_headers_is_closed() -> None:
    assert set(header_names().values()) == CLOSED


def test_what_the_runtime_writes_fits_the_envelope() -> None:
    identity = "11111111-1111-4111-8111-111111111111"
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
        actor=Actor("user", identity, "physician"),
        rules=("REF-06@1", "referral.drug_classes@12"),
        traceparent=f"00-{'1' * 32}-{'2' * 16}-01",
    )
    headers = json.loads(headers_of(head))
    assert set(headers) == CLOSED
    Envelope.model_validate(headers)
    jsonschema.Draft202012Validator(inlined(Envelope)).validate(headers)


def test_every_example_is_read_and_written_as_it_was_and_fits_its_schema(schemas: Mapping[str, Any]) -> None:
    shown = examples()
    assert set(shown) == set(contracts()), f"run `make contracts`, or look into {EXAMPLES}"
    wrong = []
    for name, model in contracts().items():
        more = {"a_field_of_tomorrow": 1} if name in facts() else {}
        read = model.model_validate_json(json.dumps(shown[name] | more))
        written = json.loads(read.model_dump_json(exclude_none=True, exclude_unset=name not in facts()))
        fits = jsonschema.Draft202012Validator(schemas[name]).is_valid(shown[name])
        if written != shown[name] or not fits:
            wrong.append(name)
    assert wrong == []


def strings(schema: Any, path: str = "") -> list[tuple[str, Any]]:
    """Every string of a schema, with its place."""
    found = [(path, schema)] if schema.get("type") == "string" else []
    for name, field in schema.get("properties", {}).items():
        found += strings(field, f"{path}/{name}")
    for part in [schema["items"]] if "items" in schema else schema.get("anyOf", []):
        found += strings(part, path)
    return found


def takes_prose(string: Any) -> bool:
    """A name, a number to call, some words."""
    if {"enum", "const"} & set(string):
        return False
    return "pattern" not in string or any(re.search(string["pattern"], prose) for prose in PROSE)


def test_no_string_of_a_fact_has_room_for_prose(schemas: Mapping[str, Any]) -> None:
    free = [
        f"{name}{path}" for name in facts() for path, string in strings(schemas[name]) if takes_prose(string)
    ]
    assert free == []
    assert strings(schemas["ReferralSubmission"]), "it is looked into"
    assert any(takes_prose(string) for _, string in strings(schemas["ReferralSubmission"]))
    assert takes_prose({"type": "string"})


def test_no_field_of_a_fact_is_named_after_something_personal() -> None:
    named = [f"{type_}/{name}" for type_, fact in facts().items() for name in fact.model_fields]
    assert [name for name in named if PERSONAL.search(name.partition("/")[2])] == []


def test_every_sensitivity_is_one_of_the_list(schemas: Mapping[str, Any]) -> None:
    fields = [field for name in facts() for field in schemas[name].get("properties", {}).values()]
    assert {field.get("x-sensitivity", "plain") for field in fields} <= {"plain", "phi", "sud", "psy"}


def test_every_contract_is_compatible_with_what_was_frozen(schemas: Mapping[str, Any]) -> None:
    frozen = {file.stem: json.loads(file.read_text()) for file in FROZEN.glob("*.json")}
    found = [f"{name}: gone" for name in frozen if name not in schemas]
    found += [f"{name}: not frozen: run `make contracts`" for name in schemas if name not in frozen]
    for name in set(frozen) & set(schemas):
        found += [f"{name}: {problem}" for problem in incompatibilities(frozen[name], schemas[name])]
    assert found == []


def test_the_whole_document_can_be_made_of_the_examples_alone() -> None:
    assert asyncapi(examples())["asyncapi"] == "3.0.0"
