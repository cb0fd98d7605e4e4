"""Production starts with rules that somebody stands for, and that apply today; development says what is missing."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backbone.errors import UnusableSettings
from backbone.process import govern
from backbone.settings import Settings
from services.referral.rules import load_rules
from tests.support.configuring import approve, change, copied

NOW = datetime(2027, 1, 11, 14, 0, tzinfo=UTC)


def settings(environment: str) -> Settings:
    return Settings.model_construct(environment=environment)  # type: ignore[arg-type]


def test_production_refuses_rules_that_nobody_approved_and_says_how(tmp_path: Path) -> None:
    with pytest.raises(
        UnusableSettings, match=r"referral\.toml: nobody has approved it.*huddle approve LOGIN"
    ):
        govern(load_rules(copied(tmp_path)), settings("production"), NOW)


def test_production_starts_with_approved_rules_and_not_after_a_value_changed(tmp_path: Path) -> None:
    approve(copied(tmp_path))
    govern(load_rules(tmp_path), settings("production"), NOW)
    change(tmp_path / "urgency.toml", "target_days = 30", "target_days = 31")
    with pytest.raises(
        UnusableSettings, match=r"urgency\.toml: it was changed since edith\.brandt approved it"
    ):
        govern(load_rules(tmp_path), settings("production"), NOW)


def test_development_starts_with_a_notice(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        govern(load_rules(copied(tmp_path)), settings("development"), NOW)
    assert "not approved for clinical use" in caplog.text


def test_rules_that_do_not_apply_yet_start_nowhere(tmp_path: Path) -> None:
    approve(copied(tmp_path))
    change(tmp_path / "red_flags.toml", "effective_from = 2026-01-01", "effective_from = 2027-02-01")
    with pytest.raises(UnusableSettings, match="2027-02-01"):
        govern(load_rules(tmp_path), settings("development"), NOW)
