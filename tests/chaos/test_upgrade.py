"""The release before is upgraded while it runs: old and new processes of each service work side by side over data,
under load, with a page open; then the old ones end. Nothing is lost, nothing happens twice."""

import asyncio
import io
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from tests.chaos.test_losses import Ward
from tests.chaos.test_scale import seen, staff
from tests.support.local_system import ROOT, LocalSystem, Worker
from tests.support.open_view import OpenView

SERVICES = ("referral", "worklist")
MIGRATIONS = ("backbone/store/sql", "services/referral/sql", "services/worklist/sql")


@pytest.fixture(scope="module")
def release_before(playground: Path) -> Path:
    """The code as it was before its databases changed last: the hardest of the releases that one may come from."""
    changed = git("log", "-1", "--first-parent", "--format=%H", "--", *MIGRATIONS).decode().strip()
    if not changed:
        pytest.skip("there is no history here to take it from")
    folder = playground / "release-before"
    with tarfile.open(fileobj=io.BytesIO(git("archive", f"{changed}^1"))) as archive:
        archive.extractall(folder, filter="data")
    return folder


def git(*arguments: str) -> bytes:
    """Nothing where there is no repository."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else b""


@pytest.mark.long
async def test_old_and_new_side_by_side(
    empty_kafka: Kafka, postgres: Postgres, playground: Path, release_before: Path
) -> None:
    folder = playground / "upgrade"
    folder.mkdir()
    system = LocalSystem(empty_kafka, postgres, folder)
    looking: asyncio.Future[None] | None = None
    try:
        await system.prepare(*SERVICES, suffix="_upgrade")
        system.code = release_before
        old = {name: system.worker(name) for name in SERVICES}
        system.code = ROOT
        await system.ready(*old.values(), seconds=120)
        clinic = Ward(system, old)
        await clinic.refer(range(1, 11))
        await clinic.balanced()
        view, looking = looked_at(system, old)
        new = await beside(clinic, old, range(11, 41))
        view.go_on_at(new["worklist"].url)
        for worker in old.values():
            assert await asyncio.to_thread(worker.end, 30) == 0, worker.tail()
        clinic.workers = new
        await clinic.refer(range(41, 51))
        await clinic.balanced()
        await clinic.nobody_fell_through(clinic.referrals)
        await clinic.once_each()
        await clinic.verified()
        await seen(system, [view])
        assert len(clinic.referrals) == 50
    finally:
        if looking is not None:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
        await system.close()


def looked_at(system: LocalSystem, old: Mapping[str, Worker]) -> tuple[OpenView, asyncio.Future[None]]:
    view = OpenView([old["worklist"].url], staff(system))
    return view, asyncio.ensure_future(view.stay_open())


async def beside(clinic: Ward, old: Mapping[str, Worker], numbers: Sequence[int]) -> Mapping[str, Worker]:
    """New processes come while referrals are sent, to old and new ones by turns."""
    half = len(numbers) // 2
    sending = asyncio.ensure_future(clinic.refer(numbers[:half]))
    new = {name: clinic.system.worker(name) for name in SERVICES}
    await clinic.system.ready(*new.values(), seconds=120)
    await sending
    for number in numbers[half:]:
        clinic.workers = new if number % 2 else old
        await clinic.refer([number])
    clinic.workers = old
    await clinic.system.ready(*old.values())
    await clinic.balanced()
    return new
