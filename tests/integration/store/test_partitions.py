"""The journal is kept by month."""

from datetime import UTC, datetime

from backbone.store.partitions import make_partitions, months
from backbone.store.postgres import open_pool
from tests.support.databases import Databases

NOW = datetime(2027, 11, 20, tzinfo=UTC)


def test_months_run_over_the_end_of_the_year() -> None:
    assert [f"{begin:%Y-%m}" for begin, _ in months(NOW)] == ["2027-11", "2027-12", "2028-01"]


async def test_partitions_are_made_once_and_ahead(sample_database: str) -> None:
    pool = await open_pool(Databases.as_who_runs(sample_database))
    assert await make_partitions(pool, NOW) == ["journal_2027_11", "journal_2027_12", "journal_2028_01"]
    assert await make_partitions(pool, NOW) == []
    await pool.close()


async def test_a_month_with_facts_in_the_default_partition_stays_there(sample_database: str) -> None:
    pool = await open_pool(sample_database)
    await pool.execute(
        """INSERT INTO journal (aggregate_kind, aggregate_id, version, fact_id, type, occurred_at, recorded_at,
                                correlation_id, causation_id, actor_kind, data)
           SELECT 'box', id, 1, id, 't', $1, $1, id, id, 'system', '' FROM (SELECT gen_random_uuid() AS id) AS new""",
        NOW,
    )
    assert await make_partitions(pool, NOW) == ["journal_2027_12", "journal_2028_01"]
    await pool.close()
