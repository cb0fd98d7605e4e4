"""Asks every route of a service as every kind of caller, and compares with the service's table of who may.

After each answer the service's tables are put back; what was refused must have left them as they were, but for the
record of who asked. No answer, refusals included, has a field that its reader may not see by the table of rights.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, get_args

import httpx
from pydantic import BaseModel

from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from backbone.model import Route, Service
from backbone.store.memory import MemoryStore
from backbone.store.tables import Tables
from config.access import PURPOSES, AccessRights, Outsider
from config.loading import SHIPPED, load
from config.staff import CLINICIANS, Role
from tests.support.memory_system import MemorySystem
from tests.support.referral_http import by
from tests.support.submissions import PRACTICE, SPINE_CENTRE

ROLES: frozenset[str] = frozenset(get_args(Role))
STAFF = ROLES | {"staff without a role"}
DESK = frozenset({"care_coordinator", "intake_clerk", "receptionist", "registrar"})
READERS = CLINICIANS | DESK
"""Who reads dates, status and messages of patients without saying why; managers must say (PRV-14)."""
OUTSIDERS: Mapping[str, Outsider] = {
    "our practice": "referrer",
    "another practice": "referrer",
    "the patient": "patient",
    "another patient": "patient",
    "a partner": "partner",
}
OUTSIDE = frozenset(OUTSIDERS)
EVERYBODY = STAFF | OUTSIDE
"""All but who has no token: they are told so everywhere."""


class Row(NamedTuple):
    """Who may use a route. `hidden_from`: who is told that there is nothing; everybody else is told that they may not.

    `path` fills the route's path, `body` and `headers` are an example that a permitted caller could send.
    """

    may: frozenset[str]
    hidden_from: frozenset[str] = frozenset()
    path: Mapping[str, str] = {}
    body: Any = None
    headers: Mapping[str, str] = {}
    query: str = ""


class Running(Protocol):
    """Services in memory with their HTTP sides."""

    system: MemorySystem

    def http(self, service: str) -> httpx.AsyncClient: ...


class SilentStore(MemoryStore):
    """A store in memory in which every SQL query finds nothing: enough to see whether a caller gets that far."""

    @asynccontextmanager
    async def connection(self) -> Any:
        yield Nothing()


class Nothing:
    async def fetch(self, *_: Any) -> list[Any]:
        return []

    async def fetchrow(self, *_: Any) -> None:
        return None

    async def fetchval(self, *_: Any) -> None:
        return None


def callers(patient_id: str) -> Mapping[str, Principal | None]:
    """One of each kind. Nobody of them stands in the staff directory: a role is the token's alone."""
    outside = {
        "no token": None,
        "our practice": Principal("referrer", PRACTICE),
        "another practice": Principal("referrer", SPINE_CENTRE),
        "the patient": Principal("patient", patient_id),
        "another patient": Principal("patient", derive(ROOT, "another patient")),
        "a partner": Principal("partner", derive(ROOT, "a partner"), source_system="ehr-main-street"),
        "staff without a role": Principal("user", derive(ROOT, "staff")),
    }
    return outside | {role: Principal("user", derive(ROOT, role), (role,)) for role in sorted(ROLES)}


def expected(row: Row, caller: str) -> str:
    if caller == "no token":
        return "401"
    return "may" if caller in row.may else "404" if caller in row.hidden_from else "403"


def said(answer: httpx.Response) -> str:
    refused = answer.status_code in (401, 403, 404) or answer.status_code >= 500
    return str(answer.status_code) if refused else "may"


async def differences(
    clinic: Running,
    service: Service,
    rows: Mapping[str, Row],
    patient_id: str,
    more: Mapping[str, Principal] = MappingProxyType({}),
    routes: Sequence[Route] = (),
) -> list[str]:
    """What the service answers otherwise than its table says, and what a refusal left behind or gave away.

    `more`: kinds of callers that only this service tells apart. `routes`: others than its own.
    """
    asked = {route.handler.__name__: route for route in routes or service.routes}
    found = [f"no row for {name}" for name in sorted(asked.keys() - rows.keys())]
    found += [f"no route for {name}" for name in sorted(rows.keys() - asked.keys())]
    who = {**callers(patient_id), **more}
    for name in asked.keys() & rows.keys():
        for caller in () if asked[name].public else who:
            told = Asking(clinic, service, asked[name], rows[name], caller, who[caller])
            found += [f"{name}: {caller}: {each}" async for each in told.wrong()]
    return sorted(found)


