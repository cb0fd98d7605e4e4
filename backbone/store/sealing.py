"""What is kept of a person's words is sealed with the person's key, and bound to its place. What is sealed can be read
while the key is there; without it, it is as if it had been erased.
"""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from backbone.errors import UnusableSettings
from backbone.ids import ROOT, derive, identifier
from backbone.settings import Settings
from backbone.store.keys import DataKey, Keys, keys_at
from backbone.store.rows import Once, OutboxRow, ParkedRow
from schemas.topics import SEALED

MARK = b"\x00hk1"
"""No JSON begins so."""
PLAIN = b"\x00hk0"
"""Before what is not sealed and begins as if it were: a record of somebody else's, parked where there are no keys."""
NOBODY = "00000000-0000-0000-0000-000000000000"
"""Whose key seals what is no person's."""
KEY_ID, NONCE = slice(4, 20), slice(20, 32)
NO_KEYS = "What is kept here is sealed, and this process has no keys: give it HUDDLE_KEYS_URL and HUDDLE_MASTER_KEYS."


class Text(NamedTuple):
    """`place` names where it is kept: nowhere else can it be opened. `whose`: a person's id, or NOBODY."""

    place: str
    whose: str
    body: bytes


class Kept(NamedTuple):
    """Sealed or not."""

    place: str
    body: bytes


class Seals(Protocol):
    """A process with keys, or without. `can_forget`: what one person's key sealed can be made unreadable."""

    can_forget: bool

    async def sealed(self, texts: Sequence[Text]) -> list[bytes]:
        """As they are kept."""

    async def opened(self, kept: Sequence[Kept]) -> list[bytes | None]:
        """As they were; None where the key was destroyed. What was not sealed stays so."""

    async def forget(self, whose: str, made_until: datetime) -> int:
        """Destroy the person's keys that were made until then. How many."""


class Unsealed:
    """Without keys: everything can be read as it is."""

    can_forget = False

    async def sealed(self, texts: Sequence[Text]) -> list[bytes]:
        return [plain(text.body) for text in texts]

    async def opened(self, kept: Sequence[Kept]) -> list[bytes | None]:
        """Raises UnusableSettings: what is sealed is not erased."""
        if any(is_sealed(each.body) for each in kept):
            raise UnusableSettings(NO_KEYS)
        return [bare(each.body) for each in kept]

    async def forget(self, whose: str, made_until: datetime) -> int:
        """Raises UnusableSettings."""
        raise UnusableSettings(NO_KEYS)


class Sealed:
    """With keys."""

    can_forget = True

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def sealed(self, texts: Sequence[Text]) -> list[bytes]:
        if not texts:
            return []
        keys = await self._keys.of({text.whose for text in texts})
        return [seal(keys[text.whose], text.place, text.body) for text in texts]

    async def opened(self, kept: Sequence[Kept]) -> list[bytes | None]:
        wanted = {key_id_of(each.body) for each in kept if is_sealed(each.body)}
        keys = await self._keys.named(wanted) if wanted else {}
        return [unseal(keys, each) if is_sealed(each.body) else bare(each.body) for each in kept]

    async def forget(self, whose: str, made_until: datetime) -> int:
        return await self._keys.destroy([whose], made_until)


UNSEALED: Seals = Unsealed()


def seal(key: DataKey, place: str, body: bytes) -> bytes:
    nonce = os.urandom(12)
    return MARK + UUID(key.id).bytes + nonce + key.cipher.encrypt(nonce, body, bound_to(key, place))


def unseal(keys: Mapping[str, DataKey], kept: Kept) -> bytes | None:
    """Raises cryptography's InvalidTag: it was changed, or stood in another place."""
    key = keys.get(key_id_of(kept.body))
    if key is None:
        return None
    return key.cipher.decrypt(kept.body[NONCE], kept.body[NONCE.stop :], bound_to(key, kept.place))


def bound_to(key: DataKey, place: str) -> bytes:
    return f"{place}\x1f{key.whose}".encode()


def plain(body: bytes) -> bytes:
    """As it is kept unsealed."""
    return PLAIN + body if body.startswith((MARK, PLAIN)) else body


def bare(kept: bytes) -> bytes:
    """As it was, of what is not sealed."""
    return kept.removeprefix(PLAIN)


def is_sealed(body: bytes) -> bool:
    return body.startswith(MARK)


def key_id_of(kept: bytes) -> str:
    return str(UUID(bytes=kept[KEY_ID]))


def whose(key: str) -> str:
    """Of a record's key: the id that it is, or one that stands for it."""
    try:
        return identifier(key)
    except ValueError:
        return derive(ROOT, f"sealed:{key}")


def content_place(ref: str) -> str:
    return f"content/{ref}"


def parked_place(record_id: str, part: str) -> str:
    return f"parked/{record_id}/{part}"


def answer_place(once: Once) -> str:
    return f"answer/{once.scope}/{once.key}"


def record_place(topic: str, key: str) -> str:
    return f"{topic}/{key}"


async def sealed_outbox(seals: Seals, rows: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """Values of topics with personal data under the key of whom they are about."""
    at = [n for n, row in enumerate(rows) if row.topic in SEALED and row.value is not None]
    if not at:
        return rows
    texts = [outgoing(rows[n]) for n in at]
    told = list(rows)
    for n, value in zip(at, await seals.sealed(texts), strict=True):
        told[n] = rows[n]._replace(value=value)
    return told


def outgoing(row: OutboxRow) -> Text:
    return Text(record_place(row.topic, row.key), whose(row.key), row.value or b"")


async def opened_contents(seals: Seals, rows: Sequence[tuple[str, bytes]]) -> dict[str, bytes]:
    """Of (ref, body): bodies by ref; what was erased is not among them."""
    bodies = await seals.opened([Kept(content_place(ref), body) for ref, body in rows])
    return {ref: body for (ref, _), body in zip(rows, bodies, strict=True) if body is not None}


async def sealed_parked(seals: Seals, rows: Sequence[ParkedRow]) -> list[dict[str, Any]]:
    """As the table takes them: the record's value and what is said of it are sealed."""
    errors = [Text(parked_place(row.record_id, "error"), whose(row.key), row.error.encode()) for row in rows]
    values = [
        Text(parked_place(row.record_id, "value"), whose(row.key), row.value)
        for row in rows
        if row.value is not None
    ]
    kept = await seals.sealed([*errors, *values])
    said, told = kept[: len(rows)], iter(kept[len(rows) :])
    return [
        row._asdict() | {"error": error, "value": None if row.value is None else next(told)}
        for row, error in zip(rows, said, strict=True)
    ]


async def opened_parked(seals: Seals, rows: Sequence[Mapping[str, Any]]) -> list[ParkedRow]:
    """Of what was erased, the value is none."""
    found = []
    for row in rows:
        kept = [Kept(parked_place(row["record_id"], part), row[part] or b"") for part in ("error", "value")]
        error, value = await seals.opened(kept)
        opened = {"error": (error or b"").decode(), "value": None if row["value"] is None else value}
        found.append(ParkedRow(**{**row, **opened}))
    return found


@asynccontextmanager
async def seals_of(settings: Settings) -> AsyncIterator[Seals]:
    """As a process is told. Raises UnusableSettings where there is no table of keys."""
    if settings.keys_url is None or settings.masters is None:
        yield UNSEALED
        return
    async with keys_at(str(settings.keys_url), settings.masters) as keys:
        yield Sealed(keys)
