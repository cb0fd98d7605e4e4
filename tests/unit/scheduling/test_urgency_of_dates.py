"""How urgently a first date is asked for, in every urgency scheme that a clinic may follow."""

from pathlib import Path

import pytest

from services.scheduling.rules import load_rules
from tests.support.configuring import change, copied
from tests.unit.scheduling.situations import rules

URGENCY: dict[str, dict[str, str]] = {
    "AU-QLD": {"cat_1": "urgent", "cat_2": "routine", "cat_3": "routine"},
    "CA-WTA": {"cancer": "urgent", "nerve_damage": "urgent", "disc": "routine", "other": "routine"},
    "IASP": {"most_urgent": "asap", "urgent": "urgent", "routine": "routine"},
    "UK-ENG-SCO": {"rtt": "routine"},
    "UK-WAL": {"rtt": "routine"},
    "NZ-BoP": {"p1": "routine"},
    "CA-TOR": {"urgent": "urgent", "other": "routine"},
}


def test_every_scheme_is_in_this_table() -> None:
    known = rules().urgency.schemes
    assert {name: [*each.values.by_code] for name, each in known.items()} == {
        name: [*each] for name, each in URGENCY.items()
    }


@pytest.mark.parametrize("scheme", URGENCY)
def test_a_date_is_as_urgent_as_the_scheme_says_of_its_category(tmp_path: Path, scheme: str) -> None:
    folder = copied(tmp_path)
    change(folder / "clinic.toml", 'urgency_scheme = "AU-QLD"', f'urgency_scheme = "{scheme}"')
    here = load_rules(folder)
    assert {code: here.priority_of(code) for code in URGENCY[scheme]} == URGENCY[scheme]
    assert here.priority_of(None) == here.priority_of("of no scheme") == "routine"
