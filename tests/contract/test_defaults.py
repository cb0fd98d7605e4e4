"""What a request says that leaves something out: nothing that a person has to have seen, measured or agreed to."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.contract.services import bodies, committed
from tests.contract.test_services import fields

SAFE: Mapping[str, str] = {
    "accept": "nothing is taken on",
    "again": "nothing is ordered twice",
    "already_stopped": "nothing was stopped before it was signed",
    "as_needed": "every dose is counted in full",
    "assessment": "a visit more is not asked for, and none is left out",
    "complete": "it goes on",
    "disposition": "declined: with a reason, and nobody is sent elsewhere",
    "goes_on": "it is held",
    "hold": "it is booked as the patient said; nothing is met by it",
    "priority": "as everybody; who is urgent is said",
    "purpose": "the narrowest: for care alone",
    "reason": "the least that it says: not known, not needed now, a question",
    "remote": "in person",
    "short_notice_accepted": "nobody agreed to a sooner date",
    "source": "who told; the sign counts whoever did",
    "take_over": "what is known of the person stays",
    "to": "to whom a patient goes back who goes nowhere else",
    "without_missing": "what could not be had bars it",
    "weight": "every goal counts alike",
}
"""What is meant where it is left out, by the name of the field, and why that takes nobody's caution away."""


def beforehand(schemas: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Fields with something in them before anybody has said it."""
    for operation, schema in schemas.items():
        for path, field in fields(schema):
            if field.get("default") not in (None, [], {}, ""):
                yield f"{operation}{path}", field["default"]


def all_bodies() -> dict[str, Any]:
    return {name: schema for each in committed().values() for name, schema in bodies(each).items()}


def test_nothing_that_has_to_be_found_out_is_said_beforehand() -> None:
    told = [
        f"{path} is {value}" for path, value in beforehand(all_bodies()) if path.split("/")[-1] not in SAFE
    ]
    assert told == [], "let it be chosen, or say in SAFE why it takes nobody's caution away"


def test_no_yes_is_said_beforehand() -> None:
    assert [path for path, value in beforehand(all_bodies()) if value is True] == []


def test_a_planted_yes_is_found() -> None:
    planted = {"record_evidence": {"properties": {"met": {"type": "boolean", "default": True}}}}
    assert list(beforehand(planted)) == [("record_evidence/met", True)]


def test_every_reason_is_of_a_field_that_is_there() -> None:
    assert SAFE.keys() - {path.split("/")[-1] for path, _ in beforehand(all_bodies())} == set()
