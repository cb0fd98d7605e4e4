"""A patient as the services show one (`patient.json`): a plan with a changed version, scores over a year, a team's
decision, letters."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.fake_door import FakeDoor, Row
from tests.browser.scenes import JO, NOW, PEOPLE

PATIENT = "30000000-0000-4000-8000-000000000001"
LETTER, MINUTES = "40000000-0000-4000-8000-000000000001", "40000000-0000-4000-8000-000000000002"
NOT_YOURS = {
    "title": "Not permitted",
    "status": 403,
    "detail": "You may not read this (a plan). Who may: clinicians for treatment.",
}
NEXT_IN_SIGHT = """() => {
  const waiting = document.querySelector('[data-waiting]'); waiting?.scrollIntoView(); return !waiting; }"""
ANSWERS: Mapping[str, Any] = json.loads(Path(__file__).with_name("patient.json").read_text())
"""By service and last parts of the path."""


def fact(number: int) -> Row:
    return {
        "id": number,
        "type": "care_plan.plan_activated.v1",
        "occurred_at": f"2026-01-{number:02}T09:00:00Z",
        "actor_role": "physician",
        "unverified": [{"rule": "opioid.mme@1", "part": "tramadol"}] if number == 2 else [],
    }


class PatientDoor(FakeDoor):
    """`patient` is what the services say, by service and last part of the path; a test may change it."""

    def __init__(self) -> None:
        super().__init__(NOW, JO, PEOPLE)
        self.patient = dict(ANSWERS)
        self.only_unsaid = ""
        """What is not for those who say a purpose, by the last part of its path."""

    def answer(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, Any]:
        address = urlsplit(path)
        parts = address.path.strip("/").split("/")
        if parts[0] != "api" or parts[1:3] == ["worklist", "queues"]:
            return super().answer(method, path, body, headers)
        self.asked.append((method, path, body, headers))
        said = {name.lower() for name in headers}
        if parts[-1] == self.only_unsaid and "x-purpose" in said:
            return 403, NOT_YOURS
        if parts[-1] == "timeline":
            first = 3 if "cursor=2" in address.query else 1
            return 200, {"patient_id": PATIENT, "facts": [fact(first), fact(first + 1)]} | (
                {"next": 2} if first == 1 else {}
            )
        keys = (
            f"{parts[1]}/{parts[-1]}?{address.query}",
            f"{parts[1]}/{parts[-2]}/{parts[-1]}",
            f"{parts[1]}/{parts[-1]}/{parts[-2]}",
            f"{parts[1]}/{parts[-1]}",
        )
        for key in keys:
            if key in self.patient:
                found = self.patient[key]
                return found if isinstance(found, tuple) else (200, found)
        return 404, {"title": "Not found", "status": 404, "detail": "There is no such thing."}


def open_patient(screen: Callable[..., Any], **more: Any) -> Page:
    """The patient page, with who it is about."""
    found: Page = screen(f"/board/patients/{PATIENT}", **more).page
    found.add_style_tag(url="/board/static/x/css/patient.css")
    expect(found.get_by_role("heading", level=1)).to_have_text("MK 4821")
    return found


def whole(page: Page) -> None:
    """Everything comes into sight once; what came with it, too."""
    for section in page.locator("main section").all():
        section.scroll_into_view_if_needed()
    page.wait_for_function(NEXT_IN_SIGHT)
    expect(page.locator("[data-waiting]")).to_have_count(0)
