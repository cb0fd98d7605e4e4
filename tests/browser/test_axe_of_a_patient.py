"""What axe says of the states of the patient page that are seldom seen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from schemas.work import table
from tests.browser.patient_door import LETTER, NOT_YOURS, PatientDoor, open_patient, whole
from tests.browser.test_axe import Axe, in_every_look


@pytest.fixture
def door() -> PatientDoor:
    """One section is not for the viewer, one is away, and there is something to do."""
    found = PatientDoor()
    found.work = table()
    found.patient |= {
        "care_plan/consultations": (403, NOT_YOURS | {"glass": True}),
        "care_plan/break-glass": {"glass_id": LETTER, "until": "2026-11-24T11:42:00Z"},
        "care_plan/measures": (503, {"title": "Away", "status": 503, "detail": "Away."}),
    }
    return found


def refused_and_open_in_need(page: Page) -> None:
    part = page.locator("#mdt")
    part.get_by_role("button", name="Open in need").click()
    expect(part.get_by_label("Why you need it now")).to_be_visible()


def a_command_open(page: Page) -> None:
    page.locator("#do").get_by_role("button", name="Record contact", exact=True).click()
    expect(page.locator("#do .command, #do .problem")).to_be_visible()


def name_shown(page: Page) -> None:
    page.get_by_role("button", name="Show name").click()
    expect(page.locator("header .name")).to_be_visible()


def test_axe_finds_nothing_in_a_state_of_the_patient_page_that_is_seldom_seen(
    screen: Callable[..., Any], axe: Axe
) -> None:
    found: dict[Any, list[str]] = {}
    page = open_patient(screen)
    whole(page)
    expect(page.locator(".timeline .tag")).to_have_count(1)
    for state in (refused_and_open_in_need, a_command_open, name_shown):
        state(page)
        found |= in_every_look(page, axe, state.__name__)
    assert found == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_it_must_be_said_what_one_reads_for(
    screen: Callable[..., Any], door: PatientDoor, axe: Axe, theme: str
) -> None:
    door.must_say = ["coordination"]
    page = open_patient(screen, color_scheme=theme)
    expect(page.get_by_role("group", name="What do you open this patient's record for?")).to_be_visible()
    assert axe(page) == []
