"""The front door as a process: the only address that a browser needs. It keeps no state."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

import httpx
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from backbone.clock import WallClock, epoch_seconds
from backbone.errors import Fatal, UnusableSettings
from backbone.http import problems
from backbone.http.correlation import Correlation
from backbone.http.doors import open_to
from backbone.http.headers import Secured
from backbone.http.identity import identity_of
from backbone.http.limits import BodyLimit
from backbone.http.problems import Problem, invalid_fields
from backbone.telemetry import configure_logging, log
from backbone.told import read
from board import printing, sign_in, waits
from board.assets import read_asset, read_assets
from board.documents import documents
from board.lists import lists
from board.pages import Pages, begins_elsewhere
from board.passed import METHODS, read_passed
from board.passing import Passing, ask, client, pass_on
from board.presence import Presence
from board.provider import Provider
from board.sealing import Seal
from board.security import policy_at, signed_in
from board.sessions import Ends, Sessions
from board.settings import BoardSettings
from config.errors import ConfigurationError
from schemas.topics import QUEUES


def build(settings: BoardSettings, now: Callable[[], int] = epoch_seconds) -> FastAPI:
    """The application. `now` is wall time in epoch seconds. Raises ConfigurationError."""
    app = FastAPI(title="Huddle: board", openapi_url=None, redirect_slashes=False)
    app.state.settings, app.state.assets = settings, read_assets()
    ends = Ends(settings.session_idle_minutes * 60, settings.session_hours * 3600)
    sessions = Sessions(Seal(settings.secrets, "session"), ends, now, encrypted=settings.is_encrypted)
    provider = Provider(settings, identity_of(settings), settings.oidc_context)
    names = tuple(settings.services)
    passing = Passing(client(settings.services_context), settings.services, read_passed(names), sessions)
    clock = clinic_time(settings, passing.client)
    pages = Pages(settings.config_dir, names, settings.environment, app.state.assets, clock, settings.secrets)
    app.state.passing, app.state.pages, app.state.provider = passing, pages, provider
    app.state.ask, app.state.draw = ask, pages.drawn
    app.state.calendar, app.state.words = pages.calendar, pages.words
    problems.install(app)
    app.add_exception_handler(HTTPException, as_page)
    app.add_exception_handler(Problem, as_page)
    app.add_exception_handler(RequestValidationError, not_valid)
    app.add_exception_handler(SignedOut, to_sign_in)
    app.state.signing_in = sign_in.SigningIn(
        provider, sessions, Seal(settings.secrets, "sign-in"), pages, settings.board_url
    )
    routes(app, documents(), lists(settings.config_dir, clock, pages.calendar.zone))
    app.add_middleware(BodyLimit)
    app.add_middleware(Presence, sessions=sessions, provider=provider, encrypted=settings.is_encrypted)
    app.add_middleware(Correlation)
    app.add_middleware(Secured, policy=lambda _: policy_at(provider), encrypted=settings.is_encrypted)
    return app


def routes(app: FastAPI, *more: APIRouter) -> None:
    """Probes, session, files, what is passed on, and the live pages, which are all one."""
    app.add_api_route("/healthz", alive)
    app.add_api_route("/readyz", ready)
    app.add_api_route("/", home, include_in_schema=False)
    app.add_api_route("/board/session", session)
    app.add_api_route("/board/static/{version}/{path:path}", read_asset)
    app.add_api_route("/api/{rest:path}", pass_on, methods=list(METHODS))
    app.add_api_route("/board/sign-in", sign_in.sign_in)
    app.add_api_route("/board/sign-in/callback", sign_in.come_back)
    app.add_api_route("/board/sign-out", sign_in.ask_to_sign_out)
    app.add_api_route("/board/sign-out", sign_in.sign_out, methods=["POST"])
    app.add_api_route("/board", live)
    for router in more:
        app.include_router(router, dependencies=[Depends(signed_in)])
    signed = [Depends(somebody)]
    app.include_router(waits.ROUTER, dependencies=signed)
    app.include_router(printing.ROUTER, dependencies=signed)
    app.add_api_route("/board/patients/{patient}", live)
    app.add_api_route("/board/day", live)
    app.add_api_route("/board/{queue}", live)
    app.add_api_route("/board/{queue}/{item}", live)


async def alive() -> Response:
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """Services that are away do not make the front door useless; a provider that was never seen does."""
    try:
        await request.app.state.provider.metadata()
    except Problem as problem:
        return JSONResponse({"problems": [str(problem)]}, 503)
    return JSONResponse({"problems": []})


async def home() -> Response:
    return RedirectResponse("/board", 303)


async def session(request: Request) -> Response:
    """Who is signed in. Asking says that somebody is there."""
    return JSONResponse(await request.app.state.pages.session(signed_in(request)))


async def live(request: Request, queue: str | None = None) -> Response:
    """The frame, for whoever is signed in; others sign in first and come back. The past of a queue (`at`) is no live
    page."""
    if queue is not None and queue not in QUEUES:
        raise HTTPException(404)
    somebody(request)
    if queue is not None and (at := request.query_params.get("at")):
        return RedirectResponse(str(httpx.URL(f"/board/{queue}/print", params={"at": at})), 303)
    pages: Pages = request.app.state.pages
    return await pages.frame(request.state.session)


class SignedOut(Exception):
    """A page was asked for by nobody whom we know."""


def somebody(request: Request) -> None:
    """Raises SignedOut."""
    if request.state.session is None:
        raise SignedOut


async def to_sign_in(request: Request, error: Exception) -> Response:
    """They sign in first and come back."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if begins_elsewhere(request):
        pages: Pages = request.app.state.pages
        return pages.hop(sign_in.own_path(here))
    return RedirectResponse(str(httpx.URL("/board/sign-in", params={"next": here})), 303)


