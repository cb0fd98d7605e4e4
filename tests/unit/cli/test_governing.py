"""`huddle rules` shows what nobody has verified; `huddle approve` writes who stands for what."""

from datetime import date
from pathlib import Path

import pytest
import typer

from cli.governing import approve, lines
from services.care_plan.rules import load_rules
from tests.support.configuring import change, copied

TODAY = date(2026, 11, 26)


def test_a_medical_director_approves_every_file_of_rules(tmp_path: Path) -> None:
    approve("edith.brandt", copied(tmp_path), TODAY)
    editions = load_rules(tmp_path).editions
    assert {each.file for each in editions} >= {
        "care_plan.toml",
        "measures.toml",
        "opioid.toml",
        "urgency.toml",
    }
    assert [each.objection for each in editions if each.objection] == []


def test_nobody_else_does(tmp_path: Path) -> None:
    with pytest.raises(typer.Exit):
        approve("nora.quinn", copied(tmp_path), TODAY)
    assert not (tmp_path / "approval.toml").exists()


def test_approving_again_takes_what_changed(tmp_path: Path) -> None:
    approve("edith.brandt", copied(tmp_path), TODAY)
    change(tmp_path / "opioid.toml", "high_mme = 50", "high_mme = 60")
    assert [each.file for each in load_rules(tmp_path).editions if each.objection] == ["opioid.toml"]
    approve("edith.brandt", tmp_path, TODAY)
    assert [each.file for each in load_rules(tmp_path).editions if each.objection] == []


def test_what_is_unverified_is_marked_and_other_days_are_left_out() -> None:
    rule = {
        "evidence": ["C"],
        "jurisdiction": "US",
        "effective_from": "2026-01-01",
        "override_role": None,
        "last_used": None,
    }
    told = {
        "service": "referral",
        "day": "2027-01-11",
        "rule_sets": [
            {
                "file": "referral.toml",
                "version": 1,
                "checksum": "a" * 64,
                "objection": "nobody has approved it",
            }
        ],
        "rules": [
            {"rule": "referral.drug_classes@1", "applies": True, "unverified": ["*"], **rule},
            {"rule": "REF-02@1", "applies": True, "unverified": ["fracture"], **rule},
            {"rule": "REF-02@2", "applies": False, "unverified": [], **rule},
        ],
    }
    assert list(lines(told, whole=False)) == [
        "referral, 2027-01-11",
        "  referral.toml version 1 aaaaaaaaaaaa: nobody has approved it",
        "  referral.drug_classes@1      C US, from 2026-01-01, UNVERIFIED",
        "  REF-02@1                     C US, from 2026-01-01, UNVERIFIED: fracture",
    ]
