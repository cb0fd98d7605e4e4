"""The duty roster as the service found it when it started: complete, or with posts that nobody holds."""

from collections.abc import Sequence

from backbone.ids import ROOT, derive
from backbone.model import Aggregate, Command, Decision, Given, Head, Orders, State, Table, one
from config.escalation import unheld
from config.staff import Post
from schemas.notifications.v1.roster import RosterFoundComplete, RosterFoundIncomplete
from services.notifications.rules import Rules


class Complete(State, tag="complete"):
    """Somebody holds each post, as far as anybody looked."""


class Incomplete(State, tag="incomplete"):
    posts: tuple[str, ...]


Roster = Complete | Incomplete


class CheckRoster(Command, tag="check_roster"):
    """The service starts, and reads the roster."""


def check(state: Roster, command: CheckRoster, given: Given[Rules]) -> Decision:
    """Each finding once, however often and in however many processes the service starts."""
    posts = gaps(given.rules)
    if posts == (state.posts if isinstance(state, Incomplete) else ()):
        return ()
    return [RosterFoundIncomplete(posts=posts) if posts else RosterFoundComplete()]


def found_incomplete(state: Roster, fact: RosterFoundIncomplete, head: Head) -> Incomplete:
    return Incomplete(posts=fact.posts)


def found_complete(state: Incomplete, fact: RosterFoundComplete, head: Head) -> Complete:
    return Complete()


ROSTER = Aggregate[Roster](
    "roster",
    Complete(),
    decide=Table(check),
    evolve=Table(found_incomplete, found_complete),
    has_lane=False,
    has_pathway=False,
)
THE_ROSTER = derive(ROOT, "the roster")


def gaps(rules: Rules) -> tuple[Post, ...]:
    return unheld(rules.escalation, rules.staff)


def check_roster(rules: Rules) -> Orders:
    """What the service asks of itself when it starts."""
    yield ROSTER.send(CheckRoster(), to=one(THE_ROSTER))


def notices(rules: Rules) -> Sequence[str]:
    """In one sentence, who is not called; nothing where everybody is there."""
    if not (posts := gaps(rules)):
        return ()
    return (
        f"Nobody is paged as {', '.join(posts)} when a warning waits: staff.toml names nobody with a phone there "
        "(as on_call_physician: at every hour); the management queue has an item until it does.",
    )
