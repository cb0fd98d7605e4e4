"""The secret of the ids is one for the life of a database."""

import pytest

from backbone.errors import UnusableSettings
from backbone.store.postgres import open_pool
from backbone.store.secret import keep_to
from tests.support.databases import Databases


async def test_the_first_secret_is_kept_and_another_one_refused(sample_database: str) -> None:
    pool = await open_pool(Databases.as_who_runs(sample_database))
    await keep_to(pool, "a secret of the tests")
    await keep_to(pool, "a secret of the tests")
    with pytest.raises(UnusableSettings, match="HUDDLE_ID_SECRET is not the one"):
        await keep_to(pool, "another secret of the tests")
    await keep_to(pool, "a secret of the tests")
    assert b"secret of the tests" not in await pool.fetchval("SELECT mark FROM id_secret")
    await pool.close()
