"""Whether what a file states is of the kind that a field wants: a number, a yes or no, a word. TOML tells them apart,
and nobody means one who writes the other."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

NUMBERS = frozenset({int, float, Decimal})
NO_WORDS = frozenset({int, float, bool, NoneType})


def mistaken(wanted: Any, stated: Any) -> str | None:
    """What is wrong, if something is; of entries of lists and tables too."""
    if isinstance(stated, list | dict):
        entry = entries_of(wanted, isinstance(stated, dict))
        values = stated.values() if isinstance(stated, dict) else stated
        found = (mistaken(entry, each) for each in values) if entry is not None else iter(())
        return next(filter(None, found), None)
    kinds = all_kinds_of(wanted)
    if Any in kinds:
        return None
    if isinstance(stated, bool):
        return None if bool in kinds else "true and false mean nothing here"
    if isinstance(stated, int | float):
        return None if kinds & NUMBERS else "a number means nothing here"
    if isinstance(stated, str) and kinds <= NO_WORDS:
        return "is written without quotes"
    return None


@cache
def all_kinds_of(wanted: Any) -> frozenset[Any]:
    """Asked for every value that is read."""
    return frozenset(kinds_of(wanted))


def kinds_of(wanted: Any) -> Iterator[Any]:
    """The kinds of a single value that the field takes; of a literal, those of its values."""
    origin = get_origin(wanted)
    if origin in (Union, UnionType):
        for each in get_args(wanted):
            yield from kinds_of(each)
    elif origin is Annotated:
        yield from kinds_of(get_args(wanted)[0])
    elif origin is Literal:
        yield from map(type, get_args(wanted))
    else:
        yield origin or wanted


@cache
def entries_of(wanted: Any, mapping: bool) -> Any:
    """What the field wants of each entry of a list, or of a table. None where that is a model's own question."""
    origin, args = get_origin(wanted), get_args(wanted)
    if origin in (Union, UnionType):
        return next((found for each in args if (found := entries_of(each, mapping)) is not None), None)
    if origin is Annotated:
        return entries_of(args[0], mapping)
    if not args or isinstance(origin, type) is False or issubclass(origin, Mapping) != mapping:
        return None
    return args[1] if mapping else args[0]
