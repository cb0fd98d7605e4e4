"""What a caller may ask of a service at all, before there is anything to ask it of: read from the deciders themselves.

What may be done with a thing as it stands, its own `…/actions` say.
"""

from collections.abc import Iterator

from fastapi.responses import Response
from msgspec.structs import replace
from pydantic import BaseModel

from backbone.engine.generic import kinds_of
from backbone.http.access import Running
from backbone.http.identity import Caller, Principal
from backbone.http.resources import WHO, Action, ActionDocument, reading
from backbone.http.routes import get
from backbone.model.aggregate import tag_of
from backbone.model.rights import Group, Staffed, deciders_of, permits
from backbone.model.service import Route
from backbone.model.table import Table


class Askable(BaseModel):
    actions: list[ActionDocument]


async def list_actions(caller: Caller, running: Running) -> Response:
    """What people may ask of this service. Not `allowed`: to the one who asks it never is, whatever it is about; the
    lists say who may. Where that follows from the thing alone, it is allowed here, and its own actions say more."""
    kinds = kinds_of(running.service).values()
    return reading(
        {"actions": [each for kind in kinds for each in askable(kind.decide, caller, running.rules)]}
    )


def askable(table: Table, caller: Principal, rules: Staffed) -> Iterator[Action]:
    """The commands that people give."""
    for command in dict.fromkeys(command for _, command in table.rows):
        guards = {getattr(decide, "whom", None) for decide in deciders_of(table, command)} - {None}
        groups = [guard for guard in guards if isinstance(guard, Group)]
        if not guards:
            continue
        follows = len(groups) < len(guards)
        allowed = follows or any(permits(each, caller.actor, caller.rights, rules) for each in groups)
        yield replace(Action(tag_of(command), allowed), **({} if follows else who_of(groups)))


def who_of(groups: list[Group]) -> dict[str, tuple[str, ...]]:
    """Whoever is in one of them."""
    return {name: tuple(sorted(set().union(*(getattr(each, name) for each in groups)))) for name in WHO}


ROUTES: tuple[Route, ...] = (get("/actions", list_actions, Askable),)
"""For everybody with a token: it says no more of anybody than who is who in a clinic."""
