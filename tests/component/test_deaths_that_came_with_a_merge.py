"""A death that came to a record with a merge is asked about when the merge is undone: perhaps the person lives."""

import pytest

from tests.support.front_desk import COORDINATOR, REGISTRAR, SHOULDER, Desk
from tests.support.submissions import a_patient


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def parted(desk: Desk, *, dies_first: bool, kept_dies: bool = False) -> tuple[str, str]:
    """Two people who were taken for one, of whom one died: who may live, and who died."""
    first = await desk.send()
    second = await desk.send("R-2", patient=a_patient("P-2"), **SHOULDER)
    lives, died = first["patient_id"], second["patient_id"]
    surviving, merged = (died, lives) if kept_dies else (lives, died)
    death = (f"/patients/{died}/death", COORDINATOR)
    if dies_first:
        await desk.do(*death, source="hospital")
    await desk.do(f"/patients/{surviving}/merge", REGISTRAR, merged_id=merged)
    if not dies_first:
        await desk.do(*death, source="hospital")
    await desk.do(f"/patients/{surviving}/merge-undo", REGISTRAR, restored_id=merged)
    return lives, died


def asked(desk: Desk) -> list[str]:
    return [row["subject_id"] for row in desk.rows() if row["item_type"] == "DEATH_CHECK"]


@pytest.mark.parametrize("kept_dies", [False, True])
@pytest.mark.parametrize("dies_first", [True, False])
async def test_a_named_person_is_asked_about_the_one_who_may_live(
    desk: Desk, dies_first: bool, kept_dies: bool
) -> None:
    lives, died = await parted(desk, dies_first=dies_first, kept_dies=kept_dies)
    assert asked(desk) == [lives]
    assert (await desk.read(f"/patients/{lives}"))["is_dead"], "until somebody says otherwise"
    assert await desk.refuses(f"/patients/{lives}/death-check", COORDINATOR, lives=True) == "not-permitted"
    assert await desk.refuses(f"/patients/{died}/death-check", REGISTRAR, lives=False) == "not-asked"


async def test_whoever_lives_is_referred_and_written_to_again(desk: Desk) -> None:
    lives, died = await parted(desk, dies_first=True)
    await desk.do(f"/patients/{lives}/death-check", REGISTRAR, lives=True)
    assert not asked(desk)
    assert not (await desk.read(f"/patients/{lives}"))["is_dead"]
    assert (await desk.read(f"/patients/{died}"))["is_dead"]
    assert not desk.agenda(lives).deceased and desk.agenda(died).deceased
    again = await desk.send("R-3")
    assert (again["patient_id"], again["status"]) == (lives, "received")


async def test_whoever_died_too_stays_so(desk: Desk) -> None:
    lives, _ = await parted(desk, dies_first=True)
    await desk.do(f"/patients/{lives}/death-check", REGISTRAR, lives=False)
    assert not asked(desk) and (await desk.read(f"/patients/{lives}"))["is_dead"]
