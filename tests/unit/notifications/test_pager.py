"""Pages of one person: how many go out one by one, and when one tells of all that were kept."""

from datetime import datetime, timedelta
from typing import Any

from backbone.ids import ROOT, derive
from services.notifications.pager.aggregate import PAGER, Page, TellKept, timers
from services.notifications.pager.facts import PageKept, PageTold
from tests.support.deciding import START, deciding, like, nothing
from tests.unit.notifications.situations import rules

given = deciding(PAGER, rules())
OTHERS = rules().escalation.pages.values.others
OVER = START + timedelta(minutes=OTHERS.within_minutes)


def page(number: int = 0) -> Page:
    return Page(
        message_id=derive(ROOT, f"page {number}"),
        recipient_id=derive(ROOT, "somebody"),
        subject_id=derive(ROOT, f"escalation {number}"),
        subject_version=1,
        only="sms",
        code="482913",
        emergency=False,
    )


FEW = [page(number) for number in range(OTHERS.at_once)]


def told(since: datetime) -> Any:
    return like(PageTold, template="ESCALATION_PAGE", code="482913", since=since)


def test_a_few_go_out_one_by_one_and_more_are_kept() -> None:
    given().when(page()).then(told(START))
    given(*FEW[1:]).when(page()).then(told(START))
    given(*FEW).when(page(9)).then(like(PageKept, subject_id=derive(ROOT, "escalation 9")))


def test_what_was_kept_is_told_in_one_when_the_window_is_over() -> None:
    given(*FEW, page(9)).when(TellKept()).then(nothing())
    several = like(PageTold, template="ESCALATION_PAGES", code=None, since=OVER, send_at=OVER)
    given(*FEW, page(8), page(9), OVER).when(TellKept()).then(several)
    given(*FEW, OVER).when(TellKept()).then(nothing())
    given().when(TellKept()).then(nothing())


def test_who_was_told_of_several_is_told_one_by_one_after_a_window_without() -> None:
    flood: tuple[Any, ...] = (*FEW, page(9), OVER, TellKept())
    given(*flood).when(page()).then(like(PageKept))
    later = OVER + timedelta(minutes=OTHERS.within_minutes)
    given(*flood, later).when(page()).then(told(later))


def test_only_what_is_kept_has_a_timer() -> None:
    state = given(*FEW).when(page()).state
    assert {name: timer.due for name, timer in timers(state, rules()).items()} == {"window": OVER}
    assert timers(given().when(page()).state, rules()) == {}
