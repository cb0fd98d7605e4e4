"""What operations staff see and are told: every figure that it names is there, and every alert fires when it should."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backbone.telemetry import Metrics
from services.worklist.queue.queries import counted
from tests.support.alerts import MONITORING, RULES, Course, alerts, check, needs_promtool

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"
DASHBOARDS = sorted((MONITORING / "dashboards").glob("*.json"))
OURS = re.compile(r"\b(?:huddle|process)_\w+")
START = datetime(2027, 1, 4, tzinfo=UTC)
ONE = 'job="huddle",service="referral",instance="a"'
OF_TEXTS = f'huddle_effects_called_total{{{ONE},kind="sms"'
FLAGS = 'huddle_items_overdue{queue="nursing",item_type="RED_FLAG"'


def gauge(name: str, broken: str = "7x60", sound: str = "0x60", minutes: int = 30) -> tuple[Course, Course]:
    series = f"huddle_{name}{{{ONE}}}"
    return Course({series: broken}, minutes=minutes), Course({series: sound}, minutes=minutes)


def slow(name: str) -> tuple[Course, Course]:
    """Of a hundred, two take two seconds; or none does."""

    def course(quick: str) -> Course:
        buckets = {"1.0": quick, "2.5": "0+100x60", "+Inf": "0+100x60"}
        return Course({f'huddle_{name}_bucket{{{ONE},le="{le}"}}': way for le, way in buckets.items()})

    return course("0+98x60"), course("0+100x60")


def waiting(item_type: str) -> tuple[Course, Course]:
    """Work of management of which operations staff are told too; or other work."""
    series = 'huddle_items_open{{queue="management",item_type="{}",safety="no"}}'
    return Course({series.format(item_type): "1x60"}), Course({series.format("WAIT_BREACH"): "1x60"})


def answered(failed: str) -> Course:
    series = f"huddle_http_requests_total{{{ONE},status="
    return Course({f'{series}"2xx"}}': "0+100x60", f'{series}"5xx"}}': failed})


LAG, HANDLED = (
    f'huddle_lag_records{{{ONE},topic="x",partition="0"}}',
    f"huddle_records_handled_total{{{ONE}}}",
)
FILES = [f"process_{name}_fds{{{ONE}}}" for name in ("open", "max")]
COURSES = {
    "HuddleSafetyWorkOverdue": (
        Course({FLAGS + ',safety="yes"}': "1x60"}),
        Course({FLAGS + ',safety="yes"}': "0x60", FLAGS + ',safety="no"}': "9x60"}),
    ),
    "HuddleNobodyAnswers": waiting("ESCALATION_EXHAUSTED"),
    "HuddleRosterIncomplete": waiting("ROSTER_INCOMPLETE"),
    "HuddleNextStepMissing": gauge("episodes_unowned", "2x60"),
    "HuddleParked": gauge("parked_keys"),
    "HuddleUndeliverable": gauge("undeliverable_rows"),
    "HuddleFactsMissing": gauge("sequence_gaps_total", "3x20 4x40", "3x60"),
    "HuddleTimersFail": gauge("timers_failed_total", "0x20 1x40"),
    "HuddleNobodyIsTold": (
        Course({OF_TEXTS + ',result="later"}': "0+2x60", OF_TEXTS + ',result="done"}': "9x60"}),
        Course({OF_TEXTS + ',result="later"}': "0+2x60", OF_TEXTS + ',result="done"}': "0+1x60"}),
    ),
    "HuddleOrdersTooEarly": gauge("deferred_orders", "1x500", "0x300 1x200", minutes=480),
    "HuddleDown": (Course({f"up{{{ONE}}}": "1x10 0x50"}), Course({f"up{{{ONE}}}": "1x60"})),
    "HuddleTimersOverdue": gauge("timers_overdue_seconds", "0+60x60", "5x60"),
    "HuddleOutboxStands": gauge("outbox_oldest_seconds", "0+60x60", "5x60"),
    "HuddleHandlesNothing": (
        Course({LAG: "5x60", HANDLED: "7x60"}),
        Course({LAG: "5x60", HANDLED: "7+1x60"}),
    ),
    "HuddleBehind": (
        Course({LAG: "2000x60", HANDLED: "7+1x60"}),
        Course({LAG: "900x60", HANDLED: "7+1x60"}),
    ),
    "HuddleKafkaStrange": gauge("kafka_strange"),
    "HuddleRelayBeginsAgain": gauge("relay_began_again_total", "0+2x60", "0x25 3x35"),
    "HuddleRelayDoesNotLead": gauge("relay_waits_seconds", "0+60x60", "5x60"),
    "HuddleRebalances": gauge("rebalances_total", "0+2x60", "0x25 3x35"),
    "HuddleRequestsFail": (answered("0+2x60"), answered("0x60")),
    "HuddleRequestsSlow": slow("http_request_seconds"),
    "HuddleTransactionsSlow": slow("transaction_seconds"),
    "HuddleDeadlocks": gauge("deadlocks_total", "0x20 1x40"),
    "HuddleFilesRunOut": (
        Course({FILES[0]: "900x60", FILES[1]: "1024x60"}),
        Course({FILES[0]: "90x60", FILES[1]: "1024x60"}),
    ),
}
"""Of each alert: a course in which it alone fires, and a like one in which nothing does."""
OF_THE_CLINIC = {
    "HuddleSafetyWorkOverdue",
    "HuddleNobodyAnswers",
    "HuddleRosterIncomplete",
    "HuddleNextStepMissing",
}
"""They name no service."""


def figures() -> set[str]:
    """All that a service shows, under the names of their samples."""
    metrics = Metrics()
    metrics.own.said = list(counted([("nursing", "RED_FLAG", 1, 1, START)], 1, START))
    found = set()
    for family in metrics.registry.collect():
        endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
        found |= {family.name + ending for ending in endings}
    return found


def panels(dashboard: Path) -> Iterator[tuple[str, str]]:
    """Titles and expressions."""
    for panel in json.loads(dashboard.read_text())["panels"]:
        assert panel["targets"] and panel["description"], panel["title"]
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def test_every_alert_names_figures_that_are_there() -> None:
    unknown = {name: set(OURS.findall(rule["expr"])) - figures() for name, rule in alerts().items()}
    assert {name: names for name, names in unknown.items() if names} == {}


def test_every_alert_leads_to_its_section_of_the_runbook() -> None:
    sections = {
        line.removeprefix("### ") for line in RUNBOOK.read_text().splitlines() if line.startswith("### ")
    }
    for name, rule in alerts().items():
        assert rule["annotations"]["runbook_url"] == f"docs/runbook.md#{name.lower()}"
        assert rule["labels"]["severity"] in {"critical", "warning"} and rule["annotations"]["summary"]
    assert sections >= set(alerts())


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
def test_every_panel_names_figures_that_are_there(dashboard: Path) -> None:
    named = {title: set(OURS.findall(expression)) for title, expression in panels(dashboard)}
    assert all(named.values()) and set().union(*named.values()) <= figures()


def together(courses: Iterable[Course], minutes: int) -> Course:
    """Those of so many minutes as one: each has a service of its own."""
    some = [course for course in courses if course.minutes == minutes]
    series = {name: way for course in some for name, way in course.series.items()}
    return Course(series, [alert for course in some for alert in course.fires], minutes)


def test_there_is_a_dashboard_for_each_question() -> None:
    titles = [json.loads(each.read_text())["title"] for each in DASHBOARDS]
    assert titles == ["Does anything fall through?", "Does anything stand still?", "Who waits?"]


def test_every_alert_is_tried() -> None:
    assert set(COURSES) == set(alerts())


@needs_promtool
def test_every_alert_fires_alone_when_its_figure_says_so_and_not_before(tmp_path: Path) -> None:
    courses = [
        Course(
            {
                series.replace('service="referral"', f'service="{name}"'): way
                for series, way in each.series.items()
            },
            [(name, None if name in OF_THE_CLINIC else name)] if each is broken else (),
            each.minutes,
        )
        for name, (broken, sound) in COURSES.items()
        for each in (broken, sound)
    ]
    apart = [course for course in courses if course.fires], [course for course in courses if not course.fires]
    check(tmp_path, [together(some, minutes) for some in apart for minutes in (30, 480)])


@needs_promtool
def test_every_expression_of_a_dashboard_can_be_read(tmp_path: Path) -> None:
    expressions = [expression for each in DASHBOARDS for _, expression in panels(each)]
    check(tmp_path, [], expressions)


def test_the_rules_are_the_ones_that_prometheus_is_told_of() -> None:
    assert RULES.name in (MONITORING / "prometheus.yml").read_text()
