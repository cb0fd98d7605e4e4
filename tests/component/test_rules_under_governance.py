"""Rules change on a day; what was decided stays as it was decided, and facts name the version (PRV-33)."""

from pathlib import Path
from typing import Any

import pytest

from services.referral.service import SERVICE as REFERRAL
from services.worklist.service import SERVICE as WORKLIST
from tests.support.access import SilentStore
from tests.support.configuring import another_version, copied
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import a_patient, a_submission, flags

NURSE = "nora.quinn"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """From Tuesday, 2 March 2027 on, other rules."""
    copied(tmp_path)
    since = "2027-03-02"
    another_version(
        tmp_path / "referral.toml",
        "information_requests",
        since,
        "reminder_after_days = 14",
        "reminder_after_days = 3",
    )
    another_version(
        tmp_path / "urgency.toml", "schemes.AU-QLD", since, "target_days = 90", "target_days = 20"
    )
    another_version(tmp_path / "worklist.toml", "claim_idle", since, "minutes = 60", "minutes = 90")
    return tmp_path


@pytest.fixture
def clinic(folder: Path) -> MemoryClinic:
    stores = {"referral": SilentStore(), "worklist": SilentStore()}
    return MemoryClinic("2027-03-01 16:00", (REFERRAL, WORKLIST), {}, stores, folder)


def another_patient(number: str) -> dict[str, Any]:
    born = f"19{50 + sum(map(ord, number)) % 40}-05-17"
    return {**a_patient(number), "family_name": f"Example {number}", "birth_date": born}


async def submitted(clinic: MemoryClinic, source_id: str, **more: Any) -> Any:
    body = a_submission(source_id, patient=another_patient(source_id), **more)
    return await clinic.ask("POST", "referral", "/referrals", "ines.park", json=body)


async def asked(clinic: MemoryClinic, source_id: str) -> Any:
    sent = await submitted(clinic, source_id, without=("function",))
    return await clinic.ask(
        "POST", "referral", f"/referrals/{sent['id']}/information-requests", "ines.park", json={}
    )


def named(clinic: MemoryClinic, name: str) -> list[str]:
    return [fact.rules for fact in clinic.facts("referral") if fact.name == name]


async def test_what_was_asked_for_keeps_its_days_and_what_is_asked_for_later_has_the_new_ones(
    clinic: MemoryClinic,
) -> None:
    first = await asked(clinic, "REF-1")
    await clinic.at("2027-03-02 09:00")
    second = await asked(clinic, "REF-2")
    assert first["information_request"]["reminder_on"] == "2027-03-15"
    assert second["information_request"]["reminder_on"] == "2027-03-05"
    assert [rules.split(",")[-1] for rules in named(clinic, "information_requested")] == [
        "REF-08@1",
        "REF-08@2",
    ]
    await clinic.at("2027-03-14 17:00")
    assert len(named(clinic, "information_not_received")) == 2, "the second: reminded, then to be decided"
    await clinic.at("2027-03-15 17:00")
    assert len(named(clinic, "information_not_received")) == 3, "the first is reminded on its own day"


async def triaged(clinic: MemoryClinic, sent: Any) -> Any:
    body, seen = (
        {"category": "cat_2", "comment": "Fits.", "accept": True},
        {"if-match": f'"{sent["version"]}"'},
    )
    return await clinic.ask(
        "POST", "referral", f"/referrals/{sent['id']}/triage", NURSE, json=body, headers=seen
    )


async def test_a_target_stays_where_its_version_put_it(clinic: MemoryClinic) -> None:
    sent = await submitted(clinic, "REF-1")
    before = await triaged(clinic, sent)
    await clinic.at("2027-03-02 09:00")
    after = await clinic.ask("GET", "referral", f"/referrals/{sent['id']}", NURSE)
    assert before["target_date"] == after["target_date"] == "2027-05-30"
    later = await triaged(clinic, await submitted(clinic, "REF-2"))
    assert later["target_date"] == "2027-03-22"
    assert [rules.split(",")[0] for rules in named(clinic, "triaged")] == [
        "urgency.scheme.au_qld@1",
        "urgency.scheme.au_qld@2",
    ]


async def test_a_timer_that_fires_before_the_new_time_waits_on(clinic: MemoryClinic) -> None:
    """Claimed under 60 minutes, looked at under 90: released then, not never."""
    await clinic.at("2027-03-01 23:30")
    await submitted(clinic, "REF-1")
    [row] = clinic.table("worklist.queue.nursing").values()
    seen = {"if-match": f'"{row["version"]}"'}
    await clinic.ask("POST", "worklist", f"/items/{row['item_id']}/claim", NURSE, headers=seen)
    await clinic.at("2027-03-02 00:35")
    assert "item_released" not in [fact.name for fact in clinic.facts("worklist")]
    await clinic.at("2027-03-02 01:05")
    [released] = [fact for fact in clinic.facts("worklist") if fact.name == "item_released"]
    assert released.rules == "claim.idle@2"


