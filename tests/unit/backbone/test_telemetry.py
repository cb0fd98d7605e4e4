"""Logs say what may be said, and not too often; traces go on or begin anew."""

import io
import json
import logging

import pytest

from backbone.telemetry import Metrics, ThrottledLog, configure_logging, log
from backbone.tracing import trace_of

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def said(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    before = (root.handlers[:], root.level, log.level)
    configure_logging("info", "referral")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    log.setLevel(before[2])


def test_a_line_is_one_json_object_that_names_its_service(said):
    log.info("started", extra={"topic": "referral.events"})
    [line] = said()
    assert (line["message"], line["service"], line["topic"]) == ("started", "referral", "referral.events")


def test_a_field_that_is_not_on_the_list_is_left_out(said):
    log.info("received", extra={"who": "Ada", "patient": "p-1", "error": "OSError"})
    [line] = said()
    assert line["error"] == "OSError"
    assert "Ada" not in json.dumps(line)
    assert "p-1" not in json.dumps(line)


def test_a_request_that_failed_is_found_by_its_correlation_id_and_place(said):
    log.error(
        "request failed", extra={"correlation_id": "c-1", "at": "routes.py:7 give", "error": "KeyError"}
    )
    [line] = said()
    assert (line["correlation_id"], line["at"]) == ("c-1", "routes.py:7 give")


def test_an_exception_is_told_by_kind_and_place_without_its_message(said):
    try:
        raise ValueError("Ada was born in 1815")
    except ValueError as error:
        log.error("request failed", exc_info=error)
    [line] = said()
    assert line["exc_info"].startswith("ValueError < test_telemetry.py:")
    assert "1815" not in json.dumps(line)


def test_what_repeats_is_said_once_with_the_count_of_the_silence(said):
    times = iter((0.0, 1.0, 2.0, 11.0))
    throttled = ThrottledLog(10, lambda: next(times))
    for _ in range(4):
        throttled.warning("the broker is away")
    assert [line["repeated"] for line in said()] == [0, 2]


def test_a_trace_goes_on_with_a_span_of_its_own():
    assert trace_of(TRACE)[:36] == TRACE[:36]
    assert trace_of(TRACE) != trace_of(TRACE)


@pytest.mark.parametrize(
    "broken",
    [None, "", "00-xyz", TRACE.upper(), TRACE + "-x", "00-" + "0" * 32 + TRACE[35:], "01" + TRACE[2:]],
)
def test_an_absent_or_malformed_header_begins_a_new_trace(broken):
    trace = trace_of(broken)
    assert len(trace) == 55
    assert trace[:36] != TRACE[:36]


def test_each_process_has_figures_of_its_own():
    first, second = Metrics(), Metrics()
    first.handled.inc()
    assert second.registry.get_sample_value("huddle_records_handled_total") == 0
