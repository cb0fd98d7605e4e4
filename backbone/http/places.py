"""Cursors that say where a page ended, for lists that are not in order of id: if one moves, none is left out."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Annotated, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from fastapi import Query

from backbone.http.problems import cursor_malformed

T = TypeVar("T")
Place = tuple[str, ...]
"""What the list is sorted by, the id last."""


def write_place(place: Sequence[str]) -> str:
    return urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def read_place(cursor: str, length: int) -> Place:
    """Raises Problem 400 for what is no cursor of ours."""
    try:
        place = msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=Place)
        if len(place) == length and all(each.isprintable() for each in place):
            return (*place[:-1], str(UUID(place[-1])))
    except (Error, ValueError, msgspec.MsgspecError):
        pass
    raise cursor_malformed()


class Paging(NamedTuple):
    """So many, behind this place."""

    limit: int
    after: Place | None


def behind(
    found: Iterable[T], place_of: Callable[[T], Place], after: Place | None, *, falling: bool = False
) -> list[T]:
    """What was read whole, sorted by its place, from behind the one where the page before ended."""
    placed = sorted(((place_of(each), each) for each in found), key=itemgetter(0), reverse=falling)
    return [each for place, each in placed if after is None or (place < after if falling else place > after)]


class Pages:
    """A page of a list whose places have so many parts."""

    def __init__(self, length: int) -> None:
        self._length = length

    async def __call__(
        self,
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
        cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
    ) -> Paging:
        return Paging(limit, read_place(cursor, self._length) if cursor else None)


class After:
    """The place behind which to go on, of so many parts."""

    def __init__(self, length: int) -> None:
        self._length = length

    async def __call__(
        self,
        cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
    ) -> Place | None:
        return read_place(cursor, self._length) if cursor else None
