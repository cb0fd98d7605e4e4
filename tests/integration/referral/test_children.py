"""An upgrade finds the children whom an earlier release filed: from then on somebody looks at when they come of age."""

from pathlib import Path

import httpx

from services.referral.service import SERVICE
from tests.support.memory_system import MemoryWorker
from tests.support.referral_http import submit
from tests.support.submissions import a_patient

AS_BEFORE = """
UPDATE patient SET body = body - 'look_again_on';
DELETE FROM timer WHERE name = 'age';
DROP INDEX patient_unwatched;
ALTER TABLE patient DROP COLUMN unwatched;
"""


async def test_children_of_an_earlier_release_are_looked_at_once_after_the_upgrade(
    http: httpx.AsyncClient, worker: MemoryWorker
) -> None:
    await submit(http, patient=a_patient() | {"birth_date": "2011-05-17"})
    pool = worker.store.pool
    await pool.execute(AS_BEFORE)
    assert SERVICE.migrations is not None
    await pool.execute((Path(SERVICE.migrations) / "0004_children.sql").read_text())
    assert await pool.fetchval("SELECT unwatched FROM patient") == "true"
    for _ in range(2):
        await worker.runtime.begin()
        rows = await pool.fetch("SELECT unwatched, body ->> 'look_again_on' AS day FROM patient")
        assert [tuple(row) for row in rows] == [("false", "2029-01-04")]
        assert await pool.fetchval("SELECT count(*) FROM timer WHERE name = 'age'") == 1
