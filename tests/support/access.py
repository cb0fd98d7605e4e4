"""Asks every route of a service as every kind of caller, and compares with the service's table of who may.

After each answer the service's tables are put back; what was refused must have left them as they were, but for the
record of who asked.
"""

from collections.abc import Iterable, Mapping
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
from config.access import PURPOSES, AccessRights
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
OUTSIDE = frozenset({"our practice", "another practice", "the patient", "another patient", "a partner"})
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
        "a partner": Principal("partner", derive(ROOT, "a partner")),
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
) -> list[str]:
    """What the service answers otherwise than its table says, and what a refusal left behind.

    `more`: kinds of callers that only this service tells apart.
    """
    names = {route.handler.__name__ for route in service.routes}
    found = [f"no row for {name}" for name in sorted(names - rows.keys())]
    found += [f"no route for {name}" for name in sorted(rows.keys() - names)]
    for route in service.routes:
        if row := rows.get(route.handler.__name__):
            who = {**callers(patient_id), **more}
            found += [each async for each in ask_all(clinic, service, route, row, who)]
    return found


async def ask_all(
    clinic: Running, service: Service, route: Route, row: Row, who: Mapping[str, Principal | None]
) -> Any:
    tables: Tables = clinic.system.workers[service.name].store.tables
    path = route.path.format_map(row.path) + row.query
    for name, caller in who.items():
        before = tables.copied()
        headers = {**row.headers, **(by(caller) if caller else {})}
        answer = await clinic.http(service.name).request(route.method, path, json=row.body, headers=headers)
        if route.public:
            continue
        if said(answer) != expected(row, name):
            yield f"{route.handler.__name__}: {name}: {said(answer)} instead of {expected(row, name)}"
        if answer.status_code >= 400 and (left := changed(before, tables)):
            yield f"{route.handler.__name__}: {name}: refused with {answer.status_code}, and left {left}"
        handler = route.handler.__name__
        if handler not in WHO_SAID_IT and (shown := sorted(fields_in(answer) & beyond(name, service.name))):
            yield f"{route.handler.__name__}: {name}: is shown {', '.join(shown)}"
        if wrong := wrongly_recorded(route, answer, tables.access_record[len(before.access_record) :]):
            yield f"{route.handler.__name__}: {name}: {answer.status_code}, and {wrong}"
        tables.restore(before)


FOUND: Mapping[tuple[str, str], frozenset[str]] = {
    ("care_plan", "consultation"): frozenset({"diagnoses", "outcome", "outcome_detail", "checklist"}),
    ("care_plan", "plan"): frozenset({"goals", "high_risk", "baseline_level", "note"}),
    ("care_plan", "score"): frozenset({"score", "scores", "change_pct", "band"}),
    ("care_plan", "answers"): frozenset({"answers", "findings"}),
    ("care_plan", "medicines"): frozenset({"mme_per_day", "risk_factors"}),
}
"""By service and kind of content: fields that say what was found, and stand in no answer to whoever may not read that
kind, whatever was asked (PRV-11 to PRV-16)."""


WHO_SAID_IT = frozenset({"answer_measures"})
"""Whoever asked the questions and types the answers in is told what they came to."""


def beyond(caller: str, service: str) -> frozenset[str]:
    """Fields that this kind of caller may never see."""
    if caller not in ROLES:
        return frozenset()
    rights, role = shipped_rights(), frozenset({caller})
    hidden = [
        fields
        for (name, kind), fields in FOUND.items()
        if name == service and not any(rights.purpose(kind, role, each) for each in PURPOSES)
    ]
    return frozenset().union(*hidden)


@cache
def shipped_rights() -> AccessRights:
    return load(SHIPPED, Shipped).access


class Shipped(BaseModel):
    access: AccessRights


def fields_in(answer: httpx.Response) -> frozenset[str]:
    """Every name in what was shown."""
    is_json = answer.status_code < 300 and "json" in answer.headers.get("content-type", "")
    return names_in(answer.json()) if is_json else frozenset()


def names_in(node: Any) -> frozenset[str]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    own = frozenset(node) if isinstance(node, dict) else frozenset()
    return own.union(*map(names_in, inner))


def changed(before: Tables, after: Tables) -> Iterable[str]:
    """Tables that differ. Numbers that were drawn and not used are lost, as a sequence loses them."""
    names = [name for name in Tables.__slots__ if name not in ("numbers", *RECORDS)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


TELLS_WHO_READ_IT = frozenset({"recall_letter"})
"""What was shown to somebody for whom it was not is recorded as a disclosure to them."""

RECORDS = ("access_record", "access_chain")
"""Who asked stays there, also when they were refused (PRV-23)."""


def wrongly_recorded(route: Route, answer: httpx.Response, made: list[Any]) -> str | None:
    """What shows something of people has one record, as has its refusal; nothing else has any."""
    if route.handler.__name__ in TELLS_WHO_READ_IT and answer.is_success:
        return None if len(made) == 1 else f"{len(made)} records of who was shown it"
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
