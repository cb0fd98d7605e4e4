"""What a run of many patients costs, over the real services: as many folds and statements as a run of one patient."""

from collections.abc import Sequence
from typing import Any

import pytest

from backbone.engine.fold import Fold
from backbone.model import Service
from services.care_plan.service import SERVICE as CARE_PLAN
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.services import ALL
from tests.support.stories import Story

pytestmark = pytest.mark.wide


@pytest.fixture
def folds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of works of every fold."""
    seen: list[int] = []
    fold = Fold.run

    def counted(self: Fold, works: Sequence[Any]) -> Any:
        seen.append(len(works))
        return fold(self, works)

    monkeypatch.setattr(Fold, "run", counted)
    return seen


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
async def test_a_run_of_ten_patients_takes_as_many_folds_and_statements_as_a_run_of_one(
    service: Service, folds: list[int]
) -> None:
    """Every fact that the service hears over Kafka, twice: the second time the world is another one."""
    costs = []
    for number in (1, 10):
        story, cost = Story(service, number), []
        for wire_type in (*service.consumed, *service.consumed):
            folds.clear()
            calls = await story.tell(wire_type)
            cost.append((wire_type, len(folds), dict(calls)))
        costs.append(cost)
    assert costs[0] == costs[1]


ONE_FOLD = {
    WORKLIST: ("referral.received.v1", "referral.found_incomplete.v1", "scheduling.booking_requested.v1"),
    SCHEDULING: ("referral.accepted.v1", "scheduling.appointment_cancelled.v1"),
    CARE_PLAN: ("scheduling.appointment_booked.v1", "care_plan.measure_scored.v1"),
    NOTIFICATIONS: ("scheduling.appointment_booked.v1", "scheduling.appointment_moved.v1"),
}


@pytest.mark.parametrize("service", ONE_FOLD, ids=lambda service: service.name)
async def test_a_run_of_800_patients_is_folded_once(service: Service, folds: list[int]) -> None:
    few, many = Story(service, 1), Story(service, 800)
    for wire_type in ONE_FOLD[service]:
        of_one = await few.tell(wire_type)
        folds.clear()
        assert await many.tell(wire_type) == of_one, wire_type
        assert folds == [800], wire_type
