"""Two records of one person: which the other one is, and that it is found by what people read."""

from typing import Any

import pytest

from tests.support.front_desk import CLERK, REGISTRAR, SHOULDER, Desk
from tests.support.submissions import PRACTICE, a_patient


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def others(desk: Desk, patient_id: str, find: str = "") -> Any:
    return await desk.clinic.ask(
        "GET", "referral", f"/patients/{patient_id}/others", CLERK, params={"find": find}
    )


async def two(desk: Desk, **differs: Any) -> tuple[str, str]:
    first = await desk.send()
    second = await desk.send("R-2", patient=a_patient("P-2") | differs, **SHOULDER)
    return first["patient_id"], second["patient_id"]


async def test_who_looks_alike_is_offered_under_each_of_the_two_records(desk: Desk) -> None:
    one, other = await two(desk)
    for here, there in ((one, other), (other, one)):
        found = await others(desk, here)
        assert found["unmerged"] == [{"patient_id": there, "label": await desk.label(there)}]
        assert found["merged"] == []


async def test_who_is_written_otherwise_is_found_by_number_by_label_and_by_id(desk: Desk) -> None:
    one, other = await two(desk, family_name="Mistyped")
    label = await desk.label(other)
    assert (await others(desk, one))["unmerged"] == []
    for said in (label, label.split()[-1], f" {label} ", other):
        assert (await others(desk, one, said))["unmerged"] == [{"patient_id": other, "label": label}], said
    for said in ("999", "nobody", await desk.label(one), one, label.split()[0]):
        assert (await others(desk, one, said))["unmerged"] == [], said


async def test_a_merged_record_keeps_its_own_label_and_is_offered_for_giving_back_alone(desk: Desk) -> None:
    one, other = await two(desk)
    label = await desk.label(other)
    await desk.do(f"/patients/{one}/merge", REGISTRAR, merged_id=other)
    assert await others(desk, one, label) == {
        "patient_id": one,
        "merged": [{"patient_id": other, "label": label}],
        "unmerged": [],
    }
    assert await others(desk, other) == {"patient_id": other, "merged": [], "unmerged": []}
    await desk.do(f"/patients/{one}/merge-undo", REGISTRAR, restored_id=other)
    assert (await others(desk, one, label))["unmerged"] == [{"patient_id": other, "label": label}]


async def test_who_was_told_apart_by_mistake_is_still_offered(desk: Desk) -> None:
    one, other = await two(desk)
    told = desk.last("duplicate_suspected")
    path = f"/referrals/{told.subject}/duplicate-dismissal"
    await desk.do(path, REGISTRAR, other_referral_id=told.fact["other_referral_id"])
    assert [each["patient_id"] for each in (await others(desk, one))["unmerged"]] == [other]


async def test_who_decides_about_look_alikes_reads_whose_the_other_is_and_the_sender_does_not(
    desk: Desk,
) -> None:
    first = await desk.send()
    second = await desk.send("R-2", patient=a_patient("P-2"), **SHOULDER)
    [asked] = (await desk.read(f"/referrals/{second['id']}"))["suspicions"]
    assert asked["other_referral_id"] == first["id"]
    assert asked["label"] == await desk.label(first["patient_id"])
    assert asked["clock_start"] == first["clock_start"]
    desk.clinic.known_as("the practice", "referrer", PRACTICE)
    sent = await desk.clinic.ask("GET", "referral", f"/referrals/{second['id']}", "the practice")
    assert sent["id"] == second["id"]
    assert not sent.get("suspicions")
