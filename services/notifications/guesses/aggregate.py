"""Wrong codes of one sender: beyond the limit a code counts for the rest of the window with a key beside it only.

Only numbers of staff have their codes taken. Anybody can write under the number of somebody else, but what is answered
arrives at the telephone itself: it is told the key, so whoever guesses is kept out and its owner is not. The window
begins with a wrong code; the first one after it begins anew, so that no more than the limit are ever kept.
"""

from datetime import datetime, timedelta

from backbone.ids import derive
from backbone.model import Aggregate, Command, Decision, Given, Head, Refused, State, Table
from services.notifications.guesses.facts import WrongCodeCounted
from services.notifications.rules import ReplyCodes, Rules

KEYS = 100_000_000


class NoGuesses(State, tag="no_guesses"):
    """No wrong code ever came."""


class Guessed(State, tag="guessed"):
    """`inbound_ids`: the texts with wrong codes since the window began. `key`: what a reply names beside its code."""

    since: datetime
    inbound_ids: tuple[str, ...]
    key: str | None = None


Guesses = NoGuesses | Guessed


class CountWrongCode(Command, tag="count_wrong_code", kw_only=True):
    """A code for which nothing waits."""

    inbound_id: str


class CheckKey(Command, tag="check_key", kw_only=True):
    """A reply with the code of a page, and perhaps with a key."""

    key: str | None = None


def is_shut_out(state: Guesses, at: datetime, rule: ReplyCodes) -> bool:
    """Whether a code of theirs is taken at this instant with the key only."""
    return (
        isinstance(state, Guessed)
        and is_within(state, at, rule)
        and len(state.inbound_ids) >= rule.wrong_codes
    )


def is_within(state: Guessed, at: datetime, rule: ReplyCodes) -> bool:
    """Whether their window is not over yet."""
    return at < state.since + timedelta(minutes=rule.within_minutes)


def count(state: Guesses, command: CountWrongCode, given: Given[Rules]) -> Decision:
    """A text that the gateway tells again counts once; beyond the limit nothing more is kept."""
    rule = given.rules.notifications.reply_codes.values
    since, before = given.at, 0
    if isinstance(state, Guessed) and is_within(state, given.at, rule):
        if is_shut_out(state, given.at, rule) or command.inbound_id in state.inbound_ids:
            return ()
        since, before = state.since, len(state.inbound_ids)
    key = key_of(since, given) if before + 1 >= rule.wrong_codes else None
    return [WrongCodeCounted(inbound_id=command.inbound_id, since=since, key=key)]


def key_of(since: datetime, given: Given[Rules]) -> str:
    """Eight digits, other ones in each window, which nobody can compute."""
    return f"{int(given.known_to_us(f'key {since.isoformat()}')[:8], 16) % KEYS:08}"


def check(state: Guesses, command: CheckKey, given: Given[Rules]) -> Decision:
    """With the page that it answers, in one group: what is refused here answers nothing."""
    rule = given.rules.notifications.reply_codes.values
    if is_shut_out(state, given.at, rule) and command.key != key_needed(state):
        return Refused("too many wrong codes came from this number", code="shut-out")
    return ()


def key_needed(state: Guesses) -> str:
    return (state.key if isinstance(state, Guessed) else None) or ""


def counted(state: Guesses, fact: WrongCodeCounted, head: Head) -> Guessed:
    before = state.inbound_ids if isinstance(state, Guessed) and state.since == fact.since else ()
    return Guessed(fact.since, (*before, fact.inbound_id), fact.key)


GUESSES = Aggregate[Guesses](
    "guesses",
    NoGuesses(),
    decide=Table(count, check),
    evolve=Table(counted),
    has_lane=False,
    has_pathway=False,
)


def guesses_id(staff_id: str) -> str:
    return derive(staff_id, "reply codes")
