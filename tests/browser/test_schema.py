"""What `schema.js` finds right is right: bodies drawn from every request schema, and the same bent."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import jsonschema
from playwright.sync_api import Browser

from board.documents import for_forms
from tests.browser.forms_page import FormsPage, nobody
from tests.browser.frames import frame
from tests.contract.services import bodies, committed
from tests.support.drawn import drawn, values

EXAMPLES = 5
BENT: tuple[Any, ...] = ("", "x" * 70, -7, 10**6, None, [], {}, True, "2027-02-30", "2027-13-01T00:00:00Z")


def batch() -> Iterator[tuple[str, str, Any]]:
    """Bodies that fit, and each of them with one thing in it replaced by something else."""
    dice = random.Random(20270309)
    for service, document in committed().items():
        for operation, schema in bodies(document).items():
            found: list[Any] = []
            drawn(values(schema), EXAMPLES, found.append)
            for body in found:
                yield service, operation, body
                yield service, operation, bent(body, dice)


def bent(body: Any, dice: random.Random) -> Any:
    changed = copy.deepcopy(body)
    places = [*inside(changed)]
    if places:
        holder, key = dice.choice(places)
        holder[key] = dice.choice(BENT)
    return changed


def inside(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from inside(value[key])


def test_what_a_form_finds_right_the_schema_takes_and_what_it_takes_the_form_sends(
    browser: Browser,
) -> None:
    checks = {
        (service, operation): jsonschema.Draft202012Validator(schema).is_valid
        for service, document in committed().items()
        for operation, schema in bodies(document).items()
    }
    found = list(batch())
    page = FormsPage(browser.new_page(), frame(), nobody, {}).page
    faults = page.evaluate(
        """([documents, found]) => found.map(([service, name, body]) => {
          const {operations, schemas} = documents[service];
          return Object.fromEntries(schema.faultsOf(schema.fieldOf(operations[name].body, schemas), body));
        })""",
        [{name: for_forms(document) for name, document in committed().items()}, found],
    )
    accepted = [
        each for each, wrong in zip(found, faults, strict=True) if not wrong and not checks[each[:2]](each[2])
    ]
    refused = [
        (*each, wrong)
        for number, (each, wrong) in enumerate(zip(found, faults, strict=True))
        if wrong and number % 2 == 0
    ]
    assert accepted == []
    assert refused == []
    assert sum(map(bool, faults)) > len(found) / 10, "enough of them are bent"
