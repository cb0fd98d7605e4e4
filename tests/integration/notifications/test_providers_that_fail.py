"""Providers that hang, and addresses that can't be used: nobody else waits for them, and somebody hears of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import msgspec

from backbone.engine.generic import kinds_of
from backbone.log.effects import AT_ONCE, keep_calling
from backbone.model import Command, EffectCall, Handler
from backbone.store.postgres import PostgresStore, open_pool
from services.notifications.gateway.outside import Mail, given_up
from services.notifications.message.commands import HandedOver
from services.notifications.message.content import Wording
from services.notifications.service import SERVICE
from tests.integration.notifications.test_outside import told
from tests.support.databases import Databases
from tests.support.post_room import PostRoom, shipped_rules

MAILS = 40
WORDING, CONTACT = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
CONTENT = "INSERT INTO content (ref, kind, body, recorded_at) VALUES ($1, 'wording', $2, now())"
EFFECTS = """INSERT INTO effect (id, aggregate_kind, aggregate_id, name, kind, reads, body)
             SELECT gen_random_uuid(), 'message', gen_random_uuid(), 'send', $1, $2, $3
             FROM generate_series(1, $4::int)"""


@asynccontextmanager
async def hanging_server() -> AsyncIterator[tuple[str, list[asyncio.StreamWriter]]]:
    """Takes every connection and never says a word."""
    taken: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: taken.append(writer), "127.0.0.1", 0)
    yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", taken
    for writer in taken:
        writer.close()
    server.close()


async def keep_contents(connection: asyncpg.Connection) -> None:
    await connection.execute(CONTENT, WORDING, msgspec.json.encode(Wording("Your appointment", "See you")))
    await connection.execute(CONTENT, CONTACT, b'{"email": "alex@example.net", "phone": "+12125550142"}')


async def want(connection: asyncpg.Connection, kind: str, count: int) -> None:
    body = {"attempt": 1, "recipient_id": CONTACT, "refs": [WORDING, CONTACT]}
    await connection.execute(EFFECTS, kind, [WORDING, CONTACT], msgspec.json.encode(body), count)


async def test_mails_to_a_server_that_hangs_hold_up_no_text(databases: Databases):
    assert SERVICE.migrations is not None
    url = await databases.new("notifications", folders=[SERVICE.migrations])
    pool, texts = await open_pool(url), asyncio.Event()

    async def text(call: EffectCall) -> Command:
        texts.set()
        return HandedOver(attempt=1)

    async with hanging_server() as (smtp, taken):
        handlers = {
            "email": Handler(Mail(told(smtp_url=smtp), shipped_rules()).send, given_up),
            "sms": Handler(text, given_up),
        }
        room = PostRoom(store=PostgresStore(pool, kinds_of(SERVICE)), handlers=handlers)
        await keep_contents(pool)
        await want(pool, "email", MAILS)
        calling = asyncio.ensure_future(keep_calling(room.system.workers["notifications"].effects, url))
        async with asyncio.timeout(10):
            while len(taken) < AT_ONCE:
                await asyncio.sleep(0.02)
            await want(pool, "sms", 1)
            await texts.wait()
        assert len(taken) == AT_ONCE
        calling.cancel()
        with suppress(asyncio.CancelledError):
            await calling
    await pool.close()
