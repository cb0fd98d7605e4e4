"""GET /actions in every service: whom it turns away, the routes turn away; and nobody else is turned away by it."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import chain
from typing import Any

import pytest

from backbone.http.identity import Principal
from backbone.model import Service
from cli.composition import service_of
from schemas.services import NAMES
from schemas.work import WORK
from schemas.work.day import DAY
from schemas.work.parts import Do
from tests.component.access import test_care_plan
from tests.support.access import ROLES, STAFF, Row, SilentStore, callers
from tests.support.memory_clinic import MemoryClinic
from tests.support.referral_http import by

PATIENT = "11111111-1111-4111-8111-111111111111"
COMMANDS = [*chain.from_iterable(work.do for work in WORK.values()), *chain.from_iterable(DAY.values())]
FOLLOWS = frozenset({"record_evidence", "waive_gate"})
"""Who may follows from the check alone: it is not known before one is picked."""


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest) -> Service:
    return service_of(request.param)


@pytest.fixture
def clinic(service: Service) -> MemoryClinic:
    return MemoryClinic("2027-01-11 09:00", (service,), {}, {service.name: SilentStore()})


async def actions(clinic: MemoryClinic, service: str, caller: Principal) -> Mapping[str, Any]:
    answer = await clinic.http(service).get("/actions", headers=by(caller))
    return {each["action"]: each for each in answer.raise_for_status().json()["actions"]}


@cache
def rows_of(service: str) -> Mapping[str, Row]:
    """Who may use each route, as its service's table says."""
    rows: Mapping[str, Row] = import_module(f"tests.component.access.test_{service}").ROWS
    return rows


def commands_of(service: str, begin: bool) -> Iterator[Do]:
    """Those of the table of work; `begin`: of which no thing tells whether they may be given."""
    for do in COMMANDS:
        if do.service == service and (do.seen is None or not begin):
            yield do


def who(service: str) -> Mapping[str, Principal]:
    more = test_care_plan.DISCIPLINES if service == "care_plan" else {}
    return {name: caller for name, caller in {**callers(PATIENT), **more}.items() if caller}


async def test_whoever_may_is_told_so_and_of_what_begins_nobody_else_is(
    clinic: MemoryClinic, service: Service
) -> None:
    wrong = []
    for name, caller in who(service.name).items():
        told = await actions(clinic, service.name, caller)
        for do in commands_of(service.name, begin=False):
            may, action = rows_of(service.name)[do.operation].may, told[do.action or do.operation]
            if name in may and not action["allowed"]:
                wrong.append(f"{do.operation}: {name} may, and is told otherwise")
        for do in commands_of(service.name, begin=True):
            may, action = rows_of(service.name)[do.operation].may, told[do.action or do.operation]
            if name in STAFF - may and action["allowed"] and do.operation not in FOLLOWS:
                wrong.append(f"{do.operation}: {name} may not, and is told otherwise")
    assert sorted(set(wrong)) == []


async def test_whoever_may_not_is_told_who_may(clinic: MemoryClinic, service: Service) -> None:
    told = await actions(clinic, service.name, who(service.name)["staff without a role"])
    for do in commands_of(service.name, begin=True):
        action = told[do.action or do.operation]
        if not action["allowed"]:
            assert set(action["roles"]) & ROLES == rows_of(service.name)[do.operation].may & ROLES


async def test_whoever_has_no_token_is_told_nothing(clinic: MemoryClinic, service: Service) -> None:
    assert (await clinic.http(service.name).get("/actions")).status_code == 401
