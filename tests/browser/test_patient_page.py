"""The patient page in a real Chromium: what is read when, what is said without a right, what opens, what prints."""

import copy
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from board.documents import for_forms
from schemas.work import table
from tests.browser.patient_door import LETTER, MINUTES, NOT_YOURS, PATIENT, PatientDoor, open_patient, whole
from tests.browser.scenes import a_row
from tests.contract.services import committed

ADDRESS = f"/board/patients/{PATIENT}"
SCHEDULING = for_forms(committed()["scheduling"])
Open = Callable[..., Page]
PRINTING = """() => { window.print = () => {
  document.body.dataset.printed = document.querySelectorAll('[data-waiting]').length; }; }"""
"""The page that is printed says how much of it is still waited for."""


@pytest.fixture
def door() -> PatientDoor:
    return PatientDoor()


@pytest.fixture
def page(screen: Callable[..., Any]) -> Open:
    return partial(open_patient, screen)


def asked(door: PatientDoor) -> list[str]:
    return [path for _, path, _, _ in door.asked]


def test_the_top_says_who_what_is_open_and_what_comes_next_and_whose_it_is(page: Open) -> None:
    top = page().locator(".tops")
    expect(top).to_contain_text("40–49")
    expect(top).to_contain_text("Possible cauda equina")
    expect(top).to_contain_text("Review care plan")
    expect(top).to_contain_text("Asha Kumar, Medical")
    expect(top).to_contain_text("Text message: Given")
    expect(top).to_contain_text("Ask a physician, nurse or psychologist")


def test_a_section_is_read_when_it_comes_into_sight_and_not_before(page: Open, door: PatientDoor) -> None:
    found = page(height=600)
    expect(found.locator("#referral")).to_contain_text("Referral of 3 Nov 2025")
    assert not any("timeline" in path for path in asked(door))
    found.get_by_role("link", name="Timeline").click()
    entries = found.locator("#timeline li")
    expect(entries).to_have_text(
        [re.compile(r"Physician\s*$"), re.compile(r"Physician\s*Rule not verified$")], ignore_case=True
    )
    found.locator("#timeline").get_by_role("button", name="Show more").click()
    expect(entries).to_have_count(4)
    expect(found.locator("#timeline button")).to_have_count(0)


def test_without_the_right_the_section_says_whom_to_ask_and_the_rest_stands(
    page: Open, door: PatientDoor
) -> None:
    door.patient["care_plan/measures"] = (403, NOT_YOURS)
    found = page()
    whole(found)
    expect(found.locator("#measures .refused")).to_contain_text(
        "Not open to you. You may not read this (a plan). Who may: clinicians"
    )
    expect(found.locator("#plan")).to_contain_text("Walk to the shop and back")


def test_what_failed_says_so_and_is_asked_again(page: Open, door: PatientDoor) -> None:
    good = door.patient["care_plan/plans"]
    door.patient["care_plan/plans"] = (
        503,
        {"title": "Away", "status": 503, "detail": "The care plan service is away."},
    )
    found = page()
    whole(found)
    failed = found.locator("#plan .refused")
    expect(failed).to_contain_text("The care plan service is away.")
    door.patient["care_plan/plans"] = good
    failed.get_by_role("button", name="Try again").click()
    expect(found.locator("#plan")).to_contain_text("Walk to the shop and back")


REVIEW = a_row(1, "MK 4821|PLAN_REVIEW|later|+3 17:00|1 d|queue=medical")[0]
VISIT = "50000000-0000-4000-8000-000000000003"
ITS_DATE = "50000000-0000-4000-8000-000000000009"


def with_a_new_date(door: PatientDoor) -> None:
    said = copy.deepcopy(door.patient["scheduling/appointments"])
    first = said["appointments"][0]
    new = {"id": ITS_DATE, "status": "booked", "date": {"start": "2026-12-10T15:00:00Z"}}
    said["appointments"].append(first | new)
    door.patient["scheduling/appointments"] = said


def test_what_changed_for_the_patient_waits_until_it_is_asked_for(page: Open, door: PatientDoor) -> None:
    door.put(REVIEW | {"patient_id": PATIENT})
    found = page()
    whole(found)
    with_a_new_date(door)
    door.change(REVIEW["item_id"])
    changed = found.get_by_role("button", name="Show 1 change")
    changed.wait_for()
    expect(found.locator("#visits")).not_to_contain_text("10 Dec 2026")
    changed.click()
    expect(found.locator("#visits")).to_contain_text("10 Dec 2026")
    expect(changed).to_have_count(0)


