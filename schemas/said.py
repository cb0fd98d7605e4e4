"""What people and their systems write: names, addresses, narrative. It stands in requests and contents, never in facts.

No control characters, and not only spaces. Lengths are those of the longest honest value, with room.
"""

from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from schemas.fact import ZoneName

NO_CONTROL, NO_BREAK = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", r"[^\x00-\x1f\x7f]"


def line(longest: int) -> Any:
    """One line."""
    return StringConstraints(
        pattern=rf"^{NO_BREAK}*[^\s\x00-\x1f\x7f]{NO_BREAK}*$", max_length=longest, strip_whitespace=True
    )


def text(longest: int) -> Any:
    """Lines of text."""
    return StringConstraints(
        pattern=rf"^{NO_CONTROL}*[^\s\x00-\x1f\x7f]{NO_CONTROL}*$", max_length=longest, strip_whitespace=True
    )


Name = Annotated[str, line(200)]
FullName = Annotated[str, line(401)]
"""Given and family names."""
Phone = Annotated[str, line(40)]
Email = Annotated[str, line(254)]
PostalAddress = Annotated[str, text(500)]
Sentences = Annotated[str, text(2000)]
"""A goal, a task: in somebody's own words."""
Answer = Annotated[str, text(4000)]
"""To one item of a checklist."""
Text = Annotated[str, text(8000)]
LongText = Annotated[str, text(20_000)]
"""A letter, a consultation's note."""
SystemUri = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$", max_length=200)]
"""Of an identifier: whatever its issuer calls itself, without spaces."""


def each_once(field: str | None = None) -> Any:
    """No two members of a list are the same; or name the same in this field."""

    def check(members: tuple[Any, ...]) -> tuple[Any, ...]:
        named = [getattr(each, field) if field else each for each in members]
        if any(each in named[:place] for place, each in enumerate(named)):
            raise PydanticCustomError("twice", "Should name each {what} once", {"what": field or "of them"})
        return members

    return AfterValidator(check)


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def known_zone(name: str) -> str:
    if name not in zones():
        raise PydanticCustomError(
            "time_zone", "Should be a place of the IANA time zone database, as Europe/Berlin"
        )
    return name


TimeZone = Annotated[
    ZoneName, AfterValidator(known_zone), Field(json_schema_extra={"format": "iana-time-zone"})
]
"""Checked where it comes in. A fact carries the name: other services may know another edition of the database."""
