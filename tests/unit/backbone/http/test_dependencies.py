"""What routes depend on runs where they run: a plain function is sent to a thread and back, for each request anew."""

from collections.abc import Iterator
from inspect import iscoroutinefunction

from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tests.support.applications import applications


def in_threads(app: FastAPI) -> list[str]:
    """Operations that have something done in a thread."""
    made = [each for each in app.routes if isinstance(each, APIRoute)]
    return [each.name for each in made if not all(map(in_the_loop, calls_of(each.dependant)))]


def in_the_loop(call: object) -> bool:
    return any(iscoroutinefunction(each) for each in (call, getattr(call, "__call__", None)))  # noqa: B004


def calls_of(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for each in dependant.dependencies:
        yield from calls_of(each)


def test_no_route_waits_for_a_thread_to_learn_what_it_depends_on() -> None:
    assert [name for app in applications().values() for name in in_threads(app)] == []


def test_a_plain_function_is_found() -> None:
    def plain() -> int:
        return 1

    async def show(number: int = Depends(plain)) -> int:
        return number

    app = FastAPI()
    app.get("/numbers")(show)
    assert in_threads(app) == ["show"]
