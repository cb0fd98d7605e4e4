"""Files with rules in them: which versions apply on a day, who stands for them, what nobody has verified."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, Self

from pydantic import PrivateAttr

from config.approval import Edition
from config.calendar import BusinessCalendar
from config.rules import Placed, Rule, Values, rules_in, unverified_in


class GovernedFiles(Values):
    """Each field is a file. The calendar says which day it is."""

    calendar: BusinessCalendar

    _periods: tuple[tuple[date, Any], ...] = PrivateAttr(())
    _editions: tuple[Edition, ...] = PrivateAttr(())

    def governed(self, periods: tuple[tuple[date, Any], ...], editions: tuple[Edition, ...]) -> None:
        """What is stated for every other day, and who approved it."""
        self._periods, self._editions = periods, editions

    @property
    def editions(self) -> Sequence[Edition]:
        """The files that hold rules."""
        return self._editions

    @property
    def begins(self) -> date:
        """The first day on which every rule applies."""
        return self._periods[0][0] if self._periods else date.min

    def at(self, instant: datetime) -> Self:
        """The same files with the versions of the rules that apply on the clinic's day."""
        if len(self._periods) <= 1:
            return self
        day = self.calendar.day(instant)
        begun = [files for since, files in self._periods if since <= day]
        found: Self = begun[-1] if begun else self._periods[0][1]
        return found

    @cached_property
    def rules(self) -> Sequence[Placed]:
        """Every rule that applies, with its file and place."""
        names = type(self).model_fields
        return [each for name in names for each in rules_in(getattr(self, name), f"{name}.toml")]

    def applying(self) -> Iterator[Rule[Any]]:
        """The rules of this day."""
        yield from (each.rule for each in self.rules)

    @cached_property
    def all_versions(self) -> Sequence[Placed]:
        """Those of every day, each once, in order of their files."""
        found = {
            each.rule.named: each for _, files in self._periods or ((None, self),) for each in files.rules
        }
        return sorted(found.values(), key=lambda each: (each.file, each.place, each.rule.version))

    @cached_property
    def unverified(self) -> Mapping[str, tuple[str, ...]]:
        """What nobody has verified, by id and version of the rule."""
        found = {each.rule.named: unverified_in(each.rule) for each in self.all_versions}
        return {name: parts for name, parts in found.items() if parts}


def in_force(rules: Any, now: datetime) -> Any:
    """The files as they apply then, where they are governed."""
    return rules.at(now) if isinstance(rules, GovernedFiles) else rules
