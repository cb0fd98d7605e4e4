"""GET /rules in every service: for all staff, for nobody else, and complete."""

from typing import Any

import pytest

from backbone.http.rules import RulesDocument
from backbone.model import Service
from backbone.model.readers import readers_of
from cli.composition import service_of
from config.loading import SHIPPED
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


def test_every_rule_has_a_reader() -> None:
    """In some service: files such as the urgency schemes are everybody's."""
    read: dict[str, bool] = {}
    for name in NAMES:
        files = service_of(name).load_rules(SHIPPED)
        by_place = readers_of(service_of(name), files)
        for each in files.all_versions:
            read[each.rule.named] = read.get(each.rule.named, False) or bool(by_place[each.file, each.place])
    assert [rule for rule, is_read in read.items() if not is_read] == []
