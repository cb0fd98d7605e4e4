"""Values that are text on the wire and something else in Python: one form each, for schema and code alike."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")


class Written(Generic[T]):
    """Metadata of a field: text of this `pattern`, `read` into a value of `kind`, which `kept` may refuse (ValueError)
    or bring into its one form. Whatever is wrong, the answer is the sentence `wanted`. `native`: pydantic reads, bounds
    and writes it by itself.
    """

    def __init__(
        self,
        kind: type[T],
        pattern: str,
        read: Callable[[str], T],
        kept: Callable[[T], T],
        write: Callable[[T], str],
        wanted: str,
        native: CoreSchema | None = None,
        **shown: Any,
    ) -> None:
        self.kind, self.pattern, self.read, self.kept, self.write = kind, pattern, read, kept, write
        self.wanted, self.native, self.shown = wanted, native, shown

    def from_text(self, text: str) -> T:
        return self.kept(self.read(text))

    def from_value(self, value: Any, read: Callable[[Any], T]) -> T:
        return self.kept(value) if type(value) is self.kind else read(value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.chain_schema(
            [
                core_schema.str_schema(pattern=self.pattern, strict=True),
                self.native or core_schema.no_info_plain_validator_function(self.from_text),
            ]
        )
        value = core_schema.no_info_wrap_validator_function(self.from_value, text)
        written = core_schema.plain_serializer_function_ser_schema(
            self.write, return_schema=core_schema.str_schema(), when_used="json"
        )
        return core_schema.custom_error_schema(
            core_schema.json_or_python_schema(text, value),
            self.kind.__name__,
            custom_error_message=self.wanted,
            serialization=None if self.native else written,
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": self.pattern} | self.shown


YEAR, MONTH, DAY = "(?:19|20|21)[0-9]{2}", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
FIRST, END = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def in_utc(moment: datetime) -> datetime:
    """Raises ValueError for one without offset, and for one before or after the years of a contract."""
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            raise ValueError
        moment = moment.astimezone(UTC)
    if not FIRST <= moment < END:
        raise ValueError
    return moment


def of_our_time(day: date) -> date:
    """Raises ValueError."""
    if not FIRST.date() <= day < END.date():
        raise ValueError
    return day


def rfc3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


Instant = Annotated[
    datetime,
    Written(
        datetime,
        f"^{YEAR}-{MONTH}-{DAY}T{CLOCK}:[0-5][0-9](?:[.][0-9]{{1,6}})?(?:Z|[+-]{CLOCK})$",
        datetime.fromisoformat,
        in_utc,
        rfc3339,
        "Should be an instant with its offset, as 2027-01-04T14:00:00Z, from 1900 to 2199",
        format="date-time",
    ),
]
"""An aware instant, kept in UTC, written as RFC 3339 with Z."""

Day = Annotated[
    date,
    Written(
        date,
        f"^{YEAR}-{MONTH}-{DAY}$",
        date.fromisoformat,
        of_our_time,
        date.isoformat,
        "Should be a whole day, as 2027-01-18, from 1900 to 2199: a year or a month alone is not enough",
        native=core_schema.date_schema(ge=FIRST.date(), lt=END.date()),
        format="date",
    ),
]
"""A clinic-local calendar date."""


def decimal(whole: int, places: int, sign: str = "-?") -> Written[Decimal]:
    """Digits and at most one point: no exponent, no spaces, no other way to write the same number."""

    def kept(value: Decimal) -> Decimal:
        if not value.is_finite() or abs(value) >= 10**whole or (value < 0 and not sign):
            raise ValueError
        if int(value.as_tuple().exponent) < -places:
            raise ValueError
        return value

    return Written(
        Decimal,
        f"^{sign}(?:0|[1-9][0-9]{{0,{whole - 1}}})(?:[.][0-9]{{1,{places}}})?$",
        Decimal,
        kept,
        "{:f}".format,
        f"Should be a decimal in a string, as 7.25: at most {whole} digits before the point and {places} after it",
    )


Dec = Annotated[Decimal, decimal(12, 6)]
"""An exact decimal, written as a string."""

Amount = Annotated[Decimal, decimal(6, 6, sign="")]
"""Of a drug: how much of it, how many times a day."""