async def not_valid(request: Request, error: Exception) -> Response:
    """An address of ours with what can't be in it."""
    assert isinstance(error, RequestValidationError)
    fields = invalid_fields(error.errors())
    problem = Problem(422, "invalid-request", "What is asked for can't be read.", errors=fields)
    return await as_page(request, problem)


async def as_page(request: Request, error: Exception) -> Response:
    """What went wrong, for a person where a page was asked for, else as a problem."""
    wants_page = "text/html" in request.headers.get("accept", "") and request.url.path.startswith("/board")
    if not wants_page:
        return await (problems.problem if isinstance(error, Problem) else problems.http)(request, error)
    pages: Pages = request.app.state.pages
    if isinstance(error, Problem):
        what = {404: "missing", 503: "away"}.get(error.status, "failed")
        return pages.told(error.status, what, str(error))
    assert isinstance(error, HTTPException)
    return pages.told(
        error.status_code, "missing" if error.status_code == 404 else "failed", str(error.detail)
    )


def clinic_time(settings: BoardSettings, http: httpx.AsyncClient) -> Callable[[], Awaitable[datetime]]:
    """What time it is in the clinic: the wall's, or where the simulated clock stands (development only)."""

    async def wall() -> datetime:
        return WallClock().now()

    async def simulated() -> datetime:
        try:
            answer = await http.get(f"{settings.services['worklist']}/development/clock", timeout=2)
            return datetime.fromisoformat(answer.raise_for_status().json()["now"])
        except (httpx.HTTPError, ValueError, KeyError):
            return WallClock().now()

    return simulated if settings.clock == "simulated" else wall


async def run(settings: BoardSettings) -> None:
    """Until SIGTERM or SIGINT. Raises Fatal, ConfigurationError."""
    app = build(settings)
    serving = asyncio.ensure_future(open_to(app, settings))
    for sent in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sent, serving.cancel)
    log.info("started")
    with suppress(asyncio.CancelledError):
        await serving
    await app.state.passing.client.aclose()


def main() -> None:
    """Ends the process: 0 when told to stop, else a code and one sentence."""
    try:
        settings = read(BoardSettings)
        configure_logging(settings.log_level, "board")
        asyncio.run(run(settings))
    except (Fatal, ConfigurationError) as error:
        sys.stderr.write(f"board: {error}\n")
        sys.exit(getattr(error, "exit_code", UnusableSettings.exit_code))
