"""The version that a list says a thing has is the thing's own: with it, a change of the thing is asked for."""

from tests.component.access.care_plan_things import things
from tests.support.ward import HERS, PHYSICIAN, Ward

OF = f"/patients/{HERS['patient_id']}"
OWN = {
    "plans": "/plans",
    "consultations": "/consultations",
    "letters": "/letters",
    "mdt-cases": "/mdt/cases",
    "mdt-actions": "/mdt/actions",
    "procedures": "/procedures",
    "investigations": "/investigations",
    "conflicts": "/conflicts",
    "safety-alerts": "/safety-alerts",
    "measure-requests": "/measure-requests",
}
"""By list of a person, the path of each thing by itself."""


async def test_every_list_of_a_person_says_the_version_of_the_thing_itself() -> None:
    ward = await Ward().open()
    made = await things(ward)
    seen = {"if-match": (await ward.reads(f"/plans/{made['plan_id']}")).headers["etag"]}
    change = {"reason": "She sleeps badly.", "note": "Sleep first."}
    path = f"/plans/{made['plan_id']}"
    await ward.clinic.ask("PATCH", "care_plan", path, PHYSICIAN, json=change, headers=seen)
    versions = []
    for name, own in OWN.items():
        answer = await ward.clinic.ask("GET", "care_plan", f"{OF}/{name}", PHYSICIAN)
        [listed] = [rows for rows in answer.values() if isinstance(rows, list)]
        assert listed, name
        for each in listed:
            itself = await ward.reads(f"{own}/{each['id']}")
            assert itself.headers["etag"] == f'"{each["version"]}"', name
            versions.append(each["version"])
    assert max(versions) > 2, "of what was changed too"
