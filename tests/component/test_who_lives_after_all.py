"""A death that was written into the wrong record: who lives must not be turned away for ever."""

from tests.support.front_desk import SHOULDER
from tests.support.hard_days import CORA, INES, NURSE, PAUL, HardDay
from tests.support.submissions import flags

FINE = {"result": "assessed_continue"}


async def mistaken() -> HardDay:
    """Ana has a date; Bea, who died, is somebody else."""
    day = HardDay("2027-02-01 09:00")
    await day.waits_for(Ana="cat_2")
    await day.books("Ana", "2027-02-16 09:00")
    await day.at("2027-02-03 09:00")
    await day.does("referral", f"/patients/{day.patient['Ana']}/death", CORA, source="family")
    assert await day.status("Ana") == "completed"
    return day


def check(day: HardDay) -> str:
    return f"/patients/{day.patient['Ana']}/death-check"


async def test_a_registrar_takes_a_death_back_by_name_and_the_person_waits_on_with_the_clock_of_before() -> (
    None
):
    day = await mistaken()
    before = day.last("received").fact["clock_start"]
    assert await day.refused("referral", check(day), CORA, lives=True) == "not-permitted"
    await day.does("referral", check(day), INES, lives=True)
    settled = day.last("death_settled").fact
    assert (settled["lives"], settled["decided_by"]) == (True, day.staff(INES))
    path = f"/referrals/{day.referral['Ana']}/reopening"
    again = await day.does("referral", path, CORA, reason="The death was somebody else's.")
    assert again["clock_start"] == before
    day.keep("Ana again", again["id"], again["patient_id"])
    await day.triages("Ana again")
    await day.books("Ana again", "2027-02-18 09:00")
    await day.at("2027-02-18 08:00")
    assert "02-17 10:00 APPT_D1 sent" in day.told("Ana again")
    await day.ends()


async def test_nothing_that_the_death_cancelled_comes_back_by_itself() -> None:
    day = await mistaken()
    await day.does("referral", check(day), INES, lives=True)
    assert day.work("Ana") == [] and await day.status("Ana") == "completed"


async def test_it_is_taken_back_from_every_record_of_the_person() -> None:
    day = await mistaken()
    await day.refers("Zoe", **SHOULDER)
    merging = f"/patients/{day.patient['Ana']}/merge"
    await day.does("referral", merging, INES, merged_id=day.patient["Zoe"])
    assert (await day.reads("referral", f"/patients/{day.patient['Zoe']}", INES))["is_dead"]
    await day.does("referral", check(day), INES, lives=True)
    assert not (await day.reads("referral", f"/patients/{day.patient['Zoe']}", INES))["is_dead"]


async def test_that_somebody_died_is_not_confirmed_unasked() -> None:
    day = await mistaken()
    assert await day.refused("referral", check(day), INES, lives=False) == "not-asked"
    await day.does("referral", check(day), INES, lives=True)
    assert await day.refused("referral", check(day), INES, lives=True) == "not-asked"


async def test_a_red_flag_that_nobody_had_assessed_is_raised_again() -> None:
    """Also one that somebody learned of by telephone, and that no referral says."""
    day = HardDay("2027-02-01 09:00")
    await day.refers("Ana", red_flag_screen=flags(infection="yes"))
    path = f"/referrals/{day.referral['Ana']}/red-flags"
    await day.does(
        "referral", f"{path}/{day.last('red_flag_raised').fact['flag_id']}/resolution", PAUL, **FINE
    )
    await day.does("referral", path, NURSE, flag="vascular")
    flag = day.last("red_flag_raised").fact["flag_id"]
    await day.does("referral", f"/patients/{day.patient['Ana']}/death", CORA, source="family")
    assert "RED_FLAG" not in " ".join(day.work("Ana"))
    await day.at("2027-02-01 10:00")
    await day.does("referral", check(day), INES, lives=True)
    assert [row for row in day.work("Ana") if "RED_FLAG" in row] == [
        "medical RED_FLAG stat 02-01 11:00 vascular"
    ]
    called = day.last("escalation_raised").fact
    assert (called["subject_id"], called["severity"], called["level"]) == (flag, "emergency", 1)
    await day.does("referral", f"{path}/{flag}/resolution", PAUL, **FINE)
    assert "RED_FLAG" not in " ".join(day.work("Ana"))
