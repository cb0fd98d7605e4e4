"""The release before is upgraded while it runs, and one that does not serve is left again: old and new processes of
each service work side by side over data, under load, with a page open; then the old ones end. Nothing is lost, nothing
happens twice."""

import asyncio
import io
import shutil
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from backbone.store.migrations import RELEASE
from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from tests.chaos.test_losses import Ward
from tests.chaos.test_scale import seen, staff
from tests.support.local_system import ROOT, LocalSystem, Worker
from tests.support.open_view import OpenView

SERVICES = ("referral", "worklist")
MIGRATIONS = ("backbone/store/sql", "services/referral/sql", "services/worklist/sql")
CODE = ("backbone", "board", "cli", "config", "schemas", "services", "simulator")
"""All that runs, and what it reads."""
ROOM: Mapping[str, Sequence[str]] = {
    "backbone/store/sql": ("journal", "outbox", "content", "timer"),
    "services/referral/sql": ("referral", "patient"),
    "services/worklist/sql": ("item",),
}
"""Tables that the next release could add to."""


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


@pytest.fixture(scope="module")
def release_after(playground: Path) -> Path:
    """This one, with databases as the next one would leave them: with room for what that one does (ADR 42)."""
    folder = playground / "release-after"
    for name in CODE:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for number, (place, tables) in enumerate(ROOM.items()):
        room = "".join(f"ALTER TABLE {table} ADD COLUMN of_tomorrow text;\n" for table in tables)
        later = folder / place / f"900{number}_of_tomorrow.sql"
        later.write_text(f"-- Runs with: {RELEASE} and later.\n{room}")
    return folder


@pytest.mark.long
async def test_old_and_new_side_by_side(
    empty_kafka: Kafka, postgres: Postgres, playground: Path, release_before: Path
) -> None:
    await replaced(LocalSystem(empty_kafka, postgres, made(playground / "upgrade")), release_before, ROOT)


@pytest.mark.long
async def test_a_release_is_left_again_under_load(
    empty_kafka: Kafka, postgres: Postgres, playground: Path, release_after: Path
) -> None:
    """The databases stay as the later one made them; this one starts on them while the later one still works."""
    system = LocalSystem(empty_kafka, postgres, made(playground / "way-back"))
    await replaced(system, release_after, ROOT)


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def replaced(system: LocalSystem, first: Path, then: Path) -> None:
    """Processes of one release by those of the other."""
    looking: asyncio.Future[None] | None = None
    try:
        await system.prepare(*SERVICES, suffix=f"_{first.name.replace('-', '_')}")
        system.code = first
        old = {name: system.worker(name) for name in SERVICES}
        system.code = then
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
