"""What a page should show at a place in the changes: the queue folded from the journal of its items.

Journal rows carry the number of the transaction that wrote them, as places in the changes do. A page may be told a row
as it stood a little later than its place (ADR 6); never as it stood before, and never as it never stood.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import asyncpg

from backbone.engine.verify import fold
from board.words import words
from cli.people import members
from schemas.queue import QueueItem
from services.worklist.item.aggregate import ITEM, row_of
from services.worklist.item.states import Open
from services.worklist.queue.documents import row_document
from tests.support.desk import shipped_rules
from tests.support.seen import Seen, Shown

JOURNAL = """
-- The facts of each item in order, with the transactions that wrote them.
SELECT aggregate_id::text AS id, array_agg(xmin::text::bigint ORDER BY version) AS transactions, array_agg(ROW(
           version, sequence, fact_id::text, type, lane_key::text, pathway_id::text, occurred_at, recorded_at,
           correlation_id::text, causation_id::text, actor_kind, actor_id, actor_role, rules, traceparent, data
       ) ORDER BY version) AS facts
  FROM journal WHERE aggregate_kind = 'item' GROUP BY aggregate_id
"""
ESCALATED = ("", "escalated", "escalated_twice")


class Moment(NamedTuple):
    """What `me` saw of a queue. No transaction of `horizon` or above had committed; `nows` are what the clinic's clock
    may have said as the rows were drawn."""

    queue: str
    me: str
    seen: Seen
    horizon: int
    nows: Sequence[datetime]


class Expected(NamedTuple):
    shown: Shown
    order: list[Any]


class Item:
    """One item's history."""

    def __init__(self, item_id: str, transactions: Sequence[int], facts: Sequence[Any]) -> None:
        self.id = item_id
        self._transactions = transactions
        self._facts = facts
        self._rows: dict[int, QueueItem | None] = {}

    def states(self, place: int, horizon: int) -> Iterator[QueueItem | None]:
        """As it stood at the place, then as it stood later below the horizon."""
        base = sum(each <= place for each in self._transactions)
        last = sum(each < horizon for each in self._transactions)
        yield from (self._row(number) for number in range(base, max(base, last) + 1))

    def _row(self, number: int) -> QueueItem | None:
        """After so many facts; None where it stands in no queue."""
        if number not in self._rows:
            state, *_ = fold(ITEM, self.id, list(self._facts[:number]))
            self._rows[number] = row_of(state) if isinstance(state, Open) else None
        return self._rows[number]


async def items_of(database: str) -> list[Item]:
    connection = await asyncpg.connect(database)
    try:
        return [Item(*row) for row in await connection.fetch(JOURNAL)]
    finally:
        await connection.close()


def differences(moment: Moment, items: Sequence[Item]) -> tuple[list[str], int]:
    """What is not as the journal has it, at the likeliest time; and how many rows are ahead of the place."""
    return min((at_time(moment, items, now) for now in moment.nows), key=lambda found: len(found[0]))


def at_time(moment: Moment, items: Sequence[Item], now: datetime) -> tuple[list[str], int]:
    shown = {row.id: row for row in moment.seen.rows}
    problems = [f"{each.title} {each.id} of no journal" for each in shown.values() if not has(items, each.id)]
    problems += ["a row twice"] * (len(moment.seen.rows) - len(shown))
    ahead, orders = 0, dict[str, list[Any]]()
    for item in items:
        states = [expected(row, moment, now) for row in item.states(moment.seen.cursor.xid, moment.horizon)]
        looks = [each and each.shown for each in states]
        if shown.get(item.id) not in looks:
            problems.append(f"shown {shown.get(item.id)}, should be {looks}")
            continue
        which = looks.index(shown.get(item.id))
        ahead += which > 0
        if (found := states[which]) is not None:
            orders[item.id] = found.order
    return problems + misplaced(moment.seen.rows, orders), ahead


def has(items: Sequence[Item], item_id: str) -> bool:
    return any(item.id == item_id for item in items)


def expected(row: QueueItem | None, moment: Moment, now: datetime) -> Expected | None:
    """None where it does not stand in the queue."""
    if row is None or row.queue != moment.queue:
        return None
    document = row_document(row, now, shipped_rules())
    section = section_of(document, moment.me)
    waits = section not in ("yours", "others", "hold")
    said = words()["sentences"].get(ESCALATED[min(row.level, 2)], "") if waits else ""
    if section == "others":
        said = names()[str(row.claimed_by)]
    title = words()["titles"][row.item_type]
    return Expected(Shown(row.item_id, section, title, said), document["order"])


def section_of(document: Mapping[str, Any], me: str) -> str:
    if document.get("resume_on"):
        return "hold"
    if document["status"] == "waiting":
        return str(document["group"])
    return "yours" if document["claimed_by"] == me else "others"


def misplaced(rows: Sequence[Shown], orders: Mapping[str, list[Any]]) -> list[str]:
    """Sections whose rows don't stand in their order."""
    found = []
    for section in dict.fromkeys(row.section for row in rows):
        ids = [row.id for row in rows if row.section == section and row.id in orders]
        if ids != sorted(ids, key=lambda each: orders[each]):
            found.append(f"{section} stands as {ids}")
    return found


@cache
def names() -> Mapping[str, str]:
    return {member.id: member.name for member in members()}
