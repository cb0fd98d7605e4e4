"""Results of rules that nobody has verified are marked wherever they are shown. What a fact was made by it names itself
(`rules` of the journal), so the mark follows from there and is written nowhere by hand."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from backbone.engine.wanted import Key
from backbone.model.head import Event
from backbone.model.marks import Parts, values_in
from backbone.model.snapshot import Unverified
from backbone.store.rows import RuledFact
from config.rules import WHOLE


def marks(unverified: Parts, facts: Iterable[RuledFact]) -> Mapping[Key, tuple[Unverified, ...]]:
    """By aggregate. Of each type of fact the latest counts; of rules of which only some parts are unverified, those
    facts that say such a part. `facts` are in the order in which their aggregates wrote them."""
    found: dict[Key, dict[tuple[str, str], tuple[Unverified, ...]]] = {}
    for fact in facts:
        said = values_in(msgspec.json.decode(fact.data))
        for name in fact.rules.split(","):
            parts = unverified.get(name, ())
            whole = (Unverified(name),) if WHOLE in parts else ()
            of = found.setdefault(fact[:2], {})
            for part in said.intersection(parts):
                of[f"{fact.type} {part}", name] = (Unverified(name, part),)
            of[fact.type, name.partition("@")[0]] = whole
    return {
        each: tuple(sorted({mark for made in of.values() for mark in made}, key=str))
        for each, of in found.items()
    }


def ruled_fact(event: Event[Any]) -> RuledFact:
    head = event.head
    return RuledFact(
        head.aggregate_type,
        head.aggregate_id,
        head.type,
        ",".join(head.rules),
        event.fact.model_dump_json().encode(),
    )
