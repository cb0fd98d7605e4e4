"""What the table says of a patient's drugs at a procedure, and what follows from a date. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from config.antithrombotics import Advice, Hold, Risk, Row
from config.calendar import ONE_DAY, BusinessCalendar
from services.care_plan.antithrombotic_plan.commands import Choice
from services.care_plan.antithrombotic_plan.states import Known, Line
from services.care_plan.rules import Rules

ORDER = ("no", "consider", "shared")
HOUR = timedelta(hours=1)


class Need(NamedTuple):
    """Whether somebody has to look, and whether nothing is booked before they have signed."""

    asked: bool
    blocking: bool
    unknown: bool


def concerned(drugs: Iterable[str], rules: Rules) -> tuple[str, ...]:
    """The drugs that prevent clots, and those of which the table speaks."""
    table = rules.antithrombotic.table.values.by_drug
    return tuple(each for each in drugs if each in table or prevents_clots(each, rules))


def need(known: Known, rules: Rules) -> Need:
    """ANT-01, ANT-06, ANT-07. At no risk nothing is asked; what can't be told is never harmless."""
    if known.risk == "none":
        return Need(False, False, False)
    lines = [line(drug, None, known, rules) for drug in known.drugs]
    unknown = not known.whole or any(each.unknown for each in lines)
    blocking = unknown or any(each.hold_hours or blocks(each, known.risk, rules) for each in lines)
    return Need(blocking or any(not each.settled for each in lines), blocking, unknown)


def blocks(found: Line, risk: Risk, rules: Rules) -> bool:
    """ANT-01: also where the table would not hold it; not where a clinician has to say."""
    risks = rules.antithrombotic.planning.values.blocks
    return found.settled and risk in risks and prevents_clots(found.drug, rules)


def prevents_clots(drug: str, rules: Rules) -> bool:
    """By its class. What no table knows any more may do."""
    known = rules.drugs.table.values.drugs.get(drug)
    return known is None or "antithrombotic" in known.classes


def line(drug: str, choice: Choice | None, known: Known, rules: Rules) -> Line:
    """As the table has it, or as a proceduralist says. Of several answers the strictest is proposed. What goes on where
    the table would hold it is measured all the same (ANT-05)."""
    assert known.risk != "none", "at no risk there is no plan"
    cleared, by_kidneys = is_cleared(drug, rules), use_by_kidneys(drug, known, rules)
    use = by_kidneys or (choice.use if choice else None)
    rows = tuple(rules.antithrombotic.table.values.of(drug, use))
    unknown = not rows or (cleared and by_kidneys is None)
    answers = {row.at(known.risk, in_the_neck(known, rules)) for row in rows}
    said = max(answers, key=strictness, default="shared")
    proposed = said.length // HOUR if isinstance(said, Hold) else None
    chosen = choice is not None and (choice.goes_on or choice.hold_hours is not None)
    hold_hours = choice.hold_hours if choice and chosen else proposed
    at_risk = rules.antithrombotic.planning.values.blocks
    return Line(
        drug=drug,
        use=use,
        hold_hours=hold_hours,
        restart_hours=max((row.restart(known.risk) for row in rows), default=None) if hold_hours else None,
        needs_inr=any(row.needs_inr for row in rows) and (hold_hours is not None or known.risk in at_risk),
        settled=chosen or (not unknown and len(answers) == 1 and said not in ("shared", "consider")),
        unknown=unknown,
    )


def is_cleared(drug: str, rules: Rules) -> bool:
    """By the kidneys: without them nothing is known of it."""
    return drug in rules.antithrombotic.renal.values.drugs


def use_by_kidneys(drug: str, known: Known, rules: Rules) -> str | None:
    """Which row of the table holds with the kidneys of the person; None where nobody knows, or where the value is too
    old on the day of the procedure (ANT-06)."""
    renal, on = rules.antithrombotic.renal.values, known.appointment
    if known.kidneys is None or not is_cleared(drug, rules):
        return None
    if on and not known.kidneys.counts_on(rules.calendar.day(on.start), renal.max_age_days):
        return None
    each = renal.drugs[drug]
    return each.impaired if known.kidneys.ml_per_min < each.below else each.well


def is_held_otherwise(drugs: Iterable[str], known: Known, before: Known, rules: Rules) -> bool:
    """The kidneys, or what is known of them, put one of the drugs into another row."""
    return any(use_by_kidneys(drug, known, rules) != use_by_kidneys(drug, before, rules) for drug in drugs)


def strictness(said: Hold | Advice) -> timedelta | int:
    return said.length // HOUR + len(ORDER) if isinstance(said, Hold) else ORDER.index(said)


def in_the_neck(known: Known, rules: Rules) -> bool:
    neck = rules.antithrombotic.neck.values
    return known.family in neck.families and known.region == neck.region


def not_in_the_table(choice: Choice, rules: Rules) -> str | None:
    """What is wrong with the names, in a sentence."""
    rows: tuple[Row, ...] = rules.antithrombotic.table.values.by_drug.get(choice.drug, ())
    uses = [row.use for row in rows if row.use]
    if choice.use is None or choice.use in uses:
        return None
    return f"{choice.drug}: use: one of {', '.join(uses)}" if uses else f"{choice.drug}: use: there is none"


def last_dose(start: datetime, hold_hours: int, calendar: BusinessCalendar) -> datetime:
    """Of whole days, the earlier of the two readings where the clocks change in between: so many hours, and the same
    time of day. Hours are hours."""
    length = timedelta(hours=hold_hours)
    elapsed = start.astimezone(UTC) - length
    if length % ONE_DAY:
        return elapsed
    clock = calendar.local(start).replace(tzinfo=None) - length
    return min(elapsed, clock.replace(tzinfo=calendar.zone).astimezone(UTC))


def first_stop(known: Known, rules: Rules) -> datetime | None:
    """When the first drug would have to stop as the table has it, where a date is known: by then a plan is signed."""
    if known.appointment is None:
        return None
    return times(proposed(known, rules), known.appointment.start, rules).last_dose_at


def proposed(known: Known, rules: Rules) -> Iterable[Line]:
    """What the table has for each drug."""
    if known.risk != "none":
        yield from (line(drug, None, known, rules) for drug in known.drugs)


class Times(NamedTuple):
    """What follows from the date and the lines."""

    last_dose_at: datetime | None
    restart_not_before: datetime | None
    inr_from: datetime | None


def times(lines: Iterable[Line], start: datetime, rules: Rules) -> Times:
    """The longest hold gives the first stop, the shortest wait the first restart."""
    every, start = tuple(lines), start.astimezone(UTC)
    held = [each for each in every if each.hold_hours is not None]
    stops = (last_dose(start, each.hold_hours or 0, rules.calendar) for each in held)
    restarts = (start + timedelta(hours=each.restart_hours) for each in held if each.restart_hours)
    before = timedelta(hours=rules.antithrombotic.inr.values.hours_before)
    measured = start - before if any(each.needs_inr for each in every) else None
    return Times(min(stops, default=None), min(restarts, default=None), measured)
