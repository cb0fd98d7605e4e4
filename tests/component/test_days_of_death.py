"""That somebody died is often known before when: the day is added when somebody says it, for every record."""

import pytest

from tests.support.front_desk import NURSE, REGISTRAR, SHOULDER, Desk
from tests.support.submissions import a_patient

DAY, EARLIER = "2027-01-09", "2027-01-08"


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def two(desk: Desk) -> tuple[str, str]:
    """Two records of one person."""
    first = await desk.send()
    second = await desk.send("R-2", patient=a_patient("P-2"), **SHOULDER)
    return first["patient_id"], second["patient_id"]


def days(desk: Desk, patient: str) -> list[str | None]:
    """What was told of the day, in order."""
    told = [fact for fact in desk.clinic.facts() if fact.name == "patient_deceased"]
    return [fact.fact.get("died_on") for fact in told if fact.subject == patient]


async def test_a_day_that_is_known_later_is_added_once_to_every_record(desk: Desk) -> None:
    one, other = await two(desk)
    await desk.do(f"/patients/{one}/merge", REGISTRAR, merged_id=other)
    await desk.do(f"/patients/{one}/death", NURSE, source="family")
    to_come = {"source": "hospital", "died_on": "2027-02-01"}
    assert await desk.refuses(f"/patients/{other}/death", NURSE, **to_come) == "in-the-future"
    for source in ("hospital", "referrer"):
        await desk.do(f"/patients/{other}/death", NURSE, source=source, died_on=DAY)
    assert days(desk, one) == days(desk, other) == [None, DAY]


async def test_a_day_that_only_a_merged_record_knows_is_the_persons(desk: Desk) -> None:
    one, other = await two(desk)
    await desk.do(f"/patients/{one}/death", NURSE, source="family")
    await desk.do(f"/patients/{other}/death", NURSE, source="hospital", died_on=DAY)
    await desk.do(f"/patients/{one}/merge", REGISTRAR, merged_id=other)
    assert days(desk, one) == [None, DAY]
    await desk.do(f"/patients/{one}/merge-undo", REGISTRAR, restored_id=other)
    assert "DEATH_CHECK" not in desk.items(), "of each it was known before the merge"


async def settled(desk: Desk, patient: str, **said: object) -> None:
    await desk.do(f"/patients/{patient}/death-check", REGISTRAR, **said)


async def test_another_day_than_the_known_one_is_settled_by_a_registrar_for_every_record(desk: Desk) -> None:
    one, other = await two(desk)
    await desk.do(f"/patients/{one}/merge", REGISTRAR, merged_id=other)
    for _ in range(2):
        await desk.do(f"/patients/{one}/death", NURSE, source="family", died_on=DAY)
    assert "DEATH_CHECK" not in desk.items()
    for _ in range(2):
        await desk.do(f"/patients/{one}/death", NURSE, source="hospital", died_on=EARLIER)
    assert "DEATH_CHECK" in desk.items() and days(desk, one) == [DAY]
    assert await desk.refuses(f"/patients/{one}/death-check", REGISTRAR, lives=True, died_on=DAY) == "no-day"
    await settled(desk, one, lives=False, died_on=EARLIER)
    assert "DEATH_CHECK" not in desk.items()
    assert days(desk, one) == days(desk, other) == [DAY, EARLIER]


async def test_two_records_that_know_two_days_are_asked_about_when_they_become_one(desk: Desk) -> None:
    one, other = await two(desk)
    await desk.do(f"/patients/{one}/death", NURSE, source="family", died_on=DAY)
    await desk.do(f"/patients/{other}/death", NURSE, source="hospital", died_on=EARLIER)
    await desk.do(f"/patients/{one}/merge", REGISTRAR, merged_id=other)
    assert "DEATH_CHECK" in desk.items()
    await settled(desk, one, lives=False)
    assert "DEATH_CHECK" not in desk.items()
    assert (days(desk, one), days(desk, other)) == ([DAY], [EARLIER, DAY])
