"""What payers pay for (PRC-01 to PRC-03, PRC-07), what two records ordered each (PRC-08), and which earlier procedure
has to be judged first (PRC-04).

Pure functions of a person's procedures and the clinic's day. Sessions are counted, never needles.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from config.procedures import Blocks, Limit, Needed, Payer, Procedures
from config.rules import Rule
from schemas.care_plan.v1.codes import CoverageRisk
from services.care_plan.procedure_record.states import Known


class Reached(NamedTuple):
    """A rule that asks somebody whether to go on, and why the payer may not pay."""

    rule: Rule[Any]
    risk: CoverageRisk


def reached(
    wanted: Known, on: date, known: Sequence[Known], payer: Rule[Payer], rules: Procedures
) -> list[Reached]:
    """Each rule once, for the procedure that is wanted on this day."""
    others = [each for each in known if each.procedure_id != wanted.procedure_id]
    found: dict[str, Reached] = {}
    for each in (
        *of_payer(wanted, on, others, payer, rules),
        *too_soon_again(wanted, on, others, rules),
        *without_what_comes_before(wanted, on, others, payer, rules),
    ):
        found.setdefault(each.rule.id, each)
    return list(found.values())


def of_payer(
    wanted: Known, on: date, others: Sequence[Known], payer: Rule[Payer], rules: Procedures
) -> Iterator[Reached]:
    """PRC-01"""
    group, rule = rules.family(wanted.family).group, rules.sessions
    limit, most = rules.limit(payer, group), rules.levels(payer, wanted.family)
    days = sessions(wanted, on, others, rules)
    if any(len(within(days, window.months, on)) >= window.sessions for window in limit.windows):
        yield Reached(rule, "limit")
    if most is not None and len(wanted.levels) > most:
        yield Reached(rule, "limit")
    if limit.one_region and on in elsewhere(wanted, others, rules):
        yield Reached(rule, "limit")
    if days and is_too_soon(days[-1], on, limit):
        yield Reached(rule, "interval")


def too_soon_again(wanted: Known, on: date, others: Sequence[Known], rules: Procedures) -> Iterator[Reached]:
    """PRC-02: the same side and level, whichever region it was ordered as: T12-L1 is of two."""
    rule, group = rules.interval, rules.family(wanted.family).group
    if group not in rule.values.groups:
        return
    same = [each for each in others if is_session(each) and rules.family(each.family).group == group]
    days = [each.on for each in same if each.on and each.on <= on and is_same_place(each, wanted)]
    if days and max(days) + relativedelta(months=rule.values.months) > on:
        yield Reached(rule, "interval")


def without_what_comes_before(
    wanted: Known, on: date, others: Sequence[Known], payer: Rule[Payer], rules: Procedures
) -> Iterator[Reached]:
    """PRC-03, PRC-07"""
    group = rules.family(wanted.family).group
    for needed in rules.needed(payer):
        asked = group in needed.rule.values.groups
        if asked and len(qualifying(wanted, on, others, needed, rules)) < needed.blocks.count:
            yield Reached(needed.rule, "criteria")


def ordered_twice(
    wanted: Known, beside: Sequence[Known], rules: Procedures, *, was_asked: bool
) -> Iterator[Reached]:
    """PRC-08: each record ordered the same before anybody knew that it is one person; within a record that is refused,
    unless it is said to be wanted again. Whoever was asked has to answer, though the other one was done meanwhile."""
    same = (each for each in beside if is_same(each, wanted) and not (each.again or wanted.again))
    if any(was_asked or not each.done for each in same):
        yield Reached(rules.twice, "limit")


def sessions(wanted: Known, on: date, others: Sequence[Known], rules: Procedures) -> list[date]:
    """The days of completed sessions of the same group and region, in order, up to this day."""
    group = rules.family(wanted.family).group
    days = {
        each.on
        for each in others
        if is_session(each) and rules.family(each.family).group == group and is_near(each, wanted, rules)
    }
    return sorted(day for day in days if day is not None and day <= on)


def within(days: Sequence[date], months: int, on: date) -> Sequence[date]:
    """In (on - months, on]: the window rolls."""
    since = on - relativedelta(months=months)
    return [day for day in days if since < day <= on]


def is_too_soon(last: date, on: date, limit: Limit) -> bool:
    is_days = (on - last).days < limit.days_apart
    return is_days or last + relativedelta(months=limit.months_apart) > on


def elsewhere(wanted: Known, others: Sequence[Known], rules: Procedures) -> set[date | None]:
    """The days of the same group in another region, done or planned."""
    group = rules.family(wanted.family).group
    same = [each for each in others if rules.family(each.family).group == group and each.counts]
    return {each.on for each in same if not is_near(each, wanted, rules)}


def qualifying(
    wanted: Known, on: date, others: Sequence[Known], needed: Needed, rules: Procedures
) -> list[Known]:
    """Those before it there that brought enough, each long enough after the one before."""
    before, blocks = needed.rule.values, needed.blocks
    there = [
        each
        for each in others
        if is_session(each)
        and rules.family(each.family).group == before.after
        and is_near(each, wanted, rules)
        and (not before.same_place or is_same_place(each, wanted))
        and brought_enough(each, blocks)
    ]
    counted: list[Known] = []
    last: date | None = None
    for each in sorted(there, key=lambda each: each.on or on):
        assert each.on is not None
        if each.on <= on and (last is None or (each.on - last).days >= blocks.min_days):
            counted.append(each)
            last = each.on
    return counted


def brought_enough(each: Known, blocks: Blocks) -> bool:
    less = each.analgesics_pct if blocks.analgesics_pct is not None else None
    return (each.relief_pct or 0) >= blocks.relief_pct or (less or 0) >= (blocks.analgesics_pct or 0) > 0


def previous(wanted: Known, known: Sequence[Known], rules: Procedures) -> Known | None:
    """The last one before it of the same line in the same region: what it brought is to be known (PRC-04)."""
    line = line_of(wanted, rules)
    done = [
        each
        for each in known
        if is_session(each) and line_of(each, rules) == line and is_near(each, wanted, rules)
    ]
    return max(done, key=lambda each: each.on or date.min, default=None)


def brought_too_little(wanted: Known, known: Sequence[Known], payer: Rule[Payer], rules: Procedures) -> bool:
    """The last one of the same group, before it is repeated; as far as anybody knows how long it lasted."""
    group = rules.family(wanted.family).group
    limit = rules.limit(payer, group)
    before = previous(wanted, [each for each in known if rules.family(each.family).group == group], rules)
    if before is None or before.relief_pct is None:
        return False
    too_short = before.relief_days is not None and before.relief_days < limit.repeat_days
    return before.relief_pct < limit.repeat_relief_pct or too_short


def line_of(each: Known, rules: Procedures) -> str:
    family = rules.family(each.family)
    return family.line or family.group


def is_session(each: Known) -> bool:
    return each.done and each.counts and each.on is not None


def is_near(one: Known, other: Known, rules: Procedures) -> bool:
    """The same region, as payers see it."""
    regions = rules.sessions.values.regions
    return one.region == other.region or any({one.region, other.region} <= {*each} for each in regions)


def is_same_place(one: Known, other: Known) -> bool:
    """Side and level overlap: who is treated on both sides is treated on each, a vertebra belongs to its joints."""
    sides = {one.side, other.side}
    same_side = len(sides) == 1 or bool(sides & {"both", "midline"})
    return same_side and any(overlap(mine, theirs) for mine in one.levels for theirs in other.levels)


def is_same(one: Known, other: Known) -> bool:
    """The same is to be done at the same place."""
    mine, theirs = ((each.family, each.region, each.side, {*each.levels}) for each in (one, other))
    return mine == theirs


def overlap(mine: str, theirs: str) -> bool:
    return mine == theirs or mine in theirs.split("-") or theirs in mine.split("-")
