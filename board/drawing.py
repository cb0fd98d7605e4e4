"""What the pages share that the server draws: the answers behind them, the words, and the page around them.

A page asks the services with the person's own token (`app.state.ask`) and is drawn by `app.state.draw`, in the clinic's
time (`app.state.calendar`) and words (`app.state.words`).
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import Request
from fastapi.responses import Response

Ask = Callable[[Request, str, str], Awaitable[httpx.Response]]
"""The request of a person, a service, a path there: the service's answer. Raises httpx.HTTPError while it is away."""
Words = Mapping[str, Any]
AWAY = "The worklist does not answer now. Nothing was changed. Try again."
NONSENSE = "The worklist answered what can't be read. Nothing was changed. Try again."


async def asked(request: Request, path: str) -> tuple[Mapping[str, Any] | None, str]:
    """What the worklist says; else None and a sentence for the person."""
    ask: Ask = request.app.state.ask
    try:
        answer = await ask(request, "worklist", path)
        body = answer.json()
    except httpx.HTTPError:
        return None, AWAY
    except ValueError:
        return None, NONSENSE
    if not isinstance(body, dict):
        return None, NONSENSE
    if answer.is_success:
        return body, ""
    return None, str(body.get("detail") or NONSENSE)


def drawn(request: Request, template: str, status: int = 200, /, **values: Any) -> Response:
    draw: Callable[..., Response] = request.app.state.draw
    return draw(template, status, **values)


def words(request: Request) -> Words:
    found: Words = request.app.state.words
    return found


def at_clinic(request: Request, instant: str | datetime) -> datetime:
    """As the clinic's clocks show it."""
    moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    local: datetime = request.app.state.calendar.local(moment.astimezone(UTC))
    return local


def day_text(local: datetime) -> str:
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
