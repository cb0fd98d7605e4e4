"""Two people change one plan at the same time: the second is refused and shown what the first one changed."""

from typing import Any

import httpx

from backbone.ids import ROOT, derive
from tests.support.feed import PATIENT
from tests.support.ward import Ward

PSYCHOLOGY = {"discipline": "psychology", "kind": "cbt", "sessions": 12}


class Office:
    """A clinic with one active plan."""

    async def open(self) -> "Office":
        ward = await Ward().open()
        self.clinic, self.path = ward.clinic, f"/plans/{(await ward.plan())['plan_id']}"
        return self

    async def look(self) -> httpx.Response:
        return await self.clinic.request("GET", "care_plan", self.path, "paul.okafor")

    async def change(self, who: str, seen: str | None, **body: Any) -> httpx.Response:
        headers = {"if-match": seen} if seen else {}
        said = {"reason": "the MDT wants it"} | body
        return await self.clinic.request("PATCH", "care_plan", self.path, who, json=said, headers=headers)


async def test_a_stale_edit_is_refused_with_the_difference_and_changes_nothing() -> None:
    office = await Office().open()
    seen = (await office.look()).headers["etag"]
    first = await office.change("paul.okafor", seen, activities_add=[PSYCHOLOGY])
    assert first.is_success and first.json()["course"]["plan_version"] == 2
    facts = len(office.clinic.facts())
    late = await office.change("fay.dunn", seen, note="Start slowly.")
    assert late.status_code == 412
    added = late.json()["difference"]["activities"]["added"]
    assert [each["discipline"] for each in added] == ["psychology"]
    assert len(office.clinic.facts()) == facts


async def test_who_saw_the_newest_version_makes_the_next_one() -> None:
    office = await Office().open()
    for version in (2, 3):
        seen = (await office.look()).headers["etag"]
        answer = await office.change("fay.dunn", seen, note=f"Version {version}.")
        assert answer.json()["course"]["plan_version"] == version
    text = (await office.look()).json()
    assert text["text"]["note"] == "Version 3."
    assert text["difference"]["note"] == {"from": "Version 2.", "to": "Version 3."}


async def test_who_saw_nothing_changes_nothing() -> None:
    office = await Office().open()
    assert (await office.change("fay.dunn", None, note="Start slowly.")).status_code == 428
    assert "note" not in (await office.look()).json()["text"]


async def test_who_may_not_change_a_plan_learns_neither_its_version_nor_its_text() -> None:
    office = await Office().open()
    seen = (await office.look()).headers["etag"]
    await office.change("paul.okafor", seen, activities_add=[PSYCHOLOGY])
    office.clinic.known_as("another patient", "patient", derive(ROOT, "another patient"))
    office.clinic.known_as("a practice", "referrer", derive(ROOT, "a practice"))
    office.clinic.known_as("a partner", "partner", derive(ROOT, "a partner"))
    office.clinic.known_as("the patient", "patient", PATIENT)
    for who, status in (
        *((who, 404) for who in ("another patient", "a practice", "a partner")),
        *((who, 403) for who in ("the patient", "ines.park", "olga.kern")),
    ):
        for version in (seen, '"77"', None):
            answer = await office.change(who, version, note="Start slowly.")
            refused = (answer.status_code, "difference" in answer.json(), "current_version" in answer.json())
            expected = 428 if status == 403 and version is None else status
            assert refused == (expected, False, False), who
