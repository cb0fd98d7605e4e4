"""`referral.toml` is checked at start; every error is named with its file and key."""

import shutil
from pathlib import Path

import pytest

from config import ConfigurationError
from config.loading import SHIPPED
from schemas.referral.v1.referral import ReferralReceived
from services.referral.rules import load_rules
from tests.support.deciding import ruled
from tests.unit.referral.situations import given, receive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in SHIPPED.glob("*.toml"):
        shutil.copy(file, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        (
            "reminder_after_days = 14",
            "reminder_after_days = 0",
            "information_requests.values.reminder_after_days",
        ),
        ('"pcp", "specialist"', '"pcp", "the neighbour"', "eligibility.values.allowed_referrers.1"),
        (
            'decline_after_acceptance = "with_reason"',
            'decline_after_acceptance = "ask"',
            "decline_after_acceptance",
        ),
        ("coverage_required = true", "", "completeness.values.coverage_required"),
        ('id = "REF-04"', 'id = "ref 4"', "minimum_duration.id"),
    ],
)
def test_a_wrong_value_is_named(folder: Path, old: str, new: str, key: str) -> None:
    file = folder / "referral.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(ConfigurationError) as caught:
        load_rules(folder)
    [problem] = caught.value.problems
    assert problem.startswith("referral.toml: ")
    assert key in problem


def test_what_a_rule_helped_to_decide_names_the_rule() -> None:
    first = given().when(receive(without=("function",))).facts[0]
    assert ruled(ReferralReceived, "drug.table", "clock.rules").problem(*first) is None
