"""Keys that can not be had or opened: `huddle doctor` says so."""

from pydantic import PostgresDsn

from backbone.ids import random_id
from backbone.masters import MasterKeysTold
from backbone.settings import Settings
from backbone.store.keys import keys_at, make_table
from cli.doctor.database import of_keys
from tests.support.databases import RUNS, Databases
from tests.support.keys import MASTER


async def test_a_table_that_is_not_there_and_a_master_key_that_opens_nothing_are_said(
    databases: Databases,
) -> None:
    url = await databases.new("no_keys")

    async def found(master: str = MASTER) -> str:
        [finding] = await of_keys(Settings.model_construct(keys_url=PostgresDsn(url), master_keys=master))
        return f"{finding.verdict} {finding.says}"

    assert "huddle keys make" in await found()
    await make_table(url, [RUNS])
    assert await found() == "ok all are wrapped by known master keys: there are none yet"
    async with keys_at(url, MasterKeysTold(MASTER)) as keys:
        await keys.of([random_id()])
    assert await found() == "ok all are wrapped by known master keys: first"
    another = "E" * 43 + "="
    assert (await found(f"second:{another}")).startswith("fails HUDDLE_MASTER_KEYS lacks first")
    assert (await found(f"first:{another}")).startswith("fails HUDDLE_MASTER_KEYS has another key as first")
