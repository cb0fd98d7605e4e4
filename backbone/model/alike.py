"""Things that repeat each other's fields: a private fact its command, a state its fact. Copied by name, once."""

from functools import cache
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


def like(cls: type[T], source: Any, **more: Any) -> T:
    """A `cls` with what `source` has under the same names, and `more`."""
    return cls(**{name: getattr(source, name) for name in shared(cls, type(source))} | more)  # type: ignore[arg-type]


def updated(state: S, fact: Any, **more: Any) -> S:
    """The state with what the fact has under the same names, and `more`."""
    said = {name: getattr(fact, name) for name in shared(type(state), type(fact))}  # type: ignore[arg-type]
    return msgspec.structs.replace(state, **said | more)


@cache  # (its stub takes classes for unhashable)
def shared(one: Any, other: Any) -> tuple[str, ...]:
    theirs = set(names(other))
    return tuple(name for name in names(one) if name in theirs)


def names(cls: type) -> tuple[str, ...]:
    """Fields of a state, command or fact; the type of a fact is none."""
    if issubclass(cls, BaseModel):
        return tuple(name for name in cls.model_fields if name != "type")
    return tuple(cls.__struct_fields__)  # type: ignore[attr-defined]