def test_what_the_viewer_did_shows_at_once_and_so_does_what_follows_from_it(
    page: Open, door: PatientDoor
) -> None:
    door.put(REVIEW | {"patient_id": PATIENT})
    door.work = table()
    arrived = {"actions": [{"action": "arrive", "allowed": True}]}
    door.patient |= {f"scheduling/appointments/{VISIT}": {"id": VISIT}, "scheduling/actions": arrived}
    door.patient["scheduling/arrive"] = {}
    found = page()
    found.route("**/board/openapi/*.json", lambda route: route.fulfill(json=SCHEDULING))
    found.route("**/board/lists/*.json", lambda route: route.fulfill(json={"entries": []}))
    whole(found)
    visit = found.locator("#visits tr").filter(has_text="Tue 1 Dec 2026")
    visit.get_by_role("button", name="Choose").click()
    visit.get_by_role("button", name="Record arrival").click()
    with_a_new_date(door)
    visit.get_by_role("form").get_by_role("button", name="Record arrival").click()
    expect(found.locator("#visits")).to_contain_text("10 Dec 2026")
    expect(visit).to_contain_text("Sent")
    with found.expect_request("**/safety-alerts"):
        door.change(REVIEW["item_id"])
    expect(found.get_by_role("button", name="Show 1 change")).to_have_count(0)


def test_what_is_written_is_read_only_when_it_is_opened(page: Open, door: PatientDoor) -> None:
    found = page()
    whole(found)
    assert not any(LETTER in path or MINUTES in path for path in asked(door))
    button = found.get_by_role("button", name="Open letter: Outcome")
    button.focus()
    found.keyboard.press("Enter")
    dialog = found.get_by_role("dialog")
    expect(dialog).to_contain_text("thank you for sending this patient.")
    assert sum(LETTER in path for path in asked(door)) == 1
    found.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    found.get_by_role("button", name="Minutes").click()
    expect(dialog).to_contain_text("Too early for an injection.")


def purposes(door: PatientDoor, since: int = 0) -> set[tuple[str, str | None]]:
    """Of the reads since then: the last part of the path, and what it was read for."""
    said = [(path.split("?")[0], dict(headers)) for _, path, _, headers in door.asked[since:]]
    reads = [
        (path, {name.lower(): value for name, value in headers.items()})
        for path, headers in said
        if PATIENT in path
    ]
    return {(path.rsplit("/", 1)[1], headers.get("x-purpose")) for path, headers in reads}


def test_who_must_say_what_they_read_for_is_asked_once_and_every_read_says_it(
    page: Open, door: PatientDoor
) -> None:
    door.must_say = ["coordination"]
    found = page()
    expect(found.get_by_role("group", name="What do you open this patient's record for?")).to_be_visible()
    assert purposes(door) == set()
    before = len(door.asked)
    found.get_by_label("Co-ordination: to see that the work goes on").check()
    found.get_by_role("button", name="Go on").click()
    whole(found)
    assert {said for _, said in purposes(door, before)} == {"coordination"}
    expect(found.get_by_role("button", name="Go on")).to_have_count(0)


def test_what_is_not_read_for_that_is_read_as_without_a_word(page: Open, door: PatientDoor) -> None:
    door.must_say, door.only_unsaid = ["coordination"], "contents"
    found = page()
    found.get_by_label("Co-ordination").check()
    found.get_by_role("button", name="Go on").click()
    whole(found)
    expect(found.locator("#letters .refused")).to_have_count(0)
    assert ("contents", None) in purposes(door)


def test_in_need_the_glass_is_broken_for_a_reason_and_for_a_time(page: Open, door: PatientDoor) -> None:
    door.patient["care_plan/consultations"] = (403, NOT_YOURS | {"glass": True})
    door.patient["care_plan/break-glass"] = {"glass_id": LETTER, "until": "2026-11-24T11:42:00Z"}
    found = page()
    whole(found)
    part = found.locator("#mdt")
    part.get_by_role("button", name="Open in need").click()
    part.get_by_label("Why you need it now").fill("Collapsed in the waiting room.")
    door.patient["care_plan/consultations"] = {"consultations": []}
    part.get_by_role("button", name="Open in need").click()
    expect(part.get_by_role("status")).to_contain_text("Open to you in need until Tue 24 Nov 2026, 11:42")
    expect(part.locator(".refused")).to_have_count(0)
    [body] = [body for _, path, body, _ in door.asked if path.endswith(f"/{PATIENT}/break-glass")]
    assert body == {"reason": "Collapsed in the waiting room."}


