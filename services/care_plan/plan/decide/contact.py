"""The monthly contact of whoever has an active plan, where the clinic does that."""

from datetime import date

from dateutil.relativedelta import relativedelta

from backbone.model import Decision, Given, Table, ignores
from services.care_plan.plan.commands import BeginContactMonth
from services.care_plan.plan.facts import ContactMonthBegun
from services.care_plan.plan.states import Active, Course, Draft, NoPlan, OnHold, Over
from services.care_plan.rules import Rules


def next_contact(course: Course, rules: Rules) -> date | None:
    """The day on which the next month begins, after the one of the last contact or of the plan's beginning."""
    rule, since = rules.care_plan.monthly_contact.values, course.contact_on or course.started_on
    if not rule.on or since is None:
        return None
    first = since + relativedelta(day=rule.day_of_month)
    return first if first > since else first + relativedelta(months=1)


def begin_month(state: Active, command: BeginContactMonth, given: Given[Rules]) -> Decision:
    """Of months that nobody asked for, while the plan was on hold say, only the present one."""
    due, today = next_contact(state.course, given.rules), given.rules.calendar.day(given.at)
    if due is None or due > today:
        return ()
    while (following := due + relativedelta(months=1)) <= today:
        due = following
    return [ContactMonthBegun(on=due)]


CONTACT = Table(begin_month, ignores(BeginContactMonth, when=NoPlan | Draft | OnHold | Over))
