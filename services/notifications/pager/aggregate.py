"""The pages of one person by one channel: so many in a window go out one by one; of those beyond, one tells at its end.

Emergencies have a pager of their own: nothing else takes their places. The window begins with a page. Who is told of
several has had as many as they can read: in the window after that, each is kept too.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from backbone.ids import derive
from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Head,
    State,
    Table,
    Timer,
    ignores,
    like,
    updated,
)
from schemas.notifications.v1.codes import Channel
from services.notifications.pager.facts import PageKept, PageTold
from services.notifications.rules import Rules
from services.notifications.templates.content import message_key


class Silent(State, tag="silent"):
    """Nobody was ever paged by it."""


class Paging(State, tag="paging"):
    """`told`: pages since the window began. `kept`: the subject of the last page that was kept back."""

    since: datetime
    told: int
    emergency: bool
    recipient_id: str
    only: Channel
    kept: str | None = None


Pager = Silent | Paging


class Page(Command, tag="page", kw_only=True):
    """Somebody is called."""

    message_id: str
    recipient_id: str
    subject_id: str
    subject_version: int
    only: Channel
    code: str
    emergency: bool
    patient_id: str | None = None
    referral_id: str | None = None


class TellKept(Command, tag="tell_kept"):
    """The window is over."""


def page(state: Pager, command: Page, given: Given[Rules]) -> Decision:
    rule = given.rules.escalation.pages.values.of(emergency=command.emergency)
    since = given.at
    if isinstance(state, Paging) and (state.kept or given.at < ends(state, given.rules)):
        if state.told >= rule.at_once:
            return [like(PageKept, command)]
        since = state.since
    return [like(PageTold, command, template="ESCALATION_PAGE", send_at=given.at, since=since)]


def ends(state: Paging, rules: Rules) -> datetime:
    rule = rules.escalation.pages.values.of(emergency=state.emergency)
    return state.since + timedelta(minutes=rule.within_minutes)


def tell_kept(state: Paging, command: TellKept, given: Given[Rules]) -> Decision:
    if state.kept is None or given.at < ends(state, given.rules):
        return ()
    key = message_key(state.recipient_id, "ESCALATION_PAGES", given.target, given.version, state.only)
    several = like(
        PageTold,
        state,
        message_id=key,
        template="ESCALATION_PAGES",
        subject_id=state.kept,
        subject_version=given.version,
        send_at=given.at,
        since=given.at,
    )
    return [several]


def told(state: Pager, fact: PageTold, head: Head) -> Paging:
    """Behind one that tells of several, every place of the new window is taken."""
    if isinstance(state, Silent) or (fact.template == "ESCALATION_PAGE" and fact.since != state.since):
        return like(Paging, fact, told=1)
    return like(Paging, fact, told=state.told + 1)


def kept(state: Paging, fact: PageKept, head: Head) -> Paging:
    return updated(state, fact, kept=fact.subject_id)


def timers(state: Pager, rules: Rules) -> Mapping[str, Timer]:
    if isinstance(state, Paging) and state.kept:
        return {"window": Timer(ends(state, rules), TellKept())}
    return {}


PAGER = Aggregate[Pager](
    "pager",
    Silent(),
    decide=Table(page, tell_kept, ignores(TellKept, when=Silent)),
    evolve=Table(told, kept),
    timers=timers,
    has_lane=False,
    has_pathway=False,
)


def pager_id(staff_id: str, channel: Channel, *, emergency: bool) -> str:
    return derive(staff_id, f"pager {channel} {'emergency' if emergency else 'others'}")
