"""The pages that the front door draws, in an application of nothing else: the worklist behind them answers as told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import board
from board import printing, waits
from tests.support.desk import shipped_rules

TEMPLATES = Path(board.__file__).parent / "templates"
QUEUES = {
    "coordination": "Coordination",
    "nursing": "Nursing",
    "medical": "Medical",
    "physiotherapy": "Physiotherapy",
    "occupational_therapy": "Occupational therapy",
    "psychology": "Psychology",
    "pharmacy": "Pharmacy",
    "social_work": "Social work",
    "management": "Management",
}
WORDS: Mapping[str, Any] = {
    "queues": QUEUES,
    "categories": {"cat_1": "Category 1", "cat_2": "Category 2", "cat_3": "Category 3"},
    "titles": {"REF_TRIAGE": "Triage referral", "RED_FLAG": "Red flag", "BOOK_VISIT": "Book visit"},
    "states": {"waiting": "waiting", "claimed": "claimed", "on_hold": "on hold"},
    "groups": {
        "safety": "Safety",
        "act_first": "Act first",
        "overdue": "Overdue",
        "today": "Today",
        "later": "Later",
        "hold": "On hold",
    },
}


class Worklist:
    """What it answers, by path without the question; paths that it does not know are 404. `asked`: whole paths."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []

    async def ask(self, request: Request, service: str, path: str) -> httpx.Response:
        assert service == "worklist"
        self.asked.append(path)
        found = self.answers.get(path) or self.answers.get(path.partition("?")[0])
        if isinstance(found, Exception):
            raise found
        if isinstance(found, httpx.Response):
            return found
        return (
            httpx.Response(200, json=found)
            if found
            else httpx.Response(404, json={"detail": "no such thing"})
        )


def pages(worklist: Worklist, static: str = "/board/static/x") -> FastAPI:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    templates.globals |= {"clinic": "Harbor Street Pain Clinic", "static": static}

    def draw(template: str, status: int = 200, /, **values: Any) -> Response:
        return HTMLResponse(templates.get_template(template).render(**values), status)

    app = FastAPI(openapi_url=None)
    app.state.ask, app.state.draw = worklist.ask, draw
    app.state.calendar, app.state.words = shipped_rules().calendar, WORDS
    app.include_router(waits.ROUTER)
    app.include_router(printing.ROUTER)
    return app


def browser(worklist: Worklist) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(pages(worklist)), base_url="http://board")


DAY = 86400


def waited(count: int, median: float | None, nine: float | None, longest: float | None) -> Mapping[str, Any]:
    """Days; as the worklist tells them."""
    seconds = {
        name: None if days is None else round(days * DAY)
        for name, days in (("median_s", median), ("nine_of_ten_s", nine), ("longest_s", longest))
    }
    return {"count": count, **seconds, "mean_s": seconds["median_s"], "small_sample": count < 6}


def report(
    queue: str, waiting: Mapping[str, Any], done: Mapping[str, Any], both: float | None
) -> Mapping[str, Any]:
    return {
        "queue": queue,
        "at": "2027-01-14T15:42:00Z",
        "since": "2026-12-15",
        "until": "2027-01-15",
        "urgencies": ["cat_1", "cat_2", "cat_3"],
        "waiting": waiting,
        "completed": done,
        "combined": waited(waiting["count"] + done["count"], both, both, both),
        "combined_is": "lower bound",
        "cancelled": 0,
    }


IN_THE_PICTURE: Mapping[str, tuple[Any, Any, float]] = {
    "coordination": ((46, 3.1, 11, 21), (188, 1.4, 5.2, 12), 1.9),
    "nursing": ((31, 2.8, 6.1, 13), (96, 1.9, 4.8, 9), 2.2),
    "medical": ((38, 5.5, 13, 17), (121, 3.8, 9.5, 16), 4.2),
    "physiotherapy": ((14, 1.6, 3.2, 4), (61, 1.1, 2.4, 5), 1.2),
    "occupational_therapy": ((9, 2.4, 5.1, 6), (22, 1.8, 3.9, 5), 2.0),
    "psychology": ((12, 2.2, 4.3, 5), (34, 2.6, 6.4, 9), 2.5),
    "pharmacy": ((11, 1.2, 2.6, 3), (57, 0.8, 1.9, 3), 0.9),
    "social_work": ((0, None, None, None), (4, 1.5, 2.9, 3), 1.5),
    "management": ((4, 1.0, 1.9, 2), (9, 1.3, 2.2, 3), 1.2),
}


def clinic_in_the_picture() -> Worklist:
    """Nine queues as the picture of the page has them."""
    answers: dict[str, Any] = {
        f"/queues/{queue}/waits": report(queue, waited(*waiting), waited(*done), both)
        for queue, (waiting, done, both) in IN_THE_PICTURE.items()
    }
    counted = [
        {
            "queue": queue,
            "waiting": said[0][0],
            "safety": int(queue == "psychology"),
            "yours": queue == "nursing",
        }
        for queue, said in IN_THE_PICTURE.items()
    ]
    return Worklist({**answers, "/queues": {"queues": counted}})


def a_row(number: int, group: str, **fields: Any) -> Mapping[str, Any]:
    return {
        "item_id": f"item-{number}",
        "number": number,
        "item_type": "REF_TRIAGE",
        "status": "waiting",
        "level": 0,
        "due_at": "2027-01-14T22:00:00Z",
        "waiting_since": "2027-01-12T15:42:00Z",
        "overdue": group == "overdue",
        "group": group,
        "patient_id": "a-patient",
        **fields,
    }


def a_page(rows: list[Mapping[str, Any]], following: str | None = None) -> Mapping[str, Any]:
    return {"queue": "nursing", "at": "2027-01-14T15:42:00Z", "items": rows, "next": following}
