"""A line of a journey's table, in a small language of its own, and how it is compared with what was told.

Facts: `service.name field=value …`, one to a line, `3 x` in front for three of them. Items: `+TYPE queue MM-DD [HH:MM]`
opens (17:00 where no time is given; `(stat)` after it where the table names the priority), `-TYPE queue` completes.
Messages: `TEMPLATE (audience)`. Pages: who is called, by login, in order of the alphabet.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.support.told import Told, local

MACHINERY = {"message_scheduled", "message_sent", "message_delivered", "item_claimed", "item_reprioritised"}
"""What each line leaves unsaid, by the journeys' test profile."""
ITEMS = {"item_opened": "+", "item_completed": "-"}


@dataclass(frozen=True)
class Line:
    """At this time at the clinic somebody does something, or a timer fires; nothing else may follow than this."""

    at: str
    title: str
    does: Callable[[Any], Awaitable[None]] | None = None
    facts: str = ""
    items: str = ""
    messages: str = ""
    pages: str = ""


@dataclass(frozen=True)
class ExpectedFact:
    name: str
    fields: tuple[tuple[str, str], ...]

    def fits(self, told: Told) -> bool:
        return self.name == f"{told.service}.{told.name}" and all(
            same(rendered(told.fact.get(name)), value) for name, value in self.fields
        )

    def __str__(self) -> str:
        return " ".join((self.name, *(f"{name}={value}" for name, value in self.fields)))


def same(found: str, written: str) -> bool:
    """Numbers by their value: 7 is 7.0."""
    try:
        return found == written or Decimal(found) == Decimal(written)
    except InvalidOperation:
        return False


def rendered(value: Any) -> str:
    """As the tables write it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(map(rendered, value)) or "none"
    return "none" if value is None else str(value)


def times(text: str) -> Iterable[str]:
    """One entry for each thing that is written down, `3 x` repeated."""
    for entry in filter(None, (line.strip() for line in text.replace(", ", "\n").splitlines())):
        count, separator, rest = entry.partition(" x ")
        yield from [rest] * int(count) if separator else [entry]


def expected_facts(text: str) -> Sequence[ExpectedFact]:
    """The most telling first, so that none takes what another needs."""
    found = []
    for entry in times(text):
        name, *fields = entry.split()
        pairs = [field.partition("=") for field in fields]
        found.append(ExpectedFact(name, tuple((key, value) for key, _, value in pairs)))
    return sorted(found, key=lambda each: -len(each.fields))


def differences(
    line: Line, news: Sequence[Told], audiences: Mapping[str, str], called: Sequence[str]
) -> list[str]:
    """What is missing, and what nobody expected."""
    wanted = list(times(line.items))
    return [
        f"{line.at} {line.title}: {problem}"
        for problem in (
            *wrong_facts(line, news),
            *wrong(wanted, (shown_item(each, wanted) for each in items(news)), "item"),
            *wrong(times(line.messages), sent(news, audiences), "message"),
            *wrong(times(line.pages), called, "page to"),
        )
    ]


def wrong_facts(line: Line, news: Sequence[Told]) -> Iterable[str]:
    rest = [each for each in news if each.name not in MACHINERY and each.name not in ITEMS]
    for expected in expected_facts(line.facts):
        match = next((told for told in rest if expected.fits(told)), None)
        if match is None:
            yield f"no fact {expected}"
        else:
            rest.remove(match)
    yield from (
        f"unexpected fact {told.service}.{told.name} {dict(told.fact)} at {told.local}" for told in rest
    )
    late = {each.local for each in news if each.local != line.at[5:]}
    if late:
        yield f"facts at {', '.join(sorted(late))}"


def items(news: Iterable[Told]) -> Iterable[Told]:
    return (each for each in news if each.name in ITEMS)


def shown_item(told: Told, wanted: Collection[str]) -> str:
    """As the tables write it: with its priority where they do."""
    text = f"{ITEMS[told.name]}{told.fact['item_type']} {told.fact['queue']}"
    if told.name == "item_opened":
        due = told.fact.get("due_at")
        text += f" {local(due):%m-%d %H:%M}".removesuffix(" 17:00") if due else " no date"
        marked = f"{text} ({told.fact['priority']})"
        return marked if marked in wanted else text
    return text


def sent(news: Iterable[Told], audiences: Mapping[str, str]) -> Iterable[str]:
    """Messages that were handed over: staff are told one by one, the tables say it once."""
    found = [
        f"{each.fact['template']} ({audiences[each.fact['message_id']]})"
        for each in news
        if each.name == "message_sent" and each.fact["channel"] != "portal"
    ]
    staff = {text for text in found if text.endswith("(staff)")}
    return [*sorted(staff), *(text for text in found if text not in staff)]


def wrong(expected: Iterable[str], found: Iterable[str], what: str) -> Iterable[str]:
    expected, seen = Counter(expected), Counter(found)
    yield from (f"no {what} {text}" for text in (expected - seen).elements())
    yield from (f"unexpected {what} {text}" for text in (seen - expected).elements())
