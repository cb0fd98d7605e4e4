"""Procedures on the patient page in a real Chromium: where and when, what is open, and what was signed for them."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from board.words import words
from schemas.work import table
from tests.browser.patient_door import NOT_YOURS, PatientDoor, open_patient, whole

Open = Callable[..., Page]


@pytest.fixture
def door() -> PatientDoor:
    return PatientDoor()


@pytest.fixture
def page(screen: Callable[..., Any]) -> Open:
    return partial(open_patient, screen)


def test_a_procedure_shows_where_and_when_what_is_open_and_which_drugs_stop_for_it(page: Open) -> None:
    found = page()
    whole(found)
    shown = found.locator("#procedures")
    for said in ("Facet block, neck or chest", "Right", "C4-C5", "10 Dec 2026"):
        expect(shown).to_contain_text(said)
    asked = shown.get_by_role("group", name="Rules that ask first").locator("tbody tr")
    expect(asked).to_contain_text("How many procedures a payer pays for")
    expect(asked).to_contain_text("Asked")
    expect(shown.get_by_role("group", name="Checks before the procedure")).to_contain_text("Escort")
    expect(shown).to_contain_text("Warfarin: stopped 120 hours before; Aspirin: goes on")
    expect(shown).to_contain_text("Take the last tablet on Saturday morning.")
    expect(shown.get_by_role("group", name="What does not go together")).to_contain_text("Open")
    expect(found.locator("#referral")).to_contain_text("How the dose is lowered")


def test_who_may_not_read_what_was_signed_sees_the_procedures_all_the_same(
    page: Open, door: PatientDoor
) -> None:
    door.patient["care_plan/hold-texts"] = (403, NOT_YOURS)
    found = page()
    whole(found)
    expect(found.locator("#procedures")).to_contain_text("Facet block, neck or chest")
    expect(found.locator("#procedures")).not_to_contain_text("Take the last tablet")
    expect(found.locator("#procedures .refused")).to_contain_text("Not open to you.")


def test_each_procedure_check_conflict_and_taper_says_where_it_stands_what_can_be_done(
    page: Open, door: PatientDoor
) -> None:
    door.work = table()
    allowed = [{"action": "record_evidence", "allowed": True}, {"action": "waive_gate", "allowed": False}]
    door.patient |= {"scheduling/actions": {"actions": allowed}}
    found = page()
    whole(found)
    procedures = found.locator("#procedures")
    check = procedures.get_by_role("group", name="Checks before the procedure").locator("tbody tr")
    check.get_by_role("button", name="Choose").click()
    expect(check.get_by_role("button", name="Record check")).not_to_have_attribute("aria-disabled", "true")
    expect(check.get_by_role("button", name="Go on without check")).to_have_attribute("aria-disabled", "true")
    asked = procedures.get_by_role("group", name="Rules that ask first").locator("tbody tr")
    asked.get_by_role("button", name="Choose").click()
    expect(asked.get_by_role("button", name="Decide on exception")).to_be_visible()
    procedures.get_by_role("button", name="What can be done").click()
    for command in ("Record procedure as done", "Sign blood thinner plan", "Record payer's answer"):
        expect(procedures.get_by_role("button", name=command)).to_be_visible()
    found.get_by_role("button", name="Lower the dose by steps").click()
    expect(found.locator("#referral").get_by_role("button", name="Start taper")).to_be_visible()


def test_no_section_shows_the_id_of_a_rule(page: Open, door: PatientDoor) -> None:
    door.patient["referral/package/30000000-0000-4000-8000-000000000002"] = {
        "unverified": [{"rule": "drug.table@1", "part": None}]
    }
    found = page()
    whole(found)
    ids = re.compile(rf"\b(?:{'|'.join(map(re.escape, words()['rules']))})\b|[\w.-]+@\d")
    assert ids.findall(found.locator("main").inner_text()) == []
    expect(found.get_by_title("prom.pseq@1")).to_have_text("Pain Self-Efficacy Questionnaire")
    found.get_by_role("button", name="What the referrer sent").first.click()
    expect(found.get_by_role("dialog").get_by_title("drug.table@1")).to_have_text("Table of drugs")
