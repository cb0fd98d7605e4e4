"""How long properties are explored: briefly in `make check`, as written in `make test`, at length in `make explore`."""

from collections.abc import Iterable
from typing import TypeVar

from hypothesis import settings

T = TypeVar("T")

SCALE = {"check": 0.1, "explore": 10.0}
FEWEST = 6


def register() -> None:
    """A slow machine is no failure. A check says the same every time."""
    settings.register_profile("test", deadline=None)
    settings.register_profile("check", deadline=None, derandomize=True, max_examples=15)
    settings.register_profile("drawn", deadline=None, derandomize=True)
    settings.register_profile("explore", deadline=None, max_examples=1_000)


def some(things: Iterable[T]) -> list[T]:
    """All of them; in a check every fourth, where each takes long by itself."""
    return list(things)[:: 4 if settings.get_current_profile_name() == "check" else 1]


def explored(examples: int, steps: int = 50) -> settings:
    """So many examples of so many steps where a test runs as written."""
    scaled = examples * SCALE.get(settings.get_current_profile_name(), 1.0)
    return settings(max_examples=max(FEWEST, int(scaled)), stateful_step_count=steps)
