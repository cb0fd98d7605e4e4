"""A ledger of what a relay sent. Shares nothing with it: it reads the topic as an integrator would."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple


class Seen(NamedTuple):
    """Row `number`, from 1, where a reader of committed records found it."""

    number: int
    partition: int
    offset: int


def seen(records: Iterable[Any]) -> list[Seen]:
    """A row's value begins with its number."""
    return [Seen(int(record.value.split()[0]), record.partition, record.offset) for record in records]


def problems(found: Sequence[Seen], rows: int, batch: int) -> list[str]:
    """What is wrong with these records of `rows` rows that were sent in order, `batch` in a transaction.

    A transaction leaves its marker behind its records in every partition, and an aborted one its records. So the
    records of a batch stand side by side in their partition, or it became visible in parts.
    """
    counts = Counter(each.number for each in found)
    said = [f"{number} is lost" for number in range(1, rows + 1) if not counts[number]]
    said += [f"{number} is there {count} times" for number, count in counts.items() if count > 1]
    said += [f"{number} was never sent" for number in counts if not 1 <= number <= rows]
    places: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for each in found:
        places[(each.number - 1) // batch, each.partition].append(each.offset)
    said += [
        f"batch {number} is torn in partition {partition}"
        for (number, partition), offsets in places.items()
        if max(offsets) - min(offsets) != len(offsets) - 1
    ]
    by_partition: defaultdict[int, list[Seen]] = defaultdict(list)
    for each in sorted(found, key=lambda one: one.offset):
        by_partition[each.partition].append(each)
    return said + [
        f"{after.number} stands behind {before.number}, which is later"
        for group in by_partition.values()
        for before, after in pairwise(group)
        if after.number < before.number
    ]
