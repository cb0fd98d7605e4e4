"""Tokens end before the session does: when new ones are asked for, and what becomes of a session that gets none."""

from typing import Any

import pytest

from backbone.http.identity import Principal
from backbone.http.problems import Problem
from board.presence import LEEWAY_SECONDS, Presence
from board.provider import Over
from board.sealing import Seal
from board.sessions import Ends, Session, Sessions, Tokens

NOW = 1_800_000_000
JO, TOM = (Principal("user", each, ("nurse",), (), each) for each in ("jo", "tom"))
NEW = Tokens("new", NOW + 300, "again")


class Provider:
    """Gives what it is told to."""

    def __init__(self, gives: Any) -> None:
        self.gives, self.asked = gives, 0

    async def renewed(self, tokens: Tokens) -> Any:
        self.asked += 1
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


async def fresh(gives: Any, left: int) -> tuple[Session | None, int, Session]:
    sessions = Sessions(Seal(["s" * 32], "session"), Ends(3600, 36000), lambda: NOW, encrypted=False)
    session = sessions.begin(JO, Tokens("old", NOW + left, "again"))
    provider: Any = Provider(gives)

    async def nothing(*_: Any) -> None:
        return

    found = await Presence(nothing, sessions, provider, encrypted=False).fresh(session)
    return found, provider.asked, session


async def test_tokens_that_are_good_for_a_while_are_not_asked_for() -> None:
    found, asked, session = await fresh((JO, NEW), LEEWAY_SECONDS + 1)
    assert (found, asked) == (session, 0)


async def test_before_they_end_there_are_new_ones_and_it_is_the_same_session() -> None:
    found, asked, session = await fresh((JO, NEW), LEEWAY_SECONDS)
    assert found and (found.tokens, found.id, found.begun, asked) == (NEW, session.id, session.begun, 1)


@pytest.mark.parametrize("gives", [Over(), (TOM, NEW), Problem(401, "unknown", "Nobody.")])
async def test_whom_the_provider_gives_none_or_anothers_is_not_signed_in(gives: Any) -> None:
    assert (await fresh(gives, -1))[0] is None


async def test_while_the_provider_is_away_a_token_is_used_until_its_end() -> None:
    away = Problem(503, "issuer-away", "The provider is away.")
    found, _, session = await fresh(away, 1)
    assert found == session
    with pytest.raises(Problem, match="away"):
        await fresh(away, 0)
