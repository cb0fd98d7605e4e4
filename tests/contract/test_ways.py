"""Whatever staff may change, a person finds in the browser: beside an item, on a patient's page or on the day's."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import board
from backbone.http.problems import Problem
from board.passed import check_passed, for_people, read_passed
from schemas.services import NAMES
from schemas.work import WORK
from schemas.work.commands import READS
from schemas.work.day import DAY
from tests.contract.services import committed

STATIC = Path(board.__file__).parent / "static"
SCRIPTS = {file.relative_to(STATIC).as_posix(): file.read_text() for file in STATIC.rglob("*.js")}
DRAWS = re.compile(r"\b(?:acts|actsOf|choosing|doing)\('(\w+)'|\.day\?\.(\w+)")
"""Where a script draws what can be done about a kind of thing."""
PASSED = read_passed(NAMES)
PARAMETER = re.compile(r"{[^}]*}")
BUTTONS: Mapping[str, tuple[str, ...]] = {
    "commands.js": (
        *("claim_item", "keep_item", "release_item", "hold_item", "resume_item"),
        *("transfer_item", "undo_transition"),
    ),
    "patient/glass.js": ("break_glass",),
}
"""Operations that have a button of their own instead of a form from the table, and the script that sends them."""
NOT_IN_THE_BROWSER: Mapping[str, str] = {
    "follow_outside": "an outside system tells it, by its own account",
}
COMMANDS = [*chain.from_iterable(work.do for work in WORK.values()), *chain.from_iterable(DAY.values())]


def changes() -> Iterator[tuple[str, str, str, str]]:
    """Service, operation, method, path of all that the front door passes on."""
    for name, document in committed().items():
        for path, methods in document["paths"].items():
            for method in for_people(methods):
                if method != "GET":
                    yield name, methods[method.lower()]["operationId"], method, path


def drawn() -> Mapping[str, set[str]]:
    """By the kind of thing, the scripts that show what can be done about it."""
    found: dict[str, set[str]] = {}
    for name, text in SCRIPTS.items():
        for each in DRAWS.finditer(text):
            found.setdefault(each[1] or each[2], set()).add(name)
    return found


def ways(service: str, operation: str) -> Iterator[str]:
    """Where a person finds it."""
    scripts = drawn()
    for place, commands in ((name, work.do) for name, work in WORK.items()):
        if any(do.operation == operation and do.service in (service, "*") for do in commands):
            yield f"item {place}"
    for kind, commands in DAY.items():
        if any(do.operation == operation and do.service == service for do in commands):
            yield from sorted(f"{kind} in {script}" for script in scripts.get(kind, ()))
    yield from (script for script, sent in BUTTONS.items() if operation in sent)


def test_every_command_for_people_is_found_in_the_browser_or_it_is_said_why_not() -> None:
    lost = [
        f"{service}: {operation}" for service, operation, _, _ in changes() if not [*ways(service, operation)]
    ]
    assert {each.partition(": ")[2] for each in lost} == NOT_IN_THE_BROWSER.keys(), lost


def test_what_can_be_done_about_each_kind_of_thing_is_shown_somewhere() -> None:
    assert drawn().keys() == DAY.keys()


def test_a_button_of_its_own_sends_what_it_says() -> None:
    sent = {operation: path for _, operation, _, path in changes()}
    for script, operations in BUTTONS.items():
        for operation in operations:
            assert re.search(rf"\b{sent[operation].rpartition('/')[2]}\b", SCRIPTS[script]), operation


def test_the_front_door_lets_through_every_command_and_every_read_of_the_table() -> None:
    paths = {(service, operation): (method, path) for service, operation, method, path in changes()}
    asked = [
        (service, *paths.get((service, do.operation), ("POST", f"/{do.operation}")))
        for do in COMMANDS
        for service in (NAMES if do.service == "*" else (do.service,))
    ]
    asked += [
        (service, "GET", read.path.partition("?")[0])
        for read in READS.values()
        for service in (NAMES if read.service == "*" else (read.service,))
    ]
    assert [each for each in asked if not is_passed(*each)] == []


def is_passed(service: str, method: str, path: str) -> bool:
    try:
        check_passed(PASSED, service, method, PARAMETER.sub("x", path))
    except Problem:
        return False
    return True
