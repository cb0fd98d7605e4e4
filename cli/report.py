"""What the demo shows: the queues live in a terminal, a line now and then elsewhere, and the account at the end."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from statistics import median

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.layout import counted, wrapped
from cli.times import shown, zone
from cli.views import queue_table
from schemas.queue import QueueItem
from simulator.chart import Chart
from simulator.clinic import PLAYED, Clinic
from simulator.hearing import Heard
from simulator.ledger import Balance
from simulator.roles.messages import Telephones

SHOWN = ("coordination", "nursing", "medical", "physiotherapy", "psychology")
ROWS = 5
LIVE_SECONDS, LINE_SECONDS = 0.25, 5.0
WHOLE_CLINIC = 100
"""Patients from which on every behaviour must have been played."""


async def show(console: Console, clinic: Clinic) -> None:
    """Until cancelled."""
    if not console.is_terminal:
        while True:
            await asyncio.sleep(LINE_SECONDS)
            say(console, headline(clinic))
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while True:
            live.update(Group(*picture(clinic, console.width)), refresh=True)
            await asyncio.sleep(LIVE_SECONDS)


def say(console: Console, text: str) -> None:
    """As it is, except that it is laid out for the width."""
    for line in text.splitlines() or [""]:
        console.print(wrapped(line, console.width), markup=False, highlight=False, soft_wrap=True)


def picture(clinic: Clinic, width: int) -> Iterable[Text | Table]:
    """The headline, the queues as their topics have them, the last texts."""
    for line in headline(clinic).splitlines():
        yield Text(wrapped(line, width))
    for queue in SHOWN:
        rows = clinic.world.chart.queues[queue]
        items = {key: QueueItem.model_validate(row) for key, row in rows.items()}
        yield queue_table(queue, items, zone(), width, ROWS)
    for text in clinic.telephones.latest:
        yield Text(text, style="dim", no_wrap=True, overflow="ellipsis")


def headline(clinic: Clinic) -> str:
    """When it is, how much was done; what is open."""
    world, chart = clinic.world, clinic.world.chart
    waiting = ", ".join(f"{queue} {len(rows)}" for queue, rows in chart.queues.items() if rows)
    sent = sum(times for name, times in chart.messages.items() if name.startswith("sent"))
    done = f"{len(clinic.sent)} referrals, {world.desk.done.total()} acts, {sent} messages"
    return f"{shown(world.now)}: {done}\n  open: {waiting or 'nothing'}"


def summary(console: Console, clinic: Clinic, found: Balance, clean: bool, timing: str) -> bool:
    """What happened, and whether it adds up."""
    chart, done = clinic.world.chart, clinic.world.desk.done
    received = sum(found.states.values())
    missing = [name for name in PLAYED if not done[name]] if received >= WHOLE_CLINIC else []
    for title, counts in (
        ("What was played", done),
        ("What became of messages", chart.messages),
        ("What was refused, and done otherwise", clinic.world.desk.refused),
    ):
        for line in counted(title, counts, console.width):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    say(console, "")
    for line in (*outcomes(chart, done, clinic.telephones), *account(clinic, found, clean)):
        say(console, line)
    left = clinic.left_undone
    if missing:
        say(console, f"NOT PLAYED: {', '.join(missing)}")
    if left and received >= WHOLE_CLINIC:
        missing = [*missing, *left]
        say(console, f"NEVER DONE: {', '.join(f'{count} × {name}' for name, count in left.items())}")
    say(console, f"{clinic.ticks} steps, to {shown(clinic.world.now)}. Time: {timing}.")
    good = (
        received == len(clinic.sent)
        and clean
        and not (found.lost or found.doubled or found.unowned or missing)
        and not (found.heard.unheard or found.after_death or clinic.after_death or clinic.telephones.repeated)
    )
    return good and not chart.unowned


def outcomes(chart: Chart, done: Counter[str], telephones: Telephones) -> Iterable[str]:
    """What the clinic achieved, as its topics tell it."""
    waits = sorted((seen - chart.received[referral]).days for referral, seen in chart.first_visits.items())
    if waits:
        yield (
            f"first visits {len(waits)}; waited {median(waits):.0f} days (median), "
            f"{waits[len(waits) * 9 // 10]} (9 of 10), {waits[-1]} (longest)"
        )
    facts = chart.counts
    yield (
        f"MDT decisions {facts['care_plan.mdt_decision_recorded']}, deferred {facts['care_plan.mdt_case_deferred']}; "
        f"plans activated {facts['care_plan.plan_activated']}; sessions {facts['care_plan.session_completed']}; "
        f"discharged {facts['care_plan.patient_discharged']}"
    )
    texts, mails = telephones.arrived
    sent, suppressed = (facts[f"notifications.message_{what}"] for what in ("sent", "suppressed"))
    yield (
        f"duplicates suspected {facts['referral.duplicate_suspected']}, linked {facts['referral.duplicate_linked']}, "
        f"dismissed {facts['referral.duplicate_dismissed']}; records merged {facts['referral.patients_merged'] // 2}, "
        f"undone {facts['referral.merge_undone'] // 2}; taken back {facts['referral.withdrawn']}; "
        f"died {facts['referral.patient_deceased']}"
    )
    yield (
        f"waits forecast to be too long {facts['referral.wait_breach_forecast']}, too long "
        f"{facts['referral.wait_breached']}, reviewed {facts['referral.wait_reviewed']}; items escalated "
        f"{facts['worklist.item_escalated']}; glass broken {facts['care_plan.glass_broken']}, "
        f"reviewed {facts['care_plan.glass_reviewed']}"
    )
    yield from procedures(facts, done)
    yield f"messages sent {sent}, suppressed {suppressed}; arrived: {texts} texts, {mails} mails"
    items = Counter(
        f"{queue} {row['item_type']}" for queue, rows in chart.queues.items() for row in rows.values()
    )
    yield "open at the end: " + (
        ", ".join(f"{count} × {name}" for name, count in sorted(items.items())) or "nothing"
    )


def procedures(facts: Counter[str], done: Counter[str]) -> Iterable[str]:
    """What was done, and what stood against it."""
    yield (
        f"procedures ordered {facts['care_plan.procedure_ordered']}, "
        f"performed {facts['care_plan.procedure_performed']}, "
        f"cancelled {facts['care_plan.procedure_cancelled']}; gates failed {facts['scheduling.gate_failed']}, "
        f"cleared {facts['scheduling.gates_cleared']}; plans for antithrombotics signed "
        f"{facts['care_plan.antithrombotic_plan_signed']}, "
        f"invalidated {facts['care_plan.antithrombotic_plan_invalidated']}"
    )
    yield (
        f"overrides asked for {facts['care_plan.override_requested']}, granted {done['overrides granted']}, "
        f"refused {done['overrides refused']}; conflicts {facts['care_plan.conflict_detected']}, "
        f"settled {facts['care_plan.conflict_resolved']}; tapers {facts['care_plan.taper_started']}; "
        f"alerts raised {facts['care_plan.safety_alert_raised']}, closed {facts['care_plan.safety_alert_closed']}"
    )


def hearing(heard: Heard) -> Iterable[str]:
    """How long warnings waited for a named person."""
    for severity, waits in sorted(heard.waits.items()):
        middle, most, longest = map(
            duration, (waits[len(waits) // 2], waits[len(waits) * 9 // 10], waits[-1])
        )
        yield (
            f"{len(waits)} × {severity}: time from warning to a named person {middle} (median), "
            f"{most} (9 of 10), {longest} (longest)"
        )
    yield (
        f"up the ladder {heard.climbed}, dealt with before an answer {heard.settled}, still being called "
        f"{heard.waiting}; unheard: {heard.unheard or 'nobody'}"
    )


def duration(time: timedelta) -> str:
    hours, minutes = divmod(round(time.total_seconds() / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def account(clinic: Clinic, found: Balance, clean: bool) -> Iterable[str]:
    """Nobody lost, nothing twice."""
    received = sum(found.states.values())
    states = " + ".join(f"{count} {state}" for state, count in sorted(found.states.items()))
    fits = "adds up" if received == len(clinic.sent) else "DOES NOT ADD UP"
    yield f"{received} received = {states}   ({len(clinic.sent)} sent: {fits})"
    yield from hearing(found.heard)
    reached = found.after_death + clinic.after_death
    yield f"told something after their death: {reached or 'nobody'}"
    yield f"texts and mails that came twice unmarked {clinic.telephones.repeated}"
    yield f"without a next step: {len(clinic.world.chart.unowned) or 'nobody'}"
    yield f"messages lost {found.lost}, effects doubled {found.doubled} (counted from topics and tables)"
    yield f"facts about a patient that do not say about whom {found.unowned}"
    yield f"huddle verify: {'every state is what its journal says' if clean else 'STATES DIFFER FROM JOURNALS'}"
