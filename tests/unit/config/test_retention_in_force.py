"""How long things stay is said by the version of the rule that applies today, not by the first one."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta

from backbone.clock import SimulatedClock
from backbone.engine.engine import Engine
from backbone.process import kept_now
from backbone.settings import Settings
from backbone.store.retention import Periods
from cli import forgetting
from services.notifications.rules import load_rules
from services.notifications.service import SERVICE
from tests.support.configuring import another_version, copied

BEFORE, AFTER = datetime(2027, 6, 14, 12, 0, tzinfo=UTC), datetime(2027, 6, 15, 12, 0, tzinfo=UTC)


def longer(folder: Path, since: str = "2027-06-15") -> Path:
    retention = copied(folder) / "retention.toml"
    another_version(retention, "messages", since, "years = 8", "years = 20")
    another_version(retention, "reads", since, "years = 6", "years = 10")
    return folder


def test_a_longer_period_begins_on_its_day_while_the_service_runs(tmp_path: Path) -> None:
    clock = SimulatedClock(BEFORE)
    engine = Engine(SERVICE, load_rules(longer(tmp_path)), b"a secret", 1)
    settings = Settings.model_construct(retention_days=30)

    def kept() -> Periods:
        return kept_now(engine, clock, settings)

    assert kept().contents["wording"] == relativedelta(years=8)
    clock.move(AFTER)
    assert kept().contents["wording"] == relativedelta(years=20)


def test_records_of_reads_stay_as_long_as_the_rule_of_today_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUDDLE_CONFIG_DIR", str(longer(tmp_path, since="2026-11-02")))
    today = datetime.now(UTC).date()
    assert today >= date(2026, 11, 2)
    assert forgetting.first_day_of_reads() == today - relativedelta(years=10)
