"""A rule may stand in its file in several versions (`[[rule]]`): which of them applies on which day. Works on what was
read, before it is checked, so that every version is checked at start, together with all that applies beside it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

SINCE = "effective_from"
Read = Mapping[str, Any]


def is_rule(node: object) -> bool:
    return isinstance(node, dict) and type(node.get(SINCE)) is date


def is_versions(node: object) -> bool:
    return isinstance(node, list) and bool(node) and all(map(is_rule, node))


def effective(node: Any, day: date) -> Any:
    """The same tables with one version of each rule: the latest that applies on the day, or the first of all."""
    if is_versions(node):
        begun = [each for each in node if each[SINCE] <= day]
        return max(begun, key=since) if begun else min(node, key=since)
    return {name: effective(each, day) for name, each in node.items()} if isinstance(node, dict) else node


def since(rule: Read) -> date:
    begins: date = rule[SINCE]
    return begins


def versions_in(node: object, place: str = "") -> Iterator[tuple[str, Sequence[Read]]]:
    """Every rule with its place and its versions."""
    if is_rule(node):
        yield place, [node]  # type: ignore[list-item]
    elif is_versions(node):
        yield place, node  # type: ignore[misc]
    elif isinstance(node, dict):
        for name, each in node.items():
            if isinstance(each, dict | list):
                yield from versions_in(each, f"{place}.{name}".lstrip("."))


def days_of_change(read: Read) -> Sequence[date]:
    """The first day on which every rule applies, and each later one on which some rule changes, in order."""
    dates = [[since(each) for each in versions] for _, versions in versions_in(read)]
    first = max((min(each) for each in dates), default=date.min)
    return sorted({first, *(day for each in dates for day in each if day > first)})


def growing(numbers: Sequence[Any]) -> bool:
    """What is no number is found where the rule itself is checked."""
    return all(isinstance(each, int) for each in numbers) and list(numbers) == sorted(set(numbers))


def muddled(read: Read) -> Iterator[str]:
    """Rules whose versions can't be told apart: one id, and numbers that grow with the days."""
    for place, versions in versions_in(read):
        numbers = [each.get("version") for each in sorted(versions, key=since)]
        if len({each.get("id") for each in versions}) > 1 or not growing(numbers):
            file, _, rest = place.partition(".")
            yield f"{file}.toml: {rest}: versions of a rule share its id, and their numbers grow with effective_from"


def twice(read: Read) -> Iterator[str]:
    """Ids that stand at two places: what names such a rule would name either."""
    places: dict[object, str] = {}
    for place, versions in versions_in(read):
        file, _, rest = place.partition(".")
        other = places.setdefault(versions[0].get("id"), place)
        if other != place:
            yield f"{file}.toml: {rest}: {versions[0].get('id')} is the id of {other.replace('.', '.toml: ', 1)} too"


MOST = 1_000_000
"""More than any rule needs: 2,700 years in days. Beyond it lie dates that nothing can reckon with."""


def unusable(node: Any, place: str = "") -> Iterator[str]:
    """Days that are none, so that a rule would apply at once; and numbers out of all proportion."""
    file, _, rest = place.partition(".")
    if isinstance(node, dict):
        if SINCE in node and not is_rule(node):
            yield f"{file}.toml: {rest}.{SINCE}: is a date without quotes and without a time, as 2026-11-01"
        for name, each in node.items():
            yield from unusable(each, f"{place}.{name}".lstrip("."))
    elif isinstance(node, list):
        for number, each in enumerate(node):
            yield from unusable(each, f"{place}.{number}")
    elif isinstance(node, int | float) and not -MOST <= node <= MOST:
        yield f"{file}.toml: {rest}: is a number from -{MOST} to {MOST}"


def unnumbered(read: Read) -> Iterator[str]:
    """Files with rules and without an edition: nobody could approve them."""
    for name, stated in read.items():
        if "rule_set" not in stated and any(versions_in(stated)):
            yield f"{name}.toml: has rules and no [rule_set] with its version"
