"""The statements of one aggregate kind's state table, made once from its declared columns."""

from collections.abc import Sequence
from typing import Any

from backbone.model.aggregate import Aggregate

COMMON = ("id", "lane_key", "pathway_id", "version", "sequence", "status", "body", "updated_at")


class KindStatements:
    """The statements of one aggregate kind's state table."""

    def __init__(self, aggregate: Aggregate[Any]) -> None:
        kind = aggregate.kind
        self.kind = kind
        self.columns = (*COMMON, *aggregate.column)
        row = "id::text, version, sequence, lane_key::text, pathway_id::text, body"
        self.load = f"SELECT {row} FROM {kind} WHERE id = ANY($1::uuid[])"
        # The same, locked in order of id: as they are when nobody else has them any more.
        self.lock = f"{self.load} ORDER BY id FOR UPDATE"
        self.numbers = f"SELECT nextval('{kind}_number') FROM generate_series(1, $1)"
        self.update = self._update(aggregate)

    def _update(self, aggregate: Aggregate[Any]) -> str:
        """States that were loaded; a row with another version than the loaded one is left alone."""
        changing = ("version", "sequence", "status", "body", "updated_at", *aggregate.column)
        types = ("int", "int", "text", "jsonb", "timestamptz", *("text" for _ in aggregate.column))
        arrays = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(("uuid", "int", *types), 1))
        names = ", ".join(("id", "loaded_version", *changing))
        sets = ", ".join(f"{name} = new.{name}" for name in changing)
        return (
            f"UPDATE {self.kind} AS old SET {sets} FROM unnest({arrays}) AS new ({names}) "
            f"WHERE old.id = new.id AND old.version = new.loaded_version"
        )

    def select(self, names: Sequence[str]) -> str:
        """States that fit one of many selectors over the same columns."""
        arrays = ", ".join(f"${n}::text[]" for n in range(1, len(names) + 1))
        fits = " AND ".join(f"state.{name} = wanted.{name}" for name in names)
        return (
            "SELECT state.id::text, version, sequence, lane_key::text, pathway_id::text, body "
            f"FROM unnest({arrays}) AS wanted ({', '.join(names)}) JOIN {self.kind} AS state ON {fits}"
        )
