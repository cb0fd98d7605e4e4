"""Somebody stands for the rules (PRV-33): a medical director, since a day, for what stands in the files now."""

from datetime import date
from pathlib import Path

import pytest

from cli.composition import service_of
from config import ConfigurationError
from config.approval import unapproved
from schemas.services import NAMES
from services.referral.rules import load_rules
from tests.support.configuring import approve, change, copied

TODAY = date(2027, 1, 4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    approve(copied(tmp_path))
    return tmp_path


def objections(folder: Path) -> dict[str, str]:
    return {each.file: each.objection for each in load_rules(folder).editions if each.objection}


def test_approved_rules_name_who_stands_for_them_and_since_when(folder: Path) -> None:
    rules = load_rules(folder)
    assert unapproved(rules.editions, TODAY) is None
    assert {
        (each.approval.approved_by, str(each.approval.approved_on))
        for each in rules.editions
        if each.approval
    } == {("edith.brandt", "2026-11-26")}


def test_a_changed_value_voids_the_approval_of_its_file_and_of_no_other(folder: Path) -> None:
    change(folder / "urgency.toml", "target_days = 30", "target_days = 31")
    assert objections(folder) == {
        "urgency.toml": "it was changed since edith.brandt approved it on 2026-11-26"
    }


def test_a_comment_voids_nothing(folder: Path) -> None:
    change(folder / "urgency.toml", "# Urgency schemes.", "# All urgency schemes.")
    assert objections(folder) == {}


def test_a_verification_flag_is_approved_too(folder: Path) -> None:
    change(folder / "referral.toml", 'verified = "U"', 'verified = "C"')
    assert list(objections(folder)) == ["referral.toml"]


def test_without_an_approval_nobody_stands_for_any_file_and_a_sentence_says_how(tmp_path: Path) -> None:
    found = objections(copied(tmp_path))
    assert set(found) >= {"access.toml", "clinic.toml", "urgency.toml", "red_flags.toml", "referral.toml"}
    assert set(found.values()) == {"nobody has approved it"}
    assert "huddle approve LOGIN" in (unapproved(load_rules(tmp_path).editions, TODAY) or "")


@pytest.mark.parametrize("who", ["paul.okafor", "nobody.here"])
def test_only_a_medical_director_approves(folder: Path, who: str) -> None:
    approve(folder, who)
    assert set(objections(folder).values()) == {
        f"{who}, who approved it, is no medical director of staff.toml"
    }


def test_an_approval_that_can_not_be_read_is_named(folder: Path) -> None:
    change(folder / "approval.toml", "approved_on = 2026-11-26", 'approved_on = "lately"')
    with pytest.raises(ConfigurationError) as caught:
        load_rules(folder)
    assert all(problem.startswith("approval.toml: approved_on") for problem in caught.value.problems)


def test_rules_that_nobody_could_approve_are_named(folder: Path) -> None:
    change(folder / "referral.toml", "[rule_set]\nversion = 1\n", "")
    with pytest.raises(ConfigurationError) as caught:
        load_rules(folder)
    assert "referral.toml: has rules and no [rule_set] with its version" in caught.value.problems


def test_every_file_that_holds_a_rule_is_approved(folder: Path) -> None:
    for name in NAMES:
        rules = service_of(name).load_rules(folder)
        assert {each.file for each in rules.rules} <= {each.file for each in rules.editions}
