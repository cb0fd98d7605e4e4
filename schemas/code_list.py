"""Published lists of codes: lists that grow without a new version of any contract.

A closed list is a `Literal`: whoever reads it must have an answer for each value, so a new value is a new contract.
Here stand the others, and the three ways in which a field carries their codes:

    Annotated[str, TEMPLATE]             in a fact: made with a code of the list only, read with any code of its form
    Annotated[str, TEMPLATE.passed_on]   in a fact whose maker learned the code from another service's fact
    Annotated[str, TEMPLATE.only]        at the door: of the list, or refused

The form has no room for prose: one word, or words joined by `_`. JSON Schema shows it as `pattern`, the list as
`x-codes`.
"""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

LONGEST = 64
WORDS = "[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
CAPITALS = "[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*"
RULE = "[A-Z]{2,4}-[0-9]{2}"
WORDS_OR_RULE = f"(?:{WORDS}|{RULE})"
"""Forms: what a code may look like, now and ever."""


class CodeList:
    """`also`: the form of codes that others define (a numbered concept of SNOMED CT), taken beside the list."""

    def __init__(self, name: str, codes: str, form: str = WORDS, also: str | None = None) -> None:
        self.name = name
        self.codes = tuple(codes.split())
        self.also = also and f"^{also}$"
        self.pattern = f"^(?:{form}|{also})$" if also else f"^{form}$"
        if wrong := [code for code in self.codes if not re.fullmatch(self.pattern, code)]:
            raise ValueError(f"{name}: not of the list's form: {wrong}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    @property
    def only(self) -> "Only":
        return Only(self)

    @property
    def passed_on(self) -> "PassedOn":
        return PassedOn(self)

    def formed(self) -> CoreSchema:
        return core_schema.str_schema(pattern=self.pattern, max_length=LONGEST, strict=True)

    def listed(self) -> CoreSchema:
        """Of the list, or of the form that others define."""
        if self.also is None:
            return core_schema.literal_schema(list(self.codes))
        return core_schema.no_info_after_validator_function(self.known, self.formed())

    def known(self, code: str) -> str:
        if code in self.codes or re.fullmatch(str(self.also), code):
            return code
        raise PydanticKnownError("literal_error", {"expected": f"a code of {self.name} or like {self.also}"})

    def shown(self) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": self.pattern,
            "maxLength": LONGEST,
            "x-code-list": self.name,
            "x-codes": list(self.codes),
        }

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """JSON is read, Python values are what a fact is made of."""
        return core_schema.json_or_python_schema(self.formed(), self.listed())

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.shown()


class PassedOn:
    """Any code of the list's form."""

    def __init__(self, of: CodeList) -> None:
        self.of = of

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return self.of.formed()

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.of.shown()


class Only:
    """A code of the list and nothing else: what a sender may say is what this version knows."""

    def __init__(self, of: CodeList) -> None:
        self.of = of

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return self.of.listed()

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        listed = {"type": "string", "enum": list(self.of.codes), "x-code-list": self.of.name}
        if self.of.also is None:
            return listed
        return {"anyOf": [listed, {"type": "string", "pattern": self.of.also, "maxLength": LONGEST}]}
