"""What every fact is, and the scalar types that contracts are made of, each with its form and its bounds (PRV-01).

Codes of our own are lists: `schemas/codes.py` and `schemas/<service>/v1/codes.py`.
"""

from typing import Annotated, Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.code_list import CAPITALS, LONGEST, RULE, WORDS
from schemas.written import Amount as Amount
from schemas.written import Day as Day
from schemas.written import Dec as Dec
from schemas.written import Instant as Instant

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
    Field(json_schema_extra={"format": "uuid"}),
]
"""A canonical lower-case UUID."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]
"""Any short token. For private facts and names of the runtime; no field of a contract is so wide."""

Word = Annotated[str, StringConstraints(pattern=f"^{WORDS}$", max_length=LONGEST)]
"""A code of the clinic's configuration or of the runtime: a category, a role, a kind of aggregate."""

AnyCode = Annotated[str, StringConstraints(pattern=f"^(?:{WORDS}|{CAPITALS}|{RULE})$", max_length=LONGEST)]
"""A code of some published list, or a rule."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=40)]
"""A name that a system has: the sender's, a location's, a payer's."""

SEGMENT = "(?:[a-z0-9]+|[A-Z0-9]+)"
Version = Annotated[str, StringConstraints(pattern=rf"^{SEGMENT}(?:[-_.]{SEGMENT})*$", max_length=40)]
"""Of an instrument, an algorithm, a factor set."""

SchemeName = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}(?:-[A-Z][A-Za-z]{1,7}){0,3}$")]
"""Of urgency: a country or a society, a region (`NZ-BoP`)."""

RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-[0-9]{2}$")]

RuleVersion = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_.-]{1,40}[0-9]{0,2}@[0-9]{1,6}$", max_length=LONGEST)
]
"""A rule and its version: `REF-02@1`."""

FactType = Annotated[
    str, StringConstraints(pattern=r"^[a-z_]{1,40}\.[a-z0-9_]{1,60}\.v[0-9]{1,3}$", max_length=LONGEST * 2)
]
"""`<service>.<fact>.v<version>`"""

CauseName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+){0,4}$", max_length=LONGEST * 2)
]
"""A fact's type, or what else makes things happen: `timer`, the topic of an intake."""

PLACE_FORM = r"^(?:[a-z][a-z0-9_-]*:)?[a-z][a-z0-9_-]*(?:[./][a-z0-9_-]+)+$"
Place = Annotated[str, StringConstraints(pattern=PLACE_FORM, max_length=200)]
"""Where something waits: `topic/partition/offset` of a record, `topic/key` of a row; before a colon, the service."""

ClinicalCode = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:[0-9]{1,18}|[A-Za-z]{0,4}-?[0-9][A-Za-z0-9]{0,6})(?:[.&/:-][A-Za-z0-9]{1,6}){0,8}$",
        max_length=LONGEST,
    ),
]
"""Of RxNorm, SNOMED CT, ICD, ATC, NDC or a formulary: a number, or few letters before it; ICD-11's clusters too."""

Loinc = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,7}-[0-9]$")]

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$")]
"""As BCP 47 writes it."""

AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Europe|Indian|Mexico|Pacific|US"
ZoneName = Annotated[
    str,
    StringConstraints(
        pattern=rf"^(?:(?:{AREAS})(?:/[A-Za-z0-9_+-]{{1,30}}){{1,2}}|(?:Etc/)?UTC)$", max_length=LONGEST
    ),
]
"""A place of the IANA time zone database. Only an intake looks whether it is there: `schemas/said.py`."""

Uri = Annotated[
    str,
    StringConstraints(pattern=r"^(?:urn:|https?://)[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]{1,190}$", max_length=200),
]
"""The address of a code system."""


def whole(least: int, most: int) -> Any:
    """A JSON number without a point, from the least to the most."""
    return Field(strict=True, ge=least, le=most)


YesNo = Annotated[bool, Field(strict=True)]
Count = Annotated[int, whole(0, 1_000_000)]
SupplyDays = Annotated[int, whole(1, 366)]
"""How many, or which: versions, days, sessions."""
Number = Annotated[int, whole(0, 10**12)]
"""What people call something, or seconds."""
Percent = Annotated[int, whole(0, 100)]
Level = Annotated[int, whole(-2, 2)]
"""Of goal attainment scaling."""


def most(number: int) -> Any:
    """A list of at most so many. Every list of a contract has one."""
    return Field(max_length=number)


FEW, SOME, MANY = most(20), most(60), most(200)


def sensitivity(tag: str) -> Any:
    """PRV-06: marks a field `phi`, `sud` or `psy`. Unmarked fields are `plain`."""
    return Field(json_schema_extra={"x-sensitivity": tag})


class Part(BaseModel):
    """A part of a fact. Unknown fields are ignored (EVT-05)."""

    model_config = ConfigDict(frozen=True, extra="ignore")


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