class Asking(NamedTuple):
    """One route as one caller."""

    clinic: Running
    service: Service
    route: Route
    row: Row
    name: str
    caller: Principal | None

    async def ask(self, **headers: str) -> httpx.Response:
        path = self.route.path.replace(":path}", "}").format_map(self.row.path) + self.row.query
        said = {**self.row.headers, **(by(self.caller) if self.caller else {}), **headers}
        http = self.clinic.http(self.service.name)
        return await http.request(self.route.method, path, json=self.row.body, headers=said)

    async def wrong(self) -> AsyncIterator[str]:
        """What is otherwise than the table says; afterwards everything is as it was."""
        tables: Tables = self.clinic.system.workers[self.service.name].store.tables
        before = tables.copied()
        answer = await self.ask()
        if said(answer) != expected(self.row, self.name):
            yield f"{said(answer)} instead of {expected(self.row, self.name)}"
        if answer.status_code >= 400 and (left := changed(before, tables)):
            yield f"refused with {answer.status_code}, and left {left}"
        if shown := too_much(self.route, answer, beyond(self.name, self.service.name)):
            yield f"{answer.status_code} shows {', '.join(shown)}"
        if wrong := wrongly_recorded(self.route, answer, tables.access_record[len(before.access_record) :]):
            yield f"{answer.status_code}, and {wrong}"
        tables.restore(before)
        if self.route.method != "GET" and self.name not in self.row.may:
            stale = await self.ask(**{"if-match": f'"{NEVER}"'})
            if said(stale) != expected(self.row, self.name):
                yield f"{stale.status_code} where another version is named than the present one"
            tables.restore(before)


NEVER = 999_999
"""A version that nothing here has."""


def too_much(route: Route, answer: httpx.Response, hidden: frozenset[str]) -> list[str]:
    """Fields of the answer, refusals too, that this caller may never see."""
    return [] if route.handler.__name__ in WHO_SAID_IT else sorted(fields_in(answer) & hidden)


FOUND: Mapping[tuple[str, str], frozenset[str]] = {
    ("care_plan", "consultation"): frozenset({"diagnoses", "outcome", "outcome_detail", "checklist"}),
    ("care_plan", "plan"): frozenset({"goals", "high_risk", "baseline_level", "note"}),
    ("care_plan", "score"): frozenset({"score", "scores", "change_pct", "band"}),
    ("care_plan", "answers"): frozenset({"answers", "findings"}),
    ("care_plan", "medicines"): frozenset({"mme_per_day", "risk_factors"}),
    ("referral", "package"): frozenset({"advisories", "answers", "medications", "medication_flags"}),
    ("worklist", "work"): frozenset({"item", "item_type", "due_at", "claimed_by"}),
    ("worklist", "answers"): frozenset({"findings", "advisories", "medication_flags"}),
    ("worklist", "consultation"): frozenset({"diagnoses"}),
    ("worklist", "medicines"): frozenset({"mme_per_day", "risk_factors"}),
    ("notifications", "work"): frozenset({"severity", "subject_type", "called", "ack_due_at"}),
}
"""By service and kind of content: fields that say what was found, and stand in no answer to whoever may not read that
kind, whatever was asked (PRV-11 to PRV-16)."""


WHO_SAID_IT = frozenset({"answer_measures"})
"""Whoever asked the questions and types the answers in is told what they came to."""


@cache
def beyond(caller: str, service: str) -> frozenset[str]:
    """Fields that this kind of caller may never see."""
    hidden = [
        fields for (name, kind), fields in FOUND.items() if name == service and not may_read(caller, kind)
    ]
    return frozenset().union(*hidden)


def may_read(caller: str, kind: str) -> bool:
    """For whatever purpose; of outsiders, what is theirs."""
    rights = shipped_rights()
    if caller in OUTSIDERS:
        return rights.is_for(kind, OUTSIDERS[caller], None)
    return any(rights.purpose(kind, frozenset({caller}), each) for each in PURPOSES)


@cache
def shipped_rights() -> AccessRights:
    return load(SHIPPED, Shipped).access


class Shipped(BaseModel):
    access: AccessRights


def fields_in(answer: httpx.Response) -> frozenset[str]:
    """Every name in what was said, refusals included."""
    is_json = "json" in answer.headers.get("content-type", "")
    return names_in(answer.json()) if is_json else frozenset()


def names_in(node: Any) -> frozenset[str]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    own = frozenset(node) if isinstance(node, dict) else frozenset()
    return own.union(*map(names_in, inner))


def changed(before: Tables, after: Tables) -> Iterable[str]:
    """Tables that differ, beside those in which something may stay."""
    names = [name for name in Tables.__slots__ if name not in STAYS]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


STAYS: Mapping[str, str] = {
    "access_record": "who asked stays there, also when they were refused (PRV-23)",
    "access_chain": "the end of the chain of these records",
    "numbers": "a number that was drawn and not used is lost, as a sequence loses it",
}
"""Tables in which a refused request, or one that only reads, may leave something; why. No other table is one."""


def wrongly_recorded(route: Route, answer: httpx.Response, made: list[Any]) -> str | None:
    """What shows something of people has one record, as has its refusal; nothing else has any."""
    if route.reads is None or answer.status_code in (304, 401):
        return f"{len(made)} records of what is no read" if made else None
    if len(made) != 1 and answer.status_code != 404:
        return f"{len(made)} records"
    if made and made[0].access.refused != (answer.status_code >= 400):
        return "a record that says otherwise"
    return None


def at(row: Row, **path: str) -> Row:
    """The same row about other things."""
    return row._replace(path={**row.path, **path})
