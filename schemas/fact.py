"""What every fact is, and the few scalar types that facts are made of (PRV-01)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
    Field(json_schema_extra={"format": "uuid"}),
]
"""A canonical lower-case UUID."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]
"""A code of an outside code system, where the list can't be closed here (drug, body site, diagnosis)."""


Uri = Annotated[str, StringConstraints(pattern=r"^(urn:|https?://)[^\s]{1,196}$")]
"""The address of a code system."""


def in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


Instant = Annotated[
    AwareDatetime,
    AfterValidator(in_utc),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An aware instant, kept in UTC, written as RFC 3339 with Z."""

Day = date
"""A clinic-local calendar date."""

Dec = Annotated[
    Decimal,
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+([.][0-9]+)?$"}),
]
"""An exact decimal, written as a string."""


def sensitivity(tag: str) -> Any:
    """PRV-06: marks a field `phi`, `sud` or `psy`. Unmarked fields are `plain`."""
    return Field(json_schema_extra={"x-sensitivity": tag})


class Fact(BaseModel):
    """Something that happened. No names, no free text; unknown fields are ignored (EVT-05)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    wire_type: ClassVar[str] = ""
    aggregate: ClassVar[str] = ""
    public: ClassVar[bool] = True

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        field = cls.model_fields.get("type")
        if field is not None:
            [cls.wire_type] = get_args(field.annotation)


class PrivateFact(Fact):
    """A step that nobody outside needs: in the journal only, not counted in `sequence`."""

    public: ClassVar[bool] = False
