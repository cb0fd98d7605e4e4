"""Lists that forms offer: who works here, categories of urgency, items of checklists and questionnaires; and codes of
diagnoses and drugs, of which there are too many to show: they are searched.

From the clinic's own configuration, as it applies on the day; an entry is a code with its words.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from board.documents import known_again
from config.loading import parsed
from config.versions import effective
from schemas.care_plan.v1.codes import LOOKED_FOR

Entries = list[dict[str, Any]]
File = Mapping[str, Any]


def in_words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def coded(codes: list[str]) -> Entries:
    return [{"code": code, "words": in_words(code)} for code in codes]


def staff(read: Callable[[str], File]) -> Entries:
    members = sorted(read("staff")["members"], key=lambda each: str(each["name"]))
    return [
        {"code": each["id"], "words": f"{each['name']}, {in_words(each['roles'][0])}"} for each in members
    ]


def categories(read: Callable[[str], File]) -> Entries:
    """Of the scheme that the clinic chose, the most urgent first."""
    clinic, schemes = read("clinic"), read("urgency")["schemes"]
    scheme = schemes[clinic["urgency_scheme"]]["values"]
    return [{"code": each["code"], "words": each["name"]} for each in scheme["categories"]]


def locations(read: Callable[[str], File]) -> Entries:
    return [{"code": each["code"], "words": each["name"]} for each in read("clinic")["locations"]]


def consultation_checklist(read: Callable[[str], File]) -> Entries:
    return coded(read("care_plan")["checklist"]["values"]["items"])


def discharge_checklist(read: Callable[[str], File]) -> Entries:
    """What a person has to say; letter and measures are looked for."""
    items = read("care_plan")["discharge"]["values"]["items"]
    return coded([item for item in items if item not in LOOKED_FOR])


def instruments(read: Callable[[str], File]) -> Entries:
    """With how many items each has, and from where to where an answer goes."""
    found = {name: each["values"] for name, each in read("measures")["instruments"].items()}
    shown = ("items", "lowest", "highest")
    return [
        {"code": name, "words": name.upper().replace("_", " "), **{each: values[each] for each in shown}}
        for name, values in found.items()
    ]


LISTS: Mapping[str, Callable[[Callable[[str], File]], Entries]] = {
    "staff": staff,
    "categories": categories,
    "locations": locations,
    "consultation_checklist": consultation_checklist,
    "discharge_checklist": discharge_checklist,
    "quorum_roles": lambda read: coded(read("care_plan")["quorum"]["values"]["roles"]),
    "instruments": instruments,
}

FOUND_AT_MOST = 20
BETWEEN_WORDS = re.compile(r"[\s,()/-]+")


def diagnoses(read: Callable[[str], File]) -> Iterator[dict[str, Any]]:
    for system, codes in read("diagnoses")["systems"].items():
        for code, meaning in codes.items():
            yield {"code": code, "words": f"{meaning}, {code}", "beside": {"system": system}}


def drugs(read: Callable[[str], File]) -> Iterator[dict[str, Any]]:
    """Ingredients, then products with how they are taken."""
    table = read("drugs")["table"]["values"]
    for name, drug in table["drugs"].items():
        for route, listed in (("", drug.get("codes", {})), *drug.get("products", {}).items()):
            for system, codes in listed.items():
                for code in codes:
                    words = ", ".join(filter(None, (in_words(name), route, code)))
                    yield {"code": code, "words": words, "beside": {"code_system": table["systems"][system]}}


CODES: Mapping[str, Callable[[Callable[[str], File]], Iterator[dict[str, Any]]]] = {
    "diagnoses": diagnoses,
    "drugs": drugs,
}
"""`beside`: what the code says of the fields beside it."""


def fits(entry: Mapping[str, Any], typed: str) -> bool:
    """Whether each word that was typed begins one of the entry's."""
    words = BETWEEN_WORDS.split(entry["words"].lower())
    return all(any(word.startswith(each) for word in words) for each in BETWEEN_WORDS.split(typed.lower()))


class Lists:
    """`now`: what time it is in the clinic."""

    def __init__(self, config_dir: Path, now: Callable[[], Awaitable[datetime]], zone: ZoneInfo) -> None:
        self._now, self._zone = now, zone
        names = ("staff", "clinic", "urgency", "care_plan", "measures", "diagnoses", "drugs")
        self._files = {name: parsed((config_dir / f"{name}.toml").read_text("utf-8")) for name in names}

    async def entries(self, name: str) -> Entries:
        """As they apply on the day. Raises KeyError for a list that there is not."""
        return LISTS[name](await self._applying())

    async def found(self, name: str, typed: str) -> Entries:
        """The first that fit. Raises KeyError for codes that there are not."""
        fitting = (each for each in CODES[name](await self._applying()) if fits(each, typed))
        return list(islice(fitting, FOUND_AT_MOST))

    async def _applying(self) -> Callable[[str], File]:
        today = (await self._now()).astimezone(self._zone).date()
        return lambda file: effective(self._files[file], today)

    async def read(self, request: Request, name: str) -> Response:
        """Raises Problem 404."""
        content = json.dumps({"entries": await self.entries(name)}).encode() if name in LISTS else None
        return known_again(request, content)

    async def search(
        self, request: Request, name: str, find: Annotated[str, Query(max_length=80)] = ""
    ) -> Response:
        """Raises Problem 404."""
        content = json.dumps({"entries": await self.found(name, find)}).encode() if name in CODES else None
        return known_again(request, content)


def lists(config_dir: Path, now: Callable[[], Awaitable[datetime]], zone: ZoneInfo) -> APIRouter:
    """For whoever is signed in: the application says how."""
    router = APIRouter()
    lists = Lists(config_dir, now, zone)
    router.add_api_route("/board/lists/{name}.json", lists.read, methods=["GET"])
    router.add_api_route("/board/codes/{name}.json", lists.search, methods=["GET"])
    return router
