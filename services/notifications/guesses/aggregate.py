"""Wrong codes of one sender: beyond the limit none of their codes is taken for the rest of the window.

Only numbers of staff have their codes taken, so the sender is the member of staff. The window begins with a wrong code;
the first one after it begins anew, so that no more than the limit are ever kept.
"""

from datetime import datetime, timedelta

from backbone.ids import derive
from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table
from services.notifications.guesses.facts import WrongCodeCounted
from services.notifications.rules import ReplyCodes, Rules


class NoGuesses(State, tag="no_guesses"):
    """No wrong code ever came."""


class Guessed(State, tag="guessed"):
    """`inbound_ids`: the texts with wrong codes since the window began."""

    since: datetime
    inbound_ids: tuple[str, ...]


Guesses = NoGuesses | Guessed


class CountWrongCode(Command, tag="count_wrong_code", kw_only=True):
    """A code for which nothing waits."""

    inbound_id: str


def is_shut_out(state: Guesses, at: datetime, rule: ReplyCodes) -> bool:
    """Whether no code of theirs is taken at this instant."""
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
    if isinstance(state, NoGuesses) or not is_within(state, given.at, rule):
        return [WrongCodeCounted(inbound_id=command.inbound_id, since=given.at)]
    if is_shut_out(state, given.at, rule) or command.inbound_id in state.inbound_ids:
        return ()
    return [WrongCodeCounted(inbound_id=command.inbound_id, since=state.since)]


def counted(state: Guesses, fact: WrongCodeCounted, head: Head) -> Guessed:
    before = state.inbound_ids if isinstance(state, Guessed) and state.since == fact.since else ()
    return Guessed(fact.since, (*before, fact.inbound_id))


GUESSES = Aggregate[Guesses](
    "guesses",
    NoGuesses(),
    decide=Table(count),
    evolve=Table(counted),
    has_lane=False,
    has_pathway=False,
)


def guesses_id(staff_id: str) -> str:
    return derive(staff_id, "reply codes")
