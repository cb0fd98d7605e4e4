"""The states that a run works on: loaded, changed in memory, found by selector as they stand, undone by group."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backbone.model.aggregate import Aggregate
from backbone.model.column import AllOf
from backbone.store.rows import Row

Key = tuple[str, str]
"""(kind, aggregate id)"""


class Entry:
    """One aggregate in a run: as it was loaded, and as it stands."""

    __slots__ = (
        "aggregate",
        "id",
        "lane_key",
        "loaded",
        "loaded_version",
        "number",
        "pathway_id",
        "sequence",
        "state",
        "version",
    )

    def __init__(
        self, aggregate: Aggregate[Any], aggregate_id: str, row: Row | None, number: int | None
    ) -> None:
        self.aggregate = aggregate
        self.id = aggregate_id
        self.number = number
        if row is None:
            self.state = self.loaded = aggregate.initial
            self.version = self.sequence = self.loaded_version = 0
            self.lane_key: str | None = None
            self.pathway_id: str | None = None
        else:
            self.state = self.loaded = aggregate.state_decoder.decode(row.body)
            self.version = self.loaded_version = row.version
            self.sequence = row.sequence
            self.lane_key = row.lane_key
            self.pathway_id = row.pathway_id

    def saved(self) -> tuple[Any, int, int, str | None, str | None]:
        return self.state, self.version, self.sequence, self.lane_key, self.pathway_id


class NotLoaded(Exception):
    """The fold met something that was not foreseen; it is loaded and the fold starts again."""

    def __init__(
        self, *, states: Iterable[Key] = (), selectors: Iterable[Key] = (), contents: Iterable[str] = ()
    ) -> None:
        super().__init__("not loaded")
        self.states = tuple(states)
        self.selectors: tuple[Any, ...] = tuple(selectors)
        self.contents = tuple(contents)


class WorkingSet:
    """Entries by (kind, id), indexed by the columns that this run's selectors name."""

    def __init__(self, kinds: Mapping[str, Aggregate[Any]]) -> None:
        self.kinds = kinds
        self.entries: dict[Key, Entry] = {}
        self._signatures: dict[str, list[tuple[str, ...]]] = {}
        self._index: dict[tuple[str, tuple[str, ...], tuple[str | None, ...]], dict[str, None]] = {}
        self._undo: list[tuple[Entry, tuple[Any, int, int, str | None, str | None]]] = []

    def watch(self, selectors: Iterable[tuple[str, AllOf]]) -> None:
        """Index these signatures. Before any entry is added."""
        for kind, selector in selectors:
            names = tuple(name for name, _ in selector.columns)
            known = self._signatures.setdefault(kind, [])
            if names not in known:
                known.append(names)

    def add(self, kind: str, aggregate_id: str, row: Row | None, number: int | None = None) -> None:
        entry = Entry(self.kinds[kind], aggregate_id, row, number)
        self.entries[kind, aggregate_id] = entry
        if entry.version:
            self._reindex(entry, None, entry.state)

    def entry(self, kind: str, aggregate_id: str) -> Entry:
        """Raises NotLoaded when the run did not foresee it."""
        try:
            return self.entries[kind, aggregate_id]
        except KeyError:
            raise NotLoaded(states=[(kind, aggregate_id)]) from None

    def matching(self, kind: str, selector: AllOf) -> Sequence[str]:
        """Ids of the aggregates that fit the selector as they stand now, sorted."""
        names = tuple(name for name, _ in selector.columns)
        values = tuple(value for _, value in selector.columns)
        return sorted(self._index.get((kind, names, values), ()))

    def put(self, entry: Entry, state: Any) -> None:
        """A fact changed the entry."""
        self._undo.append((entry, entry.saved()))
        before = entry.state if entry.version else None
        entry.state = state
        self._reindex(entry, before, state)

    def mark(self) -> int:
        return len(self._undo)

    def touched_since(self, mark: int) -> list[Entry]:
        """Entries changed since the mark, in order of first change."""
        return list({id(entry): entry for entry, _ in self._undo[mark:]}.values())

    def undo(self, mark: int) -> None:
        """Back to the mark; what selectors have seen is taken back too."""
        while len(self._undo) > mark:
            entry, (state, version, sequence, lane_key, pathway_id) = self._undo.pop()
            self._reindex(entry, entry.state, state if version else None)
            entry.state, entry.version, entry.sequence = state, version, sequence
            entry.lane_key, entry.pathway_id = lane_key, pathway_id

    def changed(self) -> list[Entry]:
        """Entries that are not as they were loaded, in order of first change."""
        return [entry for entry in self.touched_since(0) if entry.version != entry.loaded_version]

    def _reindex(self, entry: Entry, before: Any, after: Any) -> None:
        signatures = self._signatures.get(entry.aggregate.kind)
        if not signatures:
            return
        columns = entry.aggregate.column
        for names in signatures:
            if before is not None:
                old = tuple(columns[name](before) for name in names)
                self._index.get((entry.aggregate.kind, names, old), {}).pop(entry.id, None)
            if after is not None:
                new = tuple(columns[name](after) for name in names)
                self._index.setdefault((entry.aggregate.kind, names, new), {})[entry.id] = None
