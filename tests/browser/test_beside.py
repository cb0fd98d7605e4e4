"""What somebody must see to decide stands beside the commands of an item, as on the patient page, by right."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from board.documents import for_forms
from schemas.work import table
from tests.browser.forms_page import Answer, FormsPage
from tests.browser.frames import frame
from tests.browser.patient_door import NOT_YOURS
from tests.contract.services import committed

SAID: Mapping[str, Any] = json.loads(Path(__file__).with_name("patient.json").read_text())
PLAN = SAID["care_plan/plans"]["plans"][0]
PATIENT, REFERRAL = PLAN["patient_id"], PLAN["referral_id"]
PACKAGE = f"referral/referrals/{REFERRAL}/package"
PUBLISHED = {f"/board/openapi/{name}.json": for_forms(each) for name, each in committed().items()}
LISTS: Mapping[str, Any] = {
    f"/board/lists/{name}.json": {"entries": []}
    for name in ("staff", "locations", "discharge_checklist", "categories")
}


class Services:
    """A patient with a plan and scores; `refused`: what is not for the viewer."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.may: list[str] = []

    def __call__(self, method: str, path: str, body: Any) -> Answer:
        service, last = path.partition("/")[0], path.rpartition("/")[2]
        if method == "POST":
            return 200, {}
        if last in self.refused:
            return 403, NOT_YOURS
        known = {
            **SAID,
            "care_plan/plan": PLAN,
            "care_plan/actions": {
                "version": 1,
                "actions": [{"action": each, "allowed": True} for each in self.may],
            },
            f"care_plan/{PLAN['id']}": {"id": PLAN["id"], "status": "raised"},
            "referral/package": SAID[f"referral/package/{REFERRAL}"],
            f"referral/{REFERRAL}": SAID["referral/referrals"]["referrals"][0],
        }
        found = known.get(f"{service}/{last}")
        return (200, found) if found else (404, {"title": "Not found", "detail": path})


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[FormsPage]:
    found = FormsPage(browser.new_page(), frame(work=table()), Services(), {**PUBLISHED, **LISTS})
    found.page.set_default_timeout(10_000)
    yield found
    assert found.wrong == []


@pytest.fixture
def services(shown: FormsPage) -> Services:
    shown.told.clear()
    shown.answers = answers = Services()
    return answers


def beside(shown: FormsPage, item_type: str) -> Page:
    item = {"item_id": item_type, "item_type": item_type, "subject_id": PLAN["id"]}
    shown.page.evaluate("(item) => work(item)", item | {"patient_id": PATIENT, "referral_id": REFERRAL})
    return shown.page


def part(page: Page, title: str) -> Any:
    return page.locator(".beside > details").filter(has=page.locator("summary", has_text=title)).first


def asked(shown: FormsPage) -> list[str]:
    return [path for _, path, _, _ in shown.told]


def test_a_review_stands_beside_the_plan_its_goals_and_the_scores(
    shown: FormsPage, services: Services
) -> None:
    page = beside(shown, "PLAN_REVIEW")
    expect(part(page, "Plan")).to_contain_text("Walk to the shop and back")
    expect(part(page, "Plan")).to_contain_text("graded exercise", ignore_case=True)
    expect(part(page, "Scores").get_by_role("img").first).to_be_visible()
    assert asked(shown).count(f"care_plan/patients/{PATIENT}/plan") == 1, "the form reads it too"


def test_what_is_not_for_the_viewer_says_whom_to_ask_and_the_rest_stands(
    shown: FormsPage, services: Services
) -> None:
    services.refused = {"measures"}
    page = beside(shown, "SCORE_WORSE")
    expect(part(page, "Scores")).to_contain_text("Who may: clinicians for treatment.")
    expect(part(page, "Plan")).to_contain_text("Walk to the shop and back")


def test_what_the_referrer_wrote_is_read_when_it_is_opened_and_not_before(
    shown: FormsPage, services: Services
) -> None:
    page = beside(shown, "REF_TRIAGE")
    expect(part(page, "Referral")).to_contain_text("Urgency, decided")
    assert PACKAGE not in asked(shown)
    part(page, "What the referrer sent").locator("summary").click()
    expect(part(page, "What the referrer sent")).to_contain_text("Back pain for two years.")
    assert asked(shown).count(PACKAGE) == 1


def test_after_a_command_it_is_read_anew(shown: FormsPage, services: Services) -> None:
    services.may = ["acknowledge_alert"]
    page = beside(shown, "SAFETY_ALERT")
    expect(part(page, "Plan")).to_contain_text("Walk to the shop and back")
    page.locator('[data-operation="acknowledge_alert"]').click()
    page.locator("form .primary").click()
    page.get_by_text("Sent", exact=True).wait_for()
    page.wait_for_function(
        "(plan) => performance.getEntriesByName(plan).length >= 2",
        arg=f"http://localhost/api/care_plan/patients/{PATIENT}/plan",
    )
