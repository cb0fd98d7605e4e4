"""Production starts with rules that somebody stands for, and that apply today."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from backbone.errors import UnusableSettings
from backbone.process import govern
from backbone.production import refusals
from backbone.settings import Settings
from services.referral.rules import load_rules
from services.referral.service import SERVICE
from tests.support.configuring import approve, change, copied

NOW = datetime(2027, 1, 11, 14, 0, tzinfo=UTC)


def refused(folder: Path) -> str:
    settings = Settings(
        database_url="postgresql://referral:of-its-own@db/referral?sslmode=disable",  # type: ignore[arg-type]
        kafka="kafka:9092",
        kafka_security="plaintext",
        id_secret="a secret of the tests",
        keys_url="postgresql://runs:of-its-own@keys/keys?sslmode=disable",  # type: ignore[arg-type]
        master_keys=f"of-its-own:{'A' * 43}=",
        oidc_issuer="https://login.example.org",
        oidc_jwks="https://login.example.org/jwks",
        http_security="plaintext",
        ops_port=8081,
    )
    return "; ".join(refusals(SERVICE, settings, load_rules(folder), NOW))


def test_production_refuses_rules_that_nobody_approved_and_says_how(tmp_path: Path) -> None:
    said = refused(copied(tmp_path))
    assert "referral.toml: nobody has approved it" in said
    assert "`huddle approve LOGIN`" in said


def test_production_starts_with_approved_rules_and_not_after_a_value_changed(tmp_path: Path) -> None:
    approve(copied(tmp_path))
    assert refused(tmp_path) == ""
    change(tmp_path / "urgency.toml", "target_days = 30", "target_days = 31")
    assert "urgency.toml: it was changed since edith.brandt approved it" in refused(tmp_path)


def test_an_approval_of_a_day_to_come_is_none_yet(tmp_path: Path) -> None:
    approve(copied(tmp_path), on="2027-01-12")
    assert "urgency.toml: edith.brandt approves it from 2027-01-12 on, not yet" in refused(tmp_path)
    approve(tmp_path, on="2027-01-11")
    assert refused(tmp_path) == ""


def test_whoever_works_here_is_approved_too(tmp_path: Path) -> None:
    approve(copied(tmp_path))
    change(tmp_path / "staff.toml", 'roles = ["triage_nurse", "nurse"]', 'roles = ["medical_director"]')
    assert "staff.toml: it was changed since edith.brandt approved it" in refused(tmp_path)


def test_rules_that_do_not_apply_yet_start_nowhere(tmp_path: Path) -> None:
    approve(copied(tmp_path))
    change(tmp_path / "red_flags.toml", "effective_from = 2026-01-01", "effective_from = 2027-02-01")
    with pytest.raises(UnusableSettings, match="2027-02-01"):
        govern(load_rules(tmp_path), NOW)