def test_answers_are_read_question_by_question_with_words(page: Open, door: PatientDoor) -> None:
    said = {"phq9": [1, 0, 2, 3, None, 0, 0, 0, 1], "pcs": [4, 2]}
    door.patient[f"care_plan/contents/{MINUTES}"] = {"ref": MINUTES, "body": said}
    found = page()
    whole(found)
    found.get_by_role("button", name="Minutes").click()
    rows = found.get_by_role("dialog").locator("li")
    expect(rows).to_have_count(11)
    expect(rows.nth(0)).to_have_text("Little interest or pleasure 1, several days")
    expect(rows.nth(4)).to_have_text("Appetite not answered")
    expect(rows.nth(9)).to_have_text("Question 1 4")


def test_decided_and_suggested_urgency_are_told_apart(page: Open) -> None:
    found = page()
    whole(found)
    terms = found.locator("#referral dt").all_inner_texts()
    assert len(terms) == len(set(terms)) and "Urgency, decided" in terms


def test_the_name_is_shown_by_right_and_hides_again(page: Open, door: PatientDoor) -> None:
    found = page()
    assert not any("contact" in path for path in asked(door))
    found.get_by_role("button", name="Show name").click()
    expect(found.locator(".name")).to_have_text("Mara Kessler")
    found.clock.fast_forward(31_000)
    expect(found.locator(".name")).to_have_count(0)


def test_a_chart_has_its_bands_the_change_that_means_something_and_a_table(page: Open) -> None:
    found = page()
    whole(found)
    measure = found.locator(".measure").first
    bands = measure.locator("rect.score-band").all()
    assert len(bands) == 4
    assert all((each.bounding_box() or {"height": 0})["height"] > 4 for each in bands)
    expect(measure.get_by_role("img")).to_have_attribute(
        "aria-label", "PSEQ: 4 scores, the last 33 (Mild) on 12 Nov 2026. The table beside it has them all."
    )
    expect(measure).to_contain_text("Better from 21")
    assert measure.locator("tbody tr").count() == 4
    goal = measure.locator("path.goal").get_attribute("d")
    low, high = (float(measure.locator("circle").nth(at).get_attribute("cy") or 0) for at in (1, 2))
    assert high < float(str(goal).split(" ")[1].split("H")[0]) < low
    catastrophizing = found.locator(".measure").last
    expect(catastrophizing).to_contain_text("Rumination 12, Magnification 5, Helplessness 14")


def test_versions_show_what_was_added_and_what_was_removed(page: Open) -> None:
    found = page()
    whole(found)
    versions = found.get_by_role("group", name="Versions")
    expect(versions.locator("ins").first).to_have_text("Sleep first.")
    expect(versions).to_contain_text("Psychology, Cbt insomnia")


def test_before_it_prints_everything_is_read(page: Open, door: PatientDoor) -> None:
    found = page(height=600)
    found.evaluate(PRINTING)
    found.get_by_role("button", name="Print").click()
    expect(found.locator("body")).to_have_attribute("data-printed", "0")
    assert any("timeline" in path for path in asked(door))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 390])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    page: Open, axe: Callable[[Page], list[str]], theme: Any, width: int
) -> None:
    found = page(width=width, height=844, color_scheme=theme)
    whole(found)
    assert axe(found) == []
    assert found.evaluate("document.documentElement.scrollWidth") <= width


def test_what_only_one_office_may_do_is_shown_to_nobody_else(page: Open, door: PatientDoor) -> None:
    door.work = table()
    erasing = f"referral/actions/{PATIENT}"
    door.patient |= {f"referral/{PATIENT}": {"id": PATIENT}, "referral/patients": {"id": PATIENT}}
    for allowed, count in ((False, 0), (True, 1)):
        told = [{"action": "record_death", "allowed": True}, {"action": "erase", "allowed": allowed}]
        door.patient |= {erasing: {"actions": told}}
        buttons = page().locator("#do").get_by_role("button")
        expect(buttons.filter(has_text="Record death")).to_have_count(1)
        expect(buttons.filter(has_text="Record death")).not_to_have_attribute("aria-disabled", "true")
        expect(buttons.filter(has_text="Decide whether to erase")).to_have_count(count)
