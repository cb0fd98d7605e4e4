"""Every kind of work has the commands that end it, and every command there is what the services publish."""

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

import board
from backbone.engine.generic import kinds_of
from backbone.model.aggregate import tag_of
from board.lists import CODES
from schemas.fact import ClinicalCode
from schemas.services import NAMES
from schemas.work import WORK, table
from schemas.work.commands import READS
from schemas.work.day import DAY
from schemas.work.parts import Do, Offer, Read, Source
from services.worklist.catalogue.decide.table import CATALOGUE
from tests.contract.services import bodies, committed, operations

WORDS = Path(board.__file__).parent / "words.toml"
BESIDE = Path(board.__file__).parent / "static/patient/beside.js"
READS_AS_WORDS = re.compile("[a-z]+(_[a-z]+)*")
KNOWN = {"subject_id", "referral_id", "patient_id", "item_id", "me"}
BODIES = {name: bodies(document) for name, document in committed().items()}
EVERY = {
    (name, operation["operationId"]): (method.upper(), path)
    for name, document in committed().items()
    for method, path, operation in operations(document)
}
ALL = [(item, do) for item, work in WORK.items() for do in work.do]
ALL += [(name, do) for name, commands in DAY.items() for do in commands]


def services_of(service: str) -> tuple[str, ...]:
    return NAMES if service == "*" else (service,)


def test_every_kind_of_item_that_is_opened_has_its_row_and_no_other_has() -> None:
    assert {row.item for row in CATALOGUE} == WORK.keys()


def test_every_operation_exists_with_these_parts_of_its_path() -> None:
    wrong = []
    for item, do in ALL:
        for service in services_of(do.service):
            _, path = EVERY.get((service, do.operation), ("", "no such operation"))
            if set(re.findall(r"{(\w+)}", path)) != set(do.path):
                wrong.append(f"{item}: {service} {do.operation}: {path}")
    assert wrong == []


def test_every_read_exists() -> None:
    published = {(name, method, shape(path)) for (name, _), (method, path) in EVERY.items()}
    wrong = [
        name
        for name, read in READS.items()
        for service in services_of(read.service)
        if (service, "GET", shape(read.path.partition("?")[0])) not in published
    ]
    assert wrong == []


def test_every_command_is_told_beforehand_by_the_thing_that_it_is_about_or_by_the_service() -> None:
    told = {(name, shape(path)) for (name, _), (method, path) in EVERY.items() if method == "GET"}
    untold = {
        f"{service} {do.operation}"
        for _, do in ALL
        for service in services_of(do.service)
        if (service, actions_of(READS[do.seen]) if do.seen else "/actions") not in told
    }
    assert untold == set()


@pytest.mark.parametrize("service", NAMES)
def test_what_is_told_beforehand_goes_by_the_names_that_the_service_tells(service: str) -> None:
    kinds = kinds_of(import_module(f"services.{service}.service").SERVICE).values()
    told = {tag_of(command) for kind in kinds for _, command in kind.decide.rows}
    wanted = {do.action or do.operation for _, do in ALL if service in services_of(do.service)}
    assert wanted - told == set()


def actions_of(read: Read) -> str:
    return shape(read.path.partition("?")[0].removesuffix("/actions") + "/actions")


def shape(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)


def sources(do: Do) -> Iterator[Source]:
    for each in (*do.path.values(), *do.offers.values()):
        yield from of_offer(each) if isinstance(each, Offer) else [each]
    yield from (
        *do.given.values(),
        *(each for each in do.keys.values() if not each.startswith("list:")),
        *([do.seen] if do.seen else []),
    )


def of_offer(offer: Offer) -> Iterator[Source]:
    yield from (*([offer.each] if offer.each else []), *offer.where.values())


def test_every_source_is_known_or_read_or_picked() -> None:
    wrong = [
        f"{item}: {do.operation}: {source}"
        for item, do in ALL
        for source in sources(do)
        if source.partition(".")[0] not in KNOWN | READS.keys()
    ]
    assert wrong == []


def test_every_field_that_is_given_or_offered_is_one_of_the_body() -> None:
    wrong = [
        f"{item}: {do.operation}: {field}"
        for item, do in ALL
        for service in services_of(do.service)
        for field in (*do.given, *do.offers, *do.keys)
        if field.partition(".")[0] not in BODIES[service][do.operation]["properties"]
    ]
    assert wrong == []


