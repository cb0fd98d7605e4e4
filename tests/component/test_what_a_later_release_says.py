"""A fact of a type that this release does not know waits for one that does, holds up nobody, and is handled then."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from backbone.http.identity import Principal
from backbone.log import arrivals
from backbone.model import wire
from schemas.care_plan.v1.procedure import ProcedureOrdered
from services.referral.service import SERVICE as REFERRAL
from services.worklist.service import SERVICE as WORKLIST
from tests.support.memory_clinic import MemoryClinic
from tests.support.memory_system import MemoryWorker
from tests.support.procedure_dates import MBB, PROCEDURALIST, ProcedureClinic
from tests.support.submissions import PRACTICE, a_patient, a_submission

LATER = "referral.received.v1"


@pytest.fixture
def clinic() -> MemoryClinic:
    people = {"practice": Principal("referrer", PRACTICE)}
    return MemoryClinic("2027-01-04 10:00", (REFERRAL, WORKLIST), people)


@contextmanager
def before(worker: MemoryWorker, *types: str) -> Iterator[None]:
    """The worker as it was in a release that did not know these types."""
    known, read = arrivals.published(), worker.consumer.arrivals._read
    consumed = {name: fact for name, fact in worker.engine.service.consumed.items() if name not in types}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrivals, "published", lambda: known.difference(types))
        patch.setattr(worker.consumer.arrivals, "_read", wire.reader(consumed))
        yield
    assert worker.consumer.arrivals._read is read


async def refer(clinic: MemoryClinic, number: int, **more: Any) -> Any:
    body = a_submission(f"R-{number}", patient=a_patient(f"P-{number}"), **more)
    return await clinic.ask("POST", "referral", "/referrals", "practice", json=body)


def triage(clinic: MemoryClinic) -> list[str]:
    return [item for item in clinic.open() if "REF_TRIAGE" in item]


async def test_what_is_not_known_yet_waits_alone_and_is_handled_after_the_upgrade(
    clinic: MemoryClinic,
) -> None:
    worker = clinic.system.workers["worklist"]
    with before(worker, LATER):
        await refer(clinic, 1)
        [waiting] = await worker.parking.keys()
        assert (waiting.reason, waiting.records) == ("unknown_type", 1)
        assert waiting.key.startswith("referral.events/")
        assert len(triage(clinic)) == 1  # what the patient's other facts ask for
        assert "PATIENT_PARKED" not in " ".join(clinic.open())
        assert await worker.parking.take_up() == 0
        assert len(await worker.parking.keys()) == 1
    handled = [row for row in await worker.tables.rows("timeline") if row["type"] == LATER]
    assert handled == []
    assert await worker.parking.take_up() == 1
    await clinic.system.settle()
    assert await worker.parking.keys() == []
    [handled] = [row for row in await worker.tables.rows("timeline") if row["type"] == LATER]


async def test_what_the_later_release_does_not_want_either_is_let_go(clinic: MemoryClinic) -> None:
    worker = clinic.system.workers["worklist"]
    unwanted = next(name for name in arrivals.published() - worker.engine.service.consumed.keys())
    assert not arrivals.is_of_a_later_release(unwanted, f"{unwanted.partition('.')[0]}.events")
    with before(worker, "referral.patient_registered.v1"):
        await refer(clinic, 1)
        waiting = len(await worker.parking.keys())
    await worker.parking.take_up()
    assert (waiting, await worker.parking.keys()) == (1, [])


def test_a_service_speaks_of_later_things_on_its_own_topic_alone() -> None:
    assert arrivals.is_of_a_later_release("referral.seen_by_nobody.v1", "referral.events")
    assert not arrivals.is_of_a_later_release("referral.seen_by_nobody.v1", "scheduling.events")
    assert not arrivals.is_of_a_later_release("outside.seen.v1", "outside.events")


async def test_a_check_that_only_a_later_release_knows_holds_a_procedure_up_until_it_is_shown() -> None:
    clinic = ProcedureClinic()
    await clinic.feed.tell(ordered_with("rho", "sigma"), aggregate=MBB)
    assert clinic.kinds("gate_opened") == ["unknown_check"]
    [blocked] = clinic.named("booking_blocked")
    assert blocked["gate_kinds"] == ["unknown_check"]
    await clinic.show("unknown_check", PROCEDURALIST)
    assert clinic.kinds("gate_satisfied") == ["unknown_check"]


def ordered_with(*gates: str) -> ProcedureOrdered:
    known = ProcedureOrdered(
        procedure_id=MBB,
        family="mbb_ct",
        sequence_role="mbb_1",
        region="cervical",
        side="right",
        levels=("C4-C5",),
        bleeding_risk="intermediate",
        gates=(),
    )
    return known.model_copy(update={"gates": gates})
