"""A relay waits for a Kafka that takes its time to let it lead, within bounds, on the real ones."""

import asyncio

import asyncpg

from backbone.log import relay as module
from backbone.log.transactions import committed_offset
from backbone.store import outbox as store
from tests.support.hosting import until
from tests.support.relaying import ADD, emptied, relay_for, running


def slow_kafka(monkeypatch, seconds, meanwhile=None):
    """It needs so long, each time, to let a relay lead. How often it answered."""
    answered = []

    async def slow(*named):
        answer = await committed_offset(*named)
        answered.append(named)
        if meanwhile and len(answered) == 1:
            await meanwhile()
        await asyncio.sleep(seconds(len(answered)))
        return answer

    monkeypatch.setattr(module, "committed_offset", slow)
    return answered


async def test_a_kafka_that_always_takes_longer_than_a_session_may_idle_is_waited_for(
    kafka, outbox, monkeypatch
):
    """Each time anew would be for ever: it is the same Kafka the next time."""
    monkeypatch.setattr(store, "IDLE_LIMIT_MS", 3_000)
    answered = slow_kafka(monkeypatch, lambda _: 6.0)
    await outbox[1].execute(ADD, outbox[0], 1, 50)
    relay = relay_for(outbox[0], outbox[2], kafka.bootstrap)
    async with running(relay):
        await until(lambda: answered)
        assert 0 < relay.waits() < 40
        await emptied(outbox[1])
        assert (len(answered), relay.waits()) == (1, 0.0)


async def test_a_leader_whose_session_is_lost_while_kafka_takes_its_time_leads_again(
    kafka, outbox, monkeypatch
):
    _, connection, url = outbox

    async def ended():
        beside = await asyncpg.connect(url)
        await beside.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        await beside.close()

    monkeypatch.setattr(store, "IDLE_LIMIT_MS", 3_000)
    monkeypatch.setattr(module, "FIRST_PATIENCE_SECONDS", 600)
    answered = slow_kafka(monkeypatch, lambda time: 300 if time == 1 else 0, ended)
    await connection.execute(ADD, outbox[0], 1, 50)
    async with running(relay_for(outbox[0], url, kafka.bootstrap)) as task:
        await emptied(connection)
        assert len(answered) > 1 and not task.done()


async def test_kafka_is_given_twice_the_time_after_each_time_in_vain_and_others_may_try_between(
    kafka, outbox, monkeypatch
):
    monkeypatch.setattr(module, "FIRST_PATIENCE_SECONDS", 1.5)
    slow_kafka(monkeypatch, lambda _: 4.0)
    await outbox[1].execute(ADD, outbox[0], 1, 50)
    relay = relay_for(outbox[0], outbox[2], kafka.bootstrap)
    async with running(relay):
        await emptied(outbox[1], seconds=60)
    assert relay.metrics.relay_began_again.labels(error="Retryable")._value.get() >= 2, "1.5 s, then 3 s"
