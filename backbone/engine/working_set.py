"""The states that a run works on: loaded, changed in memory, found by selector as they stand, undone by group."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from backbone.engine.wanted import Key, Selector, Wanted
from backbone.model.aggregate import Aggregate, nowhere
from backbone.model.person import PERSON, walk


class Standing(NamedTuple):
    """How an aggregate stands: its state, how many facts it has, and where it belongs."""

    state: Any
    version: int
    sequence: int
    lane_key: str | None
    pathway_id: str | None


class Entry:
    """One aggregate in a run: as it was loaded, and as it stands."""

    __slots__ = (
        "aggregate",
        "id",
        "lane_key",
        "loaded",
        "loaded_version",
        "pathway_id",
        "sequence",
        "state",
        "version",
    )

    def __init__(self, aggregate: Aggregate[Any], aggregate_id: str, loaded: Standing) -> None:
        self.aggregate = aggregate
        self.id = aggregate_id
        self.stand(loaded)
        self.loaded, self.loaded_version = self.state, self.version

    def stand(self, standing: tuple[Any, int, int, str | None, str | None]) -> None:
        self.state, self.version, self.sequence, self.lane_key, self.pathway_id = standing

    def standing(self) -> tuple[Any, int, int, str | None, str | None]:
        """As in Standing."""
        return self.state, self.version, self.sequence, self.lane_key, self.pathway_id


class Index:
    """Ids by the values of some columns of one kind."""

    def __init__(self, aggregate: Aggregate[Any], names: Sequence[str]) -> None:
        self._columns = [aggregate.column[name] for name in names]
        self._ids: dict[tuple[str | None, ...], dict[str, None]] = {}

    def ids(self, values: tuple[str, ...]) -> Iterable[str]:
        return self._ids.get(values, ())

    def move(self, aggregate_id: str, before: Any, after: Any) -> None:
        """From where the one state is found to where the other is; None stands for not born."""
        old = None if before is None else tuple([column(before) for column in self._columns])
        new = None if after is None else tuple([column(after) for column in self._columns])
        if old == new:
            return
        if old is not None:
            self._ids.get(old, {}).pop(aggregate_id, None)
        if new is not None:
            self._ids.setdefault(new, {})[aggregate_id] = None


class WorkingSet:
    """Entries by (kind, id), indexed by the columns that selectors name.

    What was not loaded is taken for not there, so that the fold can go on, and stands in `missed`: the fold holds if
    that proves to be so.
    """

    def __init__(
        self,
        kinds: Mapping[str, Aggregate[Any]],
        numbers: Mapping[str, Sequence[int]],
        taken: Mapping[Key, int],
    ) -> None:
        """`taken`: numbers of facts that were told of what is not there."""
        self.kinds = kinds
        self._taken = taken
        self.entries: dict[Key, Entry] = {}
        self.missed = Wanted()
        self.numbers_used: dict[str, int] = {}
        self._numbers = numbers
        self._selectors: dict[Selector, tuple[Index, tuple[str, ...]]] = {}
        self._indices: dict[str, dict[tuple[str, ...], Index]] = {}
        self._undo: list[tuple[Entry, tuple[Any, int, int, str | None, str | None]]] = []

    def watch(self, selectors: Iterable[Selector]) -> None:
        """Everything that fits these selectors is among the entries, or will be before anybody asks."""
        for selector in selectors:
            kind, columns = selector
            names = tuple([name for name, _ in columns])
            indices = self._indices.setdefault(kind, {})
            if names not in indices:
                indices[names] = self._index(kind, names)
            self._selectors[selector] = indices[names], tuple([value for _, value in columns])

    def _index(self, kind: str, names: Sequence[str]) -> Index:
        index = Index(self.kinds[kind], names)
        for entry in self.entries.values():
            if entry.aggregate.kind == kind and entry.version:
                index.move(entry.id, None, entry.state)
        return index

    def add(self, kind: str, aggregate_id: str, loaded: Standing | None) -> Entry:
        aggregate = self.kinds[kind]
        unborn = Standing(aggregate.initial, 0, self._taken.get((kind, aggregate_id), 0), None, None)
        entry = self.entries[kind, aggregate_id] = Entry(aggregate, aggregate_id, loaded or unborn)
        if entry.version:
            self._reindex(entry, None, entry.state)
        return entry

    def entry(self, kind: str, aggregate_id: str) -> Entry:
        found = self.entries.get((kind, aggregate_id))
        if found is None:
            self.missed.states[kind, aggregate_id] = None
            found = self.add(kind, aggregate_id, None)
        return found

    def matching(self, selector: Selector) -> Sequence[str]:
        """Ids of the aggregates that fit the selector as they stand now, sorted."""
        if selector not in self._selectors:
            self.missed.selectors[selector] = None
            self.watch([selector])
        index, values = self._selectors[selector]
        return sorted(index.ids(values))

    def leads_to(self, kind: str, aggregate_id: str) -> str:
        """The id itself, or that of what it stands for now."""
        follow = self.kinds[kind].leads_to
        return (
            aggregate_id
            if follow is nowhere
            else follow(self.entry(kind, aggregate_id).state) or aggregate_id
        )

    def of_every_record(self, needs: Iterable[Key]) -> Iterable[Key]:
        """What is needed; what holds for a person, of each record that is the same person's."""
        for kind, needed in needs:
            aggregate = self.kinds[kind]
            if not aggregate.of_person:
                yield kind, needed
                continue
            yield from ((kind, aggregate.of_record(each)) for each in self.records(needed))

    def records(self, lane_key: str) -> list[str]:
        """All that are this person's, this one first."""
        return walk(lane_key, lambda each: self.entry(PERSON.kind, each).state.others)

    def next_number(self, kind: str) -> int:
        """For the next birth of a numbered kind. Raises IndexError when there are more births than were foreseen."""
        return self._numbers[kind][self.numbers_used.get(kind, 0)]

    def put(self, entry: Entry, state: Any, sequence: int) -> None:
        """A fact changed the entry."""
        self._undo.append((entry, entry.standing()))
        if not entry.version and entry.aggregate.numbered:
            self._use_number(entry, 1)
        self._reindex(entry, entry.state if entry.version else None, state)
        entry.state = state
        entry.version += 1
        entry.sequence = sequence

    def mark(self) -> int:
        return len(self._undo)

    def touched_since(self, mark: int) -> list[Entry]:
        """Entries changed since the mark, in order of first change."""
        return list({id(entry): entry for entry, _ in self._undo[mark:]}.values())

    def undo(self, mark: int) -> None:
        """Back to the mark; what selectors have seen is taken back too."""
        while len(self._undo) > mark:
            entry, before = self._undo.pop()
            after = entry.state
            entry.stand(before)
            self._reindex(entry, after, entry.state if entry.version else None)
            if not entry.version and entry.aggregate.numbered:
                self._use_number(entry, -1)

    def changed(self) -> list[Entry]:
        """Entries that are not as they were loaded, in order of first change."""
        return [entry for entry in self.touched_since(0) if entry.version != entry.loaded_version]

    def _use_number(self, entry: Entry, count: int) -> None:
        kind = entry.aggregate.kind
        self.numbers_used[kind] = self.numbers_used.get(kind, 0) + count

    def _reindex(self, entry: Entry, before: Any, after: Any) -> None:
        for index in self._indices.get(entry.aggregate.kind, {}).values():
            index.move(entry.id, before, after)
