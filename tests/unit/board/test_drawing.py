"""How long and which day, as people say it; what a person reads where a service refuses, is away or talks nonsense."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest

from backbone.http.problems import Problem
from board.drawing import AWAY, NONSENSE, asked, day_text, lasting


class Said(msgspec.Struct):
    number: int


async def said(answer: httpx.Response | Problem) -> tuple[Said | None, str]:
    async def ask(*_: Any) -> httpx.Response:
        if isinstance(answer, Problem):
            raise answer
        return answer

    request: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(ask=ask)))
    return await asked(request, "/queues", Said)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *[(None, "–"), (0, "0 min"), (29, "0 min"), (48 * 60, "48 min"), (3599, "60 min"), (3600, "1.0 h")],
        *[
            (9.94 * 3600, "9.9 h"),
            (9.96 * 3600, "10 h"),
            (86_399, "24 h"),
            (267_840, "3.1 d"),
            (13 * 86400, "13 d"),
        ],
    ],
)
def test_how_long_is_said_as_people_say_it(seconds: float | None, text: str) -> None:
    assert lasting(seconds) == text


def test_a_day_has_its_weekday_and_no_zero_before_it() -> None:
    assert day_text(date(2027, 1, 4)) == "Mon 4 Jan 2027"


async def test_an_answer_is_read() -> None:
    assert await said(httpx.Response(200, json={"number": 3})) == (Said(3), "")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (httpx.Response(403, json={"detail": "It is the queue of others."}), "It is the queue of others."),
        (httpx.Response(403, text="<html>No</html>"), NONSENSE),
        (httpx.Response(500, json={}), NONSENSE),
        (httpx.Response(200, json={"number": "three"}), NONSENSE),
        (httpx.Response(200, text=""), NONSENSE),
        (Problem(503, "service-away", "The worklist is away."), AWAY),
    ],
)
async def test_anything_else_is_a_sentence(answer: httpx.Response | Problem, text: str) -> None:
    assert await said(answer) == (None, text)
