"""Each control of a hazard is shown by a test that runs, and the page says what the log says."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.hazards import faults
from tests.hazards.collected import all_tests
from tests.hazards.log import ROOT, Log, read, stated
from tests.hazards.page import PAGE, drawn
from tests.mutants.__main__ import killers

OURS = ("schemas", "config", "backbone", "services", "board", "cli", "simulator")
PLANTED = """
untried = ["Nobody has tried any of this yet."]
open = [{ hazard = "HAZ-003", why = "There is nothing against it yet." }]
no_hazard = [{ rules = ["REF-06", "REF-07", "REF-07"], why = "It orders what waits and harms nobody." }]

[scheme]
name = "A scheme of five by five."
source = "Somebody has written it down."
scored_by = "Scored by the developers."
severity = ["a", "b", "c", "d", "e"]
likelihood = ["a", "b", "c", "d", "e"]
grid = [[1, 1, 2, 2, 3], [1, 2, 2, 3, 4], [2, 2, 3, 3, 4], [2, 3, 3, 4, 5], [3, 4, 4, 5, 5]]
meaning = ["a", "b", "c", "d", "e"]
"""
HAZARD = """
[[hazard]]
id = "{id}"
theme = "referral"
title = "Something goes wrong."
cause = "Somebody errs."
effect = "It goes on."
harm = "Somebody waits."
before = {{ severity = 5, likelihood = 3 }}
after = {{ severity = 5, likelihood = {likelihood} }}
controls = [{controls}]
residual = "What can't be helped."
"""
A_TEST = "tests/unit/a/test_b.py::test_c"


def planted(*controls: str, of: str = "HAZ-001", likelihood: int = 1) -> str:
    return HAZARD.format(id=of, likelihood=likelihood, controls=", ".join(controls))


def control(test: str = A_TEST, mutant: str = "", rules: str = "") -> str:
    return f'{{ what = "Something helps.", test = "{test}", rules = [{rules}]{mutant and f", mutant = {mutant!r}"} }}'


def log(*hazards: str) -> Log:
    return read(PLANTED + "".join(hazards) + planted(of="HAZ-003"))


def test_every_control_is_shown_by_a_test_that_runs() -> None:
    assert faults.unshown(stated(), all_tests(ROOT)) == []


def test_what_is_not_there_or_may_be_left_out_shows_nothing() -> None:
    of_one = log(planted(control()))
    assert faults.unshown(of_one, {A_TEST: frozenset({"parametrize", "wide"})}) == []
    assert faults.unshown(of_one, {}) == [f"HAZ-001: {A_TEST} does not exist"]
    assert faults.unshown(of_one, {A_TEST: frozenset({"long"})}) == [
        f"HAZ-001: {A_TEST} may be left out (long)"
    ]


def test_a_mutant_is_killed_by_what_shows_a_control_of_its_hazard() -> None:
    assert faults.strange_mutants(stated(), killers()) == []


def test_a_mutant_that_is_none_or_of_something_else_takes_nothing_away() -> None:
    of_one = log(planted(control(mutant="01-it")))
    for killer in (A_TEST, f"{A_TEST}[one]", "tests/unit/a/test_b.py", "tests/unit/a"):
        assert faults.strange_mutants(of_one, {"01-it": killer}) == []
    for killer in ("tests/unit/a/test_b.py::test_d", "tests/unit/a/test_bb.py", "tests/unit/b"):
        assert faults.strange_mutants(of_one, {"01-it": killer}) == [
            f"HAZ-001: 01-it is killed by {killer}, which shows no control of this hazard"
        ]
    assert faults.strange_mutants(of_one, {}) == ["HAZ-001: 01-it is no mutant"]


def test_a_hazard_has_an_id_for_ever_and_is_no_worse_with_its_controls() -> None:
    assert faults.twice(stated()) == []
    assert faults.worse(stated()) == []


def test_an_id_that_is_used_again_and_a_control_that_harms_are_found() -> None:
    assert faults.twice(log(planted(), planted())) == ["HAZ-001 is two hazards"]
    assert faults.worse(log(planted(likelihood=5))) == ["HAZ-001 is worse after its controls"]
    assert faults.twice(read(PLANTED + planted())) == ["HAZ-003 is open and no hazard"]


def test_what_nothing_stands_against_is_said_to_be_open() -> None:
    assert faults.defenceless(stated()) == []


def test_what_is_silent_about_having_no_control_is_found() -> None:
    assert faults.defenceless(log(planted())) == ["HAZ-001 is not said to be open"]
    assert faults.defenceless(log(planted(control(), likelihood=3))) == ["HAZ-001 is not said to be open"]
    assert faults.defenceless(log(planted(control()))) == []


def test_every_rule_that_the_code_knows_is_a_control_or_says_why_it_is_none() -> None:
    files = [
        file for each in OURS for ending in ("py", "toml") for file in (ROOT / each).rglob(f"*.{ending}")
    ]
    files += (ROOT / "services").rglob("README.md")
    assert faults.unexplained_rules(stated(), faults.rules_in(files)) == []


def test_a_rule_that_nobody_explains_is_found(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text('id = "REF-02"\n# REF-06, ICD-10, REF-020, MDT-01')
    known = set(faults.rules_in(tmp_path.iterdir()))
    assert known == {"REF-02", "REF-06", "MDT-01"}
    assert faults.unexplained_rules(log(planted(control(rules='"REF-02", "REF-06"'))), known) == [
        "MDT-01 is a control of nothing and has no reason",
        "REF-06 is a control and said to be none",
        "REF-07 is said to be none twice",
    ]


def test_the_log_takes_nothing_that_it_does_not_know() -> None:
    with pytest.raises(ValidationError):
        log(planted('{ what = "Something helps." }'))
    with pytest.raises(ValidationError):
        log(planted(of="HAZ-1"))


def test_there_are_sixty_and_the_page_says_what_the_log_says() -> None:
    assert len(stated().hazard) >= 60
    assert PAGE.read_text("utf-8") == drawn(stated()), "Run: make hazards-page"


SUITE = """
import pytest
def test_shared(): ...
"""
MODULE = """
import pytest
from tests.support.shared_suite import *
from tests.support.machine import Machine

def helper(): ...
async def test_plain(): ...
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.long)])
def test_many(x): ...
@pytest.mark.skipif(True, reason="never")
def test_left_out(): ...
@needs_promtool
def test_of_a_tool(): ...
def test_that_looks():
    pytest.skip("not today")
TestMachine = Machine.TestCase
"""


def test_tests_are_found_with_their_marks_as_pytest_would(tmp_path: Path) -> None:
    for folder, name, text in (
        ("support", "shared_suite", SUITE),
        ("unit", "test_module", MODULE),
        ("unit", "test_long", "import pytest\npytestmark = [pytest.mark.long]\ndef test_it(): ..."),
        (
            "unit",
            "test_none",
            'import pytest\nif 1:\n    pytest.skip("no", allow_module_level=True)\ndef test_it(): ...',
        ),
    ):
        (tmp_path / "tests" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "tests" / folder / f"{name}.py").write_text(text)
    marks = {test.removeprefix("tests/unit/"): sorted(marks) for test, marks in all_tests(tmp_path).items()}
    assert marks == {
        "test_long.py::test_it": ["long"],
        "test_module.py::test_shared": [],
        "test_module.py::test_plain": [],
        "test_module.py::test_many": [],
        "test_module.py::test_left_out": ["skipif"],
        "test_module.py::test_of_a_tool": ["skipif"],
        "test_module.py::test_that_looks": ["skip"],
        "test_module.py::TestMachine": [],
        "test_none.py::test_it": ["skip"],
    }
