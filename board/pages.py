"""The pages that the front door draws itself: the frame of all live pages, hops, sign-out, and what went wrong."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backbone.http.identity import Principal
from board.assets import Assets
from board.drafts import draft_keys
from board.sessions import Session
from board.words import words
from config.access import AccessRights
from config.calendar import WEEKDAYS, BusinessCalendar
from config.clinic import Clinic
from config.diagnoses import Diagnoses
from config.drugs import Drugs
from config.loading import load
from config.rules import Values
from config.staff import StaffDirectory
from schemas.topics import QUEUES
from schemas.work import table

FOLDER = Path(__file__).parent
Now = Callable[[], Awaitable[datetime]]


class ClinicFiles(Values):
    """The files of the configuration that the frame and the lists of forms tell of."""

    clinic: Clinic
    calendar: BusinessCalendar
    staff: StaffDirectory
    access: AccessRights
    diagnoses: Diagnoses
    drugs: Drugs


def begins_elsewhere(request: Request) -> bool:
    """Another site sent the browser here, so it did not show its Strict cookies."""
    return request.headers.get("sec-fetch-site") == "cross-site"


def staff_of(caller: Principal) -> Mapping[str, Any]:
    return {"id": caller.id, "name": caller.name, "roles": caller.roles, "disciplines": caller.disciplines}


class Pages:
    """Jinja's templates with what does not change while the process runs."""

    def __init__(
        self,
        config_dir: Path,
        services: tuple[str, ...],
        environment: str,
        assets: Assets,
        now: Now,
        secrets: Sequence[str],
    ) -> None:
        files = load(config_dir, ClinicFiles)
        self._assets = assets
        self._now = now
        self._secrets = secrets
        self._said: Mapping[str, Any] = {
            "clinic": {"name": files.clinic.name, "time_zone": str(files.calendar.time_zone)},
            "services": services,
            "queues": QUEUES,
            "calendar": {
                "closed_weekdays": [day for day in WEEKDAYS if day not in files.calendar.opening],
                "holidays": [
                    {"on": each.on.isoformat(), "name": each.name} for each in files.calendar.holidays
                ],
            },
            "environment": environment,
        }
        self.words, self.calendar, self._work = words(), files.calendar, table()
        self._files = files
        self._people = {member.id: member.name for member in files.staff.members}
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._templates.globals |= {
            "clinic": files.clinic.name,
            "queues": QUEUES,
            "static": f"/board/static/{assets.hash}",
        }

    async def session(self, session: Session) -> Mapping[str, Any]:
        """What a page may know of who is signed in, and when it is."""
        now = await self._now()
        told = {
            "staff": staff_of(session.staff),
            "must_say": self._files.access.must_say(self.roles_of(session.staff)),
            "csrf": session.proof,
            "draft_keys": draft_keys(self._secrets, session.staff.id),
            "now": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "assets": self._assets.hash,
        }
        return {**told, **self._said}

    def roles_of(self, caller: Principal) -> frozenset[str]:
        """By token and by directory, as the services see it."""
        return frozenset(caller.roles) | self._files.staff.roles_of(caller.id)

    async def frame(self, session: Session) -> Response:
        """One for all live pages; the client's router picks the view."""
        known = {"people": self._people, "words": self.words, "work": self._work}
        block = {**await self.session(session), **known}
        return self.drawn("frame.html", block=in_script(block))

    def hop(self, to: str) -> Response:
        """On to a page of ours, from a page of ours."""
        return self.drawn("hop.html", to=to)

    def signing_out(self, session: Session | None) -> Response:
        return self.drawn("sign_out.html", session=session)

    def told(self, status: int, what: str, detail: str = "", next: str = "/board") -> Response:  # noqa: A002
        """A page that says what is not possible, and what is."""
        return self.drawn("told.html", status, what=what, detail=detail, next=next)

    def drawn(self, template: str, status: int = 200, /, **values: Any) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(**values), status)


def in_script(value: Any) -> str:
    """JSON that can stand inside a script element: nothing in it ends the element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
