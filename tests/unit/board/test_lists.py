"""What forms offer from the configuration of the clinic: codes with words, as they apply on the day."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.requests import Request

from backbone.http.problems import Problem
from board.lists import LISTS, Lists, in_words
from config.loading import SHIPPED

NEW_YORK = ZoneInfo("America/New_York")
LATER = """
[[quorum]]
effective_from = 2027-06-01
[quorum.values]
roles = ["nurse"]
"""


def of(folder: Path = SHIPPED, at: datetime = datetime(2027, 1, 4, 15, tzinfo=UTC)) -> Lists:
    async def now() -> datetime:
        return at

    return Lists(folder, now, NEW_YORK)


@pytest.mark.parametrize("name", LISTS)
async def test_every_entry_of_every_list_is_a_code_with_words_and_no_code_stands_twice(name: str) -> None:
    entries = await of().entries(name)
    codes = [each["code"] for each in entries]
    assert entries and len(set(codes)) == len(codes)
    assert all(each["words"].strip() for each in entries)


async def test_staff_stand_in_the_order_of_their_names_with_what_they_are() -> None:
    words = [each["words"] for each in await of().entries("staff")]
    assert words == sorted(words) and any(each.endswith(", Triage nurse") for each in words)


async def test_categories_are_those_of_the_scheme_that_the_clinic_chose() -> None:
    assert [each["code"] for each in await of().entries("categories")][:2] == ["cat_1", "cat_2"]


async def test_an_instrument_says_how_many_items_it_has_and_what_may_be_answered() -> None:
    [phq9] = [each for each in await of().entries("instruments") if each["code"] == "phq9"]
    assert phq9 == {"code": "phq9", "words": "PHQ9", "items": 9, "lowest": 0, "highest": 3}


async def test_an_entry_applies_from_its_day_at_the_clinic_on(tmp_path: Path) -> None:
    for file in SHIPPED.glob("*.toml"):
        shutil.copy(file, tmp_path)
    file = tmp_path / "care_plan.toml"
    file.write_text(file.read_text().replace("[quorum]\n", "[[quorum]]\n") + LATER)
    evening_before = datetime(2027, 6, 1, 3, 59, tzinfo=UTC)
    assert len(await of(tmp_path, evening_before).entries("quorum_roles")) == 4
    midnight = datetime(2027, 6, 1, 4, 0, tzinfo=UTC)
    assert [each["code"] for each in await of(tmp_path, midnight).entries("quorum_roles")] == ["nurse"]


async def test_a_list_is_json_and_one_that_there_is_not_is_not_found() -> None:
    request = Request({"type": "http", "headers": []})
    told = json.loads(bytes((await of().read(request, "locations")).body))
    assert told["entries"] == await of().entries("locations")
    with pytest.raises(Problem) as refused:
        await of().read(request, "secrets")
    assert refused.value.status == 404


def test_a_code_reads_as_words() -> None:
    assert in_words("care_coordinator") == "Care coordinator"
