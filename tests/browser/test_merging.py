"""Two records of one person become one, and two again, from the patient page: by who registers people."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from board.documents import for_forms
from schemas.work import table
from tests.browser.fake_door import Row
from tests.browser.patient_door import PATIENT, PatientDoor, open_patient
from tests.contract.services import committed

Open = Callable[..., Page]
OTHER, THIRD = (f"30000000-0000-4000-8000-00000000000{number}" for number in (2, 3))
LIKE, NAMED = {"patient_id": OTHER, "label": "MK 4822"}, {"patient_id": THIRD, "label": "JS 97"}


class RegistryDoor(PatientDoor):
    """With what the registry says of other records."""

    def __init__(self) -> None:
        super().__init__()
        self.work = table()
        self.merged: list[Row] = []
        self.may = True

    def plain(self, parts: list[str], query: Any, headers: Any) -> Any:
        if parts == ["board", "openapi", "referral.json"]:
            return for_forms(committed()["referral"])
        return super().plain(parts, query, headers)

    def answer(self, method: str, path: str, body: Any, headers: Any) -> tuple[int, Any]:
        here = f"/api/referral/patients/{PATIENT}"
        record = {"id": PATIENT, "version": 3, "merged": [each["patient_id"] for each in self.merged]}
        actions = [{"action": each, "allowed": self.may} for each in ("take_in", "give_back")]
        unmerged = [NAMED] if "find=97" in path else [LIKE]
        said = {
            here: record,
            f"{here}/actions": {"actions": actions},
            f"{here}/others": {"patient_id": PATIENT, "merged": self.merged, "unmerged": unmerged},
        }
        name, _, _ = path.partition("?")
        if method == "POST" and name in (f"{here}/merge", f"{here}/merge-undo"):
            self.asked.append((method, path, body, headers))
            self.merged = [NAMED] if name.endswith("/merge") else []
            return 200, record
        return (200, said[name]) if name in said else super().answer(method, path, body, headers)

    def sent(self, end: str) -> list[Any]:
        return [body for method, path, body, _ in self.asked if method == "POST" and path.endswith(end)]


@pytest.fixture
def door() -> RegistryDoor:
    return RegistryDoor()


@pytest.fixture
def page(screen: Callable[..., Any]) -> Open:
    return partial(open_patient, screen)


def test_another_record_is_found_by_its_number_or_by_likeness_and_merged_and_given_back(
    page: Open, door: RegistryDoor
) -> None:
    found = page()
    done = found.locator("#do")
    done.get_by_role("button", name="Merge records").click()
    other = done.get_by_role("combobox", name="Other record, by its number")
    other.press("ArrowDown")
    expect(done.get_by_role("option")).to_have_text(["MK 4822"])
    other.press_sequentially("97")
    expect(done.get_by_role("option")).to_have_text(["JS 97"])
    done.get_by_role("option", name="JS 97").click()
    expect(other).to_have_value("JS 97")
    done.locator("form").get_by_role("button", name="Merge records").click()
    expect(done).to_contain_text("Sent")
    assert door.sent("/merge") == [{"merged_id": THIRD}]
    done.get_by_role("button", name="Undo merge").click()
    done.get_by_role("radio", name="JS 97").check()
    done.locator("form").get_by_role("button", name="Undo merge").click()
    expect(done).to_contain_text("Sent")
    assert door.sent("/merge-undo") == [{"restored_id": THIRD}]


def test_where_nothing_was_merged_there_is_nothing_to_give_back(page: Open, door: RegistryDoor) -> None:
    found = page()
    found.locator("#do").get_by_role("button", name="Undo merge").click()
    asked = found.locator("#do").get_by_role("group", name="Record of somebody else")
    expect(asked).to_contain_text("There is nothing to choose from.")


def test_who_registers_nobody_is_not_offered_to_merge(page: Open, door: RegistryDoor) -> None:
    door.may = False
    found = page()
    expect(found.locator("#do").get_by_role("button", name="Record contact", exact=True)).to_be_visible()
    expect(found.get_by_role("button", name="Merge records")).to_have_count(0)
    expect(found.get_by_role("button", name="Undo merge")).to_have_count(0)
