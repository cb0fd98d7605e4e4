"""Whether an alert fires: Prometheus' own promtool evaluates the rules over series that a test gives."""

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import pytest
import yaml

MONITORING = Path(__file__).parents[2] / "deploy" / "monitoring"
RULES = MONITORING / "huddle.rules.yml"
FIRING = 'count by (alertname, service) (ALERTS{alertstate="firing"})'

needs_promtool = pytest.mark.skipif(
    which("promtool") is None, reason="promtool is not here (Debian: apt-get install prometheus)"
)


class Course(NamedTuple):
    """Series over time, in promtool's notation, a value a minute; and the alerts that fire at the end of `minutes`,
    each with the service that it names, or None."""

    series: Mapping[str, str]
    fires: Sequence[tuple[str, str | None]] = ()
    minutes: int = 30


def alerts() -> Mapping[str, Mapping[str, Any]]:
    """By name."""
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def as_test(course: Course, expressions: Iterable[str] = ()) -> Mapping[str, Any]:
    said = [f'alertname="{name}"' + (f',service="{of}"' if of else "") for name, of in course.fires]
    expected = [{"labels": f"{{{labels}}}", "value": 1} for labels in said]
    at = f"{course.minutes}m"
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in course.series.items()],
        "promql_expr_test": [
            {"expr": FIRING, "eval_time": at, "exp_samples": expected},
            *({"expr": each, "eval_time": at, "exp_samples": []} for each in expressions),
        ],
    }


def check(folder: Path, courses: Iterable[Course], expressions: Sequence[str] = ()) -> None:
    """Exactly the alerts fire that each course names; the expressions can be read, and say nothing of nothing."""
    file = folder / "courses.yml"
    tests = [*map(as_test, courses), *([as_test(Course({}), expressions)] if expressions else [])]
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "tests": tests}))
    done = subprocess.run(
        ["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def steady(service: str, before: str, after: str) -> Mapping[str, str]:
    """What a service showed at two scrapes, each for some minutes, as Prometheus labels it."""
    first = dict(samples(service, before))
    return {name: f"{first.get(name, 0)}x5 {value}x60" for name, value in samples(service, after)}


def samples(service: str, scraped: str) -> Iterable[tuple[str, float]]:
    """Of what `/metrics` answered."""
    for name, labels, value in re.findall(r"^(\w+)(?:\{(.*)\})? (\S+)$", scraped, re.MULTILINE):
        said = ",".join(filter(None, ('job="huddle"', f'service="{service}"', labels)))
        yield f"{name}{{{said}}}", float(value)
