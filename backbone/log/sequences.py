"""Counts missing sequence numbers, to alarm. Decisions never wait for a missing one: they go by what is known."""

from collections.abc import Mapping

from backbone.model.wire import sequence_number

LONGEST_SUBJECT = 36
KNOWN_AT_MOST = 100_000
"""Aggregates remembered for one partition; beyond it the memory begins anew."""


class Sequences:
    """The last number seen of each aggregate, by partition, since the partition was assigned."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], dict[str, int]] = {}

    def forget(self, topic: str, partition: int) -> None:
        """The partition is new to this process: what it saw before says nothing."""
        self._last.pop((topic, partition), None)

    def missing(self, topic: str, partition: int, headers: Mapping[str, str]) -> int:
        """How many numbers the aggregate skipped with this fact; 0 for what came before, or has no number."""
        subject = headers.get("ce_subject", "")
        try:
            sequence = sequence_number(headers.get("ce_sequence"))
        except ValueError:
            return 0
        if sequence is None or not 0 < len(subject) <= LONGEST_SUBJECT:
            return 0
        last = self._last.setdefault((topic, partition), {})
        if len(last) >= KNOWN_AT_MOST:
            last.clear()
        before = last.get(subject)
        last[subject] = max(sequence, before or 0)
        return max(0, sequence - before - 1) if before is not None else 0
