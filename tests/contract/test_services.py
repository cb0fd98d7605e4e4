"""The services' OpenAPI documents are true, complete, and keep what they promised."""

import copy
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema
import pytest

from schemas.glossary import bodies as examples
from schemas.glossary import meanings
from tests.contract.answers import broken
from tests.contract.services import bodies, committed, documents, operations, written

NOTHING_TO_SHOW = {"readyz", "metrics", "verify", "follow_queue", "follow_queues", "take_text", "get_package"}
"""Answers that are no JSON of ours: text for machines, streams, what the referrer sent."""


def test_every_promise_of_the_committed_documents_is_kept() -> None:
    before = committed()
    found = [problem for name, made in documents().items() for problem in broken(before[name], made)]
    assert found == []


def test_the_committed_documents_are_those_of_the_code() -> None:
    before = committed()
    assert before.keys() == documents().keys()
    differ = [name for name, made in documents().items() if json.loads(written(made)) != before[name]]
    assert differ == [], "run `make contracts`"


def all_operations() -> list[tuple[str, str, str, dict[str, Any]]]:
    return [(name, *each) for name, document in documents().items() for each in operations(document)]


def test_every_operation_has_its_own_short_id_a_summary_and_says_what_it_answers() -> None:
    names = Counter((name, operation["operationId"]) for name, _, _, operation in all_operations())
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for _, name in names if len(name) > 30] == []
    silent = [
        f"{name} {operation['operationId']}"
        for name, _, _, operation in all_operations()
        if not operation.get("description") or not answers(operation)
    ]
    assert silent == []


def answers(operation: Mapping[str, Any]) -> bool:
    """Something, unless there is nothing."""
    good = {code: each for code, each in operation["responses"].items() if code.startswith("2")}
    shown = [each.get("content", {}).get("application/json", {}).get("schema") for each in good.values()]
    return "204" in good or any(shown) or operation["operationId"] in NOTHING_TO_SHOW


def test_every_change_declares_its_headers_and_its_problems() -> None:
    wrong = []
    for name, method, path, operation in all_operations():
        refused = {code for code in operation["responses"] if code >= "4"}
        said = {each["name"]: each["required"] for each in operation.get("parameters", ())}
        if method != "get" and "if-match" in said and not {"409", "412", "422"} <= refused:
            wrong.append(f"{name} {path}: {refused}")
        if ("428" in refused) != said.get("if-match", False) or ("if-match" in said) != (
            "idempotency-key" in said
        ):
            wrong.append(f"{name} {path}: {said}")
        if method == "get" and "if-match" in said:
            wrong.append(f"{name} {path}: a read that changes something")
    assert wrong == []


def test_every_body_has_an_example_that_fits_it_and_no_example_is_left_over() -> None:
    wrong = []
    for name, document in documents().items():
        shown = bodies(document)
        wrong += [f"{name}: {each}: no such operation" for each in examples(name).keys() - shown.keys()]
        for operation, schema in shown.items():
            if operation not in examples(name):
                wrong.append(f"{name}: {operation}: no example in schemas/examples/requests/{name}.json")
            elif not jsonschema.Draft202012Validator(schema).is_valid(examples(name)[operation]):
                wrong.append(f"{name}: {operation}: its example does not fit it")
    assert wrong == []


def fields(schema: Any, path: str = "") -> list[tuple[str, Mapping[str, Any]]]:
    """Every field of a body, with its place."""
    if isinstance(schema, list):
        return [field for each in schema for field in fields(each, path)]
    if not isinstance(schema, Mapping):
        return []
    found = [(f"{path}/{name}", field) for name, field in schema.get("properties", {}).items()]
    for name, field in schema.get("properties", {}).items():
        found += fields(field, f"{path}/{name}")
    for part in ("items", "anyOf", "oneOf", "additionalProperties"):
        found += fields(schema.get(part), path)
    return found


def test_every_field_of_a_request_says_what_it_means() -> None:
    dumb = [
        f"{name} {operation}{path}"
        for name, document in documents().items()
        for operation, schema in bodies(document).items()
        for path, field in fields(schema)
        if not field.get("description") or not field.get("title")
    ]
    assert dumb == [], "give it a description, or its name a line in schemas/fields.toml"


def test_every_line_of_the_glossary_is_used() -> None:
    text = json.dumps(documents())
    assert [name for name, words in meanings().items() if json.dumps(words) not in text] == []


Change = Callable[[dict[str, Any]], object]


def operation(document: dict[str, Any], path: str, method: str = "post") -> Any:
    return document["paths"][path][method]


PLANTED: Mapping[str, tuple[str, str, Change]] = {
    "an operation": ("referral", "triage: gone", lambda d: d["paths"].pop("/referrals/{referral_id}/triage")),
    "an address": (
        "referral",
        "triage: POST /referrals/{referral_id}/triage became POST /t",
        lambda d: d["paths"].update({"/t": d["paths"].pop("/referrals/{referral_id}/triage")}),
    ),
    "an answer's field": (
        "referral",
        "the answer/red_flags: gone",
        lambda d: d["components"]["schemas"]["ReferralDocument"]["properties"].pop("red_flags"),
    ),
    "a field of a state": (
        "care_plan",
        "the answer/code: gone",
        lambda d: d["components"]["schemas"]["SafetyAlert.Raised"]["properties"].pop("code"),
    ),
    "an optional field": (
        "referral",
        "triage: : priority is required now",
        lambda d: d["components"]["schemas"]["Triaging"]["required"].append("priority"),
    ),
    "a longer text": (
        "referral",
        "triage: /comment: maxLength 8000 became 100",
        lambda d: d["components"]["schemas"]["Triaging"]["properties"]["comment"].update(maxLength=100),
    ),
    "a code": (
        "scheduling",
        "remove_entry: /reason: taken off the list: removed",
        lambda d: d["components"]["schemas"]["Removal"]["properties"]["reason"]["enum"].remove("removed"),
    ),
    "a request's field": (
        "referral",
        "triage: /accept: gone",
        lambda d: d["components"]["schemas"]["Triaging"]["properties"].pop("accept"),
    ),
    "a version that need not be said": (
        "referral",
        "accept_referral: parameter if-match: must be said now",
        lambda d: next(
            each
            for each in operation(d, "/referrals/{referral_id}/accept")["parameters"]
            if each["name"] == "if-match"
        ).update(required=True),
    ),
    "a good answer": (
        "referral",
        "triage: answers no 200 any more",
        lambda d: operation(d, "/referrals/{referral_id}/triage")["responses"].pop("200"),
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_taken_away_is_named(what: str) -> None:
    service, sentence, change = PLANTED[what]
    made = copy.deepcopy(dict(documents()[service]))
    change(made)
    found = broken(documents()[service], made)
    assert [each for each in found if sentence in each], found


def test_what_comes_beside_is_no_breach() -> None:
    made = copy.deepcopy(dict(documents()["referral"]))
    parts = made["components"]["schemas"]
    parts["Triaging"]["properties"]["more"] = {"type": "string"}
    parts["ReferralDocument"]["properties"]["more"] = {"type": "string"}
    made["paths"]["/more"] = {"get": {"operationId": "more", "responses": {}}}
    bare = next(each for *_, each in operations(made) if "requestBody" not in each)
    bare["requestBody"] = {"content": {"application/json": {"schema": {"type": "object"}}}}
    assert broken(documents()["referral"], made) == []