TYPED = {
    "submit_referral: predecessor_id": "the sender's system names it",
    "submit_referral: referrer.organisation_id": "the practice's own, which it is known by",
}


def ids(schema: Any, parts: Any, at: tuple[str, ...] = ()) -> Iterator[str]:
    """Paths of a body's fields that are ids."""
    if "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    if schema.get("format") == "uuid":
        yield ".".join(at)
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *filter(None, [schema.get("items")])):
        yield from ids(each, parts, at)
    for name, each in schema.get("properties", {}).items():
        yield from ids(each, parts, (*at, name))


def test_every_read_that_is_shown_beside_an_item_is_known_and_drawn() -> None:
    drawn = set(re.findall(r"^  (\w+): \['", BESIDE.read_text(), re.MULTILINE))
    assert drawn == {name for work in WORK.values() for name in work.beside}
    assert drawn - READS.keys() == set()


def test_nobody_types_an_id() -> None:
    wrong = {
        f"{do.operation}: {field}"
        for _, do in ALL
        for service in services_of(do.service)
        for field in ids(BODIES[service].get(do.operation, {}), committed()[service]["components"]["schemas"])
        if not {*around(field)} & {*do.given, *do.offers}
    }
    assert wrong == TYPED.keys()


def around(field: str) -> Iterator[str]:
    """The field, and every part that it is in: `legs.slot.start`, `legs.slot`, `legs`."""
    while field:
        yield field
        field = field.rpartition(".")[0]


def clinical_codes(schema: Any, parts: Any, at: tuple[str, ...] = ()) -> Iterator[str]:
    """Paths of a body's fields that are codes of the great systems: diagnoses, drugs."""
    if "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    if schema.get("pattern") == CLINICAL_CODE:
        yield ".".join(at)
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *filter(None, [schema.get("items")])):
        yield from clinical_codes(each, parts, at)
    for name, each in schema.get("properties", {}).items():
        yield from clinical_codes(each, parts, (*at, name))


CLINICAL_CODE = TypeAdapter(ClinicalCode).json_schema()["pattern"]


def test_every_diagnosis_and_drug_is_searched_in_a_list_that_there_is() -> None:
    searched = {
        (do.operation, field): do.offers[field].search if field in do.offers else ""
        for _, do in ALL
        for service in services_of(do.service)
        for field in clinical_codes(
            bodies(committed()[service]).get(do.operation, {}), committed()[service]["components"]["schemas"]
        )
    }
    assert len(searched) == 5
    assert {each for each, name in searched.items() if name not in CODES} == set()


def generic(fact: str) -> str:
    """Facts of the runtime, which every service publishes under its own name."""
    return re.sub(r"^\w+(?=\.(?:patient_unparked|fact_unstuck|glass_reviewed)\.)", "*", fact)


def closing_facts(item: str) -> set[str]:
    return {
        generic(closing.fact.wire_type) for row in CATALOGUE if row.item == item for closing in row.closings
    }


@pytest.mark.parametrize("item", WORK)
def test_every_fact_that_closes_an_item_is_caused_here_or_it_is_said_why_not(item: str) -> None:
    work = WORK[item]
    caused = {fact for do in work.do for fact in do.causes}
    closes = closing_facts(item)
    assert closes - caused - work.otherwise.keys() == set(), "add the operation, or say what causes it"
    assert work.otherwise.keys() & caused == set()
    assert (work.otherwise.keys()) - closes == set()
    assert caused & closes or work.why, "something must close it, or it is said what does"


def test_the_client_is_given_what_it_needs_and_no_more() -> None:
    shown = table()
    assert set(shown) == {"reads", "items", "day"}
    assert all(each["action"] for work in shown["items"].values() for each in work["do"])
    assert not any("causes" in each for work in shown["items"].values() for each in work["do"])


def test_every_command_and_every_code_of_a_request_has_words() -> None:
    words = tomllib.loads(WORDS.read_text())
    named = {do.operation for _, do in ALL}
    assert named - words["operations"].keys() == set()
    codes = {str(code) for found in BODIES.values() for code in said(list(found.values()))}
    assert {code for code in codes if not READS_AS_WORDS.fullmatch(code)} - words["codes"].keys() == set()
    assert words["operations"].keys() - {operation for _, operation in EVERY} == set()


def said(schema: Any) -> Iterator[Any]:
    """Every value of every list."""
    if isinstance(schema, dict):
        yield from (*schema.get("enum", ()), *schema.get("x-codes", ()))
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from said(each)
