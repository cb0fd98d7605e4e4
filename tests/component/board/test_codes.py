"""Codes that forms search: found by what is typed, so many and no more, for whoever is signed in."""

import pytest

from tests.support.front_door import FrontDoor


async def found(door: FrontDoor, name: str, typed: str) -> dict[str, dict]:
    answer = await door.http.get(f"/board/codes/{name}.json", params={"find": typed})
    return {each["words"]: each for each in answer.json()["entries"]}


async def test_diagnoses_are_found_by_the_beginnings_of_words_or_by_code(door: FrontDoor):
    await door.sign_in()
    widespread = "Chronic widespread pain, fibromyalgia, MG30.01"
    assert widespread in await found(door, "diagnoses", "wide CHRON")
    by_code = await found(door, "diagnoses", "mg30.01")
    assert by_code == {widespread: {"code": "MG30.01", "words": widespread, "beside": {"system": "ICD-11"}}}
    assert await found(door, "diagnoses", "despread") == {}


async def test_a_drug_says_the_system_of_its_code_and_how_a_product_is_taken(door: FrontDoor):
    await door.sign_in()
    drugs = await found(door, "drugs", "fenta")
    assert list(drugs) == [
        "Fentanyl, 4337",
        "Fentanyl, transdermal, 245134",
        "Fentanyl, intravenous, 1735006",
    ]
    system = {"code_system": "http://www.nlm.nih.gov/research/umls/rxnorm"}
    assert [each["beside"] for each in drugs.values()] == [system] * 3


async def test_no_more_are_told_than_can_be_looked_through(door: FrontDoor):
    await door.sign_in()
    assert len(await found(door, "diagnoses", "")) == 20
    assert (await door.http.get("/board/codes/diagnoses.json", params={"find": "x" * 81})).status_code == 422


@pytest.mark.parametrize(("signed_in", "name", "status"), [(False, "drugs", 401), (True, "staff", 404)])
async def test_codes_are_for_staff_and_there_are_no_others(door: FrontDoor, signed_in, name, status):
    if signed_in:
        await door.sign_in()
    assert (await door.http.get(f"/board/codes/{name}.json")).status_code == status
