"""A rule may stand in its file in several versions: the one that applies on the clinic's day decides."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config import ConfigurationError
from config.loading import SHIPPED
from services.scheduling.rules import Rules, load_rules
from tests.support.configuring import another_version, change, copied


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied(tmp_path)
    another_version(
        tmp_path / "scheduling.toml", "offers", "2027-03-01", "hold_hours = 48", "hold_hours = 24"
    )
    return tmp_path


def at_noon(day: str, rules: Rules) -> Rules:
    return rules.at(datetime.fromisoformat(f"{day}T17:00:00+00:00"))


@pytest.mark.parametrize(
    ("day", "named", "hours"),
    [("2027-02-28", "ATT-01@1", 48), ("2027-03-01", "ATT-01@2", 24), ("2028-01-01", "ATT-01@2", 24)],
)
def test_the_version_of_the_day_applies(folder: Path, day: str, named: str, hours: int) -> None:
    offers = at_noon(day, load_rules(folder)).scheduling.offers
    assert (offers.named, offers.values.hold_hours) == (named, hours)


def test_the_day_is_the_clinics_not_that_of_the_clock(folder: Path) -> None:
    """Half past four in the morning in Greenwich is still the evening before in New York."""
    late = datetime(2027, 3, 1, 4, 30, tzinfo=UTC)
    assert load_rules(folder).at(late).scheduling.offers.version == 1


def test_rules_of_which_one_version_is_stated_are_the_same_every_day(folder: Path) -> None:
    rules = load_rules(folder)
    before, after = at_noon("2027-02-28", rules), at_noon("2027-03-01", rules)
    assert before.scheduling.cancellations == after.scheduling.cancellations


def test_before_the_first_day_on_which_all_apply_nothing_is_guessed(tmp_path: Path) -> None:
    change(copied(tmp_path) / "scheduling.toml", "effective_from = 2026-11-01", "effective_from = 2027-06-01")
    assert load_rules(tmp_path).begins == date(2027, 6, 1)
    assert load_rules(SHIPPED).begins == date(2026, 11, 1)


def test_every_version_is_checked_at_start(folder: Path) -> None:
    change(folder / "scheduling.toml", "hold_hours = 24", "hold_hours = 0")
    with pytest.raises(ConfigurationError) as caught:
        load_rules(folder)
    [problem] = caught.value.problems
    assert problem.startswith("scheduling.toml: offers.values.hold_hours")


@pytest.mark.parametrize(
    ("old", "new"),
    [("version = 2", "version = 1"), ('[[offers]]\nid = "ATT-01"', '[[offers]]\nid = "ATT-02"')],
    ids=["the same number", "another id"],
)
def test_versions_that_can_not_be_told_apart_are_named(folder: Path, old: str, new: str) -> None:
    change(folder / "scheduling.toml", old, new)
    with pytest.raises(ConfigurationError) as caught:
        load_rules(folder)
    assert any(
        problem.startswith("scheduling.toml: offers: versions of a rule") for problem in caught.value.problems
    )


def test_a_role_that_nobody_can_have_overrides_nothing(tmp_path: Path) -> None:
    change(
        copied(tmp_path) / "red_flags.toml",
        'override_role = "medical_director"',
        'override_role = "director"',
    )
    with pytest.raises(ConfigurationError) as caught:
        load_rules(tmp_path)
    assert caught.value.problems == ("red_flags.toml: rule: override_role: there is no role director",)
