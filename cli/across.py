"""What one service has told, the others have handled: asked of the databases themselves."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg
import msgspec

from backbone.clock import monotonic
from backbone.log.undeliverable import headers_of
from backbone.model import Service

TOLD = """
SELECT fact_id::text, type FROM journal
WHERE sequence IS NOT NULL AND recorded_at >= $1 AND type = ANY($2) ORDER BY recorded_at
"""
HANDLED = "SELECT fact_id::text FROM inbox WHERE fact_id = ANY($1::uuid[])"
PARKED = "SELECT headers FROM parked"
UNSENT = "SELECT headers FROM outbox UNION ALL SELECT headers FROM undeliverable"
PATIENCE_SECONDS = 20.0
"""What is on its way arrives within seconds."""
SHOWN = 5


class Found(NamedTuple):
    """Of two services: how many facts, how many of them wait and are known to wait, and those that nobody knows of."""

    teller: str
    reader: str
    told: int
    waiting: int
    missing: Sequence[str]

    def lines(self) -> Iterator[str]:
        handled = self.told - self.waiting - len(self.missing)
        said = f"{self.teller} → {self.reader}: {self.told} told, {handled} handled"
        waiting = f", {self.waiting} wait" if self.waiting else ""
        yield said + waiting + (f", {len(self.missing)} never arrived" if self.missing else "")
        yield from (f"  {each}" for each in self.missing[:SHOWN])
        if len(self.missing) > SHOWN:
            yield f"  and {len(self.missing) - SHOWN} more"


async def across(
    services: Sequence[Service], urls: Mapping[str, str], since: datetime, patience: float = PATIENCE_SECONDS
) -> Sequence[Found]:
    """Each service with each that reads its facts. What is on its way is waited for."""
    end = monotonic() + patience
    while True:
        found = await once(services, urls, since)
        if not any(each.missing for each in found) or monotonic() >= end:
            return found
        await asyncio.sleep(min(1.0, patience))


async def once(services: Sequence[Service], urls: Mapping[str, str], since: datetime) -> Sequence[Found]:
    bases = {service.name: await asyncpg.connect(urls[service.name]) for service in services}
    try:
        return [
            await compared(teller.name, reader, bases, since, types)
            for teller in services
            for reader in services
            if (types := [name for name in reader.consumed if name.startswith(f"{teller.name}.")])
        ]
    finally:
        for base in bases.values():
            await base.close()


async def compared(
    teller: str, reader: Service, bases: Mapping[str, Any], since: datetime, types: Collection[str]
) -> Found:
    told = {row[0]: row[1] for row in await bases[teller].fetch(TOLD, since, list(types))}
    handled = {row[0] for row in await bases[reader.name].fetch(HANDLED, list(told))}
    open_ = told.keys() - handled
    waiting = open_ & {*await unsent(bases[teller]), *await parked(bases[reader.name])} if open_ else set()
    missing = [f"{identity} {told[identity]}" for identity in told if identity in open_ - waiting]
    return Found(teller, reader.name, len(told), len(waiting), missing)


async def unsent(base: Any) -> list[str]:
    return [headers_of(row[0]).get("ce_id", "") for row in await base.fetch(UNSENT)]


async def parked(base: Any) -> list[str]:
    kept = [dict(msgspec.json.decode(row[0], type=Headers)) for row in await base.fetch(PARKED)]
    return [(headers.get("ce_id") or b"").decode(errors="replace") for headers in kept]


Headers = list[tuple[str, bytes | None]]
