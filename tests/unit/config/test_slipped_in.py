"""Files of rules that somebody slipped something into: each is named at start, and nothing starts."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config import ConfigurationError
from services.care_plan.rules import load_rules as care_plan
from services.notifications.rules import load_rules
from tests.support.configuring import change, copied

SINCE = "effective_from = 2026-11-01"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("minutes = 15", "minutes = 9999999999", "is a number from"),
        ("minutes = 15", "minutes = 99999999999999999999999", "is a number from"),
        ("minutes = 15", "minutes = -1", "greater than or equal to 1"),
        (SINCE, 'effective_from = "2099-01-01"', "is a date without quotes"),
        (SINCE, "effective_from = 2099-01-01T00:00:00Z", "is a date without quotes"),
        (
            'id = "escalation.told"',
            'id = "escalation.duty"',
            "escalation.duty is the id of escalation.toml: duty too",
        ),
        ('hours = "always"', 'hours = "clinic"', "emergency and same_day are called at all hours"),
        ("[rule_set]\n", "[rule_set]\napproved = true\n", "Extra inputs are not permitted"),
    ],
)
def test_what_can_not_be_meant_is_refused_by_name(tmp_path: Path, old: str, new: str, named: str) -> None:
    change(copied(tmp_path) / "escalation.toml", old, new)
    assert_named(load_rules, tmp_path, "escalation.toml", named)


@pytest.mark.parametrize("factor", ["nan", "inf", "1e300"])
def test_a_factor_that_no_dose_can_have_is_refused(tmp_path: Path, factor: str) -> None:
    file = copied(tmp_path) / "opioid.toml"
    file.write_text(re.sub(r"factor = [\d.\"]+", f"factor = {factor}", file.read_text(), count=1))
    assert_named(care_plan, tmp_path, "opioid.toml", "number")


def assert_named(load: Callable[[Path], Any], folder: Path, file: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(folder)
    problems = caught.value.problems
    assert any(each.startswith(file) and said in each for each in problems), problems
