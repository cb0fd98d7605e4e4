"""The page of the day in a real Chromium: who comes, the meetings, letters for the post, and what begins here."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from board.documents import for_forms
from schemas.work import table
from tests.browser.patient_door import PATIENT, PatientDoor
from tests.contract.services import committed

VISIT, MEETING, LETTER = (f"70000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
DAY: dict[str, Any] = {
    "scheduling/appointments": {
        "appointments": [
            {
                "id": VISIT,
                "patient_id": PATIENT,
                "status": "booked",
                "date": {"start": "2026-11-24T11:30:00Z", "location": "main"},
                "matter": {"discipline": "nursing", "purpose": "assessment"},
            }
        ]
    },
    "care_plan/meetings": {
        "meetings": [
            {"id": MEETING, "version": 1, "status": "scheduled", "start": "2026-11-26T13:00:00Z"},
        ]
    },
    "notifications/post": {
        "letters": [
            {
                "id": LETTER,
                "patient_id": PATIENT,
                "status": "sent",
                "template": "APPOINTMENT_CONFIRMATION",
                "planned_at": "2026-11-24T08:00:00Z",
            }
        ]
    },
}


@pytest.fixture
def door() -> PatientDoor:
    door = PatientDoor()
    door.patient |= DAY
    door.patient["referral/labels"] = {"labels": [{"patient_id": PATIENT, "label": "MK 4821"}]}
    door.work = table()
    return door


def answered(said: Any, route: Route) -> None:
    route.fulfill(json=said)


def the_day(screen: Callable[..., Any], path: str = "/board/day", **more: Any) -> Page:
    page: Page = screen(path, **more).page
    page.add_style_tag(url="/board/static/x/css/patient.css")
    page.add_style_tag(url="/board/static/x/css/forms.css")
    for name, document in committed().items():
        page.route(f"**/board/openapi/{name}.json", partial(answered, for_forms(document)))
    page.route("**/board/lists/*.json", partial(answered, {"entries": []}))
    expect(page.locator("[data-waiting]")).to_have_count(0)
    return page


def test_the_day_shows_who_comes_the_meetings_and_letters_for_the_post(screen: Callable[..., Any]) -> None:
    page = the_day(screen)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tue 24 Nov 2026")
    visit = page.locator("#visits tbody tr")
    expect(visit).to_contain_text(["11:30"])
    for said in ("MK 4821", "Nursing", "Assessment", "Booked"):
        expect(visit).to_contain_text(said)
    expect(page.locator("#meetings tbody tr")).to_contain_text("Thu 26 Nov 2026, 13:00")
    expect(page.locator("#post tbody tr")).to_contain_text("MK 4821")
    expect(page.get_by_role("link", name="MK 4821").first).to_have_attribute(
        "href", f"/board/patients/{PATIENT}"
    )


def test_what_can_be_done_about_each_opens_in_its_place(
    screen: Callable[..., Any], door: PatientDoor
) -> None:
    posted = {"actions": [{"action": "note_posted", "allowed": True}]}
    door.patient |= {"notifications/actions": posted, "notifications/posted": {}}
    page = the_day(screen)
    letter = page.locator("#post tbody tr")
    letter.get_by_role("button", name="Choose").click()
    letter.get_by_role("button", name="Mark letter posted").click()
    with page.expect_request(f"**/messages/{LETTER}/posted"):
        letter.get_by_role("form").get_by_role("button", name="Mark letter posted").click()
    expect(letter).to_contain_text("Sent")


def test_a_referral_that_came_by_telephone_is_entered_here(screen: Callable[..., Any]) -> None:
    page = the_day(screen)
    page.get_by_role("button", name="Enter referral").click()
    expect(page.get_by_role("form")).to_contain_text("Family name")


def test_what_the_viewer_may_never_begin_is_grey_and_says_for_whom_it_is(
    screen: Callable[..., Any], door: PatientDoor
) -> None:
    begins = {"receive_referral": ["intake_clerk"], "schedule_mdt_meeting": ["care_coordinator"]}
    refused = [{"action": each, "allowed": False, "roles": roles} for each, roles in begins.items()]
    door.patient["referral/referral/actions"] = {"actions": refused}
    door.patient["care_plan/care_plan/actions"] = {"actions": refused}
    page = the_day(screen)
    enter = page.get_by_role("button", name="Enter referral")
    expect(enter).to_have_attribute("aria-disabled", "true")
    expect(enter).to_have_accessible_description("For intake clerk")
    expect(page.get_by_role("button", name="Schedule meeting")).to_have_accessible_description(
        "For care coordinator"
    )
    enter.click(force=True)
    expect(page.get_by_role("form")).to_have_count(0)


def test_another_day_is_asked_for_in_the_address_and_read_for_that_day(screen: Callable[..., Any]) -> None:
    page = the_day(screen)
    with page.expect_request("**/appointments?from=2026-11-25T00%3A00%3A00Z&to=2026-11-26T00%3A00%3A00Z"):
        page.get_by_role("link", name="Day after").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wed 25 Nov 2026")
    assert page.url.endswith("/board/day?on=2026-11-25")
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tue 24 Nov 2026")


def test_it_says_as_of_when_it_is_and_reads_again_when_asked(
    screen: Callable[..., Any], door: PatientDoor
) -> None:
    page = the_day(screen)
    expect(page.locator(".as-of")).to_contain_text("As of 10:42")
    door.patient["scheduling/appointments"] = {"appointments": []}
    page.get_by_role("button", name="Read again").click()
    expect(page.locator("#visits")).to_contain_text("Nothing recorded")


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_day_has_nothing_that_axe_finds_and_is_no_wider_than_its_screen(
    screen: Callable[..., Any], axe: Callable[[Page], list[str]], theme: str, width: int
) -> None:
    page = the_day(screen, width=width, color_scheme=theme)
    page.locator("#visits").get_by_role("button", name="Choose").click()
    expect(page.get_by_role("button", name="Record arrival")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
