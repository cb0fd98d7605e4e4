"""The cost of an event does not grow with the number of items: selectors find their rows by index."""

import asyncpg
import pytest

from backbone.store.statements import KindStatements
from services.worklist.item.aggregate import ITEM
from services.worklist.service import SERVICE
from tests.support.databases import Databases

MANY_ITEMS = """
INSERT INTO item (id, version, sequence, status, body, updated_at,
                  item_type, subject_id, referral_id, open, ends_with_referral)
SELECT gen_random_uuid(), 1, 1, 'waiting', '{}', '2027-01-04T14:00:00Z',
       'REF_TRIAGE', 'subject ' || n, 'referral ' || n, 'true', 'true'
FROM generate_series(1, 20000) AS n
"""


@pytest.mark.parametrize(
    "names",
    [("item_type", "open", "subject_id"), ("open", "referral_id"), ("ends_with_referral", "referral_id")],
)
async def test_a_selector_reads_an_index(databases: Databases, names: tuple[str, ...]) -> None:
    """As a statement that was prepared and run some times: PostgreSQL then plans for any number of selectors."""
    assert SERVICE.migrations is not None
    connection = await asyncpg.connect(await databases.new("worklist", folders=[SERVICE.migrations]))
    types, arrays = ", ".join("text[]" for _ in names), ", ".join("'{a,b}'" for _ in names)
    try:
        await connection.execute(MANY_ITEMS)
        await connection.execute("ANALYZE item")
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE selecting ({types}) AS {KindStatements(ITEM).select(names)}")
        plan = await connection.fetch(f"EXPLAIN EXECUTE selecting ({arrays})")
    finally:
        await connection.close()
    text = "\n".join(row[0] for row in plan)
    assert "Index Scan" in text, text
    assert "Seq Scan on item" not in text, text
