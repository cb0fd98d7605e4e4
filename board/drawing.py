"""What the pages share that the server draws: the answers behind them, the words, and the page around them.

A page asks the services with the person's own token (`app.state.ask`) and is drawn by `app.state.draw`, in the clinic's
time (`app.state.calendar`) and words (`app.state.words`).
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import httpx
import msgspec
from fastapi import Request
from fastapi.responses import Response

from backbone.http.problems import Problem

Ask = Callable[[Request, str, str], Awaitable[httpx.Response]]
"""The request of a person, a service, a path there: the service's answer. Raises Problem while it is away or slow."""
Words = Mapping[str, Any]
T = TypeVar("T")
AWAY = "The worklist does not answer now. Nothing was changed. Try again."
NONSENSE = "The worklist answered what can't be read. Nothing was changed. Try again."


class Refusal(msgspec.Struct):
    """A problem, as far as a person is told."""

    detail: str


async def asked(request: Request, path: str, form: type[T]) -> tuple[T | None, str]:
    """What the worklist says; else None and a sentence for the person."""
    ask: Ask = request.app.state.ask
    try:
        answer = await ask(request, "worklist", path)
        if answer.is_success:
            return msgspec.json.decode(answer.content, type=form), ""
        return None, msgspec.json.decode(answer.content, type=Refusal).detail
    except Problem:
        return None, AWAY
    except msgspec.MsgspecError:
        return None, NONSENSE


def drawn(request: Request, template: str, status: int = 200, /, **values: Any) -> Response:
    draw: Callable[..., Response] = request.app.state.draw
    return draw(template, status, **values)


def words(request: Request) -> Words:
    found: Words = request.app.state.words
    return found


def at_clinic(request: Request, instant: datetime) -> datetime:
    """As the clinic's clocks show it."""
    local: datetime = request.app.state.calendar.local(instant)
    return local


def day_text(local: date) -> str:
    return f"{local:%a} {local.day} {local:%b %Y}"


def lasting(seconds: float | None) -> str:
    """How long: `48 min`, `3.1 h`, `2.8 d`, `13 d`; nothing is a dash, never zero."""
    if seconds is None:
        return "–"
    for name, size in (("d", 86400), ("h", 3600)):
        if seconds >= size:
            number = seconds / size
            return f"{number:.1f} {name}" if round(number, 1) < 10 else f"{number:.0f} {name}"
    return f"{seconds / 60:.0f} min"
