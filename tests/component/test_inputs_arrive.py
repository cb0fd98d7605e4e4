"""Every rule that looks at something else is reached from outside: by requests, and by facts of the other services."""

import importlib

import pytest

from backbone.model import Service
from services.care_plan.service import SERVICE as CARE_PLAN
from tests.support.inputs import Input, declared, named_in, never_arrive, watched
from tests.support.services import ALL


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
async def test_every_input_of_a_rule_arrives_from_outside_and_makes_a_difference(service: Service) -> None:
    plays = importlib.import_module(f"tests.support.walks.{service.name}").PLAYS
    with watched(service) as seen:
        for play in plays:
            await play()
    assert never_arrive(service, seen) == {}


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
def test_every_kind_that_the_code_of_an_aggregate_names_is_among_its_inputs(service: Service) -> None:
    found = {(each.aggregate, each.kind) for each in declared(service)}
    assert named_in(service) - found == set()


def test_an_input_that_nobody_shows_is_found() -> None:
    risk = Input("care_plan", "activate_plan", "risk")
    assert risk in declared(CARE_PLAN)
    assert never_arrive(CARE_PLAN, {risk: {False}})[risk] == "never matters"
