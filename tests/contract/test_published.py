"""What a published schema allows is read, and what was read is written as the schema has it."""

import json
from typing import Annotated, Any

import jsonschema
import pytest
from pydantic import AfterValidator, BaseModel, StringConstraints

from schemas.documents import READ, contracts, inlined
from tests.support.drawn import drawn, values
from tests.support.effort import some

QUICK, LONG = 3, 60


def misread(name: str, model: type[BaseModel], examples: int) -> list[str]:
    """What the contract's model refuses or writes otherwise, of what its schema allows."""
    schema = inlined(model)
    fits, found = jsonschema.Draft202012Validator(schema).is_valid, []

    def read(value: Any) -> None:
        text = json.dumps(value)
        try:
            written = model.model_validate_json(text).model_dump_json(
                exclude_none=True, exclude_unset=model in READ
            )
        except ValueError as error:
            found.append(f"{name}: {text}: {error}")
            return
        if not fits(json.loads(written)) or model.model_validate_json(written) != model.model_validate_json(
            text
        ):
            found.append(f"{name}: {text} became {written}")

    drawn(values(schema), examples, read)
    return found


def all_misread(examples: int) -> list[str]:
    return [
        problem for name, model in some(contracts().items()) for problem in misread(name, model, examples)
    ]


def test_what_a_schema_allows_is_read_and_written_as_the_schema_has_it() -> None:
    assert all_misread(QUICK) == []


def test_a_planted_schema_that_says_more_than_its_code_takes_is_found() -> None:
    class Planted(BaseModel):
        early: Annotated[str, StringConstraints(pattern="^[a-z]$"), AfterValidator(before_n)]

    assert misread("Planted", Planted, 20)


def before_n(letter: str) -> str:
    if letter >= "n":
        raise ValueError
    return letter


@pytest.mark.long
def test_what_a_schema_allows_is_read_and_written_as_the_schema_has_it_many_times() -> None:
    assert all_misread(LONG) == []
