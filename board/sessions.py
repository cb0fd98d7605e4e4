"""Who is signed in at a browser: an encrypted cookie that no script reads, with an idle end and an absolute end.

The front door keeps nothing but the ids of sessions that were ended by signing out.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from backbone.http.identity import Principal
from board.sealing import Seal

PIECE = 3_500
"""Characters of a cookie: browsers keep 4,096 bytes, tokens may be longer."""
MOST_PIECES = 5
SEEN_SECONDS = 30
"""How exactly it is known when somebody was last there."""


class Tokens(msgspec.Struct, frozen=True):
    """What the provider gave. `bearer` is what services are shown; it is good until `expires` (epoch seconds)."""

    bearer: str
    expires: int
    refresh: str | None = None
    hint: str | None = None
    """The ID token, for signing out at the provider."""


class Session(msgspec.Struct, frozen=True):
    """`begun` and `seen` in epoch seconds; `proof` is what a page of ours shows with each change (CSRF)."""

    id: str
    proof: str
    staff: Principal
    tokens: Tokens
    begun: int
    seen: int


class Ends(NamedTuple):
    """Seconds."""

    idle: int
    absolute: int


class Cookie(NamedTuple):
    """To be set; without a value it is forgotten."""

    name: str
    value: str = ""
    path: str = "/"
    same_site: str = "Strict"
    seconds: int | None = None

    def header(self, *, encrypted: bool) -> str:
        age = 0 if not self.value else self.seconds
        parts = [f"{self.name}={self.value}", f"Path={self.path}", "HttpOnly", f"SameSite={self.same_site}"]
        parts += [f"Max-Age={age}"] if age is not None else []
        return "; ".join([*parts, "Secure"] if encrypted else parts)


class Sessions:
    """Opens and writes the cookie. `now` is wall time in epoch seconds: a person's presence is no matter of the
    clinic's clock."""

    def __init__(self, seal: Seal, ends: Ends, now: Callable[[], int], *, encrypted: bool) -> None:
        self.ends = ends
        self.now = now
        self.name = f"{'__Host-' if encrypted else ''}huddle_board"
        self._seal = seal
        self._piece = re.compile(rf"{re.escape(self.name)}\.(\d)")
        self._ended: dict[str, int] = {}

    def begin(self, staff: Principal, tokens: Tokens) -> Session:
        """A session of its own, whatever cookie there was."""
        now = self.now()
        return Session(secrets.token_urlsafe(16), secrets.token_urlsafe(32), staff, tokens, now, now)

    def of(self, cookies: Mapping[str, str]) -> Session | None:
        """None when nobody is signed in, or not any more."""
        pieces = (cookies.get(f"{self.name}.{number}", "") for number in range(MOST_PIECES))
        plain = self._seal.open("".join(pieces))
        try:
            session = msgspec.json.decode(plain, type=Session) if plain else None
        except msgspec.ValidationError:  # of a version before
            return None
        return session if session and not self.is_ended(session) and self.is_on(session) else None

    def is_on(self, session: Session) -> bool:
        return self.now() < self.end(session)

    def end(self, session: Session) -> int:
        """When it is over, if nobody is there any more."""
        return min(session.seen + self.ends.idle, session.begun + self.ends.absolute)

    def forget(self, session: Session) -> None:
        """A copy of the cookie is worth nothing any more here; elsewhere until its token ends, which is not renewed."""
        now = self.now()
        self._ended = {each: until for each, until in self._ended.items() if until > now}
        self._ended[session.id] = session.begun + self.ends.absolute

    def is_ended(self, session: Session) -> bool:
        """By signing out here."""
        return session.id in self._ended

    def attended(self, session: Session) -> Session:
        """Somebody is there now."""
        now = self.now()
        return msgspec.structs.replace(session, seen=now) if now - session.seen >= SEEN_SECONDS else session

    def written(self, session: Session | None, there: Iterable[str]) -> list[Cookie]:
        """The cookies of a session; those that are `there` and not needed are forgotten. Raises ValueError where the
        provider's tokens are larger than what browsers keep."""
        sealed = self._seal.close(msgspec.json.encode(session)) if session else ""
        pieces = [sealed[begin : begin + PIECE] for begin in range(0, len(sealed), PIECE)]
        if len(pieces) > MOST_PIECES:
            raise ValueError("the provider's tokens are too large for a cookie")
        needed = [Cookie(f"{self.name}.{number}", piece) for number, piece in enumerate(pieces)]
        known = {cookie.name for cookie in needed}
        return needed + [Cookie(name) for name in there if self._piece.fullmatch(name) and name not in known]