async def test_rules_of_every_day_are_listed_with_the_last_fact_that_names_them(clinic: MemoryClinic) -> None:
    await asked(clinic, "REF-1")
    told = await clinic.ask("GET", "referral", "/rules", NURSE)
    found = {each["rule"]: each for each in told["rules"]}
    assert (found["REF-08@1"]["applies"], found["REF-08@2"]["applies"]) == (True, False)
    assert found["REF-08@1"]["last_used"]["type"] == "referral.information_requested.v1"
    assert found["REF-08@2"]["last_used"] is None
    assert "referral.decide.information.request_information" in found["REF-08@1"]["read_by"]
    assert found["urgency.scheme.iasp@1"]["applies"] is False


async def test_what_nobody_has_verified_is_marked_for_staff_and_for_them_only(clinic: MemoryClinic) -> None:
    sent = await submitted(clinic, "REF-1", red_flag_screen=flags(fracture="yes", infection="yes"))
    assert {"rule": "REF-02@1", "part": None} in sent["unverified"], "which red flag it is, is not said here"
    marked = (await clinic.ask("GET", "referral", f"/referrals/{sent['id']}", NURSE))["unverified"]
    assert {"rule": "REF-02@1", "part": "fracture"} in marked
    assert {"rule": "drug.table@1", "part": None} in marked
    assert {"rule": "REF-02@1", "part": "infection"} not in marked, "its row is verified"
    clinic.known_as("practice", "referrer", sent["referrer_org_id"])
    assert "unverified" not in await clinic.ask("GET", "referral", f"/referrals/{sent['id']}", "practice")


async def test_work_and_what_is_told_carry_the_mark_of_the_rule_that_opened_it(clinic: MemoryClinic) -> None:
    """Whoever's rule it is: the worklist knows the files of every service."""
    await submitted(clinic, "REF-1", red_flag_screen=flags(fracture="yes", infection="yes"))
    queues = ("nursing", "medical")
    rows = {
        row["detail"]: row for queue in queues for row in clinic.table(f"worklist.queue.{queue}").values()
    }
    by_fracture, by_triage = {"rule": "REF-02@1", "part": "fracture"}, {"rule": "drug.table@1"}
    assert rows["fracture"]["unverified"] == [by_fracture]
    assert rows["infection"].get("unverified") is None, "its row is verified"
    assert by_triage in [
        {name: value for name, value in mark.items() if value} for mark in rows["cat_2"]["unverified"]
    ]
    item = await clinic.ask("GET", "worklist", f"/items/{rows['fracture']['item_id']}", NURSE)
    assert item["unverified"] == [by_fracture]


async def test_a_proposal_keeps_its_rules_what_it_was_made_of_and_what_a_person_decided(
    clinic: MemoryClinic,
) -> None:
    """PRV-26"""
    await triaged(clinic, await submitted(clinic, "REF-1"))
    [proposed, decided] = [
        fact for fact in clinic.facts("referral") if fact.name in ("triage_suggested", "triaged")
    ]
    [package] = await clinic.system.journal("referral", "referral.package_filed.v1")
    assert "drug.table@1" in proposed.rules
    assert proposed.fact["inputs"] == [package["package_ref"]]
    agrees = proposed.fact["category"] == decided.fact["category"] == "cat_2"
    assert decided.fact["answered"] == [
        {"proposal_id": proposed.id, "outcome": "taken" if agrees else "other"}
    ]
    assert decided.fact["decided_by"]


async def test_a_category_that_is_no_more_holds_for_whom_it_was_decided(tmp_path: Path) -> None:
    """Two referrals of one person were triaged before; linked after, the one that is kept has the days it was given."""
    file = copied(tmp_path) / "urgency.toml"
    another_version(file, "schemes.AU-QLD", "2027-03-02", 'code = "cat_3"', 'code = "cat_4"')
    clinic = MemoryClinic("2027-03-01 12:00", (REFERRAL,), {}, {"referral": SilentStore()}, tmp_path)
    sent: list[Any] = []
    for source in ("REF-1", "REF-2"):
        body = a_submission(source, patient=another_patient("REF-1"))
        each = await clinic.ask("POST", "referral", "/referrals", "ines.park", json=body)
        path = f"/referrals/{each['id']}"
        each = await clinic.ask("GET", "referral", path, NURSE)
        if each["suspicions"]:
            other = {"other_referral_id": sent[0]["id"]}
            each = await clinic.ask(
                "POST", "referral", f"{path}/duplicate-dismissal", "cora.lind", json=other
            )
        seen, said = {"if-match": f'"{each["version"]}"'}, {"category": "cat_3", "comment": "can wait"}
        await clinic.ask("POST", "referral", f"{path}/triage", NURSE, json=said, headers=seen)
        sent.append(each)
    await clinic.at("2027-03-02 12:00")
    path, kept = f"/referrals/{sent[1]['id']}/duplicate-link", sent[0]["id"]
    await clinic.ask("POST", "referral", path, "cora.lind", json={"kept_id": kept})
    found = await clinic.ask("GET", "referral", f"/referrals/{kept}", NURSE)
    assert (found["urgency"]["category"], found["target_date"]) == ("cat_3", "2028-02-29")
