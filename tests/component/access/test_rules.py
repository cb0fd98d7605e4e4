"""GET /rules in every service: for all staff, for nobody else, and complete."""

from typing import Any

import pytest

from backbone.http.rules import RulesDocument
from backbone.model import Service
from cli.composition import service_of
from schemas.services import NAMES
from tests.support.access import STAFF, Row, SilentStore, callers, expected, said
from tests.support.memory_clinic import MemoryClinic
from tests.support.referral_http import by

ROW = Row(STAFF)
PATIENT = "11111111-1111-4111-8111-111111111111"


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest) -> Service:
    return service_of(request.param)


@pytest.fixture
def clinic(service: Service) -> MemoryClinic:
    return MemoryClinic("2027-01-11 09:00", (service,), {}, {service.name: SilentStore()})


async def rules_of(clinic: MemoryClinic, service: Service) -> Any:
    return await clinic.ask("GET", service.name, "/rules", "nora.quinn")


async def test_staff_may_know_the_rules_and_nobody_else(clinic: MemoryClinic, service: Service) -> None:
    for name, caller in callers(PATIENT).items():
        headers = by(caller) if caller else {}
        answer = await clinic.http(service.name).get("/rules", headers=headers)
        assert said(answer) == expected(ROW, name), name


async def test_every_rule_says_where_it_comes_from_and_what_it_says(
    clinic: MemoryClinic, service: Service
) -> None:
    told = RulesDocument.model_validate(await rules_of(clinic, service))
    assert {each.file for each in told.rules} <= {each.file for each in told.rule_sets}
    assert all(
        len(each.checksum) == 64 and each.objection == "nobody has approved it" for each in told.rule_sets
    )
    assert not [each.rule for each in told.rules if each.verified in ("V", "V*") and not each.source_url]
    assert [each.rule for each in told.rules if each.verified == "U"] == [
        each.rule for each in told.rules if each.unverified == ["*"]
    ]


async def test_every_rule_of_a_service_has_a_reader_in_it(clinic: MemoryClinic, service: Service) -> None:
    shared = {"urgency.toml", "red_flags.toml"}
    told = await rules_of(clinic, service)
    assert not [each["rule"] for each in told["rules"] if not each["read_by"] and each["file"] not in shared]
