"""What a command shows that changed nothing is a read, and recorded as one (PRV-23)."""

import pytest

from backbone.model import Service
from tests.component.test_reads_are_recorded import PHYSIOTHERAPIST, SERVICES, records
from tests.support.feed import PATIENT
from tests.support.ward import Ward


async def test_a_command_that_changed_nothing_is_a_read() -> None:
    """PRV-23: the same request again under its key, and one whose goal is reached, answer with how things stand."""
    ward = await Ward().open()
    activity = (await ward.plan())["activity_ids"][0]
    path, key = f"/activities/{activity}/accept", {"idempotency-key": "the same"}
    for headers, reads in ((key, 0), (key, 1), ({}, 2)):
        answer = await ward.clinic.request("POST", "care_plan", path, PHYSIOTHERAPIST, headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
        assert len(records(ward)) == reads
    record = records(ward)[-1].access
    assert (record.actor_id, record.resource, record.lane_keys, record.refused) == (
        ward.clinic.staff(PHYSIOTHERAPIST),
        path,
        (PATIENT,),
        False,
    )
    assert (
        await ward.tries(f"/activities/{activity}/decline", PHYSIOTHERAPIST, reason="no_capacity")
    ).is_error
    assert len(records(ward)) == 2


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_what_commands_show_has_its_right(service: Service) -> None:
    assert service.shows in {route.reads for route in service.routes}
